package io.sotto.problem;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The group lasso (Yuan and Lin 2006): {@code weight * sum_g sqrt(|g|) |w_g|} over groups g of
 * coefficients, which become 0 together. Groups share no coefficient; one in no group is free.
 *
 * @param weight at least 0; 0 is no penalty
 * @param offset where each group begins in {@code index}; groups + 1 positions
 * @param index the coefficients, group by group
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content, below
public record Groups(double weight, int[] offset, int[] index) implements Serializable {
  /** No groups. */
  public static final Groups NONE = new Groups(0, new int[1], new int[0]);

  /**
   * Groups of features, each with its coefficients in all predictions.
   *
   * @param weight of the penalty
   * @param groups the positions of the features of each group
   * @param features how many features there are
   * @param outputs how many predictions, whose coefficients stand one after the other
   */
  public static Groups of(double weight, List<List<Integer>> groups, int features, int outputs) {
    List<Integer> all = new ArrayList<>();
    int[] offset = new int[groups.size() + 1];
    for (int g = 0; g < groups.size(); g++) {
      for (int k = 0; k < outputs; k++) {
        for (int feature : groups.get(g)) {
          all.add(k * features + feature);
        }
      }
      offset[g + 1] = all.size();
    }
    return new Groups(weight, offset, all.stream().mapToInt(j -> j).toArray());
  }

  /** By content: cells on Spark have copies, and compare them. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Groups groups
        && weight == groups.weight
        && Arrays.equals(offset, groups.offset)
        && Arrays.equals(index, groups.index);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(weight) + Arrays.hashCode(index);
  }

  /**
   * Replaces the scales of features that are in one group by their geometric mean.
   *
   * @param scale by feature, above 0; coefficients of several predictions stand one after the other
   */
  public void level(double[] scale) {
    for (int g = 0; penalise() && g + 1 < offset.length; g++) {
      double sum = 0;
      for (int e = offset[g]; e < offset[g + 1]; e++) {
        sum += StrictMath.log(scale[index[e] % scale.length]);
      }
      double mean = StrictMath.exp(sum / (offset[g + 1] - offset[g]));
      for (int e = offset[g]; e < offset[g + 1]; e++) {
        scale[index[e] % scale.length] = mean;
      }
    }
  }

  /** True if it penalises anything. */
  public boolean penalise() {
    return weight > 0 && index.length > 0;
  }

  double value(double[] x, int at, Coordinates units) {
    double sum = 0;
    for (int g = 0; g + 1 < offset.length; g++) {
      sum += weight(g, units) * norm(g, x, at);
    }
    return sum;
  }

  /** Adds {@code scale} times a subgradient; 0 for a group that is 0. */
  void addSubgradient(double scale, double[] x, int at, double[] out, Coordinates units) {
    for (int g = 0; g + 1 < offset.length; g++) {
      double norm = norm(g, x, at);
      for (int e = offset[g]; norm > 0 && e < offset[g + 1]; e++) {
        out[index[e]] += scale * weight(g, units) / norm * x[at + index[e]];
      }
    }
  }

  /** Moves each group towards 0 by {@code scale * weight * sqrt(|g|)}, and not past it. */
  void shrink(double scale, double[] x, int at, Coordinates units) {
    for (int g = 0; g + 1 < offset.length; g++) {
      double norm = norm(g, x, at);
      double left = norm > 0 ? Math.max(0, 1 - scale * weight(g, units) / norm) : 0;
      for (int e = offset[g]; e < offset[g + 1]; e++) {
        x[at + index[e]] *= left;
      }
    }
  }

  /** Of a group, whose units are the same. */
  private double weight(int g, Coordinates units) {
    double unit = units.size() == 0 ? 1 : units.values[index[offset[g]]];
    return weight * unit * Math.sqrt(offset[g + 1] - offset[g]);
  }

  private double norm(int g, double[] x, int at) {
    double sum = 0;
    for (int e = offset[g]; e < offset[g + 1]; e++) {
      sum += x[at + index[e]] * x[at + index[e]];
    }
    return Math.sqrt(sum);
  }
}
