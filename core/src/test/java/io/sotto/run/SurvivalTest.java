package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.LocalEngine;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.run.InferenceSettings.Errors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The time until an event. What R 4.2.2 says, with survival 3.5-3:
 *
 * <pre>
 * library(survival); i <- 1:240
 * x1 <- (37*i)%%101/10; x2 <- (53*i)%%97/7; u <- ((71*i)%%239+0.5)/239; v <- ((113*i)%%233+0.5)/233
 * time <- ceiling(-log(u)/exp(-5+0.12*x1-0.05*x2)*10)/10; cens <- 20+180*v
 * died <- as.numeric(time <= cens); time <- ifelse(died==1, time, ceiling(cens))
 * d <- data.frame(id=i,time,died,x1,x2,site=i%%5)
 * s <- survSplit(Surv(time,died)~., d, cut=c(30,60,100), episode="k", start="t0")
 * s$k <- factor(s$k)
 * f <- glm(died~x1+x2+k+offset(log(time-t0)), poisson, s, control=list(epsilon=1e-15,maxit=100))
 * coef(summary(f)); deviance(f); f$null.deviance; logLik(f)
 * S <- rowsum(model.matrix(f)*(s$died-fitted(f)), s$id)                           # one score a subject
 * sqrt(diag(vcov(f) %*% crossprod(S) %*% vcov(f)))
 * S <- rowsum(model.matrix(f)*(s$died-fitted(f)), s$site); sqrt(diag(vcov(f) %*% crossprod(S) %*% vcov(f)*5/4))
 * coxph(Surv(time,died)~x1+x2, d)
 * </pre>
 */
class SurvivalTest {
  private static final int ROWS = 240;

  private static final List<String> TERMS =
      List.of(
          "(Intercept)", "x1", "x2", "interval(30,60]", "interval(60,100]", "interval(100,Inf)");

  private static final double[] ESTIMATES = {
    -5.2516493182039081,
    0.1657829997666189,
    -0.0463554525299547,
    -0.0470738581400432,
    0.2160638434721181,
    0.0886619826186266
  };

  private static final double[] ERRORS = {
    0.2603407575059111,
    0.0307114036559038,
    0.0220304219694954,
    0.2130769493762531,
    0.2227684735506594,
    0.3025127311631199
  };

  private static final double[] BY_SUBJECT = {
    0.2598862686011971,
    0.0299411011917808,
    0.0208489692945753,
    0.2111619282084093,
    0.2210843587986047,
    0.2892697767464249
  };

  private static final double[] BY_AGENT = {
    0.2586405851410761,
    0.0435861773567906,
    0.0144594260098828,
    0.0385877369846200,
    0.0919028524373952,
    0.1143082982143970
  };

  private static final double[] COX = {0.16647448, -0.04533339};
  private static final double[] COX_ERRORS = {0.03085646, 0.02208360};

  private static double x1(int i) {
    return 37 * i % 101 / 10.0;
  }

  private static double x2(int i) {
    return 53 * i % 97 / 7.0;
  }

  private static double unseen(int i) {
    return 20 + 180 * ((113 * i % 233 + 0.5) / 233);
  }

  private static double happens(int i) {
    double rate = Math.exp(-5 + 0.12 * x1(i) - 0.05 * x2(i));
    return Math.ceil(-Math.log((71 * i % 239 + 0.5) / 239) / rate * 10) / 10;
  }

  private static double event(int i) {
    return happens(i) <= unseen(i) ? 1 : 0;
  }

  private static double time(int i) {
    return event(i) == 1 ? happens(i) : Math.ceil(unseen(i));
  }

  private static MemoryRows rows() {
    return rows(IntStream.rangeClosed(1, ROWS).mapToDouble(SurvivalTest::event).toArray());
  }

  private static MemoryRows rows(double[] events) {
    return MemoryRows.of(
            List.of("x1", "x2"),
            IntStream.rangeClosed(1, ROWS).mapToObj(i -> "site" + i % 5).toArray(String[]::new),
            IntStream.rangeClosed(1, ROWS)
                .mapToObj(i -> new double[] {x1(i), x2(i)})
                .toArray(double[][]::new),
            IntStream.rangeClosed(1, ROWS).mapToDouble(SurvivalTest::time).toArray())
        .offsets(events);
  }

  private static PiecewiseExponential cuts(Double... at) {
    return new PiecewiseExponential(at.length + 1, PiecewiseExponential.cuts(List.of(at)));
  }

  private static RunResult run(RowSource rows, PiecewiseExponential times, Errors errors)
      throws Exception {
    RowCost cost =
        new RowCost(
            Part.made(PiecewiseExponential.NAME, times), 0, 0, RowCost.GroupLasso.NONE, Map.of());
    return Optimize.of(new RowsProblem(rows, cost))
        .secret(Secret.fresh())
        .engines(new LocalEngine(1), null)
        .inference(InferenceSettings.usual().errors(errors))
        .run();
  }

