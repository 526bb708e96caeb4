package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Beginning;
import io.sotto.engine.Superstep;
import io.sotto.engine.Wiretap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A history replays what was done, and does not grow with it. */
class HistoryTest {
  private static final Beginning START = new Beginning(List.of(), Wiretap.none());

  @Test
  void itReplaysAllSuperstepsInTheirOrder() {
    List<Superstep> done =
        List.of(
            new Superstep(1, 8, false, false),
            new Superstep(9, 8, false, true),
            new Superstep(17, 8, true, false),
            new Superstep(25, 8, true, true),
            new Superstep(33, 8, false, false, Superstep.Compare.YES, 0),
            new Superstep(41, 8, false, false, Superstep.Compare.NO, 0.5),
            new Superstep(49, 8, false, false),
            new Superstep(57, 3, false, true));
    History history = new History();
    history.begin(START);
    done.forEach(history::add);

    assertThat(replayed(history, history.points().get(0))).isEqualTo(silent(done));
    assertThat(history.size()).isEqualTo(8);
    history.clear();
    assertThat(history.size()).isZero();
    assertThat(history.points()).isEmpty();
  }

  /** What is stored is where to begin, the latest first, then the one before, then the start. */
  @Test
  void itReplaysFromWhereStatesWereStored() {
    List<Superstep> done =
        LongStream.range(0, 20)
            .mapToObj(k -> new Superstep(1 + 4 * k, 4, k > 12, k == 12))
            .toList();
    History history = new History();
    history.begin(START);
    for (int k = 0; k < 20; k++) {
      history.add(done.get(k));
      if (k % 5 == 3) { // after 4, 9, 14 and 19 supersteps
        history.stored(START);
      }
    }
    List<History.Point> points = history.points();
    assertThat(points).extracting(History.Point::after).containsExactly(19L, 14L, 0L);
    assertThat(history.sinceStored()).isEqualTo(1);
    for (History.Point point : points) {
      assertThat(replayed(history, point)).isEqualTo(silent(done.subList((int) point.after(), 20)));
    }
  }

  private static List<Superstep> replayed(History history, History.Point from) {
    List<Superstep> replayed = new ArrayList<>();
    history.forEach(from, replayed::add);
    return replayed;
  }

  /** The same without reports. */
  private static List<Superstep> silent(List<Superstep> done) {
    return done.stream()
        .map(s -> new Superstep(s.first(), s.ticks(), s.mixOnly(), false, s.compare(), s.step()))
        .toList();
  }

  @Test
  void aMillionSuperstepsAreAFewStretches() {
    History history = new History();
    for (long k = 0; k < 1_000_000; k++) {
      history.add(new Superstep(1 + 32 * k, 32, false, k % 10 == 9));
    }
    assertThat(history.size()).isEqualTo(1_000_000);
    assertThat(history.stretches()).isEqualTo(1);
  }
}
