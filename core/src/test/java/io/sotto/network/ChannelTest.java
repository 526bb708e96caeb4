package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.network.Delay.Model;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shares may miss their mean by 6 deviations: 2e-9 for each, were the seed not fixed. */
class ChannelTest {
  private static final long SEED = 1847;
  private static final int TICKS = 40_000;

  private static Channel lossy(double loss, double linkRate) {
    return new Channel(SEED, loss, linkRate, Schedule.ALWAYS, Delay.NONE, Outages.NONE);
  }

  private static Channel late(Delay delay) {
    return new Channel(SEED, 0, 1, Schedule.ALWAYS, delay, Outages.NONE);
  }

  private static Channel without(Outages outages) {
    return new Channel(SEED, 0, 1, Schedule.ALWAYS, Delay.NONE, outages);
  }

  private static void assertShare(double share, LongPredicate at) {
    long count = LongStream.rangeClosed(1, TICKS).filter(at).count();
    assertThat((double) count)
        .as("seed %d", SEED)
        .isCloseTo(TICKS * share, within(6 * Math.sqrt(TICKS * share * (1 - share)) + 1e-9));
  }

  @Test
  void aClearOneHearsAllAtOnce() {
    assertThat(Channel.CLEAR.clear()).isTrue();
    assertThat(Channel.CLEAR.late(3, 4, 17)).isZero();
    assertThat(Channel.CLEAR.availability(3)).isEqualTo(1);
  }

  @Test
  void messagesAreLostOneByOne() {
    Channel channel = lossy(0.3, 1);
    assertShare(0.7, tick -> channel.late(1, 2, tick) == 0);
    assertShare(0.49, tick -> channel.late(1, 2, tick) == 0 && channel.late(2, 1, tick) == 0);
    assertShare(0.49, tick -> channel.late(1, 2, tick) == 0 && channel.late(1, 3, tick) == 0);
    assertShare(0.49, tick -> channel.late(1, 2, tick) == 0 && channel.late(1, 2, tick + 1) == 0);
    assertThat(channel.late(1, 1, 5)).as("oneself").isZero();
  }

  @Test
  void linksGoBothWaysAtOnce() {
    Channel channel = lossy(0, 0.4);
    assertShare(0.4, tick -> channel.late(1, 2, tick) == 0);
    assertThat(
            LongStream.range(1, TICKS)
                .allMatch(k -> channel.late(1, 2, k) == channel.late(2, 1, k)))
        .isTrue();
  }

  @Test
  void delaysAreAsTheModelSays() {
    Channel constant = late(Delay.of(Model.CONSTANT, 3));
    Channel uniform = late(Delay.of(Model.UNIFORM, 3));
    Channel perEdge = late(Delay.of(Model.PER_EDGE, 1000));
    Channel given = late(Delay.given(Map.of(Delay.link(1, 2), 7, Delay.link(2, 1), 4)));
    assertThat(LongStream.range(1, 99).allMatch(k -> constant.late(1, 2, k) == 3)).isTrue();
    for (int ago = 0; ago <= 3; ago++) {
      int wanted = ago;
      assertShare(0.25, tick -> uniform.late(1, 2, tick) == wanted);
    }
    int drawn = perEdge.late(1, 2, 1);
    assertThat(LongStream.range(1, 99).allMatch(k -> perEdge.late(1, 2, k) == drawn)).isTrue();
    assertThat(perEdge.late(2, 1, 1)).as("the other way").isNotEqualTo(drawn);
    assertThat(given.late(2, 1, 5)).as("1 speaks, 2 hears").isEqualTo(7);
    assertThat(given.late(1, 2, 5)).isEqualTo(4);
    assertThat(given.delay().longest()).isEqualTo(7);
    assertThat(Delay.of(Model.NONE, 5).longest()).isZero();
  }

