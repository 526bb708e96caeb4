package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.model.task.Script;
import io.sotto.model.task.Split;
import io.sotto.model.task.Sums;
import io.sotto.model.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Learning from rewards. */
class PolicyCostsTest {
  private static final Vocabulary VOCABULARY = Vocabulary.characters("0123456789+=<>[],".chars());
  private static final ModelShape SHAPE =
      new ModelShape(VOCABULARY.size(), 16, 1, 1, 2, 8, 16, 8, 4, 32, 1, 0, 0, 1, 1, 1, 24, 0);
  private static final Layout LAYOUT = new Layout(SHAPE);

  /** Whose answers are right in every second group, whatever they are. */
  private record Odd() implements Task {
    @Override
    public String question(SplittableRandom random) {
      return random.nextInt(10) + "+" + random.nextInt(10) + "=";
    }

    @Override
    public List<String> solution(String question, double slip, SplittableRandom random) {
      return List.of("1");
    }

    @Override
    public boolean isRight(String question, String answer) {
      return true;
    }
  }

  private static PolicyCosts costs(Task task, Policy policy, double[] reference) {
    PromptSource source =
        new PromptSource(List.of(new PromptSource.Kind(task, Script.DIGITS, 1)), new Split(0.5));
    return new PolicyCosts(
        SHAPE, policy, VOCABULARY, new PromptSource[] {source, source}, reference, 2);
  }

  private static Policy policy(int epochs, double clip, double divergence, boolean byToken) {
    return new Policy(
        4,
        8,
        6,
        1,
        epochs,
        0.5,
        clip,
        divergence,
        0,
        new Reward.Weights(1, 1, 1, 0),
        true,
        byToken,
        1e9,
        null,
        10);
  }

  private static double[] drawn(long seed, double size) {
    double[] x = new double[LAYOUT.dimension()];
    LAYOUT.start(seed, x, 0);
    return Arrays.stream(x).map(v -> v * size).toArray();
  }

  /** Language is all that such a model is paid for: digits between brackets. */
  @ParameterizedTest
  @CsvSource({"0, false", "0.5, false", "0.5, true"})
  void gradientIsThatOfTheObjective(double divergence, boolean byToken) {
    double[] x = drawn(1, 1.5);
    PolicyCosts once = costs(new Sums(1, 10), policy(1, 9, divergence, byToken), drawn(2, 1));
    double[] from = drawn(2, 1);
    double[] g = new double[x.length];
    long key = keyWithRewards(once, x);
    once.subgradient(0, key, x, 0, g);
    double square = Arrays.stream(g).map(v -> v * v).sum();
    assertThat(square).isGreaterThan(0);
    double h = 1e-2 / Math.sqrt(square);
    double[] up = x.clone();
    double[] down = x.clone();
    for (int j = 0; j < x.length; j++) {
      up[j] += h * g[j];
      down[j] -= h * g[j];
    }
    double slope =
        (once.lossOfResponses(0, key, x, up, from) - once.lossOfResponses(0, key, x, down, from))
            / (2 * h);
    assertThat(slope / square).isBetween(0.97, 1.03);
  }

  private static long keyWithRewards(PolicyCosts costs, double[] x) {
    double[] g = new double[x.length];
    for (long key = 0; key < 200; key++) {
      costs.subgradient(0, key, x, 0, g);
      if (Arrays.stream(g).anyMatch(v -> v != 0)) {
        return key;
      }
    }
    throw new AssertionError("no reward in 200 updates");
  }

  @Test
  void groupsOfOneRewardTeachNothing() {
    double[] x = drawn(1, 1);
    Policy unpaid =
        new Policy(
            4,
            8,
            6,
            1,
            1,
            0.5,
            0.2,
            0,
            0,
            new Reward.Weights(0, 0, 0, 0),
            true,
            false,
            1,
            null,
            10);
    double[] g = new double[x.length];
    costs(new Odd(), unpaid, x).subgradient(0, 3, x, 0, g);
    assertThat(g).containsOnly(0);
  }

  @Test
  void divergenceFromTheReferenceIsZeroThere() {
    double[] x = drawn(1, 1);
    PolicyCosts costs = costs(new Sums(1, 10), policy(1, 0.2, 1, false), x);
    assertThat(number(costs, "divergence", x)).isZero();
    assertThat(number(costs, "divergence", drawn(1, 1.2))).isGreaterThan(1e-4);
  }

  private static double number(PolicyCosts costs, String name, double[] x) {
    return costs.measure(0, x, 0)[costs.measures().names().indexOf(name)];
  }

  @Test
  void theValueIsMinusTheMeanReward() {
    double[] x = drawn(1, 1.5);
    PolicyCosts costs = costs(new Sums(1, 10), policy(1, 0.2, 1, false), x);
    assertThat(costs.value(1, x, 0)).isEqualTo(-number(costs, "reward", x) / 2);
    assertThat(costs.measure(1, x, 0)).as("of the same prompts").isEqualTo(costs.measure(0, x, 0));
    assertThat(costs.measure(0, x, 0)).hasSameSizeAs(costs.measures().names().toArray());
  }

  /** Live are groups that teach something. */
  @Test
  void groupsWithSeveralRewardsAreLive() {
    double[] x = drawn(1, 1.5);
    Policy paid = policy(1, 0.2, 0, false);
    PolicyCosts costs = costs(new Sums(1, 10), paid, x);
    assertThat(LongStream.range(1, 200).mapToObj(seed -> drawn(seed, 1.5)))
        .as("models of which one is paid by chance")
        .anyMatch(model -> number(costs, "liveGroups", model) == 1.0 / PolicyCosts.LEAST_PROMPTS);
    Policy unpaid =
        new Policy(
            4,
            8,
            6,
            1,
            1,
            0.5,
            0.2,
            0,
            0,
            new Reward.Weights(0, 0, 0, 0),
            true,
            false,
            1,
            null,
            10);
    assertThat(number(costs(new Sums(1, 10), unpaid, x), "liveGroups", x)).isZero();
  }

  @Test
  void sameKeySameBits() {
    double[] x = drawn(1, 1.5);
    PolicyCosts costs = costs(new Sums(1, 10), policy(2, 0.2, 0.1, false), drawn(2, 1));
    double[] first = new double[x.length];
    double[] again = new double[x.length];
    costs.subgradient(1, 5, x, 0, first);
    costs.subgradient(0, 6, x, 0, again);
    costs.subgradient(1, 5, x, 0, again);
    assertThat(again).isEqualTo(first);
  }
}
