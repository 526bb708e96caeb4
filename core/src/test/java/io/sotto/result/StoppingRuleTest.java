package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Question;
import io.sotto.result.Measurement.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Progress and bounds, on measurements that are made up. */
class StoppingRuleTest {
  private static final StoppingRule RULE = new StoppingRule(5_000, 1e-2, 1e-3, 100);

  private static final LowerBoundSearch NOTHING =
      new LowerBoundSearch(0, 0, true, new LeastValue(List.of(), 0).start());

  /** Of costs whose subgradients are estimates. */
  private static LowerBoundSearch inexact() {
    double[] none = {};
    Question question = new Question(0, new double[][] {none}, true, new int[] {0}, false, 0, none);
    Question.Answer answer =
        new Question.Answer(new double[] {1}, none, false, 0, null, List.of(), new double[0][]);
    return NOTHING.learn(question, answer, 1, new LeastValue(List.of(), 0));
  }

  /** With a certified gap, and with one that there seems to be. */
  private static Measurement known(long tick, double objective, double certain, double seems) {
    LowerBoundSearch lower =
        NOTHING
            .certified(objective, Math.sqrt(2 * objective * certain), 0, Double.NaN)
            .curved(null, objective, Math.sqrt(2 * objective * seems));
    return at(tick, objective, lower, 0, 0);
  }

  private static Measurement at(
      long tick, double objective, LowerBoundSearch lower, double infeasibility, double apart) {
    double[] none = {};
    return new Measurement(
        tick,
        tick,
        Candidate.LAST_MEAN,
        none,
        objective,
        infeasibility,
        apart,
        Double.NaN,
        0,
        0,
        none,
        Measured.NONE,
        lower);
  }

  private static Measurement rough(long tick, double objective) {
    return at(tick, objective, inexact(), 0, 0);
  }

  private static Trace trace(Measurement... measurements) {
    Trace trace = Trace.empty();
    for (Measurement measurement : measurements) {
      trace = trace.with(measurement, 0);
    }
    return trace;
  }

  @Test
  void aCertifiedGapWithinTheToleranceIsConverged() {
    Measurement now = known(100, 3, 0.9e-2, 1);
    assertThat(RULE.progress(trace(now), now)).isCloseTo(0.9e-2, within(1e-9));
    assertThat(RULE.isDone(trace(now), now)).isTrue();
    assertThat(RULE.isCertain(now)).isTrue();
    Measurement before = known(100, 3, 1.1e-2, 1);
    assertThat(RULE.isDone(trace(before), before)).isFalse();
    assertThat(RULE.isCertain(before)).isFalse();
  }

  @Test
  void aGapThatSeemsToBeWithinItIsDoneAndNotCertain() {
    Measurement now = known(100, 3, 0.5, 0.9e-2);
    assertThat(RULE.progress(trace(now), now)).isCloseTo(0.9e-2, within(1e-9));
    assertThat(RULE.isDone(trace(now), now)).isTrue();
    assertThat(RULE.isCertain(now)).isFalse();
    assertThat(RULE.settled(trace(now), now)).contains("0.009", "the certified gap is 0.5");
  }

  @Test
  void whereNothingIsKnownNothingIsDone() {
    Measurement now = at(4_000, 3, NOTHING, 0, 0);
    assertThat(RULE.isDone(trace(at(0, 3, NOTHING, 0, 0), now), now)).isFalse();
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
    assertThat(RULE.agrees(at(1, 0, NOTHING, 0, 1e-3))).isTrue();
    assertThat(RULE.agrees(at(1, 0, NOTHING, 0, 1.01e-3))).isFalse();
    assertThat(RULE.isFeasible(at(1, 0, NOTHING, 1e-3, 9))).isTrue();
    assertThat(RULE.isFeasible(at(1, 0, NOTHING, 1.01e-3, 0))).isFalse();
    StoppingRule never = new StoppingRule(5_000, 0, 0, 100);
    Measurement perfect = known(2_000, 3, 0, 0);
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
    Measurement now = at(5_000, 3, NOTHING.curved(null, 3, Math.sqrt(0.15)), 0.0021, 0.0043);
    assertThat(RULE.unfinished("stop.max-ticks was reached", trace(now), now))
        .isEqualTo(
            "stop.max-ticks was reached; the gap seems to be 0.0250 (stop.tolerance 0.0100),"
                + " disagreement 0.00430 and infeasibility 0.00210 (stop.disagreement 0.00100)");
    Measurement gained = rough(4_000, 3);
    assertThat(RULE.settled(trace(gained), gained))
        .startsWith("the gain of the objective since half the ticks is ")
        .endsWith("; there is no certificate, because the costs give no exact subgradients");
    assertThat(RULE.converged(known(100, 3, 1e-3, 1)))
        .startsWith("the certified gap (newton) is 0.001");
  }
}
