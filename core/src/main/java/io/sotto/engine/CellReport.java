package io.sotto.engine;

import io.sotto.algorithm.SummingRounds;
import io.sotto.clock.Draws;
import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Measures;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes what the operator gets from a cell: sums over its agents, answers to questions, and at the
 * end the estimate of each agent. None of this crosses a border.
 */
public final class CellReport {
  /** Of more agents nobody reads numbers one by one. */
  private static final int MANY_AGENTS = 100;

  private CellReport() {}

  /** The summary of a superstep; with sums and counts only if {@code report} is true. */
  public static CellSummary summary(CellState state, boolean report) {
    if (!report) {
      return new CellSummary(state.active, 0, state.fault, null, state.tape, state.movement);
    }
    long total = 0;
    double[] last = new double[state.dimension];
    RestartingAverages all = state.averages.copy();
    for (int i = 0; i < state.updates.length; i++) {
      total += state.updates[i];
      Vectors.addScaled(1, state.estimates(), state.estimateAt(i), last, 0, last.length);
      if (state.held != null) {
        double weight = state.averages.weight() - state.held.since()[i];
        all.add(weight, state.estimates(), state.estimateAt(i));
      }
    }
    return new CellSummary(
        state.active, total, state.fault, all.sums(last), state.tape, state.movement);
  }

  /** The answer of a cell to a question of the operator. */
  static Question.Answer answer(Cell cell, CellState state, Question question) {
    LocalObjective f = cell.objective.measured();
    int d = state.dimension;
    double[] values = new double[question.points().length];
    double[] gradient = new double[question.gradient() ? d : 0];
    Measures measures = f.measures();
    int shown = cell.all > MANY_AGENTS ? 0 : cell.all;
    double[][] measured = new double[question.measured()][measures.names().size() * (1 + shown)];
    Arrays.stream(measured).forEach(numbers -> Arrays.fill(numbers, Double.NaN));
    double[] g = new double[question.gradient() || question.minorants().length > 0 ? d : 0];
    double[][] slopes = new double[f.exact() ? question.minorants().length : 0][];
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
        double[] x = question.points()[p];
        boolean beside = p < measured.length;
        double first = beside ? measure(cell, state, f, i, x, measured[p]) : Double.NaN;
        values[p] +=
            beside && measures.averaged()
                ? measures.ofObjective() * first / cell.all
                : f.value(i, x, 0);
      }
      if (question.gradient()) {
        f.subgradient(i, key, question.points()[0], 0, g);
        Vectors.addScaled(1, g, 0, gradient, 0, d);
      }
      for (int k = question.gradient() ? 1 : 0; k < slopes.length; k++) {
        double[] point = question.points()[question.minorants()[k]];
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
    Question.Minorants minorants =
        bounds
            ? new Question.Minorants(
                slopes,
                dual,
                constant,
                lowest,
                f.regularizer(),
                cell.agents.length * f.agentWeight())
            : null;
    return new Question.Answer(
        values, gradient, f.exact(), distance, minorants, measures.names(), measured);
  }

  /** Adds what an agent has measured to the numbers of an answer, and returns the first. */
  private static double measure(
      Cell cell, CellState state, LocalObjective f, int i, double[] x, double[] numbers) {
    int reference = state.algorithm.referenceAt(state.dimension);
    double[] own =
        reference < 0
            ? f.measure(i, x, 0)
            : f.measure(i, x, 0, state.kept, state.keptAt[i] + reference);
    Measures measures = f.measures();
    int count = measures.names().size();
    for (int k = 0; k < count; k++) {
      double part = measures.averaged() ? own[k] / cell.all : own[k];
      numbers[k] = Question.Answer.plus(numbers[k], part);
      if (numbers.length > count) {
        numbers[count * (1 + cell.agents[i]) + k] = own[k];
      }
    }
    return own[0];
  }

