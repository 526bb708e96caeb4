package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.clock.Draws;
import io.sotto.engine.LocalEngine;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Ball;
import io.sotto.problem.Hinge;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Squared;
import io.sotto.run.SelectionSettings.By;
import io.sotto.run.SelectionSettings.Penalty;
import io.sotto.run.SelectionSettings.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Paths of penalties, against cyclic coordinate descent on the same rows in one table. */
class SelectionTest {
  private static final int ROWS = 150;
  private static final int COLUMNS = 6;
  private static final int AGENTS = 5;
  private static final long SEED = 3;

  private static double a(int i, int j) {
    return ((i + 1) * (37 + 16 * j) % 101) / 20.0 - 2 + 0.3 * ((i + j) % 3);
  }

  private static double y(int i) {
    double noise = ((i + 1) * 71 % 149) / 149.0 - 0.5;
    return 1 + 0.8 * a(i, 0) - 0.3 * a(i, 2) + 0.05 * a(i, 4) + 3 * noise + 0.4 * (i % AGENTS);
  }

  private static String agent(int i) {
    return "site" + i % AGENTS;
  }

  private static MemoryRows rows() {
    return rows(IntStream.range(0, ROWS).mapToDouble(SelectionTest::y).toArray());
  }

  private static MemoryRows rows(double[] labels) {
    return MemoryRows.of(
            IntStream.range(0, COLUMNS).mapToObj(j -> "c" + j).toList(),
            IntStream.range(0, ROWS).mapToObj(SelectionTest::agent).toArray(String[]::new),
            IntStream.range(0, ROWS)
                .mapToObj(i -> IntStream.range(0, COLUMNS).mapToDouble(j -> a(i, j)).toArray())
                .toArray(double[][]::new),
            labels)
        .standardize(false);
  }

  /** Of squared loss with an intercept, on some rows: coefficients, then the intercept. */
  private static double[] descended(IntPredicate trained, Penalty penalty) {
    int[] rows = IntStream.range(0, ROWS).filter(trained).toArray();
    double[] x = new double[COLUMNS + 1];
    double moved = 1;
    while (moved > 1e-13) {
      moved = 0;
      for (int j = 0; j <= COLUMNS; j++) {
        double slope = 0;
        double square = 0;
        for (int i : rows) {
          double own = j < COLUMNS ? a(i, j) : 1;
          slope += own * (y(i) - predicted(x, i) + own * x[j]) / rows.length;
          square += own * own / rows.length;
        }
        double shrunk = Math.max(0, Math.abs(slope) - (j < COLUMNS ? penalty.l1() : 0));
        double next = Math.copySign(shrunk, slope) / (square + (j < COLUMNS ? penalty.l2() : 0));
        moved = Math.max(moved, Math.abs(next - x[j]));
        x[j] = next;
      }
    }
    return x;
  }

  private static double predicted(double[] x, int i) {
    double z = x[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      z += x[j] * a(i, j);
    }
    return z;
  }

  private static double loss(double[] x, int i) {
    return Math.pow(predicted(x, i) - y(i), 2) / 2;
  }

  /** Row i is the row of its agent number i / AGENTS. */
  private static boolean isHeld(int i) {
    return Draws.uniform(SEED, i % AGENTS, i / AGENTS, Draws.Purpose.HELD_OUT) < 0.2;
  }

  private static Optimize optimize(Loss loss, MemoryRows rows, SelectionSettings how) {
    Penalty first = how.penalties().get(0);
    return Optimize.of(RowsProblem.of(rows, loss).l2(first.l2()).l1(first.l1()))
        .secret(Secret.fresh())
        .seed(SEED)
        .tolerance(1e-10)
        .engines(new LocalEngine(1), null)
        .selection(how);
  }

  private static List<Map<String, ?>> path(RunResult result) {
    Map<?, ?> selection =
        (Map<?, ?>) Objects.requireNonNull(result.record().map().get("selection"));
    List<Map<String, ?>> all = new ArrayList<>();
    for (Object one : (List<?>) Objects.requireNonNull(selection.get("path"))) {
      Map<String, Object> copy = new HashMap<>();
      ((Map<?, ?>) one).forEach((key, value) -> copy.put(String.valueOf(key), value));
      all.add(copy);
    }
    return all;
  }

  private static double number(Map<String, ?> map, String key) {
    return ((Number) Objects.requireNonNull(map.get(key), key)).doubleValue();
  }

  private static final List<Penalty> RIDGE =
      DoubleStream.of(0.01, 3, 0.3, 0.03).mapToObj(l2 -> new Penalty(l2, 0)).toList();

  private static final List<Penalty> LASSO =
      DoubleStream.of(1.5, 0.4, 0.05, 0).mapToObj(l1 -> new Penalty(0.02, l1)).toList();