  @Test
  void listsTakeTurns() {
    Schedule schedule =
        Schedule.of(
            List.of(
                new Schedule.Period(new int[] {2}, new int[] {1}, 2),
                new Schedule.Period(new int[] {2, 1}, new int[] {3, 0}, 3)));
    Channel channel = new Channel(SEED, 0, 1, schedule, Delay.NONE, Outages.NONE);
    for (long tick = 1; tick <= 20; tick++) {
      boolean first = (tick - 1) % 5 < 2;
      assertThat(channel.late(1, 2, tick)).isEqualTo(first ? 0 : Channel.UNHEARD);
      assertThat(channel.late(2, 1, tick)).isEqualTo(first ? 0 : Channel.UNHEARD);
      assertThat(channel.late(3, 2, tick)).isEqualTo(first ? Channel.UNHEARD : 0);
      assertThat(channel.late(0, 1, tick)).isEqualTo(first ? Channel.UNHEARD : 0);
    }
  }

  @Test
  void agentsAreOfflineInBlocksAndIntervals() {
    Outages outages =
        Outages.of(
            SEED,
            0.2,
            10,
            Map.of(1, 0.6, 2, 0.0),
            Map.of(2, List.of(new Outages.Span(5, 7), new Outages.Span(9, 9))));
    Channel channel = without(outages);
    assertThat(channel.availability(0)).isEqualTo(0.8);
    assertThat(channel.availability(1)).isEqualTo(0.4);
    assertShare(0.8, block -> channel.online(0, 10 * block));
    assertShare(0.4, block -> channel.online(1, 10 * block));
    for (long tick = 1; tick <= 1000; tick++) {
      assertThat(channel.online(1, tick)).isEqualTo(channel.online(1, (tick - 1) / 10 * 10 + 1));
      assertThat(channel.online(2, tick)).isEqualTo(!(tick >= 5 && tick <= 7 || tick == 9));
      boolean both = channel.online(1, tick) && channel.online(2, tick);
      assertThat(channel.late(1, 2, tick)).isEqualTo(both ? 0 : Channel.UNHEARD);
      assertThat(channel.late(2, 1, tick)).isEqualTo(both ? 0 : Channel.UNHEARD);
    }
    assertThat(Outages.of(SEED, 0, 50, Map.of(3, 0.0), Map.of())).isSameAs(Outages.NONE);
  }

  /** A cell keeps only what concerns its agents, and hears the same. */
  @Test
  void aPartHearsTheSame() {
    Channel whole =
        new Channel(
            SEED,
            0.1,
            0.9,
            Schedule.of(
                List.of(
                    new Schedule.Period(new int[] {0, 1, 2}, new int[] {1, 2, 3}, 3),
                    new Schedule.Period(new int[] {3}, new int[] {0}, 2))),
            Delay.given(
                Map.of(
                    Delay.link(0, 1),
                    1,
                    Delay.link(1, 0),
                    2,
                    Delay.link(1, 2),
                    3,
                    Delay.link(2, 1),
                    4,
                    Delay.link(2, 3),
                    5,
                    Delay.link(3, 2),
                    6,
                    Delay.link(3, 0),
                    7,
                    Delay.link(0, 3),
                    8)),
            Outages.NONE);
    Channel part = whole.around(new int[] {1, 3});
    assertThat(part.schedule().links()[0]).hasSize(3);
    assertThat(whole.around(new int[] {1}).delay().links()).hasSize(4);
    for (long tick = 1; tick <= 500; tick++) {
      assertThat(part.late(1, 0, tick)).isEqualTo(whole.late(1, 0, tick));
      assertThat(part.late(1, 2, tick)).isEqualTo(whole.late(1, 2, tick));
      assertThat(part.late(3, 0, tick)).isEqualTo(whole.late(3, 0, tick));
    }
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 1", "1, 1", "NaN, 1", "0, 0", "0, 1.1", "0, NaN"})
  void whatIsNoProbabilityIsRefused(double loss, double linkRate) {
    assertThatThrownBy(() -> lossy(loss, linkRate)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Delay.of(Model.CONSTANT, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
