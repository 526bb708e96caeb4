package io.sotto.bench;

import io.sotto.model.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Each operation of {@link Kernels} that has a gradient, against libtorch in doubles. */
final class TorchOperations {
  private static final int ROWS = 64;
  private static final int WIDTH = 48;
  private static final int HEADS = 4;
  private static final int HEAD = 12;
  private static final int ROPE = 8;
  private static final int WINDOW = 32;

  private final Kernels kernels = Kernels.fastest();
  private final Random random = new Random(6);
  private final Map<String, Double> worst = new LinkedHashMap<>();

  private TorchOperations() {}

  /**
   * By operation, how far apart both are at most, values and gradients, as a part of their size.
   */
  @SuppressWarnings("try") // the scope frees what is made in it
  static Map<String, Double> differences() {
    TorchOperations all = new TorchOperations();
    try (PointerScope scope = new PointerScope()) {
      all.product();
      all.rmsNorm();
      all.swiglu();
      all.sigmoid();
      all.embedding();
      all.mixture();
      all.rotation();
      all.attention();
      all.crossEntropy();
    }
    return all.worst;
  }

  /** The same numbers on both sides. */
  private final class Both {
    private final io.sotto.model.Tensor ours;
    private final Tensor theirs;

    Both(int rows, int columns) {
      double[] numbers = new double[rows * columns];
      float[] floats = new float[numbers.length];
      for (int j = 0; j < numbers.length; j++) {
        floats[j] = (float) random.nextGaussian();
        numbers[j] = floats[j];
      }
      ours = kernels.tensor(rows, columns);
      kernels.write(numbers, 0, ours);
      theirs =
          AbstractTensor.create(floats, rows, columns)
              .to(torch.ScalarType.Double)
              .requires_grad_(true);
    }

    io.sotto.model.Tensor zeros() {
      return kernels.tensor(ours.rows(), ours.columns());
    }
  }

  private void check(String name, io.sotto.model.Tensor ours, Tensor theirs) {
    double[] a = new double[ours.rows() * ours.columns()];
    kernels.read(ours, a, 0);
    double[] b = new double[a.length];
    theirs.detach().contiguous().data_ptr_double().get(b);
    double apart = 0;
    double size = 0;
    for (int j = 0; j < a.length; j++) {
      apart += (a[j] - b[j]) * (a[j] - b[j]);
      size += b[j] * b[j];
    }
    worst.merge(name, Math.sqrt(apart / size), Math::max);
  }

  /** Lets libtorch find the gradients of y . dy. */
  private static void back(Tensor y, Both dy) {
    y.mul(dy.theirs.detach()).sum().backward();
  }

  private void product() {
    Both a = new Both(ROWS, WIDTH);
    Both b = new Both(WIDTH, ROWS);
    Both dy = new Both(ROWS, ROWS);
    io.sotto.model.Tensor y = dy.zeros();
    kernels.product(a.ours, b.ours, y);
    Tensor theirs = a.theirs.mm(b.theirs);
    back(theirs, dy);
    check("product", y, theirs);
    io.sotto.model.Tensor da = a.zeros();
    io.sotto.model.Tensor db = b.zeros();
    kernels.productTransposed(dy.ours, b.ours, da);
    kernels.transposedProduct(a.ours, dy.ours, db);
    check("product", da, a.theirs.grad());
    check("product", db, b.theirs.grad());
  }

  private void rmsNorm() {
    Both x = new Both(ROWS, WIDTH);
    Both scale = new Both(1, WIDTH);
    Both dy = new Both(ROWS, WIDTH);
    io.sotto.model.Tensor y = dy.zeros();
    io.sotto.model.Tensor inverse = kernels.tensor(ROWS, 1);
    kernels.rmsNorm(x.ours, scale.ours, y, inverse);
    Tensor theirs =
        torch.rms_norm(
            x.theirs,
            new long[] {WIDTH},
            new TensorOptional(scale.theirs.reshape(WIDTH)),
            new DoubleOptional(1e-6));
    back(theirs, dy);
    check("rmsNorm", y, theirs);
    io.sotto.model.Tensor dx = x.zeros();
    io.sotto.model.Tensor dscale = scale.zeros();
    kernels.rmsNormBack(x.ours, scale.ours, inverse, dy.ours, dx, dscale);
    check("rmsNorm", dx, x.theirs.grad());
    check("rmsNorm", dscale, scale.theirs.grad());
  }

