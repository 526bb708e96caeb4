package io.sotto.bench;

import io.sotto.model.LanguageCosts;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.util.SplittableRandom;

/**
 * One gradient, of ours and of libtorch, over the same windows.
 *
 * @param ours by coordinate
 * @param theirs of libtorch, by coordinate
 * @param coefficients how many coordinates have a gradient
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record TorchGradients(double[] ours, double[] theirs, int coefficients) {
  private static final long KEY = 5;

  /** A step of libtorch over the windows that a key draws. */
  static final class Side {
    private final TorchModel model;
    private final int[] read;
    private final int[][] targets;

    Side(Layout layout, Training training, Tokens text, double[] x, boolean wide) {
      ModelShape shape = layout.shape();
      int n = training.batch() * shape.window();
      read = new int[n];
      targets = new int[shape.mtp() + 1][n];
      SplittableRandom random = new SplittableRandom(KEY);
      for (int i = 0, from = 0; i < n; i++) {
        int t = i % shape.window();
        if (t == 0) {
          int windows = text.count() - LanguageCosts.span(shape) + 1;
          from = Math.max(0, random.nextInt(windows + shape.window()) - shape.window());
        }
        read[i] = text.ids()[from + t];
        for (int k = 0; k < targets.length; k++) {
          targets[k][i] = text.ids()[from + t + 1 + k];
        }
      }
      model = new TorchModel(layout, training, x, wide);
    }

    /** The loss; its gradient is then there. */
    double step() {
      return model.step(read, targets);
    }

    double[] gradient() {
      return model.gradient();
    }
  }

  /** Where a model starts, in floats, so that both sides have the same numbers. */
  static double[] start(Layout layout, long seed) {
    double[] x = new double[layout.dimension()];
    layout.start(seed, x, 0);
    for (int j = 0; j < x.length; j++) {
      x[j] = (float) x[j];
    }
    return x;
  }

  /** Training in which no gradient is shortened. */
  static Training unclipped(int batch) {
    return new Training(
        batch,
        Double.POSITIVE_INFINITY,
        0.3,
        Models.BALANCE_LOSS,
        Models.BALANCE_STEP,
        Training.Precision.FLOAT,
        0,
        1);
  }

  /** Ours in floats, theirs in doubles, where a model starts. */
  static TorchGradients of(ModelShape shape, Tokens text, int batch) {
    Layout layout = new Layout(shape);
    Training training = unclipped(batch);
    double[] x = start(layout, 1);
    double[] ours = new double[x.length];
    new LanguageCosts(shape, training, new Tokens[] {text}, 1).subgradient(0, KEY, x, 0, ours);
    Side side = new Side(layout, training, text, x, true);
    side.step();
    return new TorchGradients(ours, side.gradient(), layout.coefficients());
  }

  /** The distance of both as a part of their length. */
  double difference() {
    double apart = 0;
    double size = 0;
    for (int j = 0; j < coefficients; j++) {
      apart += (ours[j] - theirs[j]) * (ours[j] - theirs[j]);
      size += theirs[j] * theirs[j];
    }
    return Math.sqrt(apart / size);
  }
}
