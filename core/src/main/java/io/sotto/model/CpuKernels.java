package io.sotto.model;

import java.util.Arrays;

/**
 * Kernels on arrays in the memory of the JVM: what has no inner loop worth a special one. Rows of
 * new matrices begin at multiples of 16 numbers, so that loops over whole registers may run past
 * the last column, into numbers that mean nothing.
 */
abstract class CpuKernels implements Kernels {
  /** Added to the mean square under the root. */
  static final float EPSILON = 1e-6f;

  private static final double BASE = 10_000;

  private final Attention attention = new Attention(this);
  private float[] cosines = new float[0];
  private float[] sines = new float[0];
  private int turned;

  /** The array of a matrix. */
  static float[] in(Tensor of) {
    return (float[]) of.memory();
  }

  static int row(Tensor of, int row) {
    return of.at() + row * of.stride();
  }

  static int padded(int columns) {
    return (columns + PARTIALS - 1) / PARTIALS * PARTIALS;
  }

  @Override
  public Tensor tensor(int rows, int columns) {
    int stride = padded(columns);
    return new Tensor(new float[Math.multiplyExact(rows, stride)], 0, rows, columns, stride);
  }

  @Override
  public void write(double[] from, int at, Tensor to) {
    float[] t = in(to);
    for (int i = 0; i < to.rows(); i++) {
      int a = at + i * to.columns();
      int b = row(to, i);
      for (int j = 0; j < to.columns(); j++) {
        t[b + j] = (float) from[a + j];
      }
    }
  }

  @Override
  public void read(Tensor from, double[] to, int at) {
    float[] f = in(from);
    for (int i = 0; i < from.rows(); i++) {
      int a = row(from, i);
      int b = at + i * from.columns();
      for (int j = 0; j < from.columns(); j++) {
        to[b + j] = f[a + j];
      }
    }
  }

  @Override
  public void zero(Tensor of) {
    if (of.columns() == of.stride()) {
      Arrays.fill(in(of), of.at(), of.at() + of.rows() * of.stride(), 0);
      return;
    }
    for (int i = 0; i < of.rows(); i++) {
      int a = row(of, i);
      Arrays.fill(in(of), a, a + of.columns(), 0);
    }
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    for (int i = 0; i < from.rows(); i++) {
      System.arraycopy(in(from), row(from, i), in(to), row(to, i), from.columns());
    }
  }

  @Override
  public void transpose(Tensor from, Tensor to) {
    for (int i = 0; i < from.rows(); i++) {
      for (int j = 0; j < from.columns(); j++) {
        in(to)[row(to, j) + i] = in(from)[row(from, i) + j];
      }
    }
  }

  @Override
  public void add(Tensor from, Tensor to) {
    for (int i = 0; i < from.rows(); i++) {
      addScaled(1, in(from), row(from, i), in(to), row(to, i), from.columns());
    }
  }

