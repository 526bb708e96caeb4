package io.sotto.algorithm;

import java.util.Arrays;

/**
 * Rounds of sums over all agents, along a spanning tree of the network. In round t everybody is at
 * the same point y_t. An agent that has heard of the round adds up
 *
 * <pre>
 *   its own part at y_t, as whole numbers, with its noise (if any) and its masks of round t
 *   what its children in the tree say of round t, once each
 * </pre>
 *
 * <p>all modulo 2^64, and when it has all of it, says the sum to its parent. The root, when it has
 * all, knows the sum over all agents: the masks have cancelled. Its {@link Rule} makes y_(t+1) of
 * it, which is said down the tree.
 *
 * <p>What is said on a link stays there to be read until something else is said. So a message that
 * is lost or late, a link that is down and an agent that is idle or offline cost ticks and change
 * nothing. An agent that is gone for good keeps its round open: no sum over fewer agents is ever
 * made, from which together with another sum the part of one of them could be told. Each round has
 * a number of its own, and masks that follow from it, also if the root asks for the same point
 * again.
 *
 * <p>Only the root learns the sums; everybody else sees masked ones, and the points. Telling sums
 * to all would double what is said and have every agent solve for the same point. The statement
 * about what coalitions see grants them the sums in any case.
 *
 * <p>A message holds whole numbers of 64 bits. Up: round, how many agents had a number that is too
 * large (they add 0 in place of all their numbers, so that no sum ever wraps, and whose number it
 * was nobody sees), the sums. Down: round, {@link Scales}, the last round of which the sum was
 * heard here, whether this is the end, y, the estimate. The two differ where y is a trial.
 *
 * <p>Conditions: costs that the rule can sum, links in both directions, one common set. Any clocks
 * of positive rate, delays and losses.
 *
 * @param rule what is summed, and what becomes of it
 */
public record SummingRounds(Rule rule) implements Algorithm, Recursion.Sums {
  private static final int ROUND = 0;
  private static final int BEYOND = 1;
  private static final int PART = 2;

  private static final int SCALES = 1;
  private static final int HEARD = 2;
  private static final int LAST = 3;
  private static final int POINT = 4;

  // kept, after the d coordinates of the estimate; y comes last
  private static final int KEPT_ROUND = 0;
  private static final int KEPT_SCALES = 1;
  private static final int KEPT_GIVEN = 2;
  private static final int KEPT_LAST = 3;
  private static final int KEPT_SUM = 4;

  /** Measured often: a round is worth more than a measurement. */
  private static final int TRIAL = 30;

  @Override
  public SummingRounds upTo(int coordinates) {
    return new SummingRounds(rule.upTo(coordinates));
  }

  /** The numbers of a message up the tree. */
  public int up(int d) {
    return PART + rule.words(d);
  }

  /** The numbers of a message down the tree. */
  public int down(int d) {
    return POINT + 2 * d;
  }

  @Override
  public int says(int d) {
    return Math.max(up(d), down(d));
  }

  @Override
  public int keeps(int d) {
    return keptPoint(d) + d;
  }

  /** Where y stands in what an agent keeps. */
  private int keptPoint(int d) {
    return d + KEPT_SUM + 1 + rule.words(d);
  }

  private double[] point(Turn turn) {
    int at = turn.keptAt() + keptPoint(turn.dimension());
    return Arrays.copyOfRange(turn.kept(), at, at + turn.dimension());
  }

  @Override
  public int keepsAtRoot(int d) {
    return rule.keeps(d);
  }

  @Override
  public boolean perLink() {
    return true;
  }

  @Override
  public boolean alongTree() {
    return true;
  }

  @Override
  public boolean saysWhole() {
    return true;
  }

  @Override
  public boolean stepless() {
    return true;
  }

  @Override
  public int trialTicks() {
    return TRIAL;
  }

