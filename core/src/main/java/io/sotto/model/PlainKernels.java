package io.sotto.model;

/** Kernels in plain Java, for machines without wide registers and for comparison. */
final class PlainKernels extends CpuKernels {
  private final float[] partial = new float[PARTIALS];

  @Override
  void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = Math.fma(scale, x[xAt + j], y[yAt + j]);
    }
  }

  private void begin() {
    for (int p = 0; p < PARTIALS; p++) {
      partial[p] = 0;
    }
  }

  private float sum() {
    return sum(partial);
  }

  /** Adds partial sums as a tree; overwrites them. */
  static float sum(float[] partial) {
    for (int half = PARTIALS / 2; half > 0; half /= 2) {
      for (int p = 0; p < half; p++) {
        partial[p] += partial[p + half];
      }
    }
    return partial[0];
  }

  @Override
  float dot(float[] x, int xAt, float[] y, int yAt, int n) {
    begin();
    for (int j = 0; j < n; j++) {
      int p = j % PARTIALS;
      partial[p] = Math.fma(x[xAt + j], y[yAt + j], partial[p]);
    }
    return sum();
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
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = c[cAt + i * cRow + j];
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a[aAt + i * aRow + p * aStep], b[bAt + p * bStep + j * bColumn], sum);
        }
        c[cAt + i * cRow + j] = sum;
      }
    }
  }

  @Override
  public void rmsNorm(Tensor x, Tensor scale, Tensor y, Tensor inverse) {
    int n = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      int at = row(x, i);
      float q = inverse(dot(in(x), at, in(x), at, n), n);
      in(inverse)[row(inverse, i)] = q;
      for (int j = 0; j < n; j++) {
        in(y)[row(y, i) + j] = in(x)[at + j] * q * in(scale)[scale.at() + j];
      }
    }
  }

  /** 1 / root mean square. */
  static float inverse(float squares, int n) {
    return (float) (1 / Math.sqrt(squares / n + EPSILON));
  }

  @Override
  public void rmsNormBack(
      Tensor x, Tensor scale, Tensor inverse, Tensor dy, Tensor dx, Tensor dscale) {
    int n = x.columns();
    float[] w = in(scale);
    float[] dw = in(dscale);
    for (int i = 0; i < x.rows(); i++) {
      float q = in(inverse)[row(inverse, i)];
      int xAt = row(x, i);
      int dyAt = row(dy, i);
      begin();
      for (int j = 0; j < n; j++) {
        float both = in(dy)[dyAt + j] * in(x)[xAt + j];
        dw[dscale.at() + j] = Math.fma(both, q, dw[dscale.at() + j]);
        partial[j % PARTIALS] = Math.fma(both, w[scale.at() + j], partial[j % PARTIALS]);
      }
      float k = -(sum() * q * q * q / n);
      int dxAt = row(dx, i);
      for (int j = 0; j < n; j++) {
        float direct = in(dy)[dyAt + j] * w[scale.at() + j];
        float sum = Math.fma(direct, q, in(dx)[dxAt + j]);
        in(dx)[dxAt + j] = Math.fma(in(x)[xAt + j], k, sum);
      }
    }
  }

  private static float logistic(float x) {
    return 1 / (FloatExponential.exp(-x) + 1);
  }

  @Override
  public void swiglu(Tensor x, Tensor y) {
    int n = y.columns();
    for (int i = 0; i < x.rows(); i++) {
      int at = row(x, i);
      for (int j = 0; j < n; j++) {
        float g = in(x)[at + j];
        in(y)[row(y, i) + j] = g * logistic(g) * in(x)[at + n + j];
      }
    }
  }

  @Override
  public void swigluBack(Tensor x, Tensor dy, Tensor dx) {
    int n = dy.columns();
    for (int i = 0; i < x.rows(); i++) {
      int at = row(x, i);
      int to = row(dx, i);
      for (int j = 0; j < n; j++) {
        float g = in(x)[at + j];
        float s = logistic(g);
        float ds = in(dy)[row(dy, i) + j] * s;
        in(dx)[to + n + j] = ds * g;
        in(dx)[to + j] = ds * in(x)[at + n + j] * Math.fma(g, 1 - s, 1f);
      }
    }
  }

  @Override
  public void sigmoid(Tensor x, Tensor y) {
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        in(y)[row(y, i) + j] = logistic(in(x)[row(x, i) + j]);
      }
    }
  }

  private static float largest(float[] x, int at, int n) {
    float most = x[at];
    for (int j = 1; j < n; j++) {
      most = Math.max(most, x[at + j]);
    }
    return most;
  }

  /** Replaces numbers by exp(scale x - shift), and returns their sum. */
  private float exponentials(float scale, float shift, float[] x, int at, int n) {
    begin();
    for (int j = 0; j < n; j++) {
      float e = FloatExponential.exp(Math.fma(scale, x[at + j], -shift));
      x[at + j] = e;
      partial[j % PARTIALS] += e;
    }
    return sum();
  }

  @Override
  void softmax(float scale, float[] x, int at, int n, int until) {
    float inverse = 1 / exponentials(scale, largest(x, at, n) * scale, x, at, n);
    for (int j = 0; j < n; j++) {
      x[at + j] *= inverse;
    }
    for (int j = n; j < until; j++) {
      x[at + j] = 0;
    }
  }

  @Override
  double logSum(float[] x, int at, int n) {
    float most = largest(x, at, n);
    float sum = exponentials(1, most, x, at, n);
    float inverse = 1 / sum;
    for (int j = 0; j < n; j++) {
      x[at + j] *= inverse;
    }
    return most + StrictMath.log(sum);
  }

  @Override
  void softmaxBack(float scale, float[] p, int pAt, float[] ds, int dsAt, int n, int until) {
    float sum = dot(p, pAt, ds, dsAt, n);
    for (int j = 0; j < n; j++) {
      ds[dsAt + j] = p[pAt + j] * (ds[dsAt + j] - sum) * scale;
    }
    for (int j = n; j < until; j++) {
      ds[dsAt + j] = 0;
    }
  }
}
