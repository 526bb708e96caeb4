package io.sotto.model;

import io.sotto.model.task.Preference;
import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a model makes of questions that nobody trained on. The same questions are asked of every
 * model that has the same tokens. One object serves one thread.
 */
public final class Exam {
  private static final int AT_ONCE = 256;

  private final Vocabulary vocabulary;
  private final Rollouts rollouts;
  private final PromptSource source;
  private final @Nullable Preference preference;
  private final int longest;
  private final long seed;

  /**
   * @param source whose held-out questions are asked
   * @param preference judges answers that need no thought; null for none
   * @param longest how many tokens a response has at most, the one that ends it included
   * @param seed of the questions and the draws
   */
  public Exam(
      Layout layout,
      Vocabulary vocabulary,
      PromptSource source,
      @Nullable Preference preference,
      int longest,
      long seed) {
    this.vocabulary = vocabulary;
    this.rollouts = new Rollouts(layout, Kernels.fastest(), AT_ONCE, vocabulary.end());
    this.source = source;
    this.preference = preference;
    this.longest = longest;
    this.seed = seed;
  }

  /**
   * The means over all questions.
   *
   * @param length tokens of a response, the one that ends it included
   * @param formatError the standard error of the mean of {@code format}
   * @param preferenceError that of the mean of {@code preference}
   */
  public record Marks(
      double accuracy,
      double format,
      double language,
      double preference,
      double length,
      double formatError,
      double preferenceError) {}

  /** Answers each of so many questions once, and marks that. */
  public Marks marks(double[] x, int questions, double temperature) {
    Answers answers = written(x, prompts(questions, 1), temperature);
    double[] sums = new double[6];
    for (int i = 0; i < questions; i++) {
      Reward reward = answers.rewards()[i];
      sums[0] += reward.accuracy();
      sums[1] += reward.format();
      sums[2] += reward.language();
      sums[3] += reward.preference();
      sums[4] += answers.written()[i].length;
      sums[5] += reward.preference() * reward.preference();
    }
    double[] means = Arrays.stream(sums).map(sum -> sum / questions).toArray();
    return new Marks(
        means[0],
        means[1],
        means[2],
        means[3],
        means[4],
        error(means[1], means[1], questions), // 0 or 1, which are their own squares
        error(means[3], means[5], questions));
  }

  private static double error(double mean, double square, int count) {
    return Math.sqrt(Math.max(0, square - mean * mean) / count);
  }

  /** The share of so many questions of which some answer is right, if each is answered k times. */
  public double passAt(double[] x, int questions, int k) {
    Reward[] rewards = written(x, prompts(questions, k), 1).rewards();
    int passed = 0;
    for (int q = 0; q < questions; q++) {
      boolean right = false;
      for (int i = q * k; i < (q + 1) * k; i++) {
        right |= rewards[i].accuracy() == 1;
      }
      passed += right ? 1 : 0;
    }
    return (double) passed / questions;
  }

  /** The first question, and what the model responds. */
  public String transcript(double[] x) {
    Prompt[] asked = prompts(1, 1);
    return asked[0].text() + vocabulary.decode(written(x, asked, 1).written()[0]);
  }

  private Prompt[] prompts(int questions, int each) {
    SplittableRandom random = new SplittableRandom(seed);
    Prompt[] asked = new Prompt[questions * each];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = i % each == 0 ? source.draw(true, random) : asked[i - 1];
    }
    return asked;
  }

  private Answers written(double[] x, Prompt[] asked, double temperature) {
    return Answers.write(
        rollouts, vocabulary, preference, x, 0, asked, longest, temperature, seed + 1);
  }
}
