package io.sotto.model;

/**
 * Kernels in doubles, written as the formulas stand: gradients are compared with finite differences
 * in them, and the others with them.
 */
final class DoubleKernels implements Kernels {
  private static double[] in(Tensor of) {
    return (double[]) of.memory();
  }

  private static double get(Tensor of, int i, int j) {
    return in(of)[of.at() + i * of.stride() + j];
  }

  private static void set(Tensor of, int i, int j, double value) {
    in(of)[of.at() + i * of.stride() + j] = value;
  }

  private static void add(Tensor of, int i, int j, double value) {
    in(of)[of.at() + i * of.stride() + j] += value;
  }

  @Override
  public Tensor tensor(int rows, int columns) {
    return new Tensor(new double[rows * columns], 0, rows, columns, columns);
  }

  @Override
  public void write(double[] from, int at, Tensor to) {
    for (int i = 0; i < to.rows(); i++) {
      for (int j = 0; j < to.columns(); j++) {
        set(to, i, j, from[at + i * to.columns() + j]);
      }
    }
  }

  @Override
  public void read(Tensor from, double[] to, int at) {
    for (int i = 0; i < from.rows(); i++) {
      for (int j = 0; j < from.columns(); j++) {
        to[at + i * from.columns() + j] = get(from, i, j);
      }
    }
  }

  @Override
  public void zero(Tensor of) {
    for (int i = 0; i < of.rows(); i++) {
      for (int j = 0; j < of.columns(); j++) {
        set(of, i, j, 0);
      }
    }
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    zero(to);
    add(from, to);
  }

  @Override
  public void transpose(Tensor from, Tensor to) {
    for (int i = 0; i < from.rows(); i++) {
      for (int j = 0; j < from.columns(); j++) {
        set(to, j, i, get(from, i, j));
      }
    }
  }

  @Override
  public void add(Tensor from, Tensor to) {
    for (int i = 0; i < from.rows(); i++) {
      for (int j = 0; j < from.columns(); j++) {
        add(to, i, j, get(from, i, j));
      }
    }
  }

