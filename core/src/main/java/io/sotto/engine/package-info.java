/**
 * Runs ticks. A {@link io.sotto.engine.Cell} holds some agents and everything private to them; an
 * {@link io.sotto.engine.Engine} opens a {@link io.sotto.engine.Coordinator}, by which the operator
 * starts cells, moves them on and puts {@link io.sotto.engine.Request}s to them; an {@link
 * io.sotto.engine.Exchange} carries what crosses {@link io.sotto.engine.Border}s; a {@link
 * io.sotto.engine.Runner} runs from check to check, the same with either engine.
 */
@NullMarked
package io.sotto.engine;

import org.jspecify.annotations.NullMarked;
