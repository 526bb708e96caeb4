package io.sotto.clock;

import io.sotto.problem.Registry;
import java.util.Map;
import java.util.TreeMap;

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
          .add("poisson", Map.of(), parameters -> ActivationModels::poisson)
          .add("always", Map.of(), parameters -> (seed, rate, rates) -> always());

  private ActivationModels() {}

  /**
   * Clocks that ring as Poisson processes, on average so often in a tick: an agent is active at a
   * tick in which its clock rings at least once, p = 1 - e^-rate. Rings of one tick count once.
   */
  private static ActivationModel poisson(long seed, double rate, Map<Integer, Double> rates) {
    Map<Integer, Double> chances = new TreeMap<>();
    rates.forEach((agent, theirs) -> chances.put(agent, -StrictMath.expm1(-theirs)));
    return new Bernoulli(seed, -StrictMath.expm1(-rate), chances);
  }

  /** All agents at all ticks: the synchronous baseline. */
  public static ActivationModel always() {
    return new Bernoulli(0, 1, Map.of());
  }
}
