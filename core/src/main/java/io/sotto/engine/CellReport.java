package io.sotto.engine;

import io.sotto.clock.Draws;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;

/**
 * What the operator is told of a cell: sums over its agents, answers to questions, and at the end
 * where each agent stands. Never for a border.
 */
public final class CellReport {
  private CellReport() {}

  /** After a superstep; the sums and counts only if wanted. */
  public static CellSummary summary(CellState state, boolean report) {
    if (!report) {
      return new CellSummary(state.active, 0, state.fault, null, state.tape, state.movement);
    }
    long total = 0;
    double[] last = new double[state.dimension];
    RestartingAverages all = state.windows.copy();
    for (int i = 0; i < state.updates.length; i++) {
      total += state.updates[i];
      Vectors.addScaled(1, state.estimates(), state.estimateAt(i), last, 0, last.length);
      if (state.held != null) {
        double weight = state.windows.weight() - state.held.since()[i];
        all.add(weight, state.estimates(), state.estimateAt(i));
      }
    }
    return new CellSummary(
        state.active, total, state.fault, all.sums(last), state.tape, state.movement);
  }

  /** What the operator asked at a measurement. */
  static Question.Answer answer(Cell cell, CellState state, Question question) {
    LocalObjective f = cell.objective.measured();
    int d = state.dimension;
    double[] values = new double[question.points().length];
    double[] gradient = new double[question.gradient() ? d : 0];
    double[] heldOut = new double[question.heldOut()];
    Arrays.fill(heldOut, Double.NaN);
    double[] g = new double[question.gradient() || question.tangents().length > 0 ? d : 0];
    double[][] slopes = new double[f.exact() ? question.tangents().length : 0][];
    for (int k = 0; k < slopes.length; k++) {
      slopes[k] = k == 0 && question.gradient() ? gradient : new double[d];
    }
    boolean bounds = slopes.length > 0;
    boolean proximal = bounds && state.algorithm.proximal();
    double[] dual = new double[proximal ? d : 0];
    double constant = proximal ? 0 : Double.NEGATIVE_INFINITY;
    double lowest = 0;
    double distance = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      long key = Draws.bits(cell.seed, cell.agents[i], question.tick(), Draws.Purpose.MEASUREMENT);
      for (int p = 0; p < values.length; p++) {
        values[p] += f.value(i, question.points()[p], 0);
      }
      for (int p = 0; p < heldOut.length; p++) {
        heldOut[p] = Question.Answer.plusHeldOut(heldOut[p], f.heldOut(i, question.points()[p], 0));
      }
      if (question.gradient()) {
        f.subgradient(i, key, question.points()[0], 0, g);
        Vectors.addScaled(1, g, 0, gradient, 0, d);
      }
      for (int k = question.gradient() ? 1 : 0; k < slopes.length; k++) {
        double[] point = question.points()[question.tangents()[k]];
        if (f.agentWeight() > 0) {
          f.gradient(i, key, point, 0, g);
        } else {
          f.subgradient(i, key, point, 0, g);
        }
        Vectors.addScaled(1, g, 0, slopes[k], 0, d);
      }
      if (proximal) {
        constant += cell.proximal().addMinorant(i, state.kept, state.dualsAt(i), dual);
      }
      if (bounds && question.lowest()) {
        lowest += f.lowest(i);
      }
      double away = Vectors.distance(state.estimates(), state.estimateAt(i), question.mean(), 0, d);
      distance = Math.max(distance, away);
    }
    Question.Tangents tangents =
        bounds
            ? new Question.Tangents(
                slopes,
                dual,
                constant,
                lowest,
                f.regularizer(),
                cell.agents.length * f.agentWeight())
            : null;
    return new Question.Answer(values, gradient, f.exact(), heldOut, distance, tangents);
  }

  /** For an estimate of the Lipschitz constant of F's gradient: that of each cell's part of it. */
  public static Request<Double> smoothness() {
    return (cell, lanes) -> cell.smoothness();
  }

  /**
   * What the subgradients of agents at a point are like, in sum: one number, then the sum of them.
   * The number is the sum over agents of {@code sum over j of (weight_j g_j)^2}.
   *
   * @param point where
   * @param weight by coordinate
   */
  public static Request<double[]> subgradients(double[] point, double[] weight) {
    return (cell, lanes) -> {
      LocalObjective f = cell.objective.measured();
      double[] g = new double[point.length];
      double[] sums = new double[1 + g.length];
      for (int i = 0; i < cell.agents.length; i++) {
        long key = Draws.bits(cell.seed, cell.agents[i], 0, Draws.Purpose.MEASUREMENT);
        f.subgradient(i, key, point, 0, g);
        Vectors.addScaled(1, g, 0, sums, 1, g.length);
        for (int j = 0; j < g.length; j++) {
          double scaled = weight[j] * g[j];
          sums[0] += scaled * scaled;
        }
      }
      return sums;
    };
  }

  /** Where the agents of lane 0 stand. */
  public static Request<CellEstimates> estimates() {
    return (cell, lanes) -> estimates(cell, lanes[0]);
  }

  /** The duals of lane 0's links, where agents are perLink. */
  public static Request<CellLinks> links() {
    return (cell, lanes) -> links(cell, lanes[0]);
  }

  private static CellEstimates estimates(Cell cell, CellState state) {
    int d = state.dimension;
    double[] estimates = new double[cell.agents.length * d];
    for (int i = 0; i < cell.agents.length; i++) {
      System.arraycopy(state.estimates(), state.estimateAt(i), estimates, i * d, d);
    }
    return new CellEstimates(cell.id, cell.agents, d, estimates, state.updates.clone());
  }

  private static CellLinks links(Cell cell, CellState state) {
    int d = state.dimension;
    int links = cell.perLink ? cell.slots() : 0;
    double[] duals = new double[Math.multiplyExact(links, d)];
    for (int i = 0; links > 0 && i < cell.agents.length; i++) {
      for (int slot = cell.slot(i); slot < cell.slot(i + 1); slot++) {
        state.duals(i, slot, duals);
      }
    }
    return new CellLinks(cell.id, cell.agents, cell.offset, cell.speakers, d, duals);
  }
}
