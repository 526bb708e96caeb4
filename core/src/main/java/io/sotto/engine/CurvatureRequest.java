package io.sotto.engine;

import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests of the operator about second derivatives. Matrices are packed as {@link Curvature} says.
 */
public final class CurvatureRequest {
  private CurvatureRequest() {}

  /** What one agent adds to the answer of its cell. */
  @FunctionalInterface
  private interface OfAgent extends Serializable {
    double of(Curvature curvature, int agent, double[] sum);
  }

  /**
   * A sum over agents of matrices, and the largest or least of their numbers.
   *
   * @param sum empty if none was asked for
   * @param most the largest number
   * @param least the least one
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  public record Answer(double[] sum, double most, double least) implements Serializable {}

  /** The sum of the second derivatives of all f_i at x; null if some cell does not know its own. */
  public static @Nullable Answer hessian(Runner runner, double[] x) {
    return ask(
        runner,
        Curvature.size(x.length),
        (curvature, agent, sum) -> {
          curvature.addHessian(agent, x, sum);
          return 0;
        });
  }

  /** The largest {@link Curvature#steepness} of an agent. */
  public static @Nullable Answer steepness(Runner runner, double[] inverse) {
    return ask(runner, 0, (curvature, agent, sum) -> curvature.steepness(agent, inverse));
  }

  /**
   * Whether the losses of all agents fall or stay along directions, and those of some fall ({@link
   * Curvature#recession}); null if some cell does not know.
   */
  public static boolean @Nullable [] recede(Runner runner, double[][] directions) {
    boolean[] all = new boolean[directions.length];
    for (int k = 0; k < directions.length; k++) {
      double[] direction = directions[k];
      Answer answer =
          ask(runner, 0, (curvature, agent, sum) -> curvature.recession(agent, direction));
      if (answer == null) {
        return null;
      }
      all[k] = answer.least() >= 0 && answer.most() > 0;
    }
    return all;
  }

  /** The largest {@link Curvature#change} of an agent. */
  public static @Nullable Answer change(Runner runner, double[] direction) {
    return ask(runner, 0, (curvature, agent, sum) -> curvature.change(agent, direction));
  }

  /** The sum of {@link Curvature#addStill} of all agents. */
  public static @Nullable Answer still(Runner runner, double[] direction, double most) {
    return ask(
        runner,
        Curvature.size(direction.length),
        (curvature, agent, sum) -> {
          curvature.addStill(agent, direction, most, sum);
          return 0;
        });
  }

  private static @Nullable Answer ask(Runner runner, int size, OfAgent ofAgent) {
    Request<Cells> request = (cell, lanes) -> Cells.of(cell, size, ofAgent);
    List<Cells> answers = runner.cells().ask(request, null);
    double[] sum = new double[size];
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (Cells each : answers) {
      Answer answer = each.answer();
      if (answer == null) {
        return null;
      }
      Vectors.addScaled(1, answer.sum(), 0, sum, 0, size);
      most = Math.max(most, answer.most());
      least = Math.min(least, answer.least());
    }
    return new Answer(sum, most, least);
  }

  /** A cell's answer, null if it has none. */
  private record Cells(@Nullable Answer answer) implements Serializable {
    static Cells of(Cell cell, int size, OfAgent ofAgent) {
      LocalObjective costs = cell.objective.measured();
      Curvature curvature = costs.exact() ? costs.secondOrder() : null;
      if (curvature == null) {
        return new Cells(null);
      }
      double[] sum = new double[size];
      double most = Double.NEGATIVE_INFINITY;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < cell.agents.length; i++) {
        double value = ofAgent.of(curvature, i, sum);
        most = Math.max(most, value);
        least = Math.min(least, value);
      }
      return new Cells(new Answer(sum, most, least));
    }
  }
}