  /** Asks each cell for an estimate of the Lipschitz constant of the gradient of its part of F. */
  public static Request<Double> smoothness() {
    return (cell, lanes) -> cell.smoothness();
  }

  /**
   * Asks for sums over agents at a point: of f_i, of the squared norm of their subgradients, and of
   * the subgradients themselves. The answer holds them in this order.
   *
   * @param point where
   * @param norm of d numbers: the squared norm is {@code sum over j of (norm_j g_j)^2}; or a matrix
   *     of d x d, row by row, whose product with g is squared
   */
  public static Request<double[]> subgradients(double[] point, double[] norm) {
    return (cell, lanes) -> {
      LocalObjective f = cell.objective.measured();
      double[] g = new double[point.length];
      double[] sums = new double[2 + g.length];
      for (int i = 0; i < cell.agents.length; i++) {
        long key = Draws.bits(cell.seed, cell.agents[i], 0, Draws.Purpose.MEASUREMENT);
        f.subgradient(i, key, point, 0, g);
        sums[0] += f.value(i, point, 0);
        Vectors.addScaled(1, g, 0, sums, 2, g.length);
        sums[1] += squaredNorm(g, norm);
      }
      return sums;
    };
  }

  /** The square of g in a norm as {@link #subgradients} has it. */
  public static double squaredNorm(double[] g, double[] norm) {
    int d = g.length;
    double square = 0;
    for (int row = 0; row < d; row++) {
      double scaled = norm.length == d ? norm[row] * g[row] : Vectors.dot(norm, row * d, g, 0, d);
      square += scaled * scaled;
    }
    return square;
  }

  /**
   * Asks for sums over agents where each starts: of |f_i|, of the squared norm of the gradient of
   * its smooth part, and of the trace of its second derivatives, which is NaN if they have none.
   *
   * @param curved whether second derivatives are asked for; else 0 stands for them
   */
  public static Request<double[]> sizes(boolean curved) {
    return (cell, lanes) -> {
      LocalObjective f = cell.objective.measured();
      Curvature curvature = curved ? f.smoothSecondOrder() : null;
      int d = f.dimension();
      double[] starts = new double[Math.multiplyExact(cell.agents.length, d)];
      if (cell.origin != null) {
        cell.origin.estimates(cell.agents, starts, i -> i * d);
      }
      double[] sums = new double[3];
      double[] g = new double[d];
      double[] packed = new double[curvature == null ? 0 : Curvature.size(d)];
      for (int i = 0; i < cell.agents.length; i++) {
        double[] x = Arrays.copyOfRange(starts, i * d, (i + 1) * d);
        x = cell.sets[i].projected(x, cell.coefficients);
        long key = Draws.bits(cell.seed, cell.agents[i], 0, Draws.Purpose.MEASUREMENT);
        f.gradient(i, key, x, 0, g);
        sums[0] += Math.abs(f.value(i, x, 0));
        sums[1] += Vectors.dot(g, 0, g, 0, d);
        if (curvature != null) {
          curvature.addHessian(i, x, packed);
        }
      }
      for (int j = 0; j < d && curvature != null; j++) {
        sums[2] += packed[Curvature.at(j, j)];
      }
      sums[2] = curved && curvature == null ? Double.NaN : sums[2];
      return sums;
    };
  }

  /**
   * In which round of sums the agents of a cell stand.
   *
   * @param number of the latest
   * @param open whether it asks for parts
   * @param awaited agents, of whom their parents here, in that round, have not heard the sum
   * @param busy agents here, in that round, that have not heard those of all their children
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  public record Rounds(long number, boolean open, int[] awaited, int[] busy)
      implements Serializable {

    /** The latest round of all cells. */
    public static long latest(List<Rounds> cells) {
      return cells.stream().mapToLong(Rounds::number).max().orElse(0);
    }

