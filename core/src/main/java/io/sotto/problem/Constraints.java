package io.sotto.problem;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sets X_i: one that holds for all agents, and for some agents a smaller one of their own.
 *
 * @param common holds for every agent
 * @param own by agent, what holds for it instead: already intersected with the common one
 */
public record Constraints(ConstraintSet common, Map<Integer, ConstraintSet> own)
    implements Serializable {

  /** Keeps a sorted copy of the map. */
  public Constraints {
    own = new TreeMap<>(own);
  }

  /** X_i. */
  public ConstraintSet of(int agent) {
    return own.isEmpty() ? common : own.getOrDefault(agent, common);
  }

  /** Every set that some agent has, each once. */
  public List<ConstraintSet> distinct() {
    List<ConstraintSet> all = new ArrayList<>(List.of(common));
    all.addAll(own.values());
    return all.stream().distinct().toList();
  }

  /**
   * The same sets as sets of x, where a coefficient is {@code w_j = units_j x_j}; null if not all
   * of them can be projected on there.
   */
  public @Nullable Constraints in(Coordinates units) {
    ConstraintSet all = common.in(units);
    Map<Integer, ConstraintSet> others = new TreeMap<>();
    for (Map.Entry<Integer, ConstraintSet> of : own.entrySet()) {
      ConstraintSet other = of.getValue().in(units);
      if (other == null) {
        return null;
      }
      others.put(of.getKey(), other);
    }
    return all == null ? null : new Constraints(all, others);
  }
}
