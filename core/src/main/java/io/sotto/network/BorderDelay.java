package io.sotto.network;

import java.util.Arrays;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.ConjugateGradient;
import org.hipparchus.linear.RealLinearOperator;
import org.hipparchus.linear.RealVector;

/**
 * What it costs in ticks that borders between cells are crossed only every B ticks.
 *
 * <p>Let D be the part of the mixing matrix within cells, and S = I + D + ... + D^(B-1). Over B
 * ticks, agents that each push by g move the part of the network that borders cut off from the rest
 * by S g, of which the next exchange keeps the share that the conserved sum 1'S^-1 x gives it: the
 * mean moves as it would without delay, divided by c(B) = B 1'S^-1 1 / N. It is 1 where no link
 * crosses a border or B = 1, at most B, and the limit does not depend on it.
 */
public final class BorderDelay {
  private static final int ITERATIONS = 200;
  private static final double PRECISION = 1e-4;

  private BorderDelay() {}

  /**
   * The factor c(B), by conjugate gradients (S is symmetric and positive definite where the mixing
   * matrix is symmetric).
   *
   * @param ticks B, at least 1
   * @throws IllegalArgumentException if the network is directed
   */
  public static double slowdown(Network network, CellPartition partition, int ticks) {
    if (network.directed()) {
      throw new IllegalArgumentException("the network is directed");
    }
    int n = network.agents();
    if (ticks == 1 || partition.cells() == 1) {
      return 1;
    }
    RealVector ones = new ArrayRealVector(n, 1.0);
    RealLinearOperator s =
        new RealLinearOperator() {
          @Override
          public int getRowDimension() {
            return n;
          }

          @Override
          public int getColumnDimension() {
            return n;
          }

          @Override
          public RealVector operate(RealVector x) {
            double[] power = x.toArray();
            double[] sum = power.clone();
            for (int k = 1; k < ticks; k++) {
              power = within(network, partition, power);
              for (int i = 0; i < n; i++) {
                sum[i] += power[i];
              }
            }
            return new ArrayRealVector(sum, false);
          }
        };
    RealVector y = new ConjugateGradient(ITERATIONS, PRECISION, false).solve(s, ones);
    return ticks * Arrays.stream(y.toArray()).sum() / n;
  }

  private static double[] within(Network network, CellPartition partition, double[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
        int from = network.heard()[e];
        if (partition.cellOf(from) == partition.cellOf(i)) {
          sum += network.weight()[e] * x[from];
        }
      }
      out[i] = sum;
    }
    return out;
  }
}
