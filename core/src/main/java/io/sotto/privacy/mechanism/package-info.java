/**
 * Mechanisms for agents whose whole neighbourhood an adversary may hear. Each is a {@link
 * io.sotto.engine.Mechanism} over the costs of cells: it changes what agents know and nothing else.
 * Engines, methods and measurements are what they are without it.
 *
 * <p>{@link io.sotto.privacy.mechanism.Offsets} moves the costs f_i by linear terms that cancel in
 * F, {@link io.sotto.privacy.mechanism.PrivateSteps} draws the steps, {@link
 * io.sotto.privacy.mechanism.DifferentialPrivacy} clips and adds noise. To add one, implement
 * Mechanism over a {@link io.sotto.privacy.mechanism.WrappedObjective}, and a {@link
 * io.sotto.algorithm.Condition} that the methods which go with it support.
 */
@NullMarked
package io.sotto.privacy.mechanism;

import org.jspecify.annotations.NullMarked;
