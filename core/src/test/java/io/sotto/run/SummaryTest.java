package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalEngine;
import io.sotto.engine.MaskedSum;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Runner;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.Absolute;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Ball;
import io.sotto.problem.Huber;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Parameters;
import io.sotto.problem.Poisson;
import io.sotto.problem.Quantile;
import io.sotto.problem.Squared;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.run.InferenceSettings.Enabled;
import io.sotto.run.InferenceSettings.Errors;
import io.sotto.run.InferenceSettings.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Against R 4.2.2: {@code Rscript core/src/test/resources/io/sotto/run/glm.R} makes {@code glm.csv}
 * of the same rows.
 */
class SummaryTest {
  private static final int ROWS = 240;
  private static final List<String> NAMES = List.of("a", "b");
  private static final Map<String, Double> R = read();

  private static Map<String, Double> read() {
    try (InputStream in = SummaryTest.class.getResourceAsStream("glm.csv")) {
      Map<String, Double> all = new HashMap<>();
      new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(","))
          .forEach(cells -> all.put(cells[0] + "," + cells[1], Double.valueOf(cells[2])));
      return all;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double r(String key) {
    return Objects.requireNonNull(R.get(key), key);
  }

  private static double a(int i) {
    return 37 * i % 101 / 10.0;
  }

  private static double b(int i) {
    return 1000 + 53 * i % 97 / 7.0;
  }

  private static double u(int i) {
    return 71 * i % 239 / 239.0;
  }

  private static double y(int i) {
    return u(i) < 1 / (1 + Math.exp(141 - 0.3 * a(i) - 0.14 * b(i) + 0.5)) ? 1 : 0;
  }

  private static double count(int i) {
    return Math.floor(u(i) * Math.exp(0.25 * a(i))) % 23;
  }

  private static double z(int i) {
    return 3 + 0.7 * a(i) - 0.02 * b(i) + 2 * u(i) * u(i);
  }

  @FunctionalInterface
  private interface OfRow {
    double of(int i);
  }

  private static double[] column(OfRow of) {
    return IntStream.rangeClosed(1, ROWS).mapToDouble(of::of).toArray();
  }

  private static MemoryRows rows(OfRow label) {
    return rows(NAMES, label, SummaryTest::a, SummaryTest::b);
  }

  private static MemoryRows rows(List<String> names, OfRow label, OfRow... columns) {
    String[] agents =
        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "site" + i % 5).toArray(String[]::new);
    double[][] values =
        IntStream.rangeClosed(1, ROWS)
            .mapToObj(i -> Arrays.stream(columns).mapToDouble(each -> each.of(i)).toArray())
            .toArray(double[][]::new);
    return MemoryRows.of(names, agents, values, column(label));
  }

  private static RunResult run(RowsProblem problem, InferenceSettings how) throws Exception {
    return Optimize.of(problem)
        .secret(Secret.fresh())
        .engines(new LocalEngine(1), null)
        .inference(how)
        .run();
  }

  private static Summary summary(RowSource rows, Loss loss, InferenceSettings how)
      throws Exception {
    return summary(rows, Objectives.of(loss), how);
  }

  private static Summary summary(RowSource rows, Objective objective, InferenceSettings how)
      throws Exception {
    return summary(RowsProblem.of(rows, objective), how);
  }

  private static Summary summary(RowsProblem problem, InferenceSettings how) throws Exception {
    return Objects.requireNonNull(run(problem, how).solution().summary(), "summary");
  }

  private static void requireTerms(String example, Summary summary) {
    assertThat(summary.reason()).isEmpty();
    for (Summary.Term term : summary.terms()) {
      String key = example + "," + term.name() + ":";
      double error = r(key + "stdError");
      assertThat(term.estimate()).as(key).isCloseTo(r(key + "estimate"), within(1e-6 * error));
      assertThat(term.stdError()).as(key).isCloseTo(error, within(1e-6 * error));
    }
  }

