/**
 * When agents act, and all randomness: pure functions of (seed, agent, tick), never of who computes
 * them.
 */
@NullMarked
package io.sotto.clock;

import org.jspecify.annotations.NullMarked;
