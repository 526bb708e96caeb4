package io.sotto.algorithm;

import java.util.EnumSet;
import java.util.Set;

/**
 * A method: makes its algorithms, and says what it supports. Contract tests run each method under
 * all conditions that it claims to support.
 *
 * @param maker makes an algorithm
 * @param supports the conditions under which it converges to the optimum
 * @param privacy what a neighbour is told, compared with the default method
 * @param offsetsCancel whether linear terms on the costs that cancel in F leave no trace in the
 *     limit, however large they are. They do where the terms of idle agents stay in force; where an
 *     idle agent's term is left out of a tick, those of the others do not cancel in it, and the
 *     estimates get noise that grows with them
 */
public record Method(Maker maker, Set<Condition> supports, Privacy privacy, boolean offsetsCancel) {

  /** Makes an algorithm for an idle rule and a step schedule. */
  @FunctionalInterface
  public interface Maker {
    /** The algorithm. */
    Algorithm of(IdleRule idle, StepSize step);
  }

  /** How far the argument holds that neighbours cannot compute subgradients. */
  public enum Privacy {
    /** The published argument is about this method. */
    COVERED(
        "a published argument says that neighbours that an agent is not exposed to cannot compute its"
            + " subgradients; attacks refute it where idle agents mix (see the command audit)"),
    /** An unexposed neighbour learns no more of subgradients than by the method above. */
    NO_WORSE(
        "no published privacy argument covers it; a neighbour also sees at which ticks an agent was"
            + " active (the command audit measures what attacks find)"),
    /** A neighbour may compute subgradients. */
    LEAKING("NOT covered by a privacy argument: neighbours may learn subgradients");

    private final String words;

    Privacy(String words) {
      this.words = words;
    }

    /** For help, logs and reports. */
    public String words() {
      return words;
    }
  }

  /** The algorithm for an idle rule and a step schedule. */
  public Algorithm of(IdleRule idle, StepSize step) {
    return maker.of(idle, step);
  }

  /** The conditions among these that it does not support. */
  public Set<Condition> fails(Set<Condition> conditions) {
    Set<Condition> left = EnumSet.noneOf(Condition.class);
    left.addAll(conditions);
    left.removeAll(supports);
    return left;
  }
}
