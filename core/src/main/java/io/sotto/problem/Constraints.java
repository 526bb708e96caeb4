package io.sotto.problem;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
}