  private void swiglu() {
    Both x = new Both(ROWS, 2 * WIDTH);
    Both dy = new Both(ROWS, WIDTH);
    io.sotto.model.Tensor y = dy.zeros();
    kernels.swiglu(x.ours, y);
    Tensor theirs = torch.silu(x.theirs.narrow(1, 0, WIDTH)).mul(x.theirs.narrow(1, WIDTH, WIDTH));
    back(theirs, dy);
    check("swiglu", y, theirs);
    io.sotto.model.Tensor dx = x.zeros();
    kernels.swigluBack(x.ours, dy.ours, dx);
    check("swiglu", dx, x.theirs.grad());
  }

  private void sigmoid() {
    Both x = new Both(ROWS, WIDTH);
    io.sotto.model.Tensor y = x.zeros();
    kernels.sigmoid(x.ours, y);
    check("sigmoid", y, torch.sigmoid(x.theirs));
  }

  private int[] drawn(int count, int below) {
    return random.ints(count, 0, below).toArray();
  }

  private static Tensor longs(int[] numbers) {
    return AbstractTensor.create(Arrays.stream(numbers).asLongStream().toArray(), numbers.length);
  }

  private void embedding() {
    Both table = new Both(10, WIDTH);
    Both dy = new Both(ROWS, WIDTH);
    int[] rows = drawn(ROWS, 10);
    io.sotto.model.Tensor y = dy.zeros();
    kernels.gather(table.ours, rows, 0, y);
    Tensor theirs = torch.embedding(table.theirs, longs(rows));
    back(theirs, dy);
    check("gather", y, theirs);
    io.sotto.model.Tensor dtable = table.zeros();
    kernels.scatterAdd(dy.ours, rows, 0, dtable);
    check("gather", dtable, table.theirs.grad());
  }

  /** Weighted rows of a table, as what experts say is put together. */
  private void mixture() {
    Both table = new Both(ROWS, WIDTH);
    Both scale = new Both(1, ROWS);
    Both dy = new Both(ROWS, WIDTH);
    int[] rows = drawn(ROWS, ROWS);
    double[] scales = new double[ROWS];
    kernels.read(scale.ours, scales, 0);
    io.sotto.model.Tensor y = dy.zeros();
    kernels.addRows(table.ours, rows, scales, 0, 1, y);
    Tensor theirs = table.theirs.index_select(0, longs(rows)).mul(scale.theirs.reshape(ROWS, 1));
    back(theirs, dy);
    check("addRows", y, theirs);
    io.sotto.model.Tensor dtable = table.zeros();
    kernels.spreadRows(dy.ours, rows, scales, 0, 1, dtable);
    check("addRows", dtable, table.theirs.grad());
    double[] dots = new double[ROWS];
    kernels.rowDots(dy.ours, table.ours, rows, dots, 0, 1);
    io.sotto.model.Tensor dscale = scale.zeros();
    kernels.write(dots, 0, dscale);
    check("addRows", dscale, scale.theirs.grad());
  }

