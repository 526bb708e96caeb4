package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.model.Training.Precision;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of whole models against finite differences, in doubles and in floats. */
class LanguageModelTest {
  static final Training TRAINING = new Training(3, 1, 0.3, 0.01, 0.001, Precision.FLOAT, 0.1, 8);

  /** Dense; experts; groups; no shared expert, two tokens ahead; odd widths. */
  static Stream<ModelShape> shapes() {
    return Stream.of(
        new ModelShape(17, 16, 2, 2, 2, 8, 8, 8, 4, 32, 0, 0, 0, 0, 1, 1, 12, 0),
        new ModelShape(17, 16, 3, 1, 2, 8, 8, 8, 4, 32, 8, 5, 1, 2, 1, 1, 12, 1),
        new ModelShape(17, 16, 2, 0, 2, 8, 8, 8, 4, 32, 8, 8, 2, 2, 4, 2, 12, 1),
        new ModelShape(11, 20, 2, 1, 3, 5, 7, 6, 2, 13, 9, 4, 0, 3, 2, 2, 37, 2));
  }

  static Batch batch(ModelShape shape, int windows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = random.ints(400, 0, shape.vocabulary()).toArray();
    boolean[] silent = new boolean[400];
    Arrays.fill(silent, 90, 130, true);
    int[] begin = random.ints(windows, 0, 400 - LanguageCosts.span(shape)).toArray();
    begin[0] = 100;
    return Batch.of(
        new Tokens(ids, silent), begin, shape.window(), shape.mtp(), shape.vocabulary() - 1);
  }

  static double[] start(Layout layout, long seed) {
    double[] x = new double[layout.dimension()];
    layout.start(seed, x, 0);
    SplittableRandom random = new SplittableRandom(seed);
    for (int j = 0; j < x.length; j++) {
      x[j] = (float) (x[j] * (1 + 0.2 * random.nextDouble())); // norms that are not 1
    }
    for (int j = layout.coefficients(); j < x.length; j++) {
      x[j] = (float) (0.1 * random.nextDouble());
    }
    return x;
  }

  private static double total(LanguageModel.Loss loss) {
    double later = Arrays.stream(loss.later()).sum() / Math.max(1, loss.later().length);
    return loss.next() + TRAINING.mtpWeight() * later + loss.balance();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradientsAreThoseOfFiniteDifferences(ModelShape shape) {
    Layout layout = new Layout(shape);
    LanguageModel model = new LanguageModel(layout, TRAINING, new DoubleKernels());
    Batch batch = batch(shape, 3, 1);
    double[] x = start(layout, 2);
    double[] gradient = new double[x.length];
    model.gradient(x, 0, batch, gradient);
    SplittableRandom random = new SplittableRandom(3);
    double step = 1e-5;
    for (Layout.Entry entry : layout.entries()) {
      if (entry.at() >= layout.coefficients()) {
        continue; // what stands there is no gradient
      }
      double[] up = x.clone();
      double[] down = x.clone();
      double expected = 0;
      double size = 0;
      for (int j = entry.at(); j < entry.at() + entry.size(); j++) {
        double direction = random.nextBoolean() ? 1 : -1;
        up[j] += step * direction;
        down[j] -= step * direction;
        expected += gradient[j] * direction;
        size += gradient[j] * gradient[j];
      }
      double moved =
          (total(model.loss(up, 0, batch, true)) - total(model.loss(down, 0, batch, true)))
              / (2 * step);
      assertThat(moved)
          .as(entry.name())
          .isCloseTo(expected, within(1e-6 * (Math.abs(expected) + Math.sqrt(size) + 1e-3)));
    }
  }

  /** Documents with prompts that stand in one window do not look at each other. */
  @ParameterizedTest
  @MethodSource("shapes")
  void documentsOfOneWindowAreApart(ModelShape shape) {
    Layout layout = new Layout(shape);
    LanguageModel model = new LanguageModel(layout, TRAINING, new WideKernels());
    int end = shape.vocabulary() - 1;
    int length = shape.window();
    int second = 7;
    int[] ids = new SplittableRandom(6).ints(2 * length, 0, end).toArray();
    ids[0] = end;
    ids[second] = end;
    boolean[] silent = new boolean[ids.length];
    Arrays.fill(silent, 1, 3, true);
    Tokens both = new Tokens(ids, silent);
    double[] x = start(layout, 7);
    double[] together = model.losses(x, 0, Batch.of(both, new int[1], length, 0, end));
    double[] alone =
        model.losses(x, 0, Batch.of(both, new int[] {second}, length - second, 0, end));
    for (int t = second; t < length; t++) {
      assertThat(together[t]).isCloseTo(alone[t - second], within(1e-5));
    }
    Tokens joined = Tokens.of(ids);
    assertThat(model.losses(x, 0, Batch.of(joined, new int[1], length, 0, end))[second])
        .as("of texts without prompts, a token looks at the text before it")
        .isNotCloseTo(alone[0], within(1e-5));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void floatsAreWithinRoundingAndTheSameOnAllKernels(ModelShape shape) {
    Layout layout = new Layout(shape);
    Batch batch = batch(shape, 3, 4);
    double[] x = start(layout, 5);
    double[] exact = new double[x.length];
    double[] plain = new double[x.length];
    double[] wide = new double[x.length];
    LanguageModel doubles = new LanguageModel(layout, TRAINING, new DoubleKernels());
    double loss = total(doubles.gradient(x, 0, batch, exact));
    LanguageModel floats = new LanguageModel(layout, TRAINING, new PlainKernels());
    double rounded = total(floats.gradient(x, 0, batch, plain));
    LanguageModel fast = new LanguageModel(layout, TRAINING, new WideKernels());
    fast.gradient(x, 0, batch(shape, 2, 9), wide); // what was computed before leaves no trace
    assertThat(total(fast.gradient(x, 0, batch, wide))).isEqualTo(rounded);
    assertThat(wide).isEqualTo(plain);
    assertThat(rounded).isCloseTo(loss, within(1e-6 * loss));
    double error = 0;
    double size = 0;
    for (int j = 0; j < layout.coefficients(); j++) {
      error += (plain[j] - exact[j]) * (plain[j] - exact[j]);
      size += exact[j] * exact[j];
    }
    assertThat(Math.sqrt(error / size)).isLessThan(1e-6);
    assertThat(Arrays.copyOfRange(plain, layout.coefficients(), plain.length))
        .isEqualTo(Arrays.copyOfRange(exact, layout.coefficients(), plain.length));
  }
}
