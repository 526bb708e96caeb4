/**
 * A run: what it is decided from, how that is decided, and how it goes. The rooms to the left know
 * how to solve; this one knows what to solve, with what, for how long.
 */
@NullMarked
package io.sotto.run;

import org.jspecify.annotations.NullMarked;
