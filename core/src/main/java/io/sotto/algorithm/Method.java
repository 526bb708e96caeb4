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
    /** Who does not hear all that an agent hears lacks a part of what it averages. */
    UNHEARD_PART(
        "without offsets, neighbours that an agent is exposed to can compute its subgradients; where"
            + " idle agents mix, attacks find much of those of others, too"),
    /** Each message is for one neighbour. */
    LINKS(
        "without offsets, messages on one link determine subgradients, though they are hard to"
            + " compute"),
    /** What is said are sums over agents; the parts of one are masked. */
    SUMS(
        "neighbours see sums over agents only, as long as privacy.protect is sums; without masks they"
            + " see gradients and second derivatives"),
    /** The same with noise. */
    NOISY_SUMS(
        "neighbours see sums over agents with noise, which hides single rows; for privacy.protect ="
            + " rows only"),
    /** A neighbour can compute subgradients. */
    LEAKING("without offsets, neighbours can compute subgradients");

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
