package io.sotto.problem;

/**
 * The inner loops on vectors. Their bits are fixed: sums run in eight fixed chains (element j
 * belongs to chain j mod 8) that are added in one fixed tree, so that two 256-bit registers ({@link
 * WideVectors}) and plain Java give the same bits. Lengths and offsets are not checked, except by
 * array bounds.
 */
public final class Vectors {
  /** Decided once, so that the JIT sees one of the two and nothing of the other. */
  private static final boolean WIDE =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          && WideVectors.fitsMachine();

  private Vectors() {}

  /** The inner product of n coordinates of a and b. */
  public static double dot(double[] a, int aAt, double[] b, int bAt, int n) {
    return WIDE ? WideVectors.dot(a, aAt, b, bAt, n) : plainDot(a, aAt, b, bAt, n);
  }

  static double plainDot(double[] a, int aAt, double[] b, int bAt, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int j = 0;
    for (; j + 7 < n; j += 8) {
      s0 += a[aAt + j] * b[bAt + j];
      s1 += a[aAt + j + 1] * b[bAt + j + 1];
      s2 += a[aAt + j + 2] * b[bAt + j + 2];
      s3 += a[aAt + j + 3] * b[bAt + j + 3];
      s4 += a[aAt + j + 4] * b[bAt + j + 4];
      s5 += a[aAt + j + 5] * b[bAt + j + 5];
      s6 += a[aAt + j + 6] * b[bAt + j + 6];
      s7 += a[aAt + j + 7] * b[bAt + j + 7];
    }
    double rest = 0;
    for (; j < n; j++) {
      rest += a[aAt + j] * b[bAt + j];
    }
    return (((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))) + rest;
  }

  /** {@code y += scale * x} over n coordinates. */
  public static void addScaled(double scale, double[] x, int xAt, double[] y, int yAt, int n) {
    if (WIDE) {
      WideVectors.addScaled(scale, x, xAt, y, yAt, n);
    } else {
      plainAddScaled(scale, x, xAt, y, yAt, n);
    }
  }

  static void plainAddScaled(double scale, double[] x, int xAt, double[] y, int yAt, int n) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] += scale * x[xAt + j];
    }
  }

  /**
   * Four times {@link #addScaled}, in this order, while y stays in registers: {@code y += scales[k]
   * * x0 ... + scales[k + 3] * x3}, where the vectors x0 ... x3 stand behind one another in x.
   */
  static void addFour(double[] scales, int k, double[] x, int xAt, double[] y, int yAt, int n) {
    if (WIDE) {
      WideVectors.addFour(scales, k, x, xAt, y, yAt, n);
    } else {
      for (int v = 0; v < 4; v++) {
        plainAddScaled(scales[k + v], x, xAt + v * n, y, yAt, n);
      }
    }
  }

  /** {@code y = scale * x} over n coordinates. */
  public static void setScaled(double scale, double[] x, int xAt, double[] y, int yAt, int n) {
    if (WIDE) {
      WideVectors.setScaled(scale, x, xAt, y, yAt, n);
    } else {
      plainSetScaled(scale, x, xAt, y, yAt, n);
    }
  }

  static void plainSetScaled(double scale, double[] x, int xAt, double[] y, int yAt, int n) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = scale * x[xAt + j];
    }
  }

  /** {@code out = a * x + b * y + c * z} over n coordinates, added from the left. */
  public static void setCombined(
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
    if (WIDE) {
      WideVectors.setCombined(a, x, xAt, b, y, yAt, c, z, zAt, out, outAt, n);
    } else {
      plainSetCombined(a, x, xAt, b, y, yAt, c, z, zAt, out, outAt, n);
    }
  }

  static void plainSetCombined(
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
    for (int j = 0; j < n; j++) {
      out[outAt + j] = a * x[xAt + j] + b * y[yAt + j] + c * z[zAt + j];
    }
  }

  /** The Euclidean norm of all of x. */
  public static double norm(double[] x) {
    return Math.sqrt(dot(x, 0, x, 0, x.length));
  }

  /** The Euclidean distance of two points of one length. */
  public static double distance(double[] x, double[] y) {
    return distance(x, 0, y, 0, x.length);
  }

  /** The Euclidean distance of two points of n coordinates. */
  public static double distance(double[] x, int xAt, double[] y, int yAt, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double difference = x[xAt + j] - y[yAt + j];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }
}
