/**
 * What an adversary has, and what can be computed of it. It has a {@link
 * io.sotto.privacy.evidence.Knowledge}, of itself and of what everybody knows, and a {@link
 * io.sotto.privacy.evidence.Transcript} of what it received. Out of these come mixes, updates,
 * clocks and potentials, which several attacks use, and the blind guess, which takes no message.
 *
 * <p>{@link io.sotto.privacy.evidence.Finding}, what an attack hands to the judge, stands here
 * since samples of updates make some, and attack and judge both know this package.
 */
@NullMarked
package io.sotto.privacy.evidence;

import org.jspecify.annotations.NullMarked;
