/**
 * Runs ticks. A {@link io.sotto.engine.Cell} holds some agents and everything private to them; a
 * {@link io.sotto.engine.Carrier} moves {@link io.sotto.engine.Border}s between cells, in one
 * process or on Spark; a {@link io.sotto.engine.Runner} runs ticks and asks cells, the same with
 * either.
 */
@NullMarked
package io.sotto.engine;

import org.jspecify.annotations.NullMarked;
