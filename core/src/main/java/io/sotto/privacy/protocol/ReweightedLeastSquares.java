package io.sotto.privacy.protocol;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Curvature;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Poisson;
import io.sotto.problem.Squared;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * Iteratively reweighted least squares of generalised linear models, as federated tools of
 * hospitals do it: in each round each agent sends its gradient and its information matrix (second
 * derivatives) at the common model, in the clear, and the server makes Newton's step, halved while
 * F rises.
 *
 * <p>The server is told gradients, and fits each agent's rows alone by a Newton step of its own. A
 * client sees models only, and takes the others' information to be like its own.
 */
final class ReweightedLeastSquares implements Protocol {
  private static final int MOST_COORDINATES = 300;
  private static final int ROUNDS = 50;
  private static final int HALVINGS = 30;
  private static final double STILL = 1e-9;

  @Override
  public Course run(LocalObjective costs, double[] shares) {
    Curvature curvature = curvature(costs);
    int agents = costs.agents();
    int d = costs.dimension();
    double[] x = new double[d];
    double[][] local = new double[agents][];
    List<Course.Round> seen = new ArrayList<>();
    int round = 0;
    boolean moving = true;
    while (moving) {
      round++;
      double[][] server = new double[agents][d];
      RealMatrix[] information = new RealMatrix[agents];
      double[] sum = new double[d];
      RealMatrix all = new Array2DRowRealMatrix(d, d);
      for (int i = 0; i < agents; i++) {
        costs.subgradient(i, 0, x, 0, server[i]);
        Vectors.addScaled(1, server[i], 0, sum, 0, d);
        information[i] = information(curvature, i, x);
        all = all.add(information[i]);
        local[i] = round == 1 ? minus(x, solved(information[i], server[i]), 1) : local[i];
      }
      double[] step = solved(all, sum);
      double[] next = halved(costs, x, step);
      double moved = Vectors.distance(x, next);
      moving = round < ROUNDS && moved > STILL * Math.max(1, Vectors.norm(next));
      if (Course.kept(round) || !moving) {
        double[][] client = new double[agents][];
        double[] back = minus(x, next, 1);
        for (int i = 0; i < agents; i++) {
          client[i] = information[i].operate(back);
          Vectors.setScaled(1 / shares[i], client[i], 0, client[i], 0, d);
        }
        seen.add(new Course.Round(x, server, client));
      }
      x = next;
    }
    return new Course(round, x, seen, local);
  }

  private static Curvature curvature(LocalObjective costs) {
    String name = costs.getClass().getSimpleName();
    if (costs instanceof LinearModel model) {
      Loss loss = model.loss();
      name = loss.getClass().getSimpleName();
      Curvature curvature = model.secondOrder();
      boolean known =
          loss instanceof Squared || loss instanceof Logistic || loss instanceof Poisson;
      if (known && curvature != null && model.dimension() <= MOST_COORDINATES) {
        return curvature;
      }
    }
    throw new BadInputException(
        ("--protocol irls goes with the losses squared, logistic and poisson, without l1 or group"
                + " penalty, and up to %d coordinates; here are %s and %d coordinates. Change"
                + " problem, or leave --protocol irls out.")
            .formatted(MOST_COORDINATES, name, costs.dimension()));
  }

  private static RealMatrix information(Curvature curvature, int agent, double[] x) {
    double[] packed = new double[Curvature.size(x.length)];
    curvature.addHessian(agent, x, packed);
    RealMatrix matrix = new Array2DRowRealMatrix(x.length, x.length);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j <= i; j++) {
        matrix.setEntry(i, j, packed[Curvature.at(i, j)]);
        matrix.setEntry(j, i, packed[Curvature.at(i, j)]);
      }
    }
    return matrix;
  }

  /** The shortest solution; along flat directions nothing is moved. */
  private static double[] solved(RealMatrix matrix, double[] right) {
    return new SingularValueDecomposition(matrix)
        .getSolver()
        .solve(new ArrayRealVector(right, false))
        .toArray();
  }

  private static double[] halved(LocalObjective costs, double[] x, double[] step) {
    double before = value(costs, x);
    double part = 1;
    double[] next = minus(x, step, part);
    for (int k = 0; k < HALVINGS && !(value(costs, next) <= before); k++) {
      part /= 2;
      next = minus(x, step, part);
    }
    return next;
  }

  private static double value(LocalObjective costs, double[] x) {
    double sum = 0;
    for (int i = 0; i < costs.agents(); i++) {
      sum += costs.value(i, x, 0);
    }
    return sum;
  }

  private static double[] minus(double[] x, double[] step, double part) {
    double[] next = x.clone();
    Vectors.addScaled(-part, step, 0, next, 0, next.length);
    return next;
  }
}
