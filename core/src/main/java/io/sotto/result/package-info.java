/** What a run comes to: its trace, when it stops and why, and the result that is reported. */
@NullMarked
package io.sotto.result;

import org.jspecify.annotations.NullMarked;
