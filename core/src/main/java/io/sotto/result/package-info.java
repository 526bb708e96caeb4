/**
 * What a run comes to: measurements of it and their trace, how far below its estimate the optimum
 * can be, when it stops and why, and the result that is reported.
 */
@NullMarked
package io.sotto.result;

import org.jspecify.annotations.NullMarked;
