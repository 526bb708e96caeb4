package io.sotto.run;

import java.util.List;

/**
 * What an audit does.
 *
 * @param agents names of those who are curious; empty for all in turn, or for a coalition at random
 * @param size of a coalition at random
 * @param victims how many, drawn at random; 0 for all
 * @param seeds how many runs
 * @param games how many distinguishing games of each problem; 0 for none
 * @param threshold what counts as a leak
 * @param baseline whether the synchronous run is audited, too
 * @param attacks names; empty for all
 */
public record AuditSettings(
    Adversary adversary,
    List<String> agents,
    int size,
    int victims,
    int seeds,
    int games,
    double threshold,
    boolean baseline,
    List<String> attacks) {

  /** Who wants to know. */
  public enum Adversary {
    /** One agent. */
    NEIGHBOUR,
    /** Some agents together. */
    COALITION,
    /** Someone who hears all messages. */
    EAVESDROPPER
  }
}
