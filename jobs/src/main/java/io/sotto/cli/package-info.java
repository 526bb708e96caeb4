/** The commands, in the order in which they do things, and their exit codes. */
@NullMarked
package io.sotto.cli;

import org.jspecify.annotations.NullMarked;
