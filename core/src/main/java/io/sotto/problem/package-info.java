/**
 * What is minimised: losses of rows, regularizers, constraint sets and their projections, and the
 * local objectives f_i that are made of them.
 *
 * <p>To add a loss, implement {@link io.sotto.problem.Loss} in a file of its own and add a line to
 * {@link io.sotto.problem.Losses}; to add a set, implement {@link io.sotto.problem.ConstraintSet}
 * and add a line to {@link io.sotto.problem.ConstraintSets}. Their contract tests come with that
 * line. A cost that is no sum over rows implements {@link io.sotto.problem.LocalObjective}.
 */
@NullMarked
package io.sotto.problem;

import org.jspecify.annotations.NullMarked;
