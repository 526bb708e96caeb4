package io.sotto.config;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What protects exposed agents.
 *
 * @param secret the file that all randomness comes from; empty for a fresh one
 * @param epsilon there with differential privacy
 * @param noise empty for auto
 */
public record PrivacyConfig(
    Mechanism mechanism,
    Optional<String> secret,
    double scale,
    double spread,
    OptionalDouble epsilon,
    double delta,
    double clip,
    OptionalDouble noise) {

  /** The same without a mechanism. */
  PrivacyConfig without() {
    return new PrivacyConfig(Mechanism.NONE, secret, scale, spread, epsilon, delta, clip, noise);
  }

  /** The mechanisms. */
  public enum Mechanism {
    /** What methods do by themselves. */
    NONE,
    /** Linear terms that cancel. */
    FUNCTION_SHARING,
    /** Random steps. */
    PRIVATE_STEPS,
    /** Clipping and noise. */
    DIFFERENTIAL_PRIVACY
  }
}
