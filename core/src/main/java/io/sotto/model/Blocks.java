package io.sotto.model;

import io.sotto.model.Tape.Variable;
import org.jspecify.annotations.Nullable;

/** What models are made of: each computes a value, and says on the tape how gradients go back. */
final class Blocks {
  private static final int TILE = 128;

  private final Kernels kernels;
  private final Tape tape;
  private final boolean coarse;

  /**
   * @param coarse whether {@link #linear} computes products in 8 bits
   */
  Blocks(Kernels kernels, Tape tape, boolean coarse) {
    this.kernels = kernels;
    this.tape = tape;
    this.coarse = coarse;
  }

  /** Rows of a table. */
  Variable gathered(Variable table, int[] rows) {
    Variable y = tape.unset(rows.length, table.columns());
    kernels.gather(table.value(), rows, 0, y.value());
    tape.then(() -> kernels.scatterAdd(y.gradient(), rows, 0, table.gradient()));
    return y;
  }

  /** Some columns. */
  Variable columns(Variable of, int from, int count) {
    Variable y = tape.unset(of.rows(), count);
    kernels.copy(of.value().columns(from, count), y.value());
    tape.then(() -> kernels.add(y.gradient(), of.gradient().columns(from, count)));
    return y;
  }

  /** Turns pairs of columns by their positions, in place; see {@link Kernels#rotate}. */
  Variable rotated(Variable x, int heads, int from, int[] positions) {
    kernels.rotate(x.value(), heads, from, positions, false);
    tape.then(() -> kernels.rotate(x.gradient(), heads, from, positions, true));
    return x;
  }

  /** Causal attention of all heads; see {@link Kernels#split}. */
  Variable attention(Variable q, Variable kv, Variable rope, int heads, int window, int[] first) {
    int rows = q.rows();
    int head = kv.columns() / heads / 2;
    Variable keys = tape.unset(rows, q.columns());
    Variable values = tape.unset(rows, heads * head);
    Variable y = tape.unset(rows, heads * head);
    Tensor p = tape.tensor(rows * heads, window);
    kernels.split(kv.value(), rope.value(), heads, keys.value(), values.value());
    kernels.attention(q.value(), keys.value(), values.value(), window, heads, first, p, y.value());
    tape.then(
        () -> {
          kernels.attentionBack(
              q.value(),
              keys.value(),
              values.value(),
              window,
              heads,
              p,
              y.gradient(),
              q.gradient(),
              keys.gradient(),
              values.gradient());
          kernels.splitBack(
              keys.gradient(), values.gradient(), heads, kv.gradient(), rope.gradient());
        });
    return y;
  }

  /** {@link Kernels#rmsNorm}. */
  Variable norm(Variable x, Variable scale) {
    Variable y = tape.unset(x.rows(), x.columns());
    Tensor inverse = tape.tensor(x.rows(), 1);
    kernels.rmsNorm(x.value(), scale.value(), y.value(), inverse);
    tape.then(
        () ->
            kernels.rmsNormBack(
                x.value(), scale.value(), inverse, y.gradient(), x.gradient(), scale.gradient()));
    return y;
  }

  /** {@link Kernels#swiglu}. */
  Variable gated(Variable x) {
    Variable y = tape.unset(x.rows(), x.columns() / 2);
    kernels.swiglu(x.value(), y.value());
    tape.then(() -> kernels.swigluBack(x.value(), y.gradient(), x.gradient()));
    return y;
  }

  /** x w, always in floats. */
  Variable times(Variable x, Variable w) {
    Variable y = tape.variable(x.rows(), w.columns());
    product(x, w, y);
    return y;
  }

  /** x w in the precision of training, added to something else or alone. */
  Variable linear(Variable x, Variable w, @Nullable Variable onto) {
    int rows = x.rows();
    Variable y = onto == null ? tape.variable(rows, w.columns()) : tape.unset(rows, w.columns());
    if (onto != null) {
      put(onto, y);
    }
    multiply(x, w, y);
    return y;
  }

  private void put(Variable x, Variable y) {
    kernels.copy(x.value(), y.value());
    tape.then(() -> kernels.add(y.gradient(), x.gradient()));
  }

  /** A copy, to which others may add. */
  Variable copied(Variable x) {
    Variable y = tape.unset(x.rows(), x.columns());
    put(x, y);
    return y;
  }

  /** y += x w in the precision of training. */
  void multiply(Variable x, Variable w, Variable y) {
    if (coarse) {
      coarseProduct(x, w, y);
    } else {
      product(x, w, y);
    }
  }

  private void product(Variable x, Variable w, Variable y) {
    kernels.product(x.value(), w.value(), y.value());
    tape.then(
        () -> {
          kernels.productTransposed(y.gradient(), w.value(), x.gradient());
          kernels.transposedProduct(x.value(), y.gradient(), w.gradient());
        });
  }

  /**
   * The same with all operands in 8 bits: activations and their gradients in tiles of 128 along the
   * inner index of each product, weights in blocks of 128 by 128.
   */
  private void coarseProduct(Variable x, Variable w, Variable y) {
    Tensor blocks = tape.tensor(w.rows(), w.columns());
    kernels.quantize(w.value(), TILE, TILE, blocks);
    Tensor tiles = tape.tensor(x.rows(), x.columns());
    kernels.quantize(x.value(), 1, TILE, tiles);
    kernels.product(tiles, blocks, y.value());
    Tensor slope = tape.tensor(y.rows(), y.columns());
    tape.then(
        () -> {
          kernels.quantize(y.gradient(), 1, TILE, slope);
          kernels.productTransposed(slope, blocks, x.gradient());
          kernels.quantize(y.gradient(), TILE, 1, slope);
          kernels.quantize(x.value(), TILE, 1, tiles);
          kernels.transposedProduct(tiles, slope, w.gradient());
        });
  }
}
