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
 * @param ticks the most that a game runs
 * @param copies how often the sentence of a game stands in a text
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
    long ticks,
    int copies,
    double threshold,
    boolean baseline,
    List<String> attacks) {

  /** Attacks on so many ticks cost little, and early ones say most of single rows. */
  private static final long TICKS = 400;

  /** One whose games run for 400 ticks at most, with a sentence that stands in a text once. */
  public AuditSettings(
      Adversary adversary,
      List<String> agents,
      int size,
      int victims,
      int seeds,
      int games,
      double threshold,
      boolean baseline,
      List<String> attacks) {
    this(adversary, agents, size, victims, seeds, games, TICKS, 1, threshold, baseline, attacks);
  }

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
