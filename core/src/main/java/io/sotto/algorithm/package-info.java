/**
 * What an agent keeps, what it says, and how it updates. To add an algorithm, implement {@link
 * io.sotto.algorithm.Algorithm} in a file that opens with its recursion.
 */
@NullMarked
package io.sotto.algorithm;

import org.jspecify.annotations.NullMarked;
