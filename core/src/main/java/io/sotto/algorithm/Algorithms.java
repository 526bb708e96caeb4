package io.sotto.algorithm;

import io.sotto.problem.Registry;
import java.util.Map;

/** The algorithms that a configuration can name under {@code algorithm.name}. */
public final class Algorithms {

  /** Makes an algorithm for an idle rule and a step schedule. */
  @FunctionalInterface
  public interface Family {
    /** The algorithm. */
    Algorithm of(IdleRule idle, StepSize step);
  }

  /** By name. */
  public static final Registry<Family> REGISTRY =
      new Registry<Family>("algorithm")
          .add("async-projected-subgradient", Map.of(), p -> ProjectedSubgradient::new);

  private Algorithms() {}
}
