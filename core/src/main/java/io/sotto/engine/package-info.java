/**
 * Runs ticks. A {@link io.sotto.engine.Cell} holds some agents and everything private to them; an
 * {@link io.sotto.engine.Exchange} carries {@link io.sotto.engine.Border}s between cells; a {@link
 * io.sotto.engine.Coordinator} is what the operator asks of all of them, in one process or on
 * Spark; a {@link io.sotto.engine.Runner} runs from check to check, the same with either.
 */
@NullMarked
package io.sotto.engine;

import org.jspecify.annotations.NullMarked;
