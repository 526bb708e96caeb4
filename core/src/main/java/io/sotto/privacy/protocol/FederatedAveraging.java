package io.sotto.privacy.protocol;

import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Federated averaging (McMahan et al. 2017, arXiv:1602.05629) with all agents in each round: each
 * makes {@value #STEPS} gradient steps on the mean cost of its own rows, from the common model, and
 * sends where that leads; the server averages by row counts. Steps are 1 / L, L the largest
 * smoothness of such a mean. It stops where the common model moves by less than 1e-6 of itself.
 *
 * <p>The server reads a gradient out of a local model as its mean step, {@code share (x - y) /
 * (steps * length)}, which is exact with one step. A client has only the average of all.
 */
final class FederatedAveraging implements Protocol {
  private static final int STEPS = 5;
  private static final int ROUNDS = 1000;
  private static final double STILL = 1e-6;

  @Override
  public Course run(LocalObjective costs, double[] shares) {
    int agents = costs.agents();
    int d = costs.dimension();
    double steepest = 0;
    for (int i = 0; i < agents; i++) {
      steepest = Math.max(steepest, costs.smoothness(i) / shares[i]);
    }
    if (!(steepest > 0 && steepest < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "--protocol fedavg makes gradient steps, and this cost has no smooth gradient; choose a"
              + " smooth problem.loss, such as logistic or squared, and problem.l1 = 0.");
    }
    double length = 1 / steepest;
    double[] x = new double[d];
    double[][] local = new double[agents][];
    List<Course.Round> seen = new ArrayList<>();
    int round = 0;
    boolean moving = true;
    while (moving) {
      round++;
      double[] next = new double[d];
      double[][] server = new double[agents][];
      for (int i = 0; i < agents; i++) {
        double[] y = trained(costs, i, shares[i], length, x);
        Vectors.addScaled(shares[i], y, 0, next, 0, d);
        server[i] = meanStep(x, y, shares[i] / (STEPS * length));
        local[i] = round == 1 ? y : local[i];
      }
      double moved = Vectors.distance(x, next);
      moving = round < ROUNDS && moved > STILL * Math.max(1, Vectors.norm(next));
      if (Course.kept(round) || !moving) {
        double[][] client = new double[agents][];
        Arrays.fill(client, meanStep(x, next, 1 / (STEPS * length)));
        seen.add(new Course.Round(x, server, client));
      }
      x = next;
    }
    return new Course(round, x, seen, local);
  }

  private static double[] trained(
      LocalObjective costs, int agent, double share, double length, double[] from) {
    double[] y = from.clone();
    double[] g = new double[y.length];
    for (int k = 0; k < STEPS; k++) {
      costs.subgradient(agent, 0, y, 0, g);
      Vectors.addScaled(-length / share, g, 0, y, 0, y.length);
    }
    return y;
  }

  private static double[] meanStep(double[] from, double[] to, double scale) {
    double[] step = new double[from.length];
    Vectors.addScaled(scale, from, 0, step, 0, step.length);
    Vectors.addScaled(-scale, to, 0, step, 0, step.length);
    return step;
  }
}
