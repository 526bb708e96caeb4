/**
 * A result for a person to look at: {@code report.html}. The package says what stands there, as
 * values; {@code page.html}, {@code page.css} and {@code page.js} among the resources say how it
 * looks.
 */
@NullMarked
package io.sotto.report;

import org.jspecify.annotations.NullMarked;
