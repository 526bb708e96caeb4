package io.sotto.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.result.Measured;
import io.sotto.result.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static Trace.Point point(
      long tick, double objective, double disagreement, double bound, Measured measured) {
    return new Trace.Point(
        tick, tick, objective, disagreement, 0, Double.NaN, bound, measured, 1, 0.5 * tick);
  }

  private static Trace trace(int points) {
    return Trace.of(
        IntStream.range(0, points)
            .mapToObj(
                k ->
                    point(
                        k,
                        k == 71_234 ? 99 : 1 + 1.0 / (1 + k),
                        k == 33_333 ? 1e-12 : 1e-3 / (1 + k % 7),
                        k < 10 ? Double.NEGATIVE_INFINITY : 0.5,
                        Measured.NONE))
            .toList());
  }

  private static List<Object> column(Map<?, ?> curves, String name) {
    return new ArrayList<>((List<?>) curves.get(name));
  }

  @Test
  void aShortTraceIsThereAsItIs() {
    Map<String, Object> curves = cast(Curves.of(trace(20), List.of("a")));
    assertThat(column(curves, "tick"))
        .isEqualTo(IntStream.range(0, 20).mapToObj(k -> (long) k).toList());
    assertThat(column(curves, "seconds").get(19)).isEqualTo(9.5);
    assertThat(column(curves, "objective").get(3)).isEqualTo(1.25);
    assertThat(column(curves, "certifiedGap").get(9)).as("no bound yet").isNull();
    assertThat(column(curves, "certifiedGap").get(15))
        .isEqualTo((1 + 1.0 / 16 - 0.5) / (1 + 1.0 / 16));
    assertThat(column(curves, "aboveBound").get(3)).as("the last bound").isEqualTo(0.75 / 1.25);
  }

  @Test
  void aLongTraceKeepsItsEndsAndPeaks() {
    Map<String, Object> curves = cast(Curves.of(trace(100_000), List.of()));
    List<Object> ticks = column(curves, "tick");
    assertThat(ticks.size()).isBetween(Curves.MOST / 4, Curves.MOST);
    assertThat(ticks).contains(0L, 33_333L, 71_234L, 99_999L);
    assertThat(ticks.stream().map(Long.class::cast).toList()).isSorted();
    assertThat(curves.get("measurements")).isEqualTo(100_000);
    for (int k = 0; k < ticks.size(); k++) {
      long tick = (Long) ticks.get(k);
      double expected = tick == 71_234 ? 99 : 1 + 1.0 / (1 + tick);
      assertThat(column(curves, "objective").get(k)).isEqualTo(expected);
    }
  }

  @Test
  void whatAgentsMeasureIsLeftOutWithTheirNames() {
    Measured measured =
        new Measured(List.of("heldOutLoss"), List.of(2.0), List.of(List.of(1.5, Double.NaN)));
    Trace trace = Trace.of(List.of(point(0, 2, 0, Double.NEGATIVE_INFINITY, measured)));
    Map<String, Object> named = cast(Curves.of(trace, List.of("a", "b")));
    assertThat(column(named, "heldOutLoss")).isEqualTo(List.of(2.0));
    assertThat(named.get("byAgent"))
        .isEqualTo(
            Map.of(
                "tick",
                List.of(0L),
                "seconds",
                List.of(0.0),
                "heldOutLoss",
                Map.of("a", List.of(1.5))));
    assertThat(cast(Curves.of(trace, List.of())).get("byAgent")).isNull();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map<String, Object> cast(Map map) {
    return map;
  }
}
