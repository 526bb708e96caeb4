package io.sotto.run;

import io.sotto.engine.Origin;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The result of an earlier run that another run starts from. */
public interface EarlierResult {

  /** The place of the result, for messages. */
  String where();

  /** Its solution. */
  Solution solution();

  /** The record of its run. */
  RunRecord record();

  /**
   * Where agents start, from what the result keeps of single agents.
   *
   * @param fit how the coordinates of the result correspond to those of this run
   * @param links whether the duals of links may be used in this run
   */
  Kept kept(Fit fit, boolean links) throws IOException;

  /**
   * How the coordinates of an earlier result correspond to those of a run.
   *
   * @param ticks the ticks that led to the result, those of runs before included
   * @param agents the names of this run's agents, in their order
   * @param features how many features there were
   * @param feature where each feature of this run stood; -1 for one that is new
   * @param fallback by coordinate of this run, where newcomers start, in original units
   * @param units those of this run
   * @param shape the coordinates of x
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Fit(
      double ticks,
      List<String> agents,
      int features,
      int[] feature,
      double[] fallback,
      Standardization units,
      Objective.Shape shape)
      implements Serializable {}

  /**
   * What an earlier result keeps of single agents.
   *
   * @param origin where agents start
   * @param agents how many of this run's agents it knows
   * @param hasLinks whether it keeps duals of links
   */
  record Kept(Origin origin, int agents, boolean hasLinks) {}

  /** A result in memory, of which all agents start at the solution. */
  static EarlierResult of(Solution solution, RunRecord record) {
    return new EarlierResult() {
      @Override
      public String where() {
        return "an earlier solution";
      }

      @Override
      public Solution solution() {
        return solution;
      }

      @Override
      public RunRecord record() {
        return record;
      }

      @Override
      public Kept kept(Fit fit, boolean links) {
        return new Kept(new AtSolution(fit.ticks(), start(fit)), 0, false);
      }
    };
  }

  /** The earlier solution in the units of this run. */
  private static double[] start(Fit fit) {
    double[] x = fit.fallback().clone();
    fit.units().solve(x, 0, fit.shape());
    return x;
  }

  /**
   * All agents start at one point.
   *
   * @param ticks the ticks that led there
   * @param x the point, in the units of this run
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record AtSolution(double ticks, double[] x) implements Origin {

    @Override
    public void estimates(int[] agents, double[] out, IntUnaryOperator at) {
      for (int i = 0; i < agents.length; i++) {
        System.arraycopy(x, 0, out, at.applyAsInt(i), x.length);
      }
    }

    @Override
    public void duals(int[] agents, int[] offset, int[] neighbours, double[] out) {
      // links start at 0, which is what stands there
    }
  }
}
