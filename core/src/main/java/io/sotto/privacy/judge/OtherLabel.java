package io.sotto.privacy.judge;

import io.sotto.engine.Shards;
import io.sotto.problem.Block;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The same rows, but that one row of one agent has another label: the neighbouring table of a
 * {@link DistinguishingGame}.
 *
 * @param plain the rows
 * @param agent whose row it is
 * @param row which of its rows, from 0
 * @param label the other label
 */
public record OtherLabel(Shards plain, int agent, int row, double label) implements Shards {

  private static final int LOOKED = 200;

  /**
   * The change that shows most at a point, of up to {@value #LOOKED} of an agent's rows, each with
   * a label that some other row in its block has.
   *
   * @param costs a block with the agent
   * @param place which agent of the block it is
   * @return null if costs are none of labelled rows, or all labels are the same
   */
  public static @Nullable OtherLabel most(
      Shards plain, int agent, LocalObjective costs, int place, double[] x) {
    if (!(costs instanceof LinearModel model)) {
      return null;
    }
    double[] labels = new double[model.rows().first(model.agents())];
    Arrays.setAll(labels, model.rows()::label);
    double[] two = Arrays.stream(labels).distinct().limit(2).toArray();
    if (two.length < 2) {
      return null;
    }
    OtherLabel most = null;
    double farthest = 0;
    double[] g = subgradient(model, place, x);
    int first = model.rows().first(place);
    int held = model.rows().first(place + 1) - first;
    int looked = Math.min(held, LOOKED);
    for (int k = 0; k < looked; k++) {
      int r = first + (int) ((long) k * held / looked);
      double other = labels[r] == two[0] ? two[1] : two[0];
      double far = Vectors.distance(g, subgradient(with(model, r, other), place, x));
      if (far > farthest) {
        farthest = far;
        most = new OtherLabel(plain, agent, r - first, other);
      }
    }
    return most;
  }

  /** The same change of rows that are loaded elsewhere. */
  public OtherLabel in(Shards others) {
    return new OtherLabel(others, agent, row, label);
  }

  @Override
  public LocalObjective load(int[] agents) {
    LocalObjective costs = plain.load(agents);
    int place = Arrays.binarySearch(agents, agent);
    return place >= 0 && costs instanceof LinearModel model
        ? with(model, model.rows().first(place) + row, label)
        : costs;
  }

  private static LinearModel with(LinearModel model, int row, double label) {
    Block block = model.block();
    return new LinearModel(
        new Block(
            block.rows().relabelled(row, label),
            block.weights(),
            block.offsets(),
            block.rowWeight(),
            block.agentWeight(),
            block.regularizer(),
            block.intercept(),
            block.centre(),
            block.classes(),
            block.subjects()),
        model.loss());
  }

  private static double[] subgradient(LinearModel model, int place, double[] x) {
    double[] g = new double[model.dimension()];
    model.subgradient(place, 0, x, 0, g);
    return g;
  }
}
