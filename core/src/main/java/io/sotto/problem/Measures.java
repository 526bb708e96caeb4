package io.sotto.problem;

import java.io.Serializable;
import java.util.List;

/**
 * Which numbers agents have measured beside F, at the estimate that would be reported.
 *
 * @param names such as accuracy, in the order in which {@link LocalObjective#measure} gives them
 * @param ofObjective by how much the mean over agents of the first number is to be multiplied for
 *     F. All numbers are then averaged over agents, and {@link LocalObjective#value} is not asked
 *     where they are measured. 0 if F is something else; numbers are then added up
 */
public record Measures(List<String> names, double ofObjective) implements Serializable {
  /** The name of a loss on what is held out. */
  public static final String HELD_OUT = "heldOutLoss";

  /** A loss on what is held out, which is added up over agents and is no part of F. */
  public static final Measures HELD_OUT_SUM = new Measures(List.of(HELD_OUT), 0);

  /** A loss on what is held out, of which F is the mean. */
  public static final Measures HELD_OUT_MEAN = new Measures(List.of(HELD_OUT), 1);

  /** Copies. */
  public Measures {
    names = List.copyOf(names);
  }

  /** Whether numbers are averaged over agents, and F follows from the first of them. */
  public boolean averaged() {
    return ofObjective != 0;
  }
}
