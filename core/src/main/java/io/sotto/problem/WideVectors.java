package io.sotto.problem;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of {@link Vectors} in 256-bit registers, to the same bits: each lane is one of the
 * fixed chains, products are rounded before they are added. Loaded only where the JVM has the
 * vector module, as Spark's launcher asks for, and registers that are wide enough.
 */
final class WideVectors {
  private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_256;

  private WideVectors() {}

  /** False where 256 bits would be emulated, which is far slower than plain Java. */
  static boolean fitsMachine() {
    return DoubleVector.SPECIES_PREFERRED.length() >= WIDE.length();
  }

  static double dot(double[] a, int aAt, double[] b, int bAt, int n) {
    DoubleVector low = DoubleVector.zero(WIDE); // chains 0 to 3
    DoubleVector high = DoubleVector.zero(WIDE); // chains 4 to 7
    int j = 0;
    for (; j + 7 < n; j += 8) {
      low = low.add(load(a, aAt + j).mul(load(b, bAt + j)));
      high = high.add(load(a, aAt + j + 4).mul(load(b, bAt + j + 4)));
    }
    double rest = 0;
    for (; j < n; j++) {
      rest += a[aAt + j] * b[bAt + j];
    }
    DoubleVector sum = low.add(high);
    return ((sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3))) + rest;
  }

  static void addScaled(double scale, double[] x, int xAt, double[] y, int yAt, int n) {
    int j = 0;
    for (; j + 3 < n; j += 4) {
      load(y, yAt + j).add(load(x, xAt + j).mul(scale)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] += scale * x[xAt + j];
    }
  }

  static void setScaled(double scale, double[] x, int xAt, double[] y, int yAt, int n) {
    int j = 0;
    for (; j + 3 < n; j += 4) {
      load(x, xAt + j).mul(scale).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] = scale * x[xAt + j];
    }
  }

  static void addFour(double[] scales, int k, double[] x, int xAt, double[] y, int yAt, int n) {
    double s0 = scales[k];
    double s1 = scales[k + 1];
    double s2 = scales[k + 2];
    double s3 = scales[k + 3];
    int x1 = xAt + n;
    int x2 = x1 + n;
    int x3 = x2 + n;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      load(y, yAt + j)
          .add(load(x, xAt + j).mul(s0))
          .add(load(x, x1 + j).mul(s1))
          .add(load(x, x2 + j).mul(s2))
          .add(load(x, x3 + j).mul(s3))
          .intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] =
          (((y[yAt + j] + s0 * x[xAt + j]) + s1 * x[x1 + j]) + s2 * x[x2 + j]) + s3 * x[x3 + j];
    }
  }

  static void setCombined(
      double a,
      double[] x,
      int xAt,
      double b,
      double[] y,
      int yAt,
      double c,
      double[] z,
      int zAt,
      double[] out,
      int outAt,
      int n) {
    int j = 0;
    for (; j + 3 < n; j += 4) {
      load(x, xAt + j)
          .mul(a)
          .add(load(y, yAt + j).mul(b))
          .add(load(z, zAt + j).mul(c))
          .intoArray(out, outAt + j);
    }
    for (; j < n; j++) {
      out[outAt + j] = a * x[xAt + j] + b * y[yAt + j] + c * z[zAt + j];
    }
  }

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(WIDE, x, at);
  }
}
