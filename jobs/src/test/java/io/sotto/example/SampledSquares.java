package io.sotto.example;

import io.sotto.problem.Block;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Parameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Squares of a linear model, whose subgradients see one batch of an agent's rows, another one at
 * each tick. Some rows can be held out: they are not learnt from, and their loss is reported.
 *
 * @param batch how many rows are drawn, with replacement
 * @param out each row of that number of an agent's is held out; 0 holds out none
 */
public record SampledSquares(int batch, int out) implements Objective {

  /** Reads {@code problem.parameters}. */
  public SampledSquares(Parameters parameters) {
    this((int) parameters.number("batch", 1, 1e6), (int) parameters.number("out", 0, 1e6));
  }

  @Override
  public Loss.Labels labels() {
    return Loss.Labels.REAL;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public LocalObjective over(Block block) {
    return new Costs(block, batch, out);
  }

  private record Costs(Block block, int batch, int out) implements LocalObjective {
    @Override
    public int agents() {
      return block.rows().agents();
    }

    @Override
    public int dimension() {
      return block.rows().features() + (block.intercept() ? 1 : 0);
    }

    private boolean isOut(int row, int agent) {
      return out > 0 && (row - block.rows().first(agent)) % out == out - 1;
    }

    private int[] rows(int agent, boolean held) {
      return IntStream.range(block.rows().first(agent), block.rows().first(agent + 1))
          .filter(row -> isOut(row, agent) == held)
          .toArray();
    }

    private double residual(int row, double[] x, int at) {
      double b = block.intercept() ? x[at + block.rows().features()] : 0;
      return block.rows().dot(row, x, at) + b - block.rows().label(row);
    }

    private double value(int[] rows, double[] x, int at) {
      double sum = 0;
      for (int row : rows) {
        double r = residual(row, x, at);
        sum += block.weight(row) * r * r / 2;
      }
      return sum;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return value(rows(agent, false), x, at);
    }

    @Override
    public double[] measure(int agent, double[] x, int at) {
      int[] held = rows(agent, true);
      return new double[] {held.length == 0 ? Double.NaN : value(held, x, at)};
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      int[] rows = rows(agent, false);
      SplittableRandom random = new SplittableRandom(key);
      Arrays.fill(out, 0);
      for (int k = 0; k < batch && rows.length > 0; k++) {
        int row = rows[random.nextInt(rows.length)];
        double slope = block.weight(row) * residual(row, x, at) * rows.length / batch;
        block.rows().addScaled(row, slope, out, 0);
        if (block.intercept()) {
          out[block.rows().features()] += slope;
        }
      }
    }

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public double smoothness(int agent) {
      double[] copy = new double[dimension()];
      double sum = 0;
      for (int row : rows(agent, false)) {
        Arrays.fill(copy, 0);
        block.rows().addScaled(row, 1, copy, 0);
        sum += block.weight(row) * (1 + block.rows().dot(row, copy, 0));
      }
      return sum;
    }
  }
}
