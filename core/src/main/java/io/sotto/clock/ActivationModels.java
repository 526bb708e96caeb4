package io.sotto.clock;

import io.sotto.problem.Registry;
import java.util.Map;

/** The activation models that a configuration can name under {@code clock.model}. */
public final class ActivationModels {

  /** Makes a model for a seed, a common rate, and rates by agent. */
  @FunctionalInterface
  public interface Family {
    /** The model. */
    ActivationModel of(long seed, double rate, Map<Integer, Double> rates);
  }

  /** By name. */
  public static final Registry<Family> REGISTRY =
      new Registry<Family>("activation model")
          .add("bernoulli", Map.of(), parameters -> Bernoulli::new)
          .add("always", Map.of(), parameters -> (seed, rate, rates) -> always());

  private ActivationModels() {}

  /** All agents at all ticks: the synchronous baseline. */
  public static ActivationModel always() {
    return new Bernoulli(0, 1, Map.of());
  }
}
