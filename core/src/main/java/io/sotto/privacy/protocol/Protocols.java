package io.sotto.privacy.protocol;

import io.sotto.problem.Registry;
import java.util.Map;

/** The protocols that can be had by name. */
public final class Protocols {
  /** Values of {@code audit --protocol}. */
  public static final Registry<Protocol> REGISTRY =
      new Registry<Protocol>("protocol")
          .add("fedavg", Map.of(), p -> new FederatedAveraging())
          .add("irls", Map.of(), p -> new ReweightedLeastSquares());

  private Protocols() {}
}
