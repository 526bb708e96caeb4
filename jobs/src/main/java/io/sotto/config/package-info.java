/**
 * What a run is told: configuration files in HOCON, and {@code key=value} on the command line, to
 * the records of {@link io.sotto.config.RunConfig}.
 *
 * <p>{@code sotto-reference.conf}, a resource of the jar, holds every key with its default and a
 * comment; it is the list of the keys that are known, too. It is not called {@code reference.conf},
 * because all of that name on the classpath are one to the HOCON library, and Spark's classpath is
 * not ours alone.
 *
 * <p>To add a key, add it there with a comment, add a component to its record, and read it in
 * {@code ConfigReader}, with its range and unit; {@link io.sotto.config.RunConfig#toMap} must write
 * it, and a test compares the two lists of keys. An empty block in the reference takes any names
 * ({@code clock.rates}); parameters of sets and topologies are passed on as they stand, and are
 * checked by those who use them.
 */
@NullMarked
package io.sotto.config;

import org.jspecify.annotations.NullMarked;
