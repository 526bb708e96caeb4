/**
 * Attacks: each makes a finding about a victim out of evidence, and sees nothing else. To add one,
 * implement {@link io.sotto.privacy.attack.Attack} in a file of its own, and add a line to {@link
 * io.sotto.privacy.attack.Attacks}. What can be computed of evidence whatever the attack belongs to
 * {@link io.sotto.privacy.evidence}.
 */
@NullMarked
package io.sotto.privacy.attack;

import org.jspecify.annotations.NullMarked;