  private void rotation() {
    int width = HEAD + ROPE;
    Both x = new Both(ROWS, HEADS * width);
    Both dy = new Both(ROWS, HEADS * width);
    int[] positions = drawn(ROWS, WINDOW);
    List<Tensor> parts = new ArrayList<>();
    for (int h = 0; h < HEADS; h++) {
      parts.add(x.theirs.narrow(1, (long) h * width, HEAD));
      parts.add(turned(x.theirs.narrow(1, (long) h * width + HEAD, ROPE), positions));
    }
    Tensor theirs = torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 1);
    back(theirs, dy);
    io.sotto.model.Tensor y = x.zeros();
    kernels.copy(x.ours, y);
    kernels.rotate(y, HEADS, HEAD, positions, false);
    check("rotate", y, theirs);
    io.sotto.model.Tensor dx = x.zeros();
    kernels.copy(dy.ours, dx);
    kernels.rotate(dx, HEADS, HEAD, positions, true);
    check("rotate", dx, x.theirs.grad());
  }

  private static Tensor turned(Tensor x, int[] positions) {
    int pairs = ROPE / 2;
    double[] angles = new double[ROWS * pairs];
    for (int i = 0; i < angles.length; i++) {
      angles[i] = positions[i / pairs] * Math.pow(10_000, -(double) (i % pairs) / pairs);
    }
    Tensor angle = AbstractTensor.create(angles, ROWS, pairs);
    Tensor both = x.reshape(ROWS, pairs, 2);
    Tensor u = both.select(2, 0);
    Tensor w = both.select(2, 1);
    Tensor c = torch.cos(angle);
    Tensor s = torch.sin(angle);
    return torch
        .stack(new TensorVector(u.mul(c).sub(w.mul(s)), u.mul(s).add(w.mul(c))), 2)
        .reshape(ROWS, ROPE);
  }

  private void attention() {
    int key = HEAD + ROPE;
    Both q = new Both(ROWS, HEADS * key);
    Both kv = new Both(ROWS, HEADS * 2 * HEAD);
    Both rope = new Both(ROWS, ROPE);
    Both dy = new Both(ROWS, HEADS * HEAD);
    io.sotto.model.Tensor keys = kernels.tensor(ROWS, HEADS * key);
    io.sotto.model.Tensor values = kernels.tensor(ROWS, HEADS * HEAD);
    io.sotto.model.Tensor p = kernels.tensor(ROWS * HEADS, WINDOW);
    io.sotto.model.Tensor y = dy.zeros();
    kernels.split(kv.ours, rope.ours, HEADS, keys, values);
    kernels.attention(q.ours, keys, values, WINDOW, HEADS, new int[0], p, y);
    Tensor pairs = kv.theirs.reshape(ROWS, HEADS, 2L * HEAD);
    Tensor shared = rope.theirs.unsqueeze(1).expand(ROWS, HEADS, ROPE);
    Tensor found =
        torch.scaled_dot_product_attention(
            byHead(q.theirs.reshape(ROWS, HEADS, key)),
            byHead(torch.cat(new TensorVector(pairs.narrow(2, 0, HEAD), shared), 2)),
            byHead(pairs.narrow(2, HEAD, HEAD)),
            new TensorOptional(),
            0,
            true,
            new DoubleOptional(),
            false);
    Tensor theirs = found.transpose(1, 2).reshape(ROWS, (long) HEADS * HEAD);
    back(theirs, dy);
    check("attention", y, theirs);
    io.sotto.model.Tensor dq = q.zeros();
    io.sotto.model.Tensor dkeys = kernels.tensor(ROWS, HEADS * key);
    io.sotto.model.Tensor dvalues = kernels.tensor(ROWS, HEADS * HEAD);
    io.sotto.model.Tensor dkv = kv.zeros();
    io.sotto.model.Tensor drope = rope.zeros();
    kernels.attentionBack(q.ours, keys, values, WINDOW, HEADS, p, dy.ours, dq, dkeys, dvalues);
    kernels.splitBack(dkeys, dvalues, HEADS, dkv, drope);
    check("attention", dq, q.theirs.grad());
    check("attention", dkv, kv.theirs.grad());
    check("attention", drope, rope.theirs.grad());
  }

  private static Tensor byHead(Tensor x) {
    return x.reshape(ROWS / WINDOW, WINDOW, HEADS, x.size(2)).transpose(1, 2);
  }

  private void crossEntropy() {
    Both logits = new Both(ROWS, WIDTH);
    int[] targets = drawn(ROWS, WIDTH);
    Tensor theirs = torch.cross_entropy_loss(logits.theirs, longs(targets));
    theirs.backward();
    io.sotto.model.Tensor p = logits.zeros();
    kernels.copy(logits.ours, p);
    double[] losses = new double[ROWS];
    double[] weights = new double[ROWS];
    Arrays.fill(weights, 1.0 / ROWS);
    kernels.crossEntropy(p, targets, losses);
    io.sotto.model.Tensor dlogits = logits.zeros();
    kernels.crossEntropyBack(p, targets, weights, dlogits);
    check("crossEntropy", dlogits, logits.theirs.grad());
    io.sotto.model.Tensor loss = kernels.tensor(1, 1);
    kernels.write(new double[] {Arrays.stream(losses).average().orElseThrow()}, 0, loss);
    check("crossEntropy", loss, theirs);
  }
}