  private static void requireAll(String example, Summary summary) {
    requireTerms(example, summary);
    for (Summary.Term term : summary.terms()) {
      String key = example + "," + term.name() + ":";
      double p = R.getOrDefault(key + "pValue", term.pValue());
      assertThat(term.pValue()).as(key).isCloseTo(p, within(1e-5 * p));
      double error = r(key + "stdError");
      assertThat(term.low())
          .isCloseTo(R.getOrDefault(key + "low", term.low()), within(1e-5 * error));
      assertThat(term.high())
          .isCloseTo(R.getOrDefault(key + "high", term.high()), within(1e-5 * error));
    }
    Map<String, ?> map = summary.toMap();
    for (String figure :
        List.of(
            "deviance",
            "nullDeviance",
            "degreesOfFreedom",
            "nullDegreesOfFreedom",
            "dispersion",
            "logLikelihood",
            "aic")) {
      double expected = r(example + "," + figure);
      assertThat((double) Objects.requireNonNull(map.get(figure)))
          .as(example + " " + figure)
          .isCloseTo(expected, within(1e-8 * Math.abs(expected)));
    }
  }

  @Test
  void summariesAreThoseOfGlm() throws Exception {
    InferenceSettings how = InferenceSettings.usual();
    requireAll("binomial", summary(rows(SummaryTest::y), new Logistic(), how));
    requireAll("poisson", summary(rows(SummaryTest::count), new Poisson(), how));
    double[] exposure = column(i -> Math.log(1 + i % 3));
    requireAll(
        "poisson-offset", summary(rows(SummaryTest::count).offsets(exposure), new Poisson(), how));
    requireAll("gaussian", summary(rows(SummaryTest::z), new Squared(), how));
    requireAll("gaussian", summary(rows(SummaryTest::z).standardize(false), new Squared(), how));
    requireAll(
        "gaussian-no-intercept",
        summary(rows(SummaryTest::z).intercept(false), new Squared(), how));
  }

  @Test
  void robustErrorsAreSandwiches() throws Exception {
    InferenceSettings how = InferenceSettings.usual();
    MemoryRows rows = rows(SummaryTest::y);
    requireTerms("binomial-hc0", summary(rows, new Logistic(), how.errors(Errors.HC0)));
    requireTerms("binomial-hc1", summary(rows, new Logistic(), how.errors(Errors.HC1)));
    requireTerms("binomial-agent", summary(rows, new Logistic(), how.errors(Errors.AGENT)));
    requireTerms(
        "gaussian-hc1", summary(rows(SummaryTest::z), new Squared(), how.errors(Errors.HC1)));
  }

  @Test
  void weightsAreCountsOrInverseProbabilities() throws Exception {
    double[] weights = column(i -> 1 + i % 4);
    InferenceSettings how = InferenceSettings.usual();
    Summary frequency =
        summary(
            rows(List.of("a"), SummaryTest::z, SummaryTest::a).weights(weights),
            new Squared(),
            how);
    requireAll("frequency", frequency);
    assertThat(Objects.requireNonNull(frequency.figures()).rowsUsed()).isEqualTo(ROWS);
    Summary probability =
        summary(
            rows(SummaryTest::y).weights(weights),
            new Logistic(),
            how.weights(Weights.PROBABILITY));
    requireTerms("probability", probability);
    assertThat(probability.errors()).isEqualTo(Errors.HC0);
    assertThat(Objects.requireNonNull(probability.figures()).degreesOfFreedom())
        .isEqualTo(ROWS - 3);
  }