  /** y[j] = fma(scale, x[j], y[j]). */
  abstract void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n);

  /** The inner product of n numbers, in 16 partial sums. */
  abstract float dot(float[] x, int xAt, float[] y, int yAt, int n);

  /**
   * c += a b. Element (i, p) of a stands at {@code aAt + i * aRow + p * aStep}, element (p, j) of b
   * at {@code bAt + p * bStep + j * bColumn}, element (i, j) of c at {@code cAt + i * cRow + j}.
   */
  abstract void multiply(
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
      int k);

  @Override
  public void product(Tensor a, Tensor b, Tensor c) {
    multiply(
        in(a),
        a.at(),
        a.stride(),
        1,
        in(b),
        b.at(),
        b.stride(),
        1,
        in(c),
        c.at(),
        c.stride(),
        a.rows(),
        b.columns(),
        a.columns());
  }

  @Override
  public void productTransposed(Tensor a, Tensor b, Tensor c) {
    multiply(
        in(a),
        a.at(),
        a.stride(),
        1,
        in(b),
        b.at(),
        1,
        b.stride(),
        in(c),
        c.at(),
        c.stride(),
        a.rows(),
        b.rows(),
        a.columns());
  }

  @Override
  public void transposedProduct(Tensor a, Tensor b, Tensor c) {
    multiply(
        in(a),
        a.at(),
        1,
        a.stride(),
        in(b),
        b.at(),
        b.stride(),
        1,
        in(c),
        c.at(),
        c.stride(),
        a.columns(),
        b.columns(),
        a.rows());
  }

  @Override
  public void gather(Tensor table, int[] rows, int from, Tensor to) {
    for (int i = 0; i < to.rows(); i++) {
      System.arraycopy(in(table), row(table, rows[from + i]), in(to), row(to, i), to.columns());
    }
  }

  @Override
  public void scatterAdd(Tensor of, int[] rows, int from, Tensor table) {
    for (int i = 0; i < of.rows(); i++) {
      addScaled(1, in(of), row(of, i), in(table), row(table, rows[from + i]), of.columns());
    }
  }

  @Override
  public void addRows(Tensor table, int[] rows, double[] scales, int from, int every, Tensor to) {
    for (int i = 0; i < to.rows(); i++) {
      int a = i * every + from;
      addScaled(
          (float) scales[a], in(table), row(table, rows[a]), in(to), row(to, i), to.columns());
    }
  }

  @Override
  public void spreadRows(
      Tensor of, int[] rows, double[] scales, int from, int every, Tensor table) {
    for (int i = 0; i < of.rows(); i++) {
      int a = i * every + from;
      addScaled(
          (float) scales[a], in(of), row(of, i), in(table), row(table, rows[a]), of.columns());
    }
  }

  @Override
  public void rowDots(Tensor of, Tensor table, int[] rows, double[] dots, int from, int every) {
    for (int i = 0; i < of.rows(); i++) {
      int a = i * every + from;
      dots[a] = dot(in(of), row(of, i), in(table), row(table, rows[a]), of.columns());
    }
  }

  @Override
  public void rotate(Tensor x, int heads, int from, int[] positions, boolean backwards) {
    float[] values = in(x);
    int width = x.columns() / heads;
    int pairs = (width - from) / 2;
    prepareTurns(positions, x.rows(), pairs);
    float sign = backwards ? -1 : 1;
    for (int i = 0; i < x.rows(); i++) {
      int turn = positions[i] * pairs;
      for (int h = 0; h < heads; h++) {
        int at = row(x, i) + h * width + from;
        for (int j = 0; j < pairs; j++) {
          float c = cosines[turn + j];
          float s = sign * sines[turn + j];
          float u = values[at + 2 * j];
          float w = values[at + 2 * j + 1];
          values[at + 2 * j] = u * c - w * s;
          values[at + 2 * j + 1] = u * s + w * c;
        }
      }
    }
  }

  private void prepareTurns(int[] positions, int rows, int pairs) {
    int most = 0;
    for (int i = 0; i < rows; i++) {
      most = Math.max(most, positions[i]);
    }
    if (turned == pairs && (most + 1) * pairs <= cosines.length) {
      return;
    }
    turned = pairs;
    int count = Math.max(most + 1, 2 * cosines.length / pairs);
    cosines = new float[count * pairs];
    sines = new float[count * pairs];
    for (int t = 0; t < count; t++) {
      for (int j = 0; j < pairs; j++) {
        double angle = t * StrictMath.pow(BASE, -(double) j / pairs);
        cosines[t * pairs + j] = (float) StrictMath.cos(angle);
        sines[t * pairs + j] = (float) StrictMath.sin(angle);
      }
    }
  }

  @Override
  public void split(Tensor kv, Tensor rope, int heads, Tensor keys, Tensor values) {
    int head = values.columns() / heads;
    int shared = rope.columns();
    for (int i = 0; i < kv.rows(); i++) {
      for (int h = 0; h < heads; h++) {
        int from = row(kv, i) + h * 2 * head;
        int to = row(keys, i) + h * (head + shared);
        System.arraycopy(in(kv), from, in(keys), to, head);
        System.arraycopy(in(rope), row(rope, i), in(keys), to + head, shared);
        System.arraycopy(in(kv), from + head, in(values), row(values, i) + h * head, head);
      }
    }
  }

  @Override
  public void splitBack(Tensor dkeys, Tensor dvalues, int heads, Tensor dkv, Tensor drope) {
    int head = dvalues.columns() / heads;
    int shared = drope.columns();
    zero(drope);
    for (int i = 0; i < dkv.rows(); i++) {
      for (int h = 0; h < heads; h++) {
        int to = row(dkv, i) + h * 2 * head;
        int from = row(dkeys, i) + h * (head + shared);
        System.arraycopy(in(dkeys), from, in(dkv), to, head);
        System.arraycopy(in(dvalues), row(dvalues, i) + h * head, in(dkv), to + head, head);
        addScaled(1, in(dkeys), from + head, in(drope), row(drope, i), shared);
      }
    }
  }

  /** Replaces n numbers by exp(scale x) divided by their sum, and those up to the next by 0. */
  abstract void softmax(float scale, float[] x, int at, int n, int until);

  /** ds[j] = p[j] * (ds[j] - sum p ds) * scale for n numbers; those up to the next become 0. */
  abstract void softmaxBack(
      float scale, float[] p, int pAt, float[] ds, int dsAt, int n, int until);

  /** As {@link #softmax}; returns the logarithm of the sum. */
  abstract double logSum(float[] x, int at, int n);

  @Override
  public void attention(
      Tensor q,
      Tensor keys,
      Tensor values,
      int window,
      int heads,
      int[] first,
      Tensor p,
      Tensor out) {
    attention.forward(q, keys, values, window, heads, first, p, out);
  }

  @Override
  public void attentionBack(
      Tensor q,
      Tensor keys,
      Tensor values,
      int window,
      int heads,
      Tensor p,
      Tensor dout,
      Tensor dq,
      Tensor dkeys,
      Tensor dvalues) {
    attention.back(q, keys, values, window, heads, p, dout, dq, dkeys, dvalues);
  }

  @Override
  public void attend(
      Tensor q, Tensor cache, int from, int count, int heads, float scale, Tensor out) {
    attention.toCache(q, cache, from, count, heads, scale, out);
  }

  @Override
  public void crossEntropy(Tensor logits, int[] targets, double[] losses) {
    for (int i = 0; i < logits.rows(); i++) {
      int at = row(logits, i);
      float wanted = in(logits)[at + targets[i]];
      losses[i] = logSum(in(logits), at, logits.columns()) - wanted;
    }
  }

  @Override
  public void crossEntropyBack(
      Tensor probabilities, int[] targets, double[] weights, Tensor dlogits) {
    zero(dlogits);
    for (int i = 0; i < probabilities.rows(); i++) {
      float weight = (float) weights[i];
      if (weight != 0) {
        int to = row(dlogits, i);
        addScaled(
            weight, in(probabilities), row(probabilities, i), in(dlogits), to, dlogits.columns());
        in(dlogits)[to + targets[i]] -= weight;
      }
    }
  }

  @Override
  public void quantize(Tensor from, int tileRows, int tileColumns, Tensor to) {
    for (int i = 0; i < from.rows(); i += tileRows) {
      int rows = Math.min(tileRows, from.rows() - i);
      for (int j = 0; j < from.columns(); j += tileColumns) {
        int columns = Math.min(tileColumns, from.columns() - j);
        Fp8.round(
            in(from),
            row(from, i) + j,
            from.stride(),
            in(to),
            row(to, i) + j,
            to.stride(),
            rows,
            columns);
      }
    }
  }
}
