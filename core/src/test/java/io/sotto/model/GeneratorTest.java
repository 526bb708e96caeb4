package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The text is the same with speculative decoding and without. */
class GeneratorTest {
  private static final ModelShape SHAPE =
      new ModelShape(7, 16, 2, 1, 2, 8, 8, 8, 4, 32, 8, 4, 1, 2, 2, 1, 16, 1);
  private static final int[] PATTERN = {0, 1, 2, 3, 3, 4, 5, 2, 1};

  private static double[] trained;

  /** Adam, on a pattern with some noise. */
  @BeforeAll
  static void train() {
    Layout layout = new Layout(SHAPE);
    LanguageModel model = new LanguageModel(layout, LanguageModelTest.TRAINING, new WideKernels());
    double[] x = new double[layout.dimension()];
    layout.start(1, x, 0);
    double[] gradient = new double[x.length];
    double[] mean = new double[x.length];
    double[] square = new double[x.length];
    SplittableRandom random = new SplittableRandom(2);
    int[] ids = new int[3_000];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(12) == 0 ? random.nextInt(6) : PATTERN[i % PATTERN.length];
    }
    for (int step = 0; step < 80; step++) {
      int[] begin = random.ints(8, 0, ids.length - LanguageCosts.span(SHAPE)).toArray();
      Batch batch = Batch.of(Tokens.of(ids), begin, SHAPE.window(), SHAPE.mtp(), -1);
      model.gradient(x, 0, batch, gradient);
      for (int j = 0; j < layout.coefficients(); j++) {
        mean[j] += 0.1 * (gradient[j] - mean[j]);
        square[j] += 0.1 * (gradient[j] * gradient[j] - square[j]);
        x[j] -= 0.01 * mean[j] / (Math.sqrt(square[j]) + 1e-8);
      }
    }
    trained = x;
  }

  private static double[] random() {
    return LanguageModelTest.start(new Layout(SHAPE), 3);
  }

  private static List<Integer> write(
      Generator generator, Sampler sampler, int[] prompt, int count) {
    List<Integer> text = new ArrayList<>();
    generator.generate(
        prompt,
        sampler,
        token -> {
          text.add(token);
          return text.size() < count;
        });
    return text;
  }

  private static Generator generator(double[] x, boolean speculative) {
    return new Generator(new Layout(SHAPE), new WideKernels(), x, speculative);
  }

  private static List<Sampler> samplers() {
    return List.of(
        Sampler.greedy(),
        new Sampler(1, 1, 1),
        new Sampler(0.8, 0.9, 2),
        new Sampler(1.5, 1, 3),
        new Sampler(0.5, 0.5, -4));
  }

  @Test
  void speculativeDecodingGivesTheSameText() {
    for (double[] x : List.of(random(), trained)) {
      for (Sampler sampler : samplers()) {
        for (int length : new int[] {1, 2, 15, 16, 17, 33, 50}) {
          int[] prompt = new SplittableRandom(length).ints(length, 0, 7).toArray();
          Generator plain = generator(x, false);
          Generator fast = generator(x, true);
          for (int count : new int[] {1, 2, 3, 120}) {
            List<Integer> text = write(plain, sampler, prompt, count);
            assertThat(text).hasSize(count);
            assertThat(write(fast, sampler, prompt, count)).isEqualTo(text);
          }
        }
      }
    }
  }

  @Test
  void countsAddUp() {
    for (Sampler sampler : samplers()) {
      Generator plain = generator(trained, false);
      Generator fast = generator(trained, true);
      write(plain, sampler, PATTERN, 200);
      write(fast, sampler, PATTERN, 200);
      assertThat(plain.passes()).isEqualTo(199);
      assertThat(plain.drafted()).isZero();
      assertThat(plain.accepted()).isZero();
      assertThat(fast.drafted()).isEqualTo(fast.passes());
      assertThat(fast.accepted()).isPositive().isLessThanOrEqualTo(fast.drafted());
      // the first token is the prompt's; the second of the last pass may be one too many
      assertThat(fast.passes() + fast.accepted()).isBetween(199L, 200L);
    }
    Generator greedy = generator(trained, true);
    write(greedy, Sampler.greedy(), PATTERN, 200);
    assertThat(greedy.accepted()).isGreaterThan(greedy.drafted() / 2);
  }

  @Test
  void aTrainedModelGoesOnAsItsTextsDo() {
    List<Integer> text = write(generator(trained, true), Sampler.greedy(), PATTERN, 18);
    assertThat(text).containsExactly(0, 1, 2, 3, 3, 4, 5, 2, 1, 0, 1, 2, 3, 3, 4, 5, 2, 1);
  }

  @Test
  void withoutPredictionsAheadThereIsNothingToSpeculateOn() {
    ModelShape shape = new ModelShape(7, 16, 2, 1, 2, 8, 8, 8, 4, 32, 8, 4, 1, 2, 2, 1, 16, 0);
    Layout layout = new Layout(shape);
    double[] x = LanguageModelTest.start(layout, 4);
    Generator generator = new Generator(layout, new WideKernels(), x, true);
    assertThat(write(generator, new Sampler(1, 1, 1), new int[] {6}, 30)).hasSize(30);
    assertThat(generator.drafted()).isZero();
    assertThatThrownBy(() -> write(generator, Sampler.greedy(), new int[0], 1))
        .hasMessage("a prompt must have a token");
  }
}