  @Test
  void classesAreComparedWithTheFirst() throws Exception {
    Summary summary =
        summary(
            rows(
                NAMES,
                i -> Math.floor(u(i) * 7 + a(i)) % 3,
                SummaryTest::a,
                i -> (b(i) - 1000) / 7),
            Objectives.REGISTRY.make(
                "problem.loss", "softmax", new Parameters("problem", Map.of())),
            InferenceSettings.usual());
    requireTerms("softmax", summary);
    assertThat(Objects.requireNonNull(summary.figures()).deviance())
        .isCloseTo(r("softmax,deviance"), within(1e-6));
  }

  @Test
  void hubersLossHasASandwich() throws Exception {
    Summary summary =
        summary(
            rows(NAMES, SummaryTest::z, SummaryTest::a, i -> b(i) - 1000),
            new Huber(0.5),
            InferenceSettings.usual());
    requireTerms("huber", summary);
    assertThat(summary.toMap().get("deviance")).isNull();
    assertThat(summary.errors()).isEqualTo(Errors.HC0);
  }

  /**
   * Estimates of rq; errors of its kernel, with the bandwidth that Sotto finds, and about with its
   * own.
   */
  @Test
  void quantilesHaveTheSandwichOfTheirKernel() throws Exception {
    OfRow label = i -> z(i) + Math.sin(i);
    for (double level : new double[] {0.1, 0.5, 0.9}) {
      requireKinked("quantile" + level, label, new Quantile(level), 1e-6);
    }
    requireKinked("median-heavy", i -> z(i) + Math.tan(i), new Quantile(0.5), 1e-3);
    requireKinked("median-heavy", i -> z(i) + Math.tan(i), new Absolute(), 1e-3);
    OfRow outlier = i -> label.of(i) + (i == 100 ? 1e6 : 0);
    requireKinked("median-outlier", outlier, new Quantile(0.5), 1e-3);
  }

  /** One over the probability of a row says nothing of how many rows there are. */
  @Test
  void errorsOfQuantilesDoNotDependOnTheUnitOfProbabilities() throws Exception {
    InferenceSettings how = InferenceSettings.usual().weights(Weights.PROBABILITY);
    OfRow label = i -> z(i) + Math.sin(i);
    List<Summary> all = new ArrayList<>();
    for (double unit : new double[] {1, 1e4, 1.0 / ROWS}) {
      RowSource rows =
          rows(List.of("a"), label, SummaryTest::a).weights(column(i -> unit * (1 + i % 3)));
      all.add(summary(rows, new Quantile(0.5), how));
    }
    Summary plain = summary(rows(List.of("a"), label, SummaryTest::a), new Quantile(0.5), how);
    double error = plain.terms().get(1).stdError();
    for (Summary one : all) {
      assertThat(one.reason()).isEmpty();
      assertThat(one.terms().get(1).stdError())
          .isCloseTo(all.get(0).terms().get(1).stdError(), within(1e-6 * error))
          .isBetween(0.5 * error, 2 * error);
    }
  }

  @Test
  void labelsWhoseSquaresAreNotFiniteHaveNoSummaryOfAQuantile() throws Exception {
    RowSource rows = rows(List.of("a"), i -> 1e160 * Math.sin(i), SummaryTest::a);
    assertThat(summary(rows, new Quantile(0.5), InferenceSettings.usual()).reason())
        .contains("not a finite number");
  }

  @Test
  void aColumnOfZerosHasNoErrorsOfAnyKind() throws Exception {
    for (Errors errors : Errors.values()) {
      Summary summary =
          summary(
              rows(List.of("a", "zero"), SummaryTest::z, SummaryTest::a, i -> 0),
              new Squared(),
              InferenceSettings.usual().errors(errors));
      assertThat(summary.reason()).isEmpty();
      assertThat(summary.csv().get(3)).startsWith("zero,NA");
    }
  }