  private static void requireHeldOut(List<Penalty> penalties) throws Exception {
    SelectionSettings how = SelectionSettings.of(penalties);
    RunResult result = optimize(new Squared(), rows(), how).run();
    int[] held = IntStream.range(0, ROWS).filter(SelectionTest::isHeld).toArray();
    assertThat(held.length).isBetween(15, 50);
    Penalty best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < penalties.size(); k++) {
      Penalty penalty = how.penalties().get(k);
      double[] x = descended(i -> !isHeld(i), penalty);
      double[] losses = Arrays.stream(held).mapToDouble(i -> loss(x, i)).toArray();
      double mean = Arrays.stream(losses).average().orElseThrow();
      double variance =
          Arrays.stream(losses).map(l -> (l - mean) * (l - mean)).sum() / (losses.length - 1);
      Map<String, ?> trial = path(result).get(k);
      assertThat(number(trial, "l2")).isEqualTo(penalty.l2());
      assertThat(number(trial, "heldOutLoss")).isCloseTo(mean, within(1e-7));
      assertThat(number(trial, "stdError"))
          .isCloseTo(Math.sqrt(variance / losses.length), within(1e-7));
      long nonzero =
          Arrays.stream(descended(i -> true, penalty), 0, COLUMNS).filter(w -> w != 0).count();
      assertThat(number(trial, "nonzero")).isEqualTo(nonzero);
      best = mean < least ? penalty : best;
      least = Math.min(mean, least);
    }
    double[] refitted = descended(i -> true, Objects.requireNonNull(best));
    for (int j = 0; j < COLUMNS; j++) {
      assertThat(result.solution().estimate()[j]).isCloseTo(refitted[j], within(1e-4));
    }
  }

  @Test
  void ridgeAndLassoAreThoseOfPooledRows() throws Exception {
    requireHeldOut(RIDGE);
    requireHeldOut(LASSO);
  }

  @Test
  void eachAgentIsLeftOutInTurn() throws Exception {
    SelectionSettings how = SelectionSettings.of(RIDGE).by(By.AGENT).rule(Rule.ONE_STANDARD_ERROR);
    RunResult result = optimize(new Squared(), rows(), how).run();
    for (int k = 0; k < RIDGE.size(); k++) {
      Penalty penalty = how.penalties().get(k);
      double[] means = new double[AGENTS];
      for (int out = 0; out < AGENTS; out++) {
        int left = out;
        double[] x = descended(i -> i % AGENTS != left, penalty);
        means[out] =
            IntStream.range(0, ROWS)
                .filter(i -> i % AGENTS == left)
                .mapToDouble(i -> loss(x, i))
                .average()
                .orElseThrow();
      }
      double mean = Arrays.stream(means).average().orElseThrow();
      double variance = Arrays.stream(means).map(m -> (m - mean) * (m - mean)).sum() / (AGENTS - 1);
      Map<String, ?> trial = path(result).get(k);
      assertThat(number(trial, "heldOutLoss")).isCloseTo(mean, within(1e-7));
      assertThat(number(trial, "stdError")).isCloseTo(Math.sqrt(variance / AGENTS), within(1e-7));
      Map<?, ?> own = (Map<?, ?>) Objects.requireNonNull(trial.get("byAgent"));
      assertThat((double) Objects.requireNonNull(own.get("site2")))
          .isCloseTo(means[2], within(1e-7));
    }
    RunResult untold = optimize(new Squared(), rows(), how.perAgent(false)).run();
    assertThat(path(untold)).allSatisfy(trial -> assertThat(trial).doesNotContainKey("byAgent"));
    assertThat(path(untold).get(1).get("heldOutLoss"))
        .isEqualTo(path(result).get(1).get("heldOutLoss"));
  }

  @Test
  void onePenaltyGetsItsHeldOutLossAndTheSameResult() throws Exception {
    SelectionSettings how = SelectionSettings.of(List.of(new Penalty(0.1, 0))).by(By.AGENT);
    Optimize plain = optimize(new Squared(), rows(), how).secret(Secret.fresh());
    Secret secret = Secret.fresh();
    RunResult judged = plain.secret(secret).run();
    RunResult without = plain.secret(secret).selection(SelectionSettings.off()).run();
    assertThat(path(judged)).hasSize(1);
    assertThat(judged.solution().estimate()).isEqualTo(without.solution().estimate());
  }

  @Test
  void aBallHoldsTrialsToo() throws Exception {
    SelectionSettings how = SelectionSettings.of(LASSO);
    RunResult free = optimize(new Squared(), rows(), how).run();
    RunResult held = optimize(new Squared(), rows(), how).constraint(new Ball(0.2)).run();
    // at the largest penalty all coefficients are 0, and in the ball
    assertThat(number(path(held).get(0), "heldOutLoss"))
        .isCloseTo(number(path(free).get(0), "heldOutLoss"), within(1e-8));
    assertThat(number(path(held).get(3), "heldOutLoss"))
        .isGreaterThan(number(path(free).get(3), "heldOutLoss") + 1e-3);
  }

  @Test
  void aRefitHasOtherTermsThanItsLargestPenalty() throws Exception {
    Secret secret = Secret.fresh();
    SelectionSettings how = SelectionSettings.of(RIDGE);
    RunResult chosen = optimize(new Squared(), rows(), how).secret(secret).run();
    RunResult plain =
        optimize(new Squared(), rows(), how)
            .secret(secret)
            .selection(SelectionSettings.off())
            .run();
    assertThat(termsMark(chosen)).isNotNull().isNotEqualTo(termsMark(plain));
  }

  private static Object termsMark(RunResult result) {
    Map<?, ?> privacy = (Map<?, ?>) Objects.requireNonNull(result.record().map().get("privacy"));
    return Objects.requireNonNull(privacy.get("termsMark"));
  }

  @Test
  void whatCannotBeJudgedIsRefused() {
    SelectionSettings how = SelectionSettings.of(RIDGE);
    double[] signs = IntStream.range(0, ROWS).mapToDouble(i -> y(i) > 1.5 ? 1 : -1).toArray();
    assertThatThrownBy(() -> optimize(new Hinge(), rows(signs), how).prepare())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("hinge, which has no second derivatives");
    assertThatThrownBy(() -> optimize(new Logistic(), rows(signs), how.coordinates(3)).prepare())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("selection.max-coordinates is 3");
    MemoryRows one =
        MemoryRows.of(
            List.of("c"), new String[] {"a", "a"}, new double[][] {{1}, {2}}, new double[] {1, 2});
    assertThatThrownBy(() -> optimize(new Squared(), one, how.by(By.AGENT)).prepare())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("there is one agent");
  }
}
