package io.sotto.model;

import java.util.Arrays;

/** Attention on arrays, made of products that skip what is masked, block by block. */
final class Attention {
  /** Tokens of a block. */
  private static final int BLOCK = 32;

  /** A score whose part of a sum of exponentials is lost in rounding, whatever the others are. */
  private static final float UNSEEN = -1e30f;

  /** A window of no more tokens is one block: skipping a few costs more than computing them. */
  private static final int ONE = 48;

  private final CpuKernels kernels;
  private float[] scores = new float[0];

  Attention(CpuKernels kernels) {
    this.kernels = kernels;
  }

  /** {@link Kernels#attention}. */
  void forward(
      Tensor q,
      Tensor keys,
      Tensor values,
      int window,
      int heads,
      int[] from,
      Tensor p,
      Tensor out) {
    int key = q.columns() / heads;
    int head = values.columns() / heads;
    float scale = (float) (1 / Math.sqrt(key));
    kernels.zero(out);
    for (int unit = 0; unit < q.rows() / window * heads; unit++) {
      int first = unit / heads * window;
      int qAt = CpuKernels.row(q, first) + unit % heads * key;
      int kAt = CpuKernels.row(keys, first) + unit % heads * key;
      int vAt = CpuKernels.row(values, first) + unit % heads * head;
      int oAt = CpuKernels.row(out, first) + unit % heads * head;
      int pAt = CpuKernels.row(p, unit * window);
      causalScores(q, qAt, keys, kAt, key, window, CpuKernels.in(p), pAt, p.stride());
      for (int t = 0; t < window; t++) {
        int at = pAt + t * p.stride();
        int unseen = from.length > 0 ? from[first + t] : 0;
        Arrays.fill(CpuKernels.in(p), at, at + unseen, UNSEEN);
        kernels.softmax(scale, CpuKernels.in(p), at, t + 1, end(t, window, p.stride()));
        Arrays.fill(CpuKernels.in(p), at, at + unseen, 0);
      }
      causalSum(CpuKernels.in(p), pAt, p.stride(), values, vAt, head, window, out, oAt);
    }
  }

  private static int block(int window) {
    return window <= ONE ? ONE : BLOCK;
  }

  /** Where the block of a token ends. */
  private static int end(int token, int window, int most) {
    int block = block(window);
    return Math.min((token / block + 1) * block, most);
  }

  /** scores[t][s] = x_t . y_s for all s up to the end of the block of t. */
  private void causalScores(
      Tensor x, int xAt, Tensor y, int yAt, int width, int window, float[] to, int at, int stride) {
    for (int t = 0; t < window; t++) {
      Arrays.fill(to, at + t * stride, at + t * stride + end(t, window, stride), 0);
    }
    int block = block(window);
    for (int s = 0; s < window; s += block) {
      kernels.multiply(
          CpuKernels.in(x),
          xAt + s * x.stride(),
          x.stride(),
          1,
          CpuKernels.in(y),
          yAt + s * y.stride(),
          1,
          y.stride(),
          to,
          at + s * stride + s,
          stride,
          window - s,
          Math.min(block, window - s),
          width);
    }
  }

  /** out_t += sum over s of weights[t][s] y_s, for all s up to the end of the block of t. */
  private void causalSum(
      float[] w, int at, int stride, Tensor y, int yAt, int width, int window, Tensor out, int o) {
    int block = block(window);
    for (int s = 0; s < window; s += block) {
      kernels.multiply(
          w,
          at + s * stride + s,
          stride,
          1,
          CpuKernels.in(y),
          yAt + s * y.stride(),
          y.stride(),
          1,
          CpuKernels.in(out),
          o + s * out.stride(),
          out.stride(),
          window - s,
          width,
          Math.min(block, window - s));
    }
  }

  /** out_s += sum over t of weights[t][s] y_t, for all s up to the end of the block of t. */
  private void causalSumBack(
      float[] w, int at, int stride, Tensor y, int yAt, int width, int window, Tensor out, int o) {
    int block = block(window);
    for (int t = 0; t < window; t += block) {
      kernels.multiply(
          w,
          at + t * stride,
          1,
          stride,
          CpuKernels.in(y),
          yAt + t * y.stride(),
          y.stride(),
          1,
          CpuKernels.in(out),
          o,
          out.stride(),
          Math.min(t + block, window),
          width,
          Math.min(block, window - t));
    }
  }

  /** {@link Kernels#attentionBack}. */
  void back(
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
    kernels.zero(dq);
    kernels.zero(dkeys);
    kernels.zero(dvalues);
    for (int unit = 0; unit < q.rows() / window * heads; unit++) {
      int first = unit / heads * window;
      int keyAt = unit % heads * key;
      int headAt = unit % heads * head;
      int pAt = CpuKernels.row(p, unit * window);
      int doAt = CpuKernels.row(dout, first) + headAt;
      int vAt = CpuKernels.row(values, first) + headAt;
      causalScores(dout, doAt, values, vAt, head, window, scores, 0, stride);
      causalSumBack(
          CpuKernels.in(p),
          pAt,
          stride,
          dout,
          doAt,
          head,
          window,
          dvalues,
          CpuKernels.row(dvalues, first) + headAt);
      for (int t = 0; t < window; t++) {
        kernels.softmaxBack(
            scale,
            CpuKernels.in(p),
            pAt + t * stride,
            scores,
            t * stride,
            t + 1,
            end(t, window, stride));
      }
      causalSum(
          scores,
          0,
          stride,
          keys,
          CpuKernels.row(keys, first) + keyAt,
          key,
          window,
          dq,
          CpuKernels.row(dq, first) + keyAt);
      causalSumBack(
          scores,
          0,
          stride,
          q,
          CpuKernels.row(q, first) + keyAt,
          key,
          window,
          dkeys,
          CpuKernels.row(dkeys, first) + keyAt);
    }
  }

  /** {@link Kernels#attend}. */
  void toCache(Tensor q, Tensor cache, int from, int count, int heads, float scale, Tensor out) {
    int width = q.columns() / heads;
    int found = out.columns() / heads;
    int stride = CpuKernels.padded(count);
    if (scores.length < heads * stride) {
      scores = new float[heads * stride];
    }
    Arrays.fill(scores, 0, heads * stride, 0);
    int first = cache.at() + from;
    kernels.multiply(
        CpuKernels.in(q),
        q.at(),
        width,
        1,
        CpuKernels.in(cache),
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
      kernels.softmax(scale, scores, h * stride, count, stride);
    }
    kernels.zero(out);
    kernels.multiply(
        scores,
        0,
        stride,
        1,
        CpuKernels.in(cache),
        first,
        1,
        cache.stride(),
        CpuKernels.in(out),
        out.at(),
        found,
        heads,
        found,
        count);
  }
}
