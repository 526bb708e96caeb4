package io.sotto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Setup;
import io.sotto.engine.Sums;
import io.sotto.engine.Table;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rounds of sums: what disturbs messages costs ticks and moves no point. */
class SummingRoundsTest {
  private static final int AGENTS = 9;
  private static final int FEATURES = 4;
  private static final Table TABLE = Table.random(AGENTS, 8, FEATURES, Loss.Labels.BINARY, 5);
  private static final Regularizer RIDGE = new Regularizer(0.02, 0);

  private static Setup logistic() {
    return Setup.withIntercept(TABLE.shards(new Logistic(), RIDGE), AGENTS, FEATURES + 1).cells(3);
  }

  private static Channel channel(double loss, double up, Delay delay, Outages outages) {
    return new Channel(5, loss, up, Schedule.ALWAYS, delay, outages);
  }

  /** Loss, delay, links and agents that come and go, and late borders: the same points, later. */
  @Test
  void whateverBecomesOfMessagesThePointsAreTheSame() {
    Sums.Course clear = Sums.run(logistic().plan(), Sums.method(500), 400);
    assertThat(clear.end().open()).isFalse();
    assertThat(clear.points()).hasSizeBetween(4, 12);
    Delay late = Delay.of(Delay.Model.UNIFORM, 4);
    List<Channel> rough =
        List.of(
            channel(0.5, 1, Delay.NONE, Outages.NONE),
            channel(0, 0.4, Delay.NONE, Outages.NONE),
            channel(0, 1, Delay.of(Delay.Model.CONSTANT, 3), Outages.NONE),
            channel(0.2, 0.8, late, Outages.of(5, 0.3, 7, Map.of(), Map.of())));
    for (Channel channel : rough) {
      Sums.Course course = Sums.run(logistic().through(channel).plan(), Sums.method(500), 3_000);
      assertThat(course.points()).as("%s", channel).isEqualTo(clear.points());
      assertThat(course.last()).as("%s", channel).isGreaterThan(clear.last());
    }
    Sums.Course borders = Sums.run(logistic().ticksPerSuperstep(8).plan(), Sums.method(500), 2_000);
    assertThat(borders.points().values()).isSubsetOf(clear.points().values());
    assertThat(borders.last()).isGreaterThan(clear.last());
  }

  /** No sum is made without an agent that is gone, and it is known how many are waited for. */
  @Test
  void whoIsGoneKeepsTheRoundOpen() {
    Outages gone =
        Outages.of(5, 0, 1, Map.of(), Map.of(4, List.of(new Outages.Span(20, Long.MAX_VALUE))));
    Plan plan = logistic().through(channel(0, 1, Delay.NONE, gone)).plan();
    Sums.Course course = Sums.run(plan, Sums.method(500), 1_000);
    assertThat(course.end().open()).isTrue();
    assertThat(course.waiting()).isEqualTo(1);
    Sums.Course longer = Sums.run(plan, Sums.method(500), 2_000);
    assertThat(longer.points()).isEqualTo(course.points());
  }

  @Test
  void rarelyActiveAgentsAreWaitedFor() {
    Sums.Course course =
        Sums.run(
            logistic().clock(new Bernoulli(3, 0.5, Map.of(6, 0.02))).plan(),
            Sums.method(500),
            4_000);
    assertThat(course.end().open()).isFalse();
    assertThat(course.points())
        .isEqualTo(Sums.run(logistic().plan(), Sums.method(500), 400).points());
  }

  @Test
  void scalesGoThroughAWord() {
    for (Scales scales : List.of(new Scales(42, -3, 0), new Scales(-1000, 1000, -1))) {
      assertThat(Scales.of(scales.bits())).isEqualTo(scales);
    }
    double most = Scales.most(10);
    double[] words = new double[1];
    Scales scales = Scales.of(10, 3.0, 1, 1);
    assertThat(Scales.write(3 * 0x1p15, scales.value(), most, words, 0)).isTrue();
    assertThat(Scales.read(words, 0, scales.value())).isEqualTo(3 * 0x1p15);
    assertThat(Scales.write(3 * 0x1p20, scales.value(), most, words, 0)).isFalse();
    assertThat(Scales.write(Double.NaN, scales.value(), most, words, 0)).isFalse();
    assertThat(Scales.write(Double.POSITIVE_INFINITY, 0, most, words, 0)).isFalse();
  }
}
