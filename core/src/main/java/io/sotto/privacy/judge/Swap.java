package io.sotto.privacy.judge;

import io.sotto.engine.Shards;
import io.sotto.privacy.mechanism.Offsets;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;

/**
 * The same sum of costs, but that a tilt is moved between two agents, f_i + b.x and f_j - b.x: the
 * other problem of a {@link DistinguishingGame} that its solution does not tell from this one.
 *
 * @param plain the costs
 * @param plus i
 * @param minus j
 * @param tilt b
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Swap(Shards plain, int plus, int minus, double[] tilt) implements Shards {

  /** The same change of costs that are loaded elsewhere. */
  public Swap in(Shards others) {
    return new Swap(others, plus, minus, tilt);
  }

  @Override
  public LocalObjective load(int[] agents) {
    LocalObjective costs = plain.load(agents);
    int up = Arrays.binarySearch(agents, plus);
    int down = Arrays.binarySearch(agents, minus);
    if (up < 0 && down < 0) {
      return costs;
    }
    int d = tilt.length;
    double[] terms = new double[Math.multiplyExact(agents.length, d)];
    if (up >= 0) {
      Vectors.addScaled(1, tilt, 0, terms, up * d, d);
    }
    if (down >= 0) {
      Vectors.addScaled(-1, tilt, 0, terms, down * d, d);
    }
    return Offsets.tilted(costs, terms);
  }
}
