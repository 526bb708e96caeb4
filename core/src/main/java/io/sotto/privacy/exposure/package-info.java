/**
 * Who is exposed to whom. An {@link io.sotto.privacy.exposure.Adversary} controls some agents and
 * hears some; {@link io.sotto.privacy.exposure.Exposure} says of whom it can compute each mix, and
 * {@link io.sotto.privacy.exposure.Advice} which link would change that. All of it is a matter of
 * the network alone: no run is needed.
 */
@NullMarked
package io.sotto.privacy.exposure;

import org.jspecify.annotations.NullMarked;
