package io.sotto.model;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the vector module of the JDK, to the same bits as {@link PlainKernels}. Products are
 * in {@link Products}. All registers have the same width, the widest there is: where a JVM has seen
 * two, its compiler no longer knows which one a loop is about, and the loop is ten times slower.
 */
final class WideKernels extends CpuKernels {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  private final Products products = new Products();
  private final float[] partial = new float[PARTIALS];

  /**
   * False where registers are so narrow or so wide that 16 partial sums do not fill them evenly.
   */
  static boolean fitsMachine() {
    return LANES == PARTIALS || LANES == PARTIALS / 2;
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  @Override
  void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    FloatVector all = FloatVector.broadcast(S, scale);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      load(x, xAt + j).fma(all, load(y, yAt + j)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] = Math.fma(scale, x[xAt + j], y[yAt + j]);
    }
  }

  private void begin() {
    FloatVector zero = FloatVector.zero(S);
    for (int p = 0; p < PARTIALS; p += LANES) {
      zero.intoArray(partial, p);
    }
  }

  @Override
  float dot(float[] x, int xAt, float[] y, int yAt, int n) {
    begin();
    int j = 0;
    for (; j + PARTIALS <= n; j += PARTIALS) {
      for (int p = 0; p < PARTIALS; p += LANES) {
        load(x, xAt + j + p).fma(load(y, yAt + j + p), load(partial, p)).intoArray(partial, p);
      }
    }
    for (; j < n; j++) {
      int p = j % PARTIALS;
      partial[p] = Math.fma(x[xAt + j], y[yAt + j], partial[p]);
    }
    return PlainKernels.sum(partial);
  }

  @Override
  void multiply(
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      int bColumn,
      float[] c,
      int cAt,
      int cRow,
      int m,
      int n,
      int k) {
    products.multiply(a, aAt, aRow, aStep, b, bAt, bStep, bColumn, c, cAt, cRow, m, n, k);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor scale, Tensor y, Tensor inverse) {
    int n = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      int at = row(x, i);
      float q = PlainKernels.inverse(dot(in(x), at, in(x), at, n), n);
      in(inverse)[row(inverse, i)] = q;
      normalize(in(x), at, q, in(scale), scale.at(), in(y), row(y, i), n);
    }
  }

  private static void normalize(
      float[] x, int xAt, float q, float[] w, int wAt, float[] y, int yAt, int n) {
    FloatVector all = FloatVector.broadcast(S, q);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      load(x, xAt + j).mul(all).mul(load(w, wAt + j)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] = x[xAt + j] * q * w[wAt + j];
    }
  }

  @Override
  public void rmsNormBack(
      Tensor x, Tensor scale, Tensor inverse, Tensor dy, Tensor dx, Tensor dscale) {
    int n = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      float q = in(inverse)[row(inverse, i)];
      float sum =
          scaleBack(
              in(x),
              row(x, i),
              q,
              in(scale),
              scale.at(),
              in(dy),
              row(dy, i),
              in(dscale),
              dscale.at(),
              n);
      normalizeBack(
          in(x),
          row(x, i),
          q,
          -(sum * q * q * q / n),
          in(scale),
          scale.at(),
          in(dy),
          row(dy, i),
          in(dx),
          row(dx, i),
          n);
    }
  }

  /** Adds the gradient of the scale, and returns the sum of dy x scale. */
  private float scaleBack(
      float[] x,
      int xAt,
      float q,
      float[] w,
      int wAt,
      float[] dy,
      int dyAt,
      float[] dw,
      int dwAt,
      int n) {
    FloatVector all = FloatVector.broadcast(S, q);
    begin();
    int j = 0;
    for (; j + PARTIALS <= n; j += PARTIALS) {
      for (int p = 0; p < PARTIALS; p += LANES) {
        int at = j + p;
        FloatVector both = load(dy, dyAt + at).mul(load(x, xAt + at));
        both.fma(all, load(dw, dwAt + at)).intoArray(dw, dwAt + at);
        both.fma(load(w, wAt + at), load(partial, p)).intoArray(partial, p);
      }
    }
    for (; j < n; j++) {
      float both = dy[dyAt + j] * x[xAt + j];
      dw[dwAt + j] = Math.fma(both, q, dw[dwAt + j]);
      partial[j % PARTIALS] = Math.fma(both, w[wAt + j], partial[j % PARTIALS]);
    }
    return PlainKernels.sum(partial);
  }

  private static void normalizeBack(
      float[] x,
      int xAt,
      float q,
      float k,
      float[] w,
      int wAt,
      float[] dy,
      int dyAt,
      float[] dx,
      int dxAt,
      int n) {
    FloatVector allQ = FloatVector.broadcast(S, q);
    FloatVector allK = FloatVector.broadcast(S, k);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      FloatVector direct = load(dy, dyAt + j).mul(load(w, wAt + j));
      FloatVector sum = direct.fma(allQ, load(dx, dxAt + j));
      load(x, xAt + j).fma(allK, sum).intoArray(dx, dxAt + j);
    }
    for (; j < n; j++) {
      float sum = Math.fma(dy[dyAt + j] * w[wAt + j], q, dx[dxAt + j]);
      dx[dxAt + j] = Math.fma(x[xAt + j], k, sum);
    }
  }

  private static FloatVector exp(FloatVector of) {
    FloatVector x = of.max(FloatExponential.LEAST).min(FloatExponential.MOST);
    FloatVector t =
        x.fma(
            FloatVector.broadcast(S, FloatExponential.PER_LN2),
            FloatVector.broadcast(S, FloatExponential.ROUND));
    FloatVector n = t.sub(FloatExponential.ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(S, FloatExponential.LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(S, FloatExponential.LN2_LOW), r);
    FloatVector p =
        FloatVector.broadcast(S, FloatExponential.C6)
            .fma(r, FloatVector.broadcast(S, FloatExponential.C5));
    p = p.fma(r, FloatVector.broadcast(S, FloatExponential.C4));
    p = p.fma(r, FloatVector.broadcast(S, FloatExponential.C3));
    p = p.fma(r, FloatVector.broadcast(S, FloatExponential.C2));
    p = p.fma(r, FloatVector.broadcast(S, 1f));
    p = p.fma(r, FloatVector.broadcast(S, 1f));
    return p.reinterpretAsInts()
        .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }

  private static FloatVector logistic(FloatVector x) {
    return FloatVector.broadcast(S, 1f).div(exp(x.neg()).add(1f));
  }

  private static float logistic(float x) {
    return 1 / (FloatExponential.exp(-x) + 1);
  }

  @Override
  public void swiglu(Tensor x, Tensor y) {
    for (int i = 0; i < x.rows(); i++) {
      gate(in(x), row(x, i), in(y), row(y, i), y.columns());
    }
  }

  private static void gate(float[] x, int xAt, float[] y, int yAt, int n) {
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      FloatVector g = load(x, xAt + j);
      g.mul(logistic(g)).mul(load(x, xAt + n + j)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      float g = x[xAt + j];
      y[yAt + j] = g * logistic(g) * x[xAt + n + j];
    }
  }

  @Override
  public void swigluBack(Tensor x, Tensor dy, Tensor dx) {
    for (int i = 0; i < x.rows(); i++) {
      gateBack(in(x), row(x, i), in(dy), row(dy, i), in(dx), row(dx, i), dy.columns());
    }
  }

  private static void gateBack(
      float[] x, int xAt, float[] dy, int dyAt, float[] dx, int dxAt, int n) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      FloatVector g = load(x, xAt + j);
      FloatVector s = logistic(g);
      FloatVector ds = load(dy, dyAt + j).mul(s);
      ds.mul(g).intoArray(dx, dxAt + n + j);
      FloatVector bend = g.fma(one.sub(s), one);
      ds.mul(load(x, xAt + n + j)).mul(bend).intoArray(dx, dxAt + j);
    }
    for (; j < n; j++) {
      float g = x[xAt + j];
      float s = logistic(g);
      float ds = dy[dyAt + j] * s;
      dx[dxAt + n + j] = ds * g;
      dx[dxAt + j] = ds * x[xAt + n + j] * Math.fma(g, 1 - s, 1f);
    }
  }

  @Override
  public void sigmoid(Tensor x, Tensor y) {
    for (int i = 0; i < x.rows(); i++) {
      int from = row(x, i);
      int to = row(y, i);
      int j = 0;
      for (; j + LANES <= x.columns(); j += LANES) {
        logistic(load(in(x), from + j)).intoArray(in(y), to + j);
      }
      for (; j < x.columns(); j++) {
        in(y)[to + j] = logistic(in(x)[from + j]);
      }
    }
  }

  private static float largest(float[] x, int at, int n) {
    int j = 0;
    float most = x[at];
    if (n >= LANES) {
      FloatVector all = load(x, at);
      for (j = LANES; j + LANES <= n; j += LANES) {
        all = all.max(load(x, at + j));
      }
      most = all.reduceLanes(VectorOperators.MAX); // the same in any order
    }
    for (; j < n; j++) {
      most = Math.max(most, x[at + j]);
    }
    return most;
  }

  /** As in {@link PlainKernels}; what follows in the same block of 16 becomes 0. */
  private float exponentials(float scale, float shift, float[] x, int at, int n) {
    FloatVector scales = FloatVector.broadcast(S, scale);
    FloatVector shifts = FloatVector.broadcast(S, -shift);
    int end = padded(n);
    for (int j = 0; j < end; j += LANES) {
      exp(load(x, at + j).fma(scales, shifts)).intoArray(x, at + j);
    }
    for (int j = n; j < end; j++) {
      x[at + j] = 0;
    }
    begin();
    for (int j = 0; j < end; j += PARTIALS) {
      for (int p = 0; p < PARTIALS; p += LANES) {
        load(x, at + j + p).add(load(partial, p)).intoArray(partial, p);
      }
    }
    return PlainKernels.sum(partial);
  }

  private static void scale(float by, float[] x, int at, int n) {
    FloatVector all = FloatVector.broadcast(S, by);
    int end = padded(n);
    for (int j = 0; j < end; j += LANES) {
      load(x, at + j).mul(all).intoArray(x, at + j);
    }
  }

  @Override
  void softmax(float scale, float[] x, int at, int n, int until) {
    float sum = exponentials(scale, largest(x, at, n) * scale, x, at, n);
    scale(1 / sum, x, at, n);
    for (int j = padded(n); j < until; j++) {
      x[at + j] = 0;
    }
  }

  @Override
  double logSum(float[] x, int at, int n) {
    float most = largest(x, at, n);
    float sum = exponentials(1, most, x, at, n);
    scale(1 / sum, x, at, n);
    return most + StrictMath.log(sum);
  }

  @Override
  void softmaxBack(float scale, float[] p, int pAt, float[] ds, int dsAt, int n, int until) {
    float sum = dot(p, pAt, ds, dsAt, n);
    FloatVector sums = FloatVector.broadcast(S, sum);
    int end = padded(n);
    for (int j = 0; j < end; j += LANES) { // p is 0 behind the last one
      load(p, pAt + j).mul(load(ds, dsAt + j).sub(sums)).mul(scale).intoArray(ds, dsAt + j);
    }
    for (int j = n; j < until; j++) {
      ds[dsAt + j] = 0;
    }
  }
}