  @Override
  public void product(Tensor a, Tensor b, Tensor c) {
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < b.columns(); j++) {
        for (int p = 0; p < a.columns(); p++) {
          add(c, i, j, get(a, i, p) * get(b, p, j));
        }
      }
    }
  }

  private Tensor transposed(Tensor a) {
    Tensor t = tensor(a.columns(), a.rows());
    transpose(a, t);
    return t;
  }

  @Override
  public void productTransposed(Tensor a, Tensor b, Tensor c) {
    product(a, transposed(b), c);
  }

  @Override
  public void transposedProduct(Tensor a, Tensor b, Tensor c) {
    product(transposed(a), b, c);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor scale, Tensor y, Tensor inverse) {
    for (int i = 0; i < x.rows(); i++) {
      double squares = 0;
      for (int j = 0; j < x.columns(); j++) {
        squares += get(x, i, j) * get(x, i, j);
      }
      double q = 1 / Math.sqrt(squares / x.columns() + CpuKernels.EPSILON);
      set(inverse, i, 0, q);
      for (int j = 0; j < x.columns(); j++) {
        set(y, i, j, get(x, i, j) * q * get(scale, 0, j));
      }
    }
  }

  @Override
  public void rmsNormBack(
      Tensor x, Tensor scale, Tensor inverse, Tensor dy, Tensor dx, Tensor dscale) {
    for (int i = 0; i < x.rows(); i++) {
      double q = get(inverse, i, 0);
      double sum = 0;
      for (int j = 0; j < x.columns(); j++) {
        add(dscale, 0, j, get(dy, i, j) * get(x, i, j) * q);
        sum += get(dy, i, j) * get(scale, 0, j) * get(x, i, j);
      }
      for (int j = 0; j < x.columns(); j++) {
        double direct = get(dy, i, j) * get(scale, 0, j) * q;
        add(dx, i, j, direct - get(x, i, j) * sum * q * q * q / x.columns());
      }
    }
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public void swiglu(Tensor x, Tensor y) {
    for (int i = 0; i < y.rows(); i++) {
      for (int j = 0; j < y.columns(); j++) {
        double g = get(x, i, j);
        set(y, i, j, g * logistic(g) * get(x, i, y.columns() + j));
      }
    }
  }

  @Override
  public void swigluBack(Tensor x, Tensor dy, Tensor dx) {
    for (int i = 0; i < dy.rows(); i++) {
      for (int j = 0; j < dy.columns(); j++) {
        double g = get(x, i, j);
        double s = logistic(g);
        double u = get(x, i, dy.columns() + j);
        set(dx, i, j, get(dy, i, j) * u * (s + g * s * (1 - s)));
        set(dx, i, dy.columns() + j, get(dy, i, j) * g * s);
      }
    }
  }

  @Override
  public void gather(Tensor table, int[] rows, int from, Tensor to) {
    for (int i = 0; i < to.rows(); i++) {
      for (int j = 0; j < to.columns(); j++) {
        set(to, i, j, get(table, rows[from + i], j));
      }
    }
  }

  @Override
  public void scatterAdd(Tensor of, int[] rows, int from, Tensor table) {
    for (int i = 0; i < of.rows(); i++) {
      for (int j = 0; j < of.columns(); j++) {
        add(table, rows[from + i], j, get(of, i, j));
      }
    }
  }

  @Override
  public void addRows(Tensor table, int[] rows, double[] scales, int from, int every, Tensor to) {
    for (int i = 0; i < to.rows(); i++) {
      int a = i * every + from;
      for (int j = 0; j < to.columns(); j++) {
        add(to, i, j, scales[a] * get(table, rows[a], j));
      }
    }
  }

  @Override
  public void spreadRows(
      Tensor of, int[] rows, double[] scales, int from, int every, Tensor table) {
    for (int i = 0; i < of.rows(); i++) {
      int a = i * every + from;
      for (int j = 0; j < of.columns(); j++) {
        add(table, rows[a], j, scales[a] * get(of, i, j));
      }
    }
  }

  @Override
  public void rowDots(Tensor of, Tensor table, int[] rows, double[] dots, int from, int every) {
    for (int i = 0; i < of.rows(); i++) {
      int a = i * every + from;
      dots[a] = 0;
      for (int j = 0; j < of.columns(); j++) {
        dots[a] += get(of, i, j) * get(table, rows[a], j);
      }
    }
  }

  @Override
  public void sigmoid(Tensor x, Tensor y) {
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        set(y, i, j, logistic(get(x, i, j)));
      }
    }
  }

  @Override
  public void rotate(Tensor x, int heads, int from, int[] positions, boolean backwards) {
    int width = x.columns() / heads;
    for (int i = 0; i < x.rows(); i++) {
      for (int at = 0; at < x.columns(); at += width) {
        for (int j = from; j < width; j += 2) {
          double angle = positions[i] * Math.pow(10_000, -(j - from) / (double) (width - from));
          double c = Math.cos(angle);
          double s = backwards ? -Math.sin(angle) : Math.sin(angle);
          double u = get(x, i, at + j);
          double w = get(x, i, at + j + 1);
          set(x, i, at + j, u * c - w * s);
          set(x, i, at + j + 1, u * s + w * c);
        }
      }
    }
  }

  @Override
  public void split(Tensor kv, Tensor rope, int heads, Tensor keys, Tensor values) {
    int head = values.columns() / heads;
    int shared = rope.columns();
    for (int h = 0; h < heads; h++) {
      copy(kv.columns(h * 2 * head, head), keys.columns(h * (head + shared), head));
      copy(rope, keys.columns(h * (head + shared) + head, shared));
      copy(kv.columns(h * 2 * head + head, head), values.columns(h * head, head));
    }
  }

  @Override
  public void splitBack(Tensor dkeys, Tensor dvalues, int heads, Tensor dkv, Tensor drope) {
    int head = dvalues.columns() / heads;
    int shared = drope.columns();
    zero(drope);
    for (int h = 0; h < heads; h++) {
      copy(dkeys.columns(h * (head + shared), head), dkv.columns(h * 2 * head, head));
      add(dkeys.columns(h * (head + shared) + head, shared), drope);
      copy(dvalues.columns(h * head, head), dkv.columns(h * 2 * head + head, head));
    }
  }

  private static void softmax(Tensor of, int i, int n, double scale) {
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      most = Math.max(most, scale * get(of, i, j));
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      set(of, i, j, Math.exp(scale * get(of, i, j) - most));
      sum += get(of, i, j);
    }
    for (int j = 0; j < n; j++) {
      set(of, i, j, get(of, i, j) / sum);
    }
    for (int j = n; j < of.columns(); j++) {
      set(of, i, j, 0);
    }
  }

  @Override
  public void attention(
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
    zero(out);
    for (int unit = 0; unit < q.rows() / window * heads; unit++) {
      int first = unit / heads * window;
      int h = unit % heads;
      Tensor here = p.rows(unit * window, window);
      zero(here);
      productTransposed(
          q.rows(first, window).columns(h * key, key),
          keys.rows(first, window).columns(h * key, key),
          here);
      for (int t = 0; t < window; t++) {
        for (int s = 0; from.length > 0 && s < from[first + t]; s++) {
          set(here, t, s, -1e300);
        }
        softmax(here, t, t + 1, 1 / Math.sqrt(key));
      }
      product(
          here,
          values.rows(first, window).columns(h * head, head),
          out.rows(first, window).columns(h * head, head));
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
    zero(dq);
    zero(dkeys);
    zero(dvalues);
    for (int unit = 0; unit < q.rows() / window * heads; unit++) {
      int first = unit / heads * window;
      int h = unit % heads;
      Tensor here = p.rows(unit * window, window);
      Tensor slope = tensor(window, window);
      Tensor given = dout.rows(first, window).columns(h * head, head);
      productTransposed(given, values.rows(first, window).columns(h * head, head), slope);
      transposedProduct(here, given, dvalues.rows(first, window).columns(h * head, head));
      for (int t = 0; t < window; t++) {
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          sum += get(here, t, s) * get(slope, t, s);
        }
        for (int s = 0; s < window; s++) {
          set(slope, t, s, get(here, t, s) * (get(slope, t, s) - sum) / Math.sqrt(key));
        }
      }
      product(
          slope,
          keys.rows(first, window).columns(h * key, key),
          dq.rows(first, window).columns(h * key, key));
      transposedProduct(
          slope,
          q.rows(first, window).columns(h * key, key),
          dkeys.rows(first, window).columns(h * key, key));
    }
  }

  @Override
  public void attend(
      Tensor q, Tensor cache, int from, int count, int heads, float scale, Tensor out) {
    int width = q.columns() / heads;
    int found = out.columns() / heads;
    Tensor seen = cache.columns(from, count);
    zero(out);
    for (int h = 0; h < heads; h++) {
      Tensor scores = tensor(1, count);
      product(q.columns(h * width, width), seen, scores);
      softmax(scores, 0, count, scale);
      productTransposed(scores, seen.rows(0, found), out.columns(h * found, found));
    }
  }

  @Override
  public void crossEntropy(Tensor logits, int[] targets, double[] losses) {
    for (int i = 0; i < logits.rows(); i++) {
      softmax(logits, i, logits.columns(), 1);
      losses[i] = -Math.log(get(logits, i, targets[i]));
    }
  }

  @Override
  public void crossEntropyBack(
      Tensor probabilities, int[] targets, double[] weights, Tensor dlogits) {
    for (int i = 0; i < probabilities.rows(); i++) {
      for (int j = 0; j < probabilities.columns(); j++) {
        double wanted = j == targets[i] ? 1 : 0;
        set(dlogits, i, j, weights[i] * (get(probabilities, i, j) - wanted));
      }
    }
  }

  @Override
  public void quantize(Tensor from, int tileRows, int tileColumns, Tensor to) {
    double[] values = new double[from.rows() * from.columns()];
    read(from, values, 0);
    PlainKernels plain = new PlainKernels();
    Tensor floats = plain.tensor(from.rows(), from.columns());
    plain.write(values, 0, floats);
    plain.quantize(floats, tileRows, tileColumns, floats);
    plain.read(floats, values, 0);
    write(values, 0, to);
  }
}