    /**
     * How many agents the latest round waits for: those that are awaited and wait for nobody
     * themselves, be it that they have not heard of the round, or that they are not heard.
     */
    public static int waiting(List<Rounds> cells) {
      long latest = latest(cells);
      List<Rounds> there = cells.stream().filter(cell -> cell.number == latest).toList();
      Set<Integer> waiting = new HashSet<>();
      there.stream().flatMapToInt(cell -> Arrays.stream(cell.awaited)).forEach(waiting::add);
      there.stream().flatMapToInt(cell -> Arrays.stream(cell.busy)).forEach(waiting::remove);
      return waiting.size();
    }
  }

  /** Asks for the rounds of lane 0; for methods that have rounds. */
  public static Request<Rounds> rounds() {
    return (cell, lanes) -> rounds(cell, lanes[0]);
  }

  private static Rounds rounds(Cell cell, CellState state) {
    SummingRounds method = (SummingRounds) state.algorithm;
    int d = state.dimension;
    long number = 0;
    boolean open = false;
    for (int i = 0; i < cell.agents.length; i++) {
      long round = method.round(state.kept, state.estimateAt(i), d);
      if (round > number) {
        number = round;
        open = method.isOpen(state.kept, state.estimateAt(i), d);
      }
    }
    IntStream.Builder awaited = IntStream.builder();
    IntStream.Builder busy = IntStream.builder();
    for (int i = 0; i < cell.agents.length && open; i++) {
      if (method.round(state.kept, state.estimateAt(i), d) == number) {
        boolean waits = false;
        for (int slot = cell.slot(i); slot < cell.slot(i + 1); slot++) {
          boolean child = slot - cell.slot(i) != cell.parents[i];
          if (child && method.heard(state.said.values(), slot * state.stride()) != number) {
            awaited.add(cell.speakers[slot]);
            waits = true;
          }
        }
        if (waits) {
          busy.add(cell.agents[i]);
        }
      }
    }
    return new Rounds(number, open, awaited.build().toArray(), busy.build().toArray());
  }

  /**
   * Where the agents of a cell stand, by what they keep and nothing that rows tell.
   *
   * @param root the estimate of the root of the tree; empty if it is elsewhere
   * @param done whether all agents here have heard that there is no further round
   * @param distance the largest distance of an estimate from the mean
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  public record Standing(double[] root, boolean done, double distance) implements Serializable {}

  /** Asks where agents stand in lane 0, of a mean; for methods that have rounds. */
  public static Request<Standing> standing(double[] mean) {
    return (cell, lanes) -> {
      CellState state = lanes[0];
      SummingRounds method = (SummingRounds) state.algorithm;
      int d = state.dimension;
      double[] root = {};
      boolean done = true;
      double distance = 0;
      for (int i = 0; i < cell.agents.length; i++) {
        int at = state.estimateAt(i);
        if (cell.parents[i] < 0) {
          root = Arrays.copyOfRange(state.kept, at, at + d);
        }
        done &= !method.isOpen(state.kept, at, d);
        distance = Math.max(distance, Vectors.distance(state.kept, at, mean, 0, d));
      }
      return new Standing(root, done, distance);
    };
  }

  /** Asks for the estimates of the agents in lane 0. */
  public static Request<CellEstimates> estimates() {
    return (cell, lanes) -> estimates(cell, lanes[0]);
  }

  /**
   * Asks how far agents stand from a point in lane 0.
   *
   * @param from d coordinates
   */
  public static Request<CellDistances> distances(double[] from) {
    return (cell, lanes) -> distances(cell, lanes[0], from);
  }

  /** Asks for the duals of the links in lane 0; for methods that speak per link. */
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

  private static CellDistances distances(Cell cell, CellState state, double[] from) {
    double[] distances = new double[cell.agents.length];
    Arrays.setAll(
        distances,
        i -> Vectors.distance(state.estimates(), state.estimateAt(i), from, 0, from.length));
    return new CellDistances(cell.agents, distances, state.updates.clone());
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
