package io.sotto.problem;

import java.util.Map;

/** The losses that can be had by name. */
public final class Losses {
  /** Values of {@code problem.loss}; parameters are sibling keys of it. */
  public static final Registry<Loss> REGISTRY =
      new Registry<>("loss", Loss.class)
          .add("squared", Map.of(), p -> new Squared())
          .add("absolute", Map.of(), p -> new Absolute())
          .add("huber", Map.of("huber-delta", 1.35), Huber::of)
          .add("quantile", Map.of("quantile-level", 0.3), Quantile::of)
          .add("logistic", Map.of(), p -> new Logistic())
          .add("hinge", Map.of(), p -> new Hinge())
          .add("squared-hinge", Map.of(), p -> new SquaredHinge())
          .add("poisson", Map.of(), p -> new Poisson());

  private Losses() {}
}