  private static void requireKinked(String example, OfRow label, Loss loss, double kernel)
      throws Exception {
    RunResult run =
        run(
            RowsProblem.of(
                rows(NAMES, label, SummaryTest::a, i -> b(i) - 1000), Objectives.of(loss)),
            InferenceSettings.usual());
    Summary summary = Objects.requireNonNull(run.solution().summary(), "summary");
    assertThat(summary.reason()).isEmpty();
    assertThat(summary.notes()).singleElement().asString().contains("bandwidth");
    for (Summary.Term term : summary.terms()) {
      String key = example + "," + term.name().replace("b", "c") + ":";
      double error = r(key + "stdError");
      assertThat(term.estimate()).as(key).isCloseTo(r(key + "estimate"), within(1e-6 * error));
      assertThat(term.stdError()).as(key).isCloseTo(error, within(1e-6 * error));
      double own = r(key + "kernel");
      assertThat(term.stdError()).as(key).isCloseTo(own, within(kernel * own));
      double p = r(key + "pValue");
      assertThat(term.pValue()).as(key).isCloseTo(p, within(1e-4 * p));
    }
    assertThat(summary.toMap().get("deviance")).isNull();
    assertThat(summary.toMap().get("statistic")).isEqualTo("t");
    assertThat(Objects.requireNonNull(summary.figures()).reached())
        .isLessThanOrEqualTo(Inference.NEAR);
  }

  /** Where one agent's number does not fit, what leaves the cells is not the sum of the others'. */
  @Test
  void aSumThatHasNoRoomTellsNothing() throws Exception {
    Prepared prepared =
        Optimize.of(RowsProblem.of(rows(SummaryTest::y), new Logistic()))
            .secret(Secret.fresh())
            .prepare();
    List<long[]> said = new ArrayList<>();
    try (Prepared.Opened opened = prepared.open()) {
      Mechanism masks = Inference.masks(opened.prepared(), new RunDigest().text("test", "no room"));
      Coordinator listening = listening(opened.runner().cells(), said);
      MaskedSum sum =
          MaskedSum.of(
              new Runner(opened.prepared().plan(), listening),
              masks,
              0,
              List.of(new MaskedSum.Kind(1, 40)),
              (costs, agents) -> costs,
              (costs, agents, i) -> new double[] {agents[i] == 1 ? 1e12 : 1});
      assertThat(sum.fits()).isFalse();
      assertThat(sum.numbers()).isEmpty();
      long total = said.stream().mapToLong(cell -> cell[2]).sum();
      assertThat(total).isNotEqualTo(4L << 40);
    }
  }

  /** Two groups of whole numbers, in one of which every number from 4 to 6 is a median. */
  @Test
  void ofSeveralMediansOneIsGivenAndThatIsSaid() throws Exception {
    OfRow group = i -> i > ROWS / 2 ? 1 : 0;
    OfRow label = i -> group.of(i) == 1 ? i % 11 : i % 2 == 0 ? 4 + i % 3 / 100.0 : 6 + i % 5;
    Summary summary =
        summary(rows(List.of("group"), label, group), new Quantile(0.5), InferenceSettings.usual());
    assertThat(summary.reason()).isEmpty();
    assertThat(summary.terms().get(0).estimate()).isBetween(4.02, 6.0);
    double together = summary.terms().get(0).estimate() + summary.terms().get(1).estimate();
    assertThat(together).isCloseTo(5, within(1e-6));
    assertThat(summary.notes()).anySatisfy(note -> assertThat(note).contains("one of several"));
  }

