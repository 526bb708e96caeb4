package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Superstep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A history replays what was done, and does not grow with it. */
class HistoryTest {

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
    done.forEach(history::add);

    List<Superstep> replayed = new ArrayList<>();
    history.forEach(replayed::add);

    assertThat(replayed)
        .isEqualTo(
            done.stream()
                .map(
                    s ->
                        new Superstep(
                            s.first(), s.ticks(), s.mixOnly(), false, s.compare(), s.step()))
                .toList());
    assertThat(history.size()).isEqualTo(8);
    history.clear();
    assertThat(history.size()).isZero();
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
