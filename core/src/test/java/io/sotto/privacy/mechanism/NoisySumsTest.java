package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.NoisyGradient;
import io.sotto.algorithm.SummingRounds;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Setup;
import io.sotto.engine.Sums;
import io.sotto.engine.Table;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Ball;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Poisson;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoisySumsTest {
  private static final int AGENTS = 8;
  private static final int HONEST = 5;
  private static final int ROWS = 6;
  private static final int D = 4;
  private static final double CLIP = 0.5;
  private static final int T = NoisyGradient.ROUNDS;
  private static final Regularizer RIDGE = new Regularizer(0.01, 0);
  private static final Table TABLE = Table.random(AGENTS, ROWS, D - 1, Loss.Labels.BINARY, 16);

  private static RoundsBudget budget(double epsilon) {
    return RoundsBudget.of(epsilon, 1e-6, CLIP, AGENTS * ROWS, AGENTS, HONEST, D, T);
  }

  private static NoisySums noisy(RoundsBudget budget, String run) {
    Secret secret = Under.secret("rows");
    return new NoisySums(budget, PairKeys.derived(secret, run), secret, run);
  }

  /** The noise of all agents but some on one sum, in units of x. */
  private static double[] noise(NoisySums noisy, RoundsBudget budget, int from, int round) {
    double[] sum = new double[D];
    for (int i = from; i < AGENTS; i++) {
      double[] words = new double[D];
      noisy.noise(i, round, words, 0, D);
      for (int j = 0; j < D; j++) {
        sum[j] += Math.scalb((double) Double.doubleToRawLongBits(words[j]), -budget.exponent());
      }
    }
    return sum;
  }

  /** What a coalition does not know has the deviation that is stated, and masks cancel. */
  @Test
  void theNoiseOfTheHonestIsWhatIsStatedAndMasksCancel() {
    RoundsBudget budget = budget(1);
    NoisySums noisy = noisy(budget, "run");
    double square = 0;
    int rounds = 5_000;
    for (int round = 1; round <= rounds; round++) {
      double[] sum = noise(noisy, budget, AGENTS - HONEST, round);
      square += Vectors.dot(sum, 0, sum, 0, D);
    }
    double off = 5 * Math.sqrt(2.0 / (rounds * D)); // five deviations of a mean of squares
    double variance = budget.deviation() * budget.deviation();
    assertThat(square / (rounds * D) / variance).isCloseTo(1, within(off));
    long[] masks = new long[D];
    for (int i = 0; i < AGENTS; i++) {
      double[] words = new double[D];
      noisy.mask(i, 3, words, 0, D);
      Arrays.setAll(masks, j -> masks[j] + Double.doubleToRawLongBits(words[j]));
      assertThat(Arrays.stream(masks).filter(word -> word == 0).count())
          .isEqualTo(i == AGENTS - 1 ? D : 0);
    }
  }

  private static double[] noise(String run, int agent, int round) {
    double[] words = new double[D];
    noisy(budget(1), run).noise(agent, round, words, 0, D);
    return words;
  }

  /** Rounds, agents and runs have noise of their own, and who is computed again has the same. */
  @Test
  void noiseIsDrawnOnceForEachAgentAndRound() {
    double[] once = noise("run", 2, 7);
    assertThat(noise("run", 2, 7)).isEqualTo(once);
    assertThat(noise("run", 2, 8)).isNotEqualTo(once);
    assertThat(noise("run", 3, 7)).isNotEqualTo(once);
    assertThat(noise("other run", 2, 7)).isNotEqualTo(once);
  }

  private static double[] gradient(Table table, Loss loss, int agent, double[] x) {
    LocalObjective costs = Under.all(noisy(budget(1), "run"), table.shards(loss, RIDGE), AGENTS);
    double[] g = new double[D];
    costs.gradient(agent, 0, x, 0, g);
    return g;
  }

  /** The table with another row in one place. */
  private static Table replaced(Table table, double[] row, double label) {
    double[][][] rows = table.rows().clone();
    double[][] labels = table.labels().clone();
    rows[3] = rows[3].clone();
    labels[3] = labels[3].clone();
    rows[3][2] = row;
    labels[3][2] = label;
    return new Table(rows, labels);
  }

  /** Whatever stands in it; also counts far out, whose exponentials overflow. */
  @Test
  void anyOneRowMovesASumByNoMoreThanDelta() {
    SplittableRandom random = new SplittableRandom(4);
    double delta = budget(1).sensitivity();
    Table counts = Table.random(AGENTS, ROWS, D - 1, Loss.Labels.COUNT, 16);
    double farthest = 0;
    for (double size : new double[] {1e-3, 1, 1e3, 1e9, 1e100}) {
      double[] row = random.doubles(D - 1, -size, size).toArray();
      double[] x = random.doubles(D, -3, 3).toArray();
      for (int sign = -1; sign <= 1; sign += 2) {
        double[] moved = gradient(replaced(TABLE, row, sign), new Logistic(), 3, x);
        Vectors.addScaled(-1, gradient(TABLE, new Logistic(), 3, x), 0, moved, 0, D);
        farthest = Math.max(farthest, Vectors.norm(moved));
      }
      for (double label : new double[] {0, 1e12, 1e300}) {
        double[] moved = gradient(replaced(counts, row, label), new Poisson(), 3, x);
        Vectors.addScaled(-1, gradient(counts, new Poisson(), 3, x), 0, moved, 0, D);
        assertThat(Arrays.stream(moved).allMatch(Double::isFinite)).isTrue();
        farthest = Math.max(farthest, Vectors.norm(moved));
      }
    }
    assertThat(farthest).isBetween(delta / 4, delta);
  }

  @Test
  void nothingElseLooksAtRows() {
    LocalObjective costs =
        Under.all(noisy(budget(1), "run"), TABLE.shards(new Logistic(), RIDGE), AGENTS);
    double[] x = new double[D];
    List<Runnable> looks =
        List.of(
            costs::measured,
            () -> costs.value(0, x, 0),
            () -> costs.subgradient(0, 0, x, 0, x),
            () -> costs.measure(0, x, 0),
            () -> costs.lowest(0),
            costs::plain,
            costs::scores,
            costs::proximal);
    for (Runnable look : looks) {
      assertThatThrownBy(look::run).hasMessageContaining("nothing else looks at rows");
    }
    assertThat(costs.smoothness(0)).isZero();
    assertThat(costs.secondOrder()).isNull();
  }

  /**
   * The game in which a player has to say which of two rows a table has. The player knows all else,
   * and the noise of a coalition, and weighs what it sees as well as can be.
   */
  private static int won(RoundsBudget budget, int games) {
    double[] row = {300, 0, 0}; // so long that it is clipped at any point nearby
    Table[] worlds = {replaced(TABLE, row, -1), replaced(TABLE, row, 1)};
    double[] x = new double[D];
    double[][] sums = new double[2][];
    for (int b = 0; b < 2; b++) {
      sums[b] = gradient(worlds[b], new Logistic(), 3, x);
    }
    double[] difference = sums[1].clone();
    Vectors.addScaled(-1, sums[0], 0, difference, 0, D);
    assertThat(Vectors.norm(difference)).isCloseTo(2 * CLIP / (AGENTS * ROWS), within(1e-7));
    SplittableRandom coin = new SplittableRandom(8);
    int won = 0;
    for (int game = 0; game < games; game++) {
      int world = coin.nextInt(2);
      NoisySums noisy = noisy(budget, "game " + game);
      double statistic = 0;
      for (int round = 1; round <= T; round++) {
        double[] seen = noise(noisy, budget, AGENTS - HONEST, round);
        Vectors.addScaled(1, sums[world], 0, seen, 0, D);
        Vectors.addScaled(-1, sums[0], 0, seen, 0, D);
        statistic += Vectors.dot(seen, 0, difference, 0, D);
      }
      double half = T * Vectors.dot(difference, 0, difference, 0, D) / 2;
      won += (statistic > half ? 1 : 0) == world ? 1 : 0;
    }
    return won;
  }

  /** At 95 %; with half of the noise the same player is beyond it, so that would be noticed. */
  @Test
  void theBestPlayerWinsNoMoreThanIsStatedAndHalfTheNoiseIsNoticed() {
    int games = 200;
    RoundsBudget budget = budget(8);
    double odds = budget.after(T).odds();
    assertThat(odds).isCloseTo(0.778, within(1e-3));
    double limit = games * odds + 1.645 * Math.sqrt(games * odds * (1 - odds));
    int won = won(budget, games);
    assertThat((double) won).isBetween(games * odds - 3 * (limit - games * odds), limit);
    RoundsBudget half =
        new RoundsBudget(
            budget.epsilon(),
            budget.delta(),
            budget.deltaOfRounding(),
            budget.epsilonOfRounding(),
            budget.clip(),
            budget.rows(),
            budget.agents(),
            budget.honest(),
            budget.rounds(),
            budget.sensitivity(),
            budget.exponent(),
            budget.scale() / 2);
    assertThat((double) won(half, games)).isGreaterThan(limit);
  }

  private static Setup setup() {
    return Setup.withIntercept(TABLE.shards(new Logistic(), RIDGE), AGENTS, D)
        .cells(3)
        .within(new Ball(1), Map.of());
  }

  private static Sums.Course run(Plan plan, int ticks) {
    Algorithm method = new SummingRounds(NoisyGradient.usual());
    return Sums.run(plan.under(noisy(budget(8), "run")), method, ticks);
  }

  private static Channel channel(double loss, double up, Delay delay, Outages outages) {
    return new Channel(5, loss, up, Schedule.ALWAYS, delay, outages);
  }

  /** Agents that fall silent for a while, lost and late messages: the same result, later. */
  @Test
  void whatDisturbsMessagesMovesNoBit() {
    Sums.Course clear = run(setup().plan(), 1_000);
    assertThat(clear.end().open()).isFalse();
    assertThat(clear.points()).hasSize(T + 1);
    Outages silent = Outages.of(5, 0.3, 7, Map.of(), Map.of(4, List.of(new Outages.Span(20, 140))));
    for (Channel channel :
        List.of(
            channel(0.5, 1, Delay.NONE, Outages.NONE),
            channel(0, 0.6, Delay.of(Delay.Model.UNIFORM, 4), Outages.NONE),
            channel(0, 1, Delay.NONE, silent))) {
      Sums.Course course = run(setup().through(channel).plan(), 6_000);
      assertThat(course.points()).as("%s", channel).isEqualTo(clear.points());
      assertThat(course.last()).as("%s", channel).isGreaterThan(clear.last());
    }
    Plan rare = setup().clock(new Bernoulli(3, 0.5, Map.of(6, 0.05))).plan();
    assertThat(run(rare, 6_000).points()).isEqualTo(clear.points());
  }

  /** By hand, from the same sums without noise that shows. */
  @Test
  void theResultIsTheMeanOfTheLatterHalfOfGradientSteps() {
    RoundsBudget fine =
        new RoundsBudget(1, 1e-6, 0, 0, CLIP, AGENTS * ROWS, AGENTS, HONEST, T, 1, 50, 1);
    Plan plan = setup().plan().under(noisy(fine, "run"));
    Sums.Course course = Sums.run(plan, new SummingRounds(NoisyGradient.usual()), 1_000);
    double[] y = new double[D];
    double[] mean = new double[D];
    for (int round = 1; round <= T; round++) {
      double[] g = new double[D];
      for (int i = 0; i < AGENTS; i++) {
        Vectors.addScaled(1, gradient(TABLE, new Logistic(), i, y), 0, g, 0, D);
      }
      Vectors.addScaled(RIDGE.l2(), y, 0, g, 0, D - 1);
      Vectors.addScaled(-2, g, 0, y, 0, D);
      y = new Ball(1).projected(y, D - 1);
      if (round > T / 2) {
        Vectors.addScaled(2.0 / T, y, 0, mean, 0, D);
      }
    }
    List<Long> bits = Objects.requireNonNull(course.points().get(T + 1L));
    double[] result = bits.stream().mapToDouble(Double::longBitsToDouble).toArray();
    assertThat(result).containsExactly(mean, within(1e-11));
    assertThat(IntStream.range(0, D).mapToDouble(j -> Math.abs(mean[j])).sum()).isPositive();
  }
}