  @Test
  void kinkedLossesHaveAllThatOthersHave() throws Exception {
    OfRow label = i -> z(i) + Math.sin(i);
    InferenceSettings how = InferenceSettings.usual();
    double[] weights = column(i -> 1 + i % 3);
    int[] times =
        IntStream.rangeClosed(1, ROWS)
            .flatMap(i -> IntStream.range(0, 1 + i % 3).map(k -> i))
            .toArray();
    Summary weighted =
        summary(rows(List.of("a"), label, SummaryTest::a).weights(weights), new Quantile(0.3), how);
    String[] agents = IntStream.of(times).mapToObj(i -> "site" + i % 5).toArray(String[]::new);
    double[][] values =
        IntStream.of(times).mapToObj(i -> new double[] {a(i)}).toArray(double[][]::new);
    Summary repeated =
        summary(
            MemoryRows.of(
                List.of("a"), agents, values, IntStream.of(times).mapToDouble(label::of).toArray()),
            new Quantile(0.3),
            how);
    for (int k = 0; k < 2; k++) {
      Summary.Term term = weighted.terms().get(k);
      double error = repeated.terms().get(k).stdError();
      assertThat(term.stdError()).isCloseTo(error, within(1e-5 * error));
      assertThat(term.estimate())
          .isCloseTo(repeated.terms().get(k).estimate(), within(1e-6 * error));
    }
    MemoryRows collinear = rows(List.of("a", "twice"), label, SummaryTest::a, i -> 2 * a(i));
    assertThat(summary(collinear, new Quantile(0.3), how).csv().get(3)).startsWith("twice,NA");
    Summary robust =
        summary(rows(List.of("a"), label, SummaryTest::a), new Absolute(), how.errors(Errors.HC0));
    Summary model = summary(rows(List.of("a"), label, SummaryTest::a), new Absolute(), how);
    assertThat(robust.terms().get(1).stdError())
        .isCloseTo(model.terms().get(1).stdError(), within(0.05 * model.terms().get(1).stdError()))
        .isNotEqualTo(model.terms().get(1).stdError());
    assertThat(summary(rows(i -> 1 + 2 * a(i) - b(i)), new Absolute(), how).reason())
        .contains("the fit is perfect");
  }

  @Test
  void theEstimateIsThePooledOneAndCertified() throws Exception {
    RunResult rough =
        Optimize.of(RowsProblem.of(rows(SummaryTest::y), new Logistic()))
            .tolerance(0.1)
            .secret(Secret.fresh())
            .inference(InferenceSettings.usual().withCovariance())
            .run();
    Summary summary = Objects.requireNonNull(rough.solution().summary());
    requireTerms("binomial", summary);
    assertThat(rough.solution().estimate()[0]).isEqualTo(summary.terms().get(1).estimate());
    assertThat(Objects.requireNonNull(summary.figures()).reached())
        .isLessThanOrEqualTo(Inference.NEAR);
    assertThat(rough.result().certificate().gap()).isLessThan(1e-12);
    assertThat(rough.standardErrors()).isLessThan(1e-7);
    assertThat(2 * ROWS * rough.solution().objective())
        .isCloseTo(r("binomial,deviance"), within(1e-6));
    double[][] covariance = Objects.requireNonNull(summary.covariance());
    for (int k = 0; k < covariance.length; k++) {
      double error = summary.terms().get(k).stdError();
      assertThat(covariance[k][k]).isCloseTo(error * error, within(1e-12 * error * error));
      assertThat(covariance[k][0])
          .isCloseTo(covariance[0][k], within(1e-9 * Math.abs(covariance[k][0])));
    }
    assertThat(summary.covarianceCsv()).hasSize(4);
    assertThat(summary.csv())
        .hasSize(4)
        .first()
        .isEqualTo("term,estimate,stdError,statistic,pValue,low,high");
    assertThat(summary.csv().get(1)).startsWith("(Intercept),-143.22");
  }

  @Test
  void aRunThatALimitEndedIsCompletedByNewtonsSteps() throws Exception {
    RunResult ended =
        Optimize.of(RowsProblem.of(rows(SummaryTest::y), new Logistic()))
            .tolerance(1e-9)
            .maxTicks(3)
            .secret(Secret.fresh())
            .inference(InferenceSettings.usual())
            .run();
    requireTerms("binomial", Objects.requireNonNull(ended.solution().summary()));
    assertThat(ended.result().status()).isEqualTo(Result.Status.CONVERGED);
    assertThat(ended.result().stopReason()).contains("stop.max-ticks", "then Newton's steps");
    assertThat(ended.result().last().tick()).isEqualTo(3);
  }

