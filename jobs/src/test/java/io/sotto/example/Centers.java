package io.sotto.example;

import io.sotto.problem.Block;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Parameters;
import io.sotto.problem.Rows;
import java.util.Arrays;

/**
 * The point to which the mean distance of rows is least, which outliers hardly move: {@code
 * sqrt(|row - x|^2 + slack^2)}. Labels play no part.
 *
 * @param slack makes it smooth
 */
public record Centers(double slack) implements Objective {

  /** Reads {@code problem.parameters.slack}. */
  public Centers(Parameters parameters) {
    this(parameters.number("slack", 1e-9, 1e9));
  }

  @Override
  public Loss.Labels labels() {
    return Loss.Labels.REAL;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  /** A coordinate for each feature, which is no coefficient of a prediction; no intercept. */
  @Override
  public Shape shape(int features, int classes, boolean intercept) {
    return new Shape(0, features, features);
  }

  @Override
  public LocalObjective over(Block block) {
    return new Costs(block, slack);
  }

  private record Costs(Block block, double slack) implements LocalObjective {
    @Override
    public int agents() {
      return block.rows().agents();
    }

    @Override
    public int dimension() {
      return block.rows().features();
    }

    @Override
    public double value(int agent, double[] x, int at) {
      double[] row = new double[dimension()];
      double sum = 0;
      for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
        sum += block.weight(r) * distance(r, x, at, row);
      }
      return sum;
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      double[] row = new double[dimension()];
      Arrays.fill(out, 0);
      for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
        double scale = block.weight(r) / distance(r, x, at, row);
        for (int j = 0; j < row.length; j++) {
          out[j] -= scale * row[j];
        }
      }
    }

    @Override
    public double smoothness(int agent) {
      double weights = 0;
      for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
        weights += block.weight(r);
      }
      return weights / slack;
    }

    /** Leaves row - x in {@code row}. */
    private double distance(int r, double[] x, int at, double[] row) {
      Rows rows = block.rows();
      for (int j = 0; j < row.length; j++) {
        row[j] = -x[at + j];
      }
      rows.addScaled(r, 1, row, 0);
      double square = slack * slack;
      for (double one : row) {
        square += one * one;
      }
      return Math.sqrt(square);
    }
  }
}