  private static Summary summary(RunResult result) {
    return Objects.requireNonNull(result.solution().summary(), "summary");
  }

  private static void requireErrors(double[] expected, Errors errors) throws Exception {
    Summary summary = summary(run(rows(), cuts(30.0, 60.0, 100.0), errors));
    assertThat(summary.reason()).isEmpty();
    for (int k = 0; k < expected.length; k++) {
      Summary.Term term = summary.terms().get(k);
      assertThat(term.name()).isEqualTo(TERMS.get(k));
      assertThat(term.estimate()).isCloseTo(ESTIMATES[k], within(1e-6 * ERRORS[k]));
      assertThat(term.stdError()).isCloseTo(expected[k], within(1e-6 * expected[k]));
    }
  }

  @Test
  void hazardsAreThoseOfGlmOnSplitRows() throws Exception {
    requireErrors(ERRORS, Errors.MODEL);
    RunResult result = run(rows(), cuts(30.0, 60.0, 100.0), Errors.MODEL);
    Map<String, ?> map = summary(result).toMap();
    assertThat((double) Objects.requireNonNull(map.get("deviance")))
        .isCloseTo(575.864230867492, within(1e-6));
    assertThat((double) Objects.requireNonNull(map.get("nullDeviance")))
        .isCloseTo(609.947036854834, within(1e-6));
    assertThat((double) Objects.requireNonNull(map.get("logLikelihood")))
        .isCloseTo(-427.932115433746, within(1e-6));
    assertThat(map.get("rows")).isEqualTo((long) ROWS);
    assertThat(summary(result).ratio()).isEqualTo("hazard ratio");
  }

  @Test
  void robustErrorsTakeAllRowsOfASubjectTogether() throws Exception {
    requireErrors(BY_SUBJECT, Errors.HC0);
    requireErrors(BY_AGENT, Errors.AGENT);
  }

  @Test
  void theCurveIsThatOfTheMeans() throws Exception {
    SurvivalCurve curve =
        Objects.requireNonNull(
            run(rows(), cuts(30.0, 60.0, 100.0), Errors.MODEL).solution().survival());
    double mean1 = IntStream.rangeClosed(1, ROWS).mapToDouble(SurvivalTest::x1).average().orElse(0);
    double mean2 = IntStream.rangeClosed(1, ROWS).mapToDouble(SurvivalTest::x2).average().orElse(0);
    assertThat(curve.at().get("x1")).isCloseTo(mean1, within(1e-12));
    double at = ESTIMATES[0] + ESTIMATES[1] * mean1 + ESTIMATES[2] * mean2;
    double cumulative = 30 * Math.exp(at) + 30 * Math.exp(at + ESTIMATES[3]);
    assertThat(curve.steps().get(1).cumulative()).isCloseTo(cumulative, within(1e-8));
    assertThat(curve.steps().get(1).survival()).isCloseTo(Math.exp(-cumulative), within(1e-8));
    assertThat(curve.csv()).hasSize(5);
  }

  @Test
  void agreedIntervalsHoldAsManyEventsAndComeNearCoxsModel() throws Exception {
    RunResult result = run(rows(), new PiecewiseExponential(8, null), Errors.MODEL);
    Summary summary = summary(result);
    assertThat(summary.terms()).hasSize(2 + 8);
    for (int j = 0; j < COX.length; j++) {
      assertThat(summary.terms().get(1 + j).estimate())
          .isCloseTo(COX[j], within(0.1 * COX_ERRORS[j]));
    }
    double[] ends =
        Objects.requireNonNull(result.solution().survival()).steps().stream()
            .mapToDouble(SurvivalCurve.Step::to)
            .toArray();
    double[] events = new double[ends.length];
    for (int i = 1; i <= ROWS; i++) {
      double time = time(i);
      int k = (int) Arrays.stream(ends).filter(end -> time > end).count();
      events[k] += event(i);
    }
    // times of a stretch, a sixty-fourth of an octave, stay together
    for (double count : events) {
      assertThat(count).isBetween(12.0, 23.0);
    }
  }

  @Test
  void whatIsNoTimeOrEventIsRefused() {
    double[] none = new double[ROWS];
    assertThatThrownBy(() -> run(rows(none), new PiecewiseExponential(4, null), Errors.MODEL))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("No event happens");
    double[] two = none.clone();
    two[3] = 2;
    assertThatThrownBy(() -> run(rows(two), new PiecewiseExponential(4, null), Errors.MODEL))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("neither 0 nor 1");
    assertThatThrownBy(() -> run(rows(), cuts(30.0, 5000.0), Errors.MODEL))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("from 5000 on, in which no event happens");
    MemoryRows late =
        MemoryRows.of(List.of("x"), new String[] {"a"}, new double[][] {{1}}, new double[] {0})
            .offsets(new double[] {1});
    assertThatThrownBy(() -> run(late, new PiecewiseExponential(1, null), Errors.MODEL))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the time is not above 0");
  }
}