  @Test
  void neitherCellsNorMasksMoveABit() throws Exception {
    RowsProblem problem = RowsProblem.of(rows(SummaryTest::count), new Poisson());
    Optimize action =
        Optimize.of(problem).method("secure-newton").inference(InferenceSettings.usual());
    RunSettings settings = action.settings();
    List<String> expected = null;
    for (RunSettings.Mechanism mechanism :
        List.of(RunSettings.Mechanism.SUMS, RunSettings.Mechanism.NONE)) {
      for (int cells : new int[] {1, 3, 5}) {
        RunSettings.Engine engine =
            new RunSettings.Engine(
                RunSettings.EngineName.LOCAL, OptionalInt.of(cells), OptionalInt.of(1));
        RunSettings other = settings.privacy(settings.privacy().with(mechanism)).engine(engine);
        List<String> csv =
            Objects.requireNonNull(
                    action.settings(other).secret(Secret.fresh()).run().solution().summary())
                .csv();
        expected = expected == null ? csv : expected;
        assertThat(csv).as("%s %d", mechanism, cells).isEqualTo(expected);
      }
    }
  }

  @Test
  void whereErrorsAreNotValidTheyAreLeftOutWithTheReason() throws Exception {
    InferenceSettings how = InferenceSettings.usual();
    RowsProblem plain = RowsProblem.of(rows(SummaryTest::y), new Logistic());
    assertThat(summary(plain.l1(1e-3), how).reason()).contains("problem.l1");
    RunResult active =
        Optimize.of(plain).constraint(new Ball(0.1)).inference(how).secret(Secret.fresh()).run();
    assertThat(Objects.requireNonNull(active.solution().summary()).reason())
        .contains("a set of problem.constraints holds the estimate");
    RunResult loose =
        Optimize.of(plain).constraint(new Ball(50)).inference(how).secret(Secret.fresh()).run();
    requireTerms("binomial", Objects.requireNonNull(loose.solution().summary()));
    InferenceSettings few =
        new InferenceSettings(Enabled.AUTO, 2, Errors.MODEL, Weights.FREQUENCY, false);
    assertThat(summary(plain, few).reason()).contains("inference.max-coordinates is 2");
    assertThatThrownBy(() -> run(plain, few.enabled(Enabled.TRUE)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("inference.enabled is true")
        .hasMessageContaining("inference.max-coordinates is 2");
    assertThatThrownBy(() -> run(plain.l1(1e-3), how.enabled(Enabled.TRUE)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("problem.l1");
  }

  @Test
  void aPerfectFitHasNoVarianceLeft() throws Exception {
    assertThat(
            summary(rows(i -> 1 + 2 * a(i) - b(i)), new Squared(), InferenceSettings.usual())
                .reason())
        .contains("the fit is perfect");
  }

  /** As {@code glm(z ~ a + b + both + c)} does: the last of collinear columns is NA. */
  @Test
  void theLastOfCollinearColumnsHasNoEstimateOfItsOwn() throws Exception {
    OfRow c = i -> i * 29 % 31;
    InferenceSettings how = InferenceSettings.usual().withCovariance();
    RunResult with =
        run(
            RowsProblem.of(
                rows(
                    List.of("a", "b", "both", "c"),
                    SummaryTest::z,
                    SummaryTest::a,
                    SummaryTest::b,
                    i -> a(i) - 2 * b(i) + 5,
                    c),
                new Squared()),
            how);
    Summary summary = Objects.requireNonNull(with.solution().summary(), "summary");
    Summary without =
        summary(
            rows(List.of("a", "b", "c"), SummaryTest::z, SummaryTest::a, SummaryTest::b, c),
            new Squared(),
            how);
    assertThat(summary.reason()).isEmpty();
    assertThat(summary.terms()).hasSize(5);
    Summary.Term gone = summary.terms().get(3);
    assertThat(gone.name()).isEqualTo("both");
    assertThat(gone.estimate()).isNaN();
    assertThat(gone.stdError()).isNaN();
    for (int k : new int[] {0, 1, 2, 4}) {
      Summary.Term term = summary.terms().get(k);
      Summary.Term expected = without.terms().get(k < 3 ? k : 3);
      assertThat(term.name()).isEqualTo(expected.name());
      assertThat(term.estimate())
          .isCloseTo(expected.estimate(), within(1e-6 * expected.stdError()));
      assertThat(term.stdError())
          .isCloseTo(expected.stdError(), within(1e-6 * expected.stdError()));
    }
    Summary.Figures figures = Objects.requireNonNull(summary.figures(), "figures");
    Summary.Figures others = Objects.requireNonNull(without.figures(), "figures");
    assertThat(figures.degreesOfFreedom()).isEqualTo(others.degreesOfFreedom());
    assertThat(figures.aic()).isCloseTo(others.aic(), within(1e-6));
    assertThat(with.solution().estimate()[2]).isZero();
    assertThat(with.result().status()).isEqualTo(Result.Status.CONVERGED);
    assertThat(summary.csv().get(4)).isEqualTo("both,NA,NA,NA,NA,NA,NA");
    assertThat(summary.covarianceCsv().get(4)).isEqualTo("both,NA,NA,NA,NA,NA");
    assertThat(summary.lines()).anyMatch(line -> line.startsWith("both ") && line.endsWith(" NA"));
    assertThat(summary.notes())
        .anyMatch(note -> note.contains("collinear") && note.contains("'both' is the last"));
  }

  @Test
  void rowsThatCoefficientsSeparateAreFoundWithTheDirection() {
    RowsProblem problem =
        RowsProblem.of(rows(i -> 10 * a(i) - 2 * (b(i) - 1000) > 40 ? 1 : 0), new Logistic());
    // a run that ends before it looks
    Optimize rough =
        Optimize.of(problem)
            .tolerance(0.5)
            .secret(Secret.fresh())
            .inference(InferenceSettings.usual());
    assertThatThrownBy(rough::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no optimum: along ")
        .hasMessageContaining(" a, ")
        .hasMessageContaining(" b");
    RowsProblem zeros =
        RowsProblem.of(
            rows(
                List.of("a", "group"),
                i -> i % 4 == 0 ? 0 : 1 + count(i),
                SummaryTest::a,
                i -> i % 4 == 0 ? 1 : 0),
            new Poisson());
    assertThatThrownBy(() -> run(zeros, InferenceSettings.usual()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no optimum: along -1.00 group");
  }

  /** Keeps what left the cells at the last sum. */
  private static Coordinator listening(Coordinator cells, List<long[]> said) {
    return (Coordinator)
        Proxy.newProxyInstance(
            SummaryTest.class.getClassLoader(),
            new Class<?>[] {Coordinator.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(cells, arguments);
              if (answer instanceof List<?> all && all.get(0) instanceof long[]) {
                said.clear();
                all.forEach(cell -> said.add((long[]) cell));
              }
              return answer;
            });
  }

  /** What leaves the cells, of one agent each, at a sum. */
  private static List<long[]> said(RunSettings.Mechanism mechanism, int sums) throws Exception {
    Optimize action =
        Optimize.of(RowsProblem.of(rows(SummaryTest::y), new Logistic())).secret(Secret.fresh());
    RunSettings settings = action.settings();
    RunSettings.Engine engine =
        new RunSettings.Engine(RunSettings.EngineName.LOCAL, OptionalInt.of(5), OptionalInt.of(1));
    Prepared prepared =
        action
            .settings(settings.privacy(settings.privacy().with(mechanism)).engine(engine))
            .prepare();
    List<long[]> said = new ArrayList<>();
    try (Prepared.Opened opened = prepared.open()) {
      Coordinator listening = listening(opened.runner().cells(), said);
      Runner runner = new Runner(opened.prepared().plan(), listening);
      Measurement start =
          new Certifier(opened.runner())
              .first(
                  opened.runner().start(opened.prepared().algorithm().apply(1)), new Checks(1, 1));
      PooledNewton newton =
          new PooledNewton(runner, opened.prepared(), start, InferenceSettings.usual(), () -> {});
      for (int k = 0; k < sums; k++) {
        assertThat(newton.at(new double[3], new int[] {0, 1, 2})).isNotNull();
      }
    }
    return said;
  }

  /** The first sum is of numbers 30 orders of magnitude apart, and guesses them all too small. */
  @Test
  void eachKindOfASumKeepsItsBitsWhateverOthersNeed() throws Exception {
    Prepared prepared =
        Optimize.of(RowsProblem.of(rows(SummaryTest::y), new Logistic()))
            .secret(Secret.fresh())
            .prepare();
    try (Prepared.Opened opened = prepared.open()) {
      Mechanism masks =
          Inference.masks(opened.prepared(), new RunDigest().text("test", "sums of three kinds"));
      double[] numbers = {1.0 / 3, 1e6 / 7, 1e12 / 9};
      double[] sums =
          new PooledNewton(opened.runner(), masks, 1, () -> {})
              .sum(
                  (costs, agents) -> costs,
                  new int[] {1, 1, 1},
                  new double[] {4, 1e-15, 1e-30},
                  (costs, agents, i) -> numbers.clone())
              .numbers();
      for (int k = 0; k < numbers.length; k++) {
        assertThat(sums[k]).isCloseTo(5 * numbers[k], within(1e-12 * numbers[k]));
      }
    }
  }

  @Test
  void whatLeavesACellOfOneAgentIsMaskedAnewInEachSum() throws Exception {
    List<long[]> open = said(RunSettings.Mechanism.NONE, 3);
    List<long[]> masked = said(RunSettings.Mechanism.OFFSETS, 3);
    List<long[]> again = said(RunSettings.Mechanism.OFFSETS, 4);
    int size = 1 + 3 + 1 + 3 + 6;
    assertThat(open).hasSize(5);
    for (int k = 0; k < size; k++) {
      long sum = 0;
      long same = 0;
      for (int cell = 0; cell < 5; cell++) {
        sum += masked.get(cell)[k];
        same += open.get(cell)[k];
        assertThat(masked.get(cell)[k]).isNotIn(open.get(cell)[k], again.get(cell)[k]);
      }
      assertThat(sum).as("the sum of number %d", k).isEqualTo(same);
    }
  }

  @Test
  void shrunkEstimatesHaveTheErrorsOfShrunkOnes() throws Exception {
    double ridge = 0.5;
    Summary plain =
        summary(RowsProblem.of(rows(SummaryTest::z), new Squared()), InferenceSettings.usual());
    Summary shrunk =
        summary(
            RowsProblem.of(rows(SummaryTest::z), new Squared()).l2(ridge),
            InferenceSettings.usual());
    assertThat(shrunk.notes()).anyMatch(note -> note.contains("shrunk"));
    assertThat(shrunk.toMap().get("aic")).isNull();
    for (int k = 1; k < 3; k++) {
      // columns are standardised and nearly uncorrelated: H is about 1, and 1 + l2 with the penalty
      double before = plain.terms().get(k).stdError() / Math.sqrt(dispersion(plain));
      double after = shrunk.terms().get(k).stdError() / Math.sqrt(dispersion(shrunk));
      assertThat(after / before).isCloseTo(1 / (1 + ridge), within(0.02));
    }
  }

  private static double dispersion(Summary of) {
    return Objects.requireNonNull(of.figures()).dispersion();
  }
}
