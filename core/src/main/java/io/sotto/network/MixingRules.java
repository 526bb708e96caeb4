package io.sotto.network;

import io.sotto.problem.Registry;
import java.util.Map;

/** The mixing rules that can be had by name. */
public final class MixingRules {
  /**
   * 1 / (1 + max(d_i, d_j)): needs to know one's neighbours only, and is the default (Xiao, Boyd
   * and Kim, "Distributed average consensus with least-mean-square deviation", J. Parallel Distrib.
   * Comput. 67, 2007).
   */
  public static final MixingRule METROPOLIS = (d, other, largest) -> 1.0 / (1 + Math.max(d, other));

  /**
   * 1 / (2 max(d_i, d_j)): self weights of at least 1/2, so no eigenvalue is below 0 (Olshevsky,
   * "Linear time average consensus on fixed graphs", arXiv:1411.4186, 2014).
   */
  public static final MixingRule LAZY_METROPOLIS = (d, other, largest) -> 0.5 / Math.max(d, other);

  /** 1 / (1 + d_max), the same for all links: everybody must know the largest degree. */
  public static final MixingRule MAX_DEGREE = (d, other, largest) -> 1.0 / (1 + largest);

  /** All mixing rules. */
  public static final Registry<MixingRule> REGISTRY =
      new Registry<MixingRule>("mixing rule")
          .add("metropolis", Map.of(), p -> METROPOLIS)
          .add("lazy-metropolis", Map.of(), p -> LAZY_METROPOLIS)
          .add("max-degree", Map.of(), p -> MAX_DEGREE);

  private MixingRules() {}
}
