package io.sotto.privacy.evidence;

import java.util.Arrays;

/** How an adversary tells active ticks from idle ones, and from their number the clock's rate. */
public final class ClockReading {
  /** Rates that people give to clocks are multiples of this, as a rule. */
  private static final double ROUND = 0.05;

  /** What lies within so many deviations is taken to be the same. */
  private static final double DEVIATIONS = 2;

  /** How much of the spread two groups must explain. */
  private static final double SPLIT = 0.75;

  private static final int FEW = 4;

  private ClockReading() {}

  /**
   * The rate that a count of active ticks tells: that of a member or a round one, if the count may
   * well be theirs, else the share of ticks.
   */
  public static double rate(Knowledge knowledge, long active, long ticks) {
    double share = (double) active / ticks;
    for (int m = 0; m < knowledge.adversary().members().length; m++) {
      if (fits(knowledge.rate(m), share, ticks)) {
        return knowledge.rate(m);
      }
    }
    double round = Math.rint(share / ROUND) * ROUND;
    return round > 0 && fits(round, share, ticks) ? round : share;
  }

  private static boolean fits(double rate, double share, long ticks) {
    return Math.abs(rate - share) <= DEVIATIONS * Math.sqrt(rate * (1 - rate) / ticks);
  }

  /**
   * Where sizes fall into two groups, the size between them, of logarithms; 0 if they are one
   * group. Sizes that are 0 are a group of their own.
   */
  static double split(double[] sizes) {
    double[] logs = Arrays.stream(sizes).filter(s -> s > 0).map(StrictMath::log).sorted().toArray();
    if (logs.length < sizes.length || logs.length < FEW) {
      return 0;
    }
    Groups groups = Groups.of(logs);
    return groups.explained() > SPLIT ? StrictMath.exp(groups.between()) : 0;
  }

  /**
   * Two groups of least variance within them (Otsu 1979).
   *
   * @param between the value between them
   * @param explained the share of the variance that is between them
   */
  public record Groups(double between, double explained) {
    /** The two groups that some values fall into. */
    public static Groups of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      double total = Arrays.stream(sorted).sum();
      double spread = 0;
      for (double value : sorted) {
        double off = value - total / sorted.length;
        spread += off * off;
      }
      double below = 0;
      double best = 0;
      double threshold = sorted[0];
      for (int k = 1; k < sorted.length; k++) {
        below += sorted[k - 1];
        double gap = below / k - (total - below) / (sorted.length - k);
        double between = (double) k * (sorted.length - k) / sorted.length * gap * gap;
        if (between > best) {
          best = between;
          threshold = (sorted[k - 1] + sorted[k]) / 2;
        }
      }
      return new Groups(threshold, spread == 0 ? 0 : best / spread);
    }
  }
}
