package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.result.Measurement.Candidate;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces are values, also long ones. */
class TraceTest {
  private static final long SEED = 12;
  private static final LowerBoundSearch NOTHING =
      new LowerBoundSearch(0, 0, true, new LeastValue(List.of(), 0).start());

  private static Measurement at(long tick, double objective) {
    double[] none = {};
    return new Measurement(
        tick,
        tick / 3,
        Candidate.LAST_MEAN,
        none,
        objective,
        0,
        0,
        objective / 2,
        0,
        0,
        none,
        Measured.NONE,
        NOTHING);
  }

  @Test
  void bestUpToATickIsTheLowestThatWasMeasuredByThen() {
    SplittableRandom random = new SplittableRandom(SEED);
    Trace trace = Trace.empty();
    assertThat(trace.best(100)).isInfinite();
    long tick = 0;
    for (int k = 0; k < 300; k++) {
      trace = trace.with(at(tick, random.nextDouble()), k);
      long until = random.nextLong(-1, tick + 3);
      double expected =
          trace.points().stream()
              .filter(p -> p.tick() <= until)
              .mapToDouble(Trace.Point::objective)
              .min()
              .orElse(Double.POSITIVE_INFINITY);
      assertThat(trace.best(until)).as("seed %d, tick %d", SEED, until).isEqualTo(expected);
      assertThat(trace.last().tick()).isEqualTo(tick);
      assertThat(trace.first().tick()).isZero();
      tick += random.nextInt(1, 9);
    }
  }

  @Test
  void oneMoreMeasurementMakesAnotherTrace() {
    Trace one = Trace.empty().with(at(0, 5), 0);
    Trace left = one.with(at(1, 4), 1);
    Trace right = one.with(at(2, 3), 1);
    assertThat(one.points()).extracting(Trace.Point::tick).containsExactly(0L);
    assertThat(left.points()).extracting(Trace.Point::tick).containsExactly(0L, 1L);
    assertThat(right.points()).extracting(Trace.Point::tick).containsExactly(0L, 2L);
    assertThat(left.best(9)).isEqualTo(4);
    assertThat(left).isNotEqualTo(right).isEqualTo(one.with(at(1, 4), 1));
  }

  /** A measurement at each of 200,000 ticks, and what the rule asks at each: seconds, not hours. */
  @Test
  @Timeout(60)
  void longTracesAreCheapAndCanBeMadeOfTheirPoints() {
    int last = 200_000;
    Trace trace = Trace.empty();
    double sum = 0;
    for (int tick = 0; tick <= last; tick++) {
      trace = trace.with(at(tick, last - tick), 0);
      sum += trace.best(tick / 2);
    }
    assertThat(sum).isEqualTo(last * (last + 1.0) - last / 2.0 * (last / 2.0));
    Trace read = Trace.of(trace.points());
    assertThat(read.equals(trace)).isTrue();
    assertThat(read.best(last / 4)).isEqualTo(last - last / 4);
  }
}
