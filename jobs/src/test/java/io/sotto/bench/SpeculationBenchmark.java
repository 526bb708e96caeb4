package io.sotto.bench;

import io.sotto.model.Generator;
import io.sotto.model.Kernels;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Sampler;
import io.sotto.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** E9: what predicting the next but one token saves when text is written. */
final class SpeculationBenchmark implements Benchmark {
  private static final int VOCABULARY = 65;
  private static final int BATCH = 8;
  private static final int PROMPTS = 20;
  private static final int PROMPT = 64;
  private static final int WRITTEN = 256;
  private static final double STEP = 3e-3;

  @Override
  public String id() {
    return "E9";
  }

  @Override
  public String about() {
    return "tokens for each pass of speculative decoding (5 minutes)";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Shakespeare text = Shakespeare.read();
    ModelShape shape = Models.large(VOCABULARY);
    TextRun.End end =
        TextRun.central(
                shape,
                Models.training(BATCH),
                Tokens.of(text.trained()),
                Shakespeare.NANO_TOKENS,
                0.05,
                1)
            .end(STEP);
    double[] x = end.estimates()[0];
    log.accept(
        String.format(
            Locale.ROOT,
            "trained to a loss of %.4f in %.0f CPU seconds",
            text.loss(shape, x),
            end.seconds()));
    Generator with = new Generator(new Layout(shape), Kernels.fastest(), x, true);
    Generator without = new Generator(new Layout(shape), Kernels.fastest(), x, false);
    List<Round> tokens = new ArrayList<>();
    List<Round> accepted = new ArrayList<>();
    List<Round> time = new ArrayList<>();
    int same = 0;
    for (int p = 0; p < PROMPTS; p++) {
      int from = (int) ((long) (text.held().length - PROMPT) * p / PROMPTS);
      int[] prompt = Arrays.copyOfRange(text.held(), from, from + PROMPT);
      long passes = with.passes();
      long drafted = with.drafted();
      long right = with.accepted();
      double begin = StepBenchmark.threadMillis();
      List<Integer> one = written(with, prompt);
      double middle = StepBenchmark.threadMillis();
      List<Integer> other = written(without, prompt);
      time.add(new Round(middle - begin, StepBenchmark.threadMillis() - middle));
      same += one.equals(other) ? 1 : 0;
      tokens.add(new Round(one.size(), with.passes() - passes));
      accepted.add(new Round(with.accepted() - right, with.drafted() - drafted));
    }
    String settings =
        "%d prompts of %d characters from the last tenth of tinyshakespeare, %d written to each, greedy"
            .formatted(PROMPTS, PROMPT, WRITTEN);
    return List.of(
        new Figure(
            "E9-tokens", "tokens written : passes", "1", Target.atLeast(1.75), tokens, settings),
        new Figure(
            "E9-accepted",
            "tokens ahead that were right : all of them",
            "1",
            Target.atLeast(0.75),
            accepted,
            settings),
        new Figure(
            "E9-time", "time with tokens ahead : without", "ms", Target.atMost(1), time, settings),
        new Figure(
            "E9-same",
            "texts that are the same without tokens ahead : all",
            "texts",
            Target.atLeast(1),
            List.of(new Round(same, PROMPTS)),
            ""));
  }

  private static List<Integer> written(Generator generator, int[] prompt) {
    List<Integer> written = new ArrayList<>();
    generator.generate(
        prompt,
        Sampler.greedy(),
        token -> {
          written.add(token);
          return written.size() < WRITTEN;
        });
    return written;
  }
}
