/**
 * What other agents can learn: who is exposed to whom, what an adversary receives in a run, attacks
 * on that, and how much they learn beyond what a blind guess gets. To add an attack, implement
 * {@link io.sotto.privacy.Attack} in a file of its own, and add a line to {@link
 * io.sotto.privacy.Attacks}.
 */
@NullMarked
package io.sotto.privacy;

import org.jspecify.annotations.NullMarked;