  @Override
  public double averagingWeight(long tick) {
    return 1;
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public long round(double[] said, int at) {
    return word(said, at + ROUND);
  }

  @Override
  public boolean asks(double[] said, int at) {
    return word(said, at + LAST) == 0;
  }

  @Override
  public Scales scales(double[] said, int at) {
    return Scales.of(word(said, at + SCALES));
  }

  @Override
  public int point() {
    return POINT;
  }

  @Override
  public int masked() {
    return BEYOND;
  }

  @Override
  public int gradient() {
    return rule.gradient() < 0 ? -1 : PART + rule.gradient();
  }

  /** The round that an agent is in, by what it keeps; 0 for none. */
  public long round(double[] kept, int at, int d) {
    return word(kept, at + d + KEPT_ROUND);
  }

  /** Whether that round asks for its part. */
  public boolean isOpen(double[] kept, int at, int d) {
    return word(kept, at + d + KEPT_LAST) == 0;
  }

  /** The last round of which an agent heard the sum of a child, by what it says to it. */
  public long heard(double[] said, int at) {
    return word(said, at + HEARD);
  }

  private static long word(double[] in, int at) {
    return Double.doubleToRawLongBits(in[at]);
  }

  private static void put(double[] out, int at, long word) {
    out[at] = Double.longBitsToDouble(word);
  }

  /** Round 1 is at the common start; where agents start apart, at that of the root, who says it. */
  @Override
  public void start(Turn turn) {
    if (turn.parent() < 0) {
      rule.start(turn.kept(), turn.rootAt());
    }
    if (turn.parent() < 0 || turn.startsAtCommonPoint()) {
      double[] x = Arrays.copyOfRange(turn.kept(), turn.keptAt(), turn.keptAt() + turn.dimension());
      begin(turn, 1, turn.scales(), false, x);
    }
  }

  @Override
  public void update(Turn turn) {
    if (!hasNews(turn)) {
      turn.stay();
      return;
    }
    int links = turn.links() * says(turn.dimension());
    System.arraycopy(turn.before(), turn.beforeAt(), turn.said(), turn.at(), links);
    if (isBehind(turn)) {
      follow(turn);
    }
    if (kept(turn, KEPT_LAST) == 0) {
      give(turn);
      if (missing(turn) == 0) {
        close(turn);
      }
    }
  }

  private static long kept(Turn turn, int what) {
    return word(turn.kept(), turn.keptAt() + turn.dimension() + what);
  }

  private static void keep(Turn turn, int what, long word) {
    put(turn.kept(), turn.keptAt() + turn.dimension() + what, word);
  }

  /** True if the parent is in a later round. */
  private static boolean isBehind(Turn turn) {
    int parent = turn.parent();
    return parent >= 0
        && turn.hears(parent)
        && word(turn.heard(parent), turn.heardAt(parent) + ROUND) > kept(turn, KEPT_ROUND);
  }

  /** False if the agent would say what it said before. */
  private boolean hasNews(Turn turn) {
    if (isBehind(turn)) {
      return true;
    }
    long round = kept(turn, KEPT_ROUND);
    if (round == 0 || kept(turn, KEPT_LAST) != 0) {
      return false;
    }
    boolean news = kept(turn, KEPT_GIVEN) != round;
    for (int link = 0; link < turn.links() && !news; link++) {
      int at = turn.beforeAt() + link * says(turn.dimension());
      news = isNew(turn, link, turn.before(), at, round);
    }
    return news || turn.links() == 0;
  }

  /** True if a child has a sum of the round that was not added yet. */
  private static boolean isNew(Turn turn, int link, double[] said, int at, long round) {
    return link != turn.parent()
        && word(said, at + HEARD) != round
        && turn.hears(link)
        && word(turn.heard(link), turn.heardAt(link) + ROUND) == round;
  }

  /** Goes on to the round that the parent is in. */
  private void follow(Turn turn) {
    double[] heard = turn.heard(turn.parent());
    int at = turn.heardAt(turn.parent());
    int d = turn.dimension();
    System.arraycopy(heard, at + POINT + d, turn.kept(), turn.keptAt(), d);
    begin(
        turn,
        word(heard, at + ROUND),
        Scales.of(word(heard, at + SCALES)),
        word(heard, at + LAST) != 0,
        Arrays.copyOfRange(heard, at + POINT, at + POINT + d));
  }

  /** Begins a round at y, and says so to the agent's children, with the estimate that it keeps. */
  private void begin(Turn turn, long round, Scales scales, boolean last, double[] y) {
    int d = turn.dimension();
    System.arraycopy(y, 0, turn.kept(), turn.keptAt() + keptPoint(d), d);
    keep(turn, KEPT_ROUND, round);
    keep(turn, KEPT_SCALES, scales.bits());
    keep(turn, KEPT_LAST, last ? 1 : 0);
    for (int link = 0; link < turn.links(); link++) {
      if (link != turn.parent()) {
        int at = turn.at() + link * says(d);
        put(turn.said(), at + ROUND, round);
        put(turn.said(), at + SCALES, scales.bits());
        put(turn.said(), at + LAST, last ? 1 : 0);
        System.arraycopy(y, 0, turn.said(), at + POINT, d);
        System.arraycopy(turn.kept(), turn.keptAt(), turn.said(), at + POINT + d, d);
      }
    }
  }

  /** Begins the sum of the round with the agent's own part, unless it did so before. */
  private void give(Turn turn) {
    int d = turn.dimension();
    long round = kept(turn, KEPT_ROUND);
    if (kept(turn, KEPT_GIVEN) == round) {
      return;
    }
    double[] sum = turn.kept();
    int at = turn.keptAt() + d + KEPT_SUM;
    int words = rule.words(d);
    boolean fits = rule.part(turn, point(turn), Scales.of(kept(turn, KEPT_SCALES)), sum, at + 1);
    if (!fits) {
      Arrays.fill(sum, at + 1, at + 1 + words, 0);
      turn.mask(Scales.MISFITS + round, sum, at + 1, words);
    }
    put(sum, at, fits ? 0 : 1);
    turn.noise(round, sum, at + 1, words);
    turn.mask(round, sum, at, 1 + words);
    keep(turn, KEPT_GIVEN, round);
  }

  /** Adds what children say of the round; how many have not said it yet. */
  private int missing(Turn turn) {
    int stride = says(turn.dimension());
    long round = kept(turn, KEPT_ROUND);
    int missing = 0;
    for (int link = 0; link < turn.links(); link++) {
      int at = turn.at() + link * stride;
      if (isNew(turn, link, turn.said(), at, round)) {
        add(turn, turn.heard(link), turn.heardAt(link) + BEYOND);
        put(turn.said(), at + HEARD, round);
      } else if (link != turn.parent() && word(turn.said(), at + HEARD) != round) {
        missing++;
      }
    }
    return missing;
  }

  private void add(Turn turn, double[] words, int from) {
    double[] sum = turn.kept();
    int at = turn.keptAt() + turn.dimension() + KEPT_SUM;
    for (int k = 0; k <= rule.words(turn.dimension()); k++) {
      put(sum, at + k, word(sum, at + k) + word(words, from + k));
    }
  }

  /** Says the whole sum to the parent; at the root, makes the next point of it. */
  private void close(Turn turn) {
    int d = turn.dimension();
    long round = kept(turn, KEPT_ROUND);
    double[] kept = turn.kept();
    int sum = turn.keptAt() + d + KEPT_SUM;
    if (turn.parent() >= 0) {
      int at = turn.at() + turn.parent() * says(d);
      put(turn.said(), at + ROUND, round);
      System.arraycopy(kept, sum, turn.said(), at + BEYOND, 1 + rule.words(d));
      return;
    }
    double[] y = point(turn);
    Rule.Next next =
        rule.next(
            turn,
            y,
            new Rule.Sum(kept, sum + 1, word(kept, sum), Scales.of(kept(turn, KEPT_SCALES))));
    System.arraycopy(next.estimate(), 0, kept, turn.keptAt(), d);
    begin(turn, round + 1, next.scales(), next.last(), y);
    if (!next.last()) {
      give(turn);
    }
  }
}
