package io.sotto.algorithm;

import java.io.Serializable;

/**
 * What agents sum up in the rounds of {@link SummingRounds}, and what the root makes of a sum. All
 * else, such as who says what when, is the protocol's.
 */
public interface Rule extends Serializable {

  /** How many numbers an agent adds to a sum; d is that of x. */
  int words(int d);

  /** Where among them the gradient of the agent's cost begins; below 0 if it is not among them. */
  default int gradient() {
    return -1;
  }

  /** How many numbers the root keeps from one round to the next. */
  int keeps(int d);

  /** Sets those of them that must not be 0, before the first round. */
  void start(double[] kept, int at);

  /**
   * Writes what an agent adds to the sum of a round.
   *
   * @param turn the agent's
   * @param x the point of the round, d coordinates
   * @param scales how numbers become whole
   * @param out takes the {@link #words} whole numbers, as the bits of doubles
   * @return false if one of them is larger than all agents can add
   */
  boolean part(Turn turn, double[] x, Scales scales, double[] out, int at);

  /**
   * What comes after a round, decided by the root.
   *
   * @param turn the root's
   * @param y the point of the round; takes that of the next one
   * @param sum what came out of the round
   */
  Next next(Turn turn, double[] y, Sum sum);

  /**
   * What came out of a round.
   *
   * @param words holds the sums, from {@code at} on
   * @param beyond how many agents added nothing because a number of theirs was too large
   * @param scales of the round
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Sum(double[] words, int at, long beyond, Scales scales) {}

  /**
   * What comes next.
   *
   * @param scales of the next round
   * @param last whether there is no further round
   * @param estimate that agents have while the next round goes on, and at the end; the point of the
   *     next round where that is no mere trial
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Next(Scales scales, boolean last, double[] estimate) {}

  /** The same that sums second derivatives of at most so many coordinates. */
  default Rule upTo(int coordinates) {
    return this;
  }
}
