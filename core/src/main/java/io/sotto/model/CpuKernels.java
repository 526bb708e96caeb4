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

  /** Attention skips what is masked in blocks of so many tokens. */
  private static final int BLOCK = 32;

  private static final double BASE = 10_000;

  private float[] scores = new float[0];
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

  @Override
  public void attention(
      Tensor q, Tensor keys, Tensor values, int window, int heads, Tensor p, Tensor out) {
    int key = q.columns() / heads;
    int head = values.columns() / heads;
    float scale = (float) (1 / Math.sqrt(key));
    zero(out);
    for (int unit = 0; unit < q.rows() / window * heads; unit++) {
      int first = unit / heads * window;
      int qAt = row(q, first) + unit % heads * key;
      int kAt = row(keys, first) + unit % heads * key;
      int vAt = row(values, first) + unit % heads * head;
      int oAt = row(out, first) + unit % heads * head;
      int pAt = row(p, unit * window);
      causalScores(q, qAt, keys, kAt, key, window, in(p), pAt, p.stride());
      for (int t = 0; t < window; t++) {
        softmax(scale, in(p), pAt + t * p.stride(), t + 1, end(t, p.stride()));
      }
      causalSum(in(p), pAt, p.stride(), values, vAt, head, window, out, oAt);
    }
  }

  /** Where the block of a token ends. */
  private static int end(int token, int most) {
    return Math.min((token / BLOCK + 1) * BLOCK, most);
  }

  /** scores[t][s] = x_t . y_s for all s up to the end of the block of t. */
  private void causalScores(
      Tensor x, int xAt, Tensor y, int yAt, int width, int window, float[] to, int at, int stride) {
    for (int t = 0; t < window; t++) {
      Arrays.fill(to, at + t * stride, at + t * stride + end(t, stride), 0);
    }
    for (int s = 0; s < window; s += BLOCK) {
      multiply(
          in(x),
          xAt + s * x.stride(),
          x.stride(),
          1,
          in(y),
          yAt + s * y.stride(),
          1,
          y.stride(),
          to,
          at + s * stride + s,
          stride,
          window - s,
          Math.min(BLOCK, window - s),
          width);
    }
  }

  /** out_t += sum over s of weights[t][s] y_s, for all s up to the end of the block of t. */
  private void causalSum(
      float[] w, int at, int stride, Tensor y, int yAt, int width, int window, Tensor out, int o) {
    for (int s = 0; s < window; s += BLOCK) {
      multiply(
          w,
          at + s * stride + s,
          stride,
          1,
          in(y),
          yAt + s * y.stride(),
          y.stride(),
          1,
          in(out),
          o + s * out.stride(),
          out.stride(),
          window - s,
          width,
          Math.min(BLOCK, window - s));
    }
  }

  /** out_s += sum over t of weights[t][s] y_t, for all s up to the end of the block of t. */
  private void causalSumBack(
      float[] w, int at, int stride, Tensor y, int yAt, int width, int window, Tensor out, int o) {
    for (int t = 0; t < window; t += BLOCK) {
      multiply(
          w,
          at + t * stride,
          1,
          stride,
          in(y),
          yAt + t * y.stride(),
          y.stride(),
          1,
          in(out),
          o,
          out.stride(),
          Math.min(t + BLOCK, window),
          width,
          Math.min(BLOCK, window - t));
    }
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
    int key = q.columns() / heads;
    int head = values.columns() / heads;
    float scale = (float) (1 / Math.sqrt(key));
    int stride = p.stride();
    if (scores.length < window * stride) {
      scores = new float[window * stride];
    }
    zero(dq);
    zero(dkeys);
    zero(dvalues);
    for (int unit = 0; unit < q.rows() / window * heads; unit++) {
      int first = unit / heads * window;
      int keyAt = unit % heads * key;
      int headAt = unit % heads * head;
      int pAt = row(p, unit * window);
      int doAt = row(dout, first) + headAt;
      int vAt = row(values, first) + headAt;
      causalScores(dout, doAt, values, vAt, head, window, scores, 0, stride);
      causalSumBack(
          in(p), pAt, stride, dout, doAt, head, window, dvalues, row(dvalues, first) + headAt);
      for (int t = 0; t < window; t++) {
        softmaxBack(scale, in(p), pAt + t * stride, scores, t * stride, t + 1, end(t, stride));
      }
      causalSum(
          scores,
          0,
          stride,
          keys,
          row(keys, first) + keyAt,
          key,
          window,
          dq,
          row(dq, first) + keyAt);
      causalSumBack(
          scores,
          0,
          stride,
          q,
          row(q, first) + keyAt,
          key,
          window,
          dkeys,
          row(dkeys, first) + keyAt);
    }
  }

  @Override
  public void attend(
      Tensor q, Tensor cache, int from, int count, int heads, float scale, Tensor out) {
    int width = q.columns() / heads;
    int found = out.columns() / heads;
    int stride = padded(count);
    if (scores.length < heads * stride) {
      scores = new float[heads * stride];
    }
    Arrays.fill(scores, 0, heads * stride, 0);
    int first = cache.at() + from;
    multiply(
        in(q),
        q.at(),
        width,
        1,
        in(cache),
        first,
        cache.stride(),
        1,
        scores,
        0,
        stride,
        heads,
        count,
        width);
    for (int h = 0; h < heads; h++) {
      softmax(scale, scores, h * stride, count, stride);
      for (int j = 0; j < found; j++) {
        in(out)[out.at() + h * found + j] =
            dot(scores, h * stride, in(cache), first + j * cache.stride(), count);
      }
    }
  }

  /** As {@link #softmax}; returns the logarithm of the sum. */
  abstract double logSum(float[] x, int at, int n);

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
