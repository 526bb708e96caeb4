/**
 * From a formula as R writes them to the numbers of a row: {@link io.sotto.formula.Formula} reads
 * the text, {@link io.sotto.formula.Terms} are its terms over known columns, {@link
 * io.sotto.formula.Survey} sums what has to be known of all rows (levels, means, quantiles), and
 * {@link io.sotto.formula.Design} is the result: it encodes rows, also new ones.
 */
@NullMarked
package io.sotto.formula;

import org.jspecify.annotations.NullMarked;
