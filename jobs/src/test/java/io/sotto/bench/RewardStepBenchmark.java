package io.sotto.bench;

import io.sotto.model.Kernels;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Policy;
import io.sotto.model.PolicyCosts;
import io.sotto.model.Rollouts;
import io.sotto.model.Tokens;
import io.sotto.model.Vocabulary;
import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.model.task.Script;
import io.sotto.model.task.Split;
import io.sotto.model.task.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * R-step and R-sampling: an update by rewards, and writing alone, of a model that has read some
 * hundred thousand worked sums, so that its responses are as long as those of a model that reasons.
 */
final class RewardStepBenchmark implements Benchmark {
  private static final Vocabulary VOCABULARY =
      Vocabulary.characters("!#+,0123456789<=>HI[]abcdefghijklmnopqrstuvwxyz".chars());

  /** The model of conf/r1. */
  private static final ModelShape SHAPE =
      new ModelShape(VOCABULARY.size(), 64, 3, 3, 4, 16, 32, 16, 16, 160, 1, 0, 0, 1, 1, 1, 40, 0);

  private static final PromptSource SUMS =
      new PromptSource(
          List.of(
              new PromptSource.Kind(new Sums(3, 10), Script.DIGITS, 1),
              new PromptSource.Kind(new Sums(3, 10), Script.LETTERS, 1)),
          new Split(0.2));

  private static final int PROMPTS = 16;
  private static final int GROUP = 16;
  private static final int LONGEST = 31;
  private static final Policy POLICY =
      new Policy(
          PROMPTS,
          GROUP,
          LONGEST,
          1,
          1,
          0.1,
          0.2,
          1e-3,
          0,
          new Reward.Weights(1, 1, 0, 0),
          true,
          false,
          1,
          null,
          1);

  private static final int READ = 6_000;
  private static final long TRAINED = 500_000;
  private static final double STEP = 3e-3;
  private static final int WARM = 20;
  private static final int ROUNDS = 5;
  private static final int CALLS = 5;

  /** Of the probe, and what is asked for: see the issue of the ladder. */
  private static final double PROBE_SECONDS = 0.5;

  private static final double TOKENS_PER_SECOND = 50_000;

  @Override
  public String id() {
    return "R-step";
  }

  @Override
  public String about() {
    return "R-step, R-sampling: an update by rewards of 256 responses, and writing them";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) {
    Layout layout = new Layout(SHAPE);
    double[] x =
        TextRun.central(SHAPE, Models.training(32), read(), TRAINED, 0.05, 1)
            .end(STEP)
            .estimates()[0];
    PolicyCosts costs =
        new PolicyCosts(SHAPE, POLICY, VOCABULARY, new PromptSource[] {SUMS}, x.clone(), 1);
    double[] out = new double[layout.dimension()];
    Rollouts rollouts = new Rollouts(layout, Kernels.fastest(), PROMPTS * GROUP, VOCABULARY.end());
    for (int w = 0; w < WARM; w++) {
      costs.subgradient(0, w, x, 0, out);
      written(rollouts, x, w);
    }
    List<Round> steps = new ArrayList<>();
    List<Round> speeds = new ArrayList<>();
    double length = 0;
    for (int r = 0; r < ROUNDS; r++) {
      double begin = StepBenchmark.threadMillis();
      for (int c = 0; c < CALLS; c++) {
        costs.subgradient(0, r * CALLS + c, x, 0, out);
      }
      double middle = StepBenchmark.threadMillis();
      long tokens = 0;
      for (int c = 0; c < CALLS; c++) {
        tokens += written(rollouts, x, r * CALLS + c);
      }
      double end = StepBenchmark.threadMillis();
      steps.add(new Round((middle - begin) * 1e-3 / CALLS, PROBE_SECONDS));
      speeds.add(new Round(tokens / ((end - middle) * 1e-3), TOKENS_PER_SECOND));
      length += (double) tokens / (ROUNDS * CALLS * PROMPTS * GROUP);
      log.accept(
          String.format(
              Locale.ROOT,
              "round %d of %d: %.3f s, %.0f tokens/s",
              r + 1,
              ROUNDS,
              steps.get(r).value(),
              speeds.get(r).value()));
    }
    String about =
        String.format(
            Locale.ROOT,
            "%d parameters; 16 prompts, 16 responses each, of %.1f tokens in the mean and at most"
                + " %d; time of one thread",
            layout.coefficients(),
            length,
            LONGEST);
    return List.of(
        new Figure(
            "R-step",
            "an update by rewards of 256 responses : of the probe",
            "s",
            Target.atMost(0.6),
            steps,
            about),
        new Figure(
            "R-sampling",
            "tokens written a second, 256 responses at once : what is asked for",
            "tokens/s",
            Target.atLeast(1),
            speeds,
            about));
  }

  /** Sums with their solutions, one after the other. */
  private static Tokens read() {
    SplittableRandom random = new SplittableRandom(1);
    int[] all = new int[0];
    for (int n = 0; n < READ; n++) {
      Prompt prompt = SUMS.draw(false, random);
      int[] text = VOCABULARY.encode(prompt.text() + prompt.worked(), prompt.text());
      int from = all.length;
      all = Arrays.copyOf(all, from + 1 + text.length);
      all[from] = VOCABULARY.end();
      System.arraycopy(text, 0, all, from + 1, text.length);
    }
    return Tokens.of(all);
  }

  /** How many tokens are written to as many prompts as an update draws. */
  private static long written(Rollouts rollouts, double[] x, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] prompts = new int[PROMPTS * GROUP][];
    for (int i = 0; i < prompts.length; i++) {
      String text = i % GROUP == 0 ? SUMS.draw(false, random).text() : "";
      prompts[i] = i % GROUP == 0 ? VOCABULARY.encode(text, text) : prompts[i - 1];
    }
    return Arrays.stream(rollouts.write(x, 0, prompts, LONGEST, 1, seed))
        .mapToLong(response -> response.length)
        .sum();
  }
}
