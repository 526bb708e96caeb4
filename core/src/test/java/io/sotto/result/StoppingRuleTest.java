package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.result.Measurement.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Progress and bounds, on measurements that are made up. */
class StoppingRuleTest {
  private static final StoppingRule RULE = new StoppingRule(5_000, 1e-2, 1e-3, 100);

  private static Measurement at(
      long tick, double objective, double stationarity, double infeasibility, double apart) {
    double[] none = {};
    return new Measurement(
        tick,
        tick,
        Candidate.LAST_MEAN,
        none,
        objective,
        infeasibility,
        apart,
        stationarity,
        0,
        0,
        none,
        Double.NaN,
        new LowerBound(0, 0, true, new LeastValue(List.of(), 0).start()));
  }

  private static Measurement rough(long tick, double objective) {
    return at(tick, objective, Double.NaN, 0, 0);
  }

  private static Trace trace(Measurement... measurements) {
    Trace trace = Trace.from(Double.NaN);
    for (Measurement measurement : measurements) {
      trace = trace.with(measurement, 0);
    }
    return trace;
  }

  @Test
  void smoothProgressIsRelativeToTheFirstValue() {
    Measurement now = at(100, 3, 0.5, 0, 0);
    Trace trace = trace(at(0, 9, 20, 0, 0), now);
    assertThat(RULE.progress(trace, now)).isEqualTo(0.025);
    assertThat(RULE.isDone(trace, now)).isFalse();
    assertThat(RULE.isDone(trace, at(200, 3, 0.2, 0, 0))).isTrue();
    assertThat(RULE.isDone(trace(at(0, 9, 0, 0, 0)), at(0, 9, 0, 0, 0)))
        .as("at the start")
        .isTrue();
  }

  @Test
  void roughProgressIsTheGainSinceHalfTheTicks() {
    Measurement now = rough(2_000, 5);
    Trace trace = trace(rough(0, 9), rough(500, 5.5), rough(1_000, 7), rough(1_100, 5), now);
    assertThat(RULE.progress(trace, now)).isEqualTo((5.5 - 5) / 5);
    assertThat(RULE.isDone(trace, now)).isFalse();
  }

  /** What would be reported must itself be as good as the best so far. */
  @Test
  void roughProgressIsNoBetterThanTheDistanceFromTheBest() {
    Measurement now = rough(4_000, 6);
    Trace trace = trace(rough(0, 9), rough(1_500, 5), rough(3_000, 5), now);
    assertThat(RULE.progress(trace, now)).isEqualTo((6.0 - 5) / 5);
    assertThat(RULE.isDone(trace, rough(4_000, 5.001))).isTrue();
  }

  @Test
  void roughProgressIsNotKnownEarly() {
    Measurement early = rough(999, 5);
    Trace trace = trace(rough(0, 5), rough(499, 5), early);
    assertThat(RULE.progress(trace, early)).isNaN();
    assertThat(RULE.isDone(trace, early)).isFalse();
    Measurement now = rough(1_000, 5);
    assertThat(RULE.isDone(trace.with(now, 0), now)).isTrue();
  }

  @Test
  void boundsAreInclusiveAndZeroIsNever() {
    assertThat(RULE.agrees(at(1, 0, 0, 0, 1e-3))).isTrue();
    assertThat(RULE.agrees(at(1, 0, 0, 0, 1.01e-3))).isFalse();
    assertThat(RULE.isFeasible(at(1, 0, 0, 1e-3, 9))).isTrue();
    assertThat(RULE.isFeasible(at(1, 0, 0, 1.01e-3, 0))).isFalse();
    StoppingRule never = new StoppingRule(5_000, 0, 0, 100);
    Measurement perfect = at(2_000, 0, 0, 0, 0);
    assertThat(never.isDone(trace(perfect), perfect)).isFalse();
    assertThat(never.agrees(perfect)).isFalse();
    assertThat(never.isFeasible(perfect)).isFalse();
  }

  @Test
  void checksFallOnMultiplesAndOnTheEnd() {
    assertThat(RULE.checks().after(0)).isEqualTo(100);
    assertThat(RULE.checks().after(99)).isEqualTo(100);
    assertThat(RULE.checks().after(100)).isEqualTo(200);
    assertThat(RULE.checks().after(4_950)).isEqualTo(5_000);
    assertThat(new StoppingRule(5_000, 0, 0, 300).checks().after(4_900)).isEqualTo(5_000);
  }

  @Test
  void reasonsHoldTheFigures() {
    Measurement now = at(5_000, 3, 0.5, 0.0021, 0.0043);
    Trace trace = trace(at(0, 9, 20, 0, 0), now);
    assertThat(RULE.unfinished("stop.max-ticks was reached", trace, now))
        .isEqualTo(
            "stop.max-ticks was reached; progress is 0.0250 (stop.tolerance 0.0100), disagreement"
                + " 0.00430 and infeasibility 0.00210 (stop.disagreement 0.00100)");
    assertThat(RULE.converged(trace, rough(4_000, 3)))
        .startsWith("the gain of the objective since half the ticks is ")
        .endsWith("; how far the optimum is below is not known: there was no measurement");
  }
}
