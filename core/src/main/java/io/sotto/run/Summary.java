package io.sotto.run;

import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.Standardization;
import io.sotto.run.InferenceSettings.Errors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * What R's {@code summary(glm)} says, in original units: the content of {@code summary.csv} and of
 * the field {@code inference} of {@code solution.json}. It names no agent.
 *
 * <p>The distribution functions are those of Hipparchus, which stands in this module already.
 *
 * @param terms one for each coefficient, intercepts first
 * @param errors what standard errors rest on
 * @param figures of the whole fit; null if there is none
 * @param covariance of the terms, in their order; null if it was not asked for
 * @param notes what a reader must know
 * @param reason why there is none; empty if there is one
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Summary(
    List<Term> terms,
    Errors errors,
    @Nullable Figures figures,
    double @Nullable [][] covariance,
    List<String> notes,
    String reason) {

  /** Intervals cover that much. */
  public static final double LEVEL = 0.95;

  /** The columns of {@code summary.csv}. */
  private static final String HEADER = "term,estimate,stdError,statistic,pValue,low,high";

  /** The name of the constant, as R has it. */
  public static final String INTERCEPT = "(Intercept)";

  /**
   * One coefficient; all numbers are NaN where columns before it tell the same.
   *
   * @param statistic the estimate in standard errors, t or z
   * @param pValue of both sides
   * @param low where the interval begins
   * @param high where it ends
   */
  public record Term(
      String name,
      double estimate,
      double stdError,
      double statistic,
      double pValue,
      double low,
      double high) {}

  /**
   * What is said of the fit as a whole.
   *
   * @param loss the name of the loss
   * @param deviance twice the loss that is above the least possible one
   * @param nullDeviance that with intercepts only
   * @param degreesOfFreedom rows less coefficients
   * @param nullDegreesOfFreedom rows less intercepts
   * @param dispersion the variance of residuals of squared, else 1
   * @param logLikelihood NaN where there is none
   * @param parameters that AIC counts; NaN where shrinking leaves fewer than there are
   * @param rowsUsed rows of a weight above 0
   * @param rows that count, by their weight where that is a frequency
   * @param rounds how many masked sums were made
   * @param reached how far any coefficient is at most from the minimiser, in standard errors, as
   *     the last of Newton's steps tells
   */
  public record Figures(
      String loss,
      double deviance,
      double nullDeviance,
      double degreesOfFreedom,
      double nullDegreesOfFreedom,
      double dispersion,
      double logLikelihood,
      double parameters,
      long rowsUsed,
      double rows,
      long rounds,
      double reached) {

    /** Twice the parameters less twice the log-likelihood; NaN where one is. */
    public double aic() {
      return 2 * parameters - 2 * logLikelihood;
    }

    /** Losses that are twice the distance from the likelihood of a perfect fit have one. */
    boolean hasDeviance() {
      return !loss.equals("huber") && !kinked();
    }

    /** Whether the density of residuals at a kink was estimated. */
    boolean kinked() {
      return loss.equals("quantile") || loss.equals("absolute");
    }

    /** What statistics are: t where a spread of residuals is estimated, else z. */
    String statistic() {
      return loss.equals("squared") || kinked() ? "t" : "z";
    }

    private RealDistribution distribution() {
      return statistic().equals("t")
          ? new TDistribution(degreesOfFreedom, 1e-14)
          : new NormalDistribution(0, 1);
    }

    /** What the exponential of a coefficient is; empty if it is nothing. */
    private String ratio() {
      return switch (loss) {
        case "logistic", "softmax" -> "odds ratio";
        case "poisson" -> "rate ratio";
        case PiecewiseExponential.NAME -> "hazard ratio";
        default -> "";
      };
    }
  }

  /** Without standard errors. */
  static Summary leftOut(String reason) {
    return new Summary(List.of(), Errors.MODEL, null, null, List.of(), reason);
  }

  /** True if there are standard errors. */
  public boolean holds() {
    return reason.isEmpty();
  }

  /**
   * The summary of a point.
   *
   * @param x in the coordinates in which costs are computed
   * @param packed the covariance there
   * @param aliased the coordinates that have no estimate of their own; their terms are NaN
   * @param written whether the covariance is written
   */
  static Summary of(
      Costs costs,
      double[] x,
      double[] packed,
      int[] aliased,
      Errors errors,
      Figures figures,
      boolean written,
      List<String> notes) {
    int d = costs.dimension();
    double[] values = terms(costs, x);
    double[][] half = Covariance.full(packed, d);
    for (int i = 0; i < d; i++) {
      half[i] = terms(costs, half[i]);
    }
    double[][] covariance = new double[values.length][];
    for (int a = 0; a < covariance.length; a++) {
      double[] column = new double[d];
      for (int i = 0; i < d; i++) {
        column[i] = half[i][a];
      }
      covariance[a] = terms(costs, column);
    }
    int first = costs.dimension() > costs.shape().coefficients() ? 1 : 0; // the intercept's term
    for (int j : aliased) {
      values[first + j] = Double.NaN;
      for (int a = 0; a < covariance.length; a++) {
        covariance[a][first + j] = Double.NaN;
        covariance[first + j][a] = Double.NaN;
      }
    }
    RealDistribution distribution = figures.distribution();
    double width = distribution.inverseCumulativeProbability((1 + LEVEL) / 2);
    List<String> names = names(costs);
    List<Term> all = new ArrayList<>();
    for (int a = 0; a < values.length; a++) {
      double error = Math.sqrt(covariance[a][a]);
      double statistic = values[a] / error;
      all.add(
          new Term(
              names.get(a),
              values[a],
              error,
              statistic,
              Double.isNaN(statistic)
                  ? Double.NaN
                  : 2 * distribution.cumulativeProbability(-Math.abs(statistic)),
              values[a] - width * error,
              values[a] + width * error));
    }
    return new Summary(all, errors, figures, written ? covariance : null, notes, "");
  }

  /** The names of terms; with several predictions each has the class in front. */
  private static List<String> names(Costs costs) {
    Objective.Shape shape = costs.shape();
    Schema schema = costs.schema();
    List<String> names = new ArrayList<>();
    for (int k = shape.outputs() == 1 ? 0 : 1; k < shape.outputs() && schema != null; k++) {
      String of = shape.outputs() == 1 ? "" : schema.labels().classes().get(k) + ":";
      if (schema.intercept()) {
        names.add(of + INTERCEPT);
      }
      schema.features().forEach(feature -> names.add(of + feature));
    }
    return names;
  }

  /**
   * A linear function of x: coefficients in original units, of each prediction its intercept first;
   * of several predictions their differences to the first.
   */
  private static double[] terms(Costs costs, double[] x) {
    Objective.Shape shape = costs.shape();
    Standardization units = costs.units();
    double[] w = units.coefficients(x, shape);
    double[] b = units.intercepts(x, shape);
    int n = w.length / shape.outputs();
    int constant = shape.dimension() > shape.coefficients() ? 1 : 0;
    int first = shape.outputs() == 1 ? 0 : 1;
    double[] all = new double[(shape.outputs() - first) * (n + constant)];
    int at = 0;
    for (int k = first; k < shape.outputs(); k++) {
      if (constant > 0) {
        all[at++] = b[k] - (first > 0 ? b[0] : 0);
      }
      for (int j = 0; j < n; j++) {
        all[at++] = w[k * n + j] - (first > 0 ? w[j] : 0);
      }
    }
    return all;
  }

  /** What all parties reveal in aggregate for it. */
  List<String> disclosed() {
    List<String> all = new ArrayList<>();
    if (figures != null) {
      all.add(
          "how many rows count, the sums over all rows of the least values of their losses and of what these"
              + " lack to be log-likelihoods; loss, gradient and second derivatives of F at the points of"
              + " Newton's steps, with coefficients and without");
    }
    if (figures != null && figures.kinked()) {
      all.add(
          "of residuals their mean, their mean square, and how many lie below some numbers near their quartiles");
    }
    if (figures != null && errors != Errors.MODEL) {
      all.add(
          errors == Errors.AGENT
              ? "the sum over agents of the products of their scores at the estimate; with N agents it tells"
                  + " their scores up to a rotation of N - 1 dimensions"
              : "the sum over all rows of the products of their scores at the estimate");
    }
    return all;
  }

  /** As {@code solution.json} has it. */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("kind", figures == null ? "none" : errors.name().toLowerCase(Locale.ROOT));
    if (figures == null) {
      map.put("reason", reason);
      return map;
    }
    boolean deviance = figures.hasDeviance();
    map.put("deviance", deviance ? figures.deviance() : null);
    map.put("nullDeviance", deviance ? finite(figures.nullDeviance()) : null);
    map.put("degreesOfFreedom", figures.degreesOfFreedom());
    map.put("nullDegreesOfFreedom", figures.nullDegreesOfFreedom());
    map.put("dispersion", deviance ? figures.dispersion() : null);
    map.put("logLikelihood", finite(figures.logLikelihood()));
    map.put("aic", finite(figures.aic()));
    map.put("rows", figures.rowsUsed());
    map.put("level", LEVEL);
    map.put("statistic", figures.statistic());
    map.put("terms", terms.stream().map(this::toMap).toList());
    map.put(
        "covariance",
        covariance == null
            ? null
            : Stream.of(covariance)
                .map(row -> DoubleStream.of(row).mapToObj(Summary::finite).toList())
                .toList());
    map.put("notes", notes);
    return map;
  }

  /** Null in place of NaN; an infinite one stays, as where an odds ratio is beyond all numbers. */
  private static @Nullable Double known(double number) {
    return Double.isNaN(number) ? null : number;
  }

  /** As R writes it: NA where there is none. */
  private static String cell(double number) {
    return Double.isNaN(number) ? "NA" : String.valueOf(number);
  }

  private static @Nullable Double finite(double number) {
    return Double.isFinite(number) ? number : null;
  }

  private Map<String, @Nullable Object> toMap(Term term) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("term", term.name());
    map.put("estimate", known(term.estimate()));
    map.put("stdError", known(term.stdError()));
    map.put("statistic", known(term.statistic()));
    map.put("pValue", known(term.pValue()));
    map.put("low", known(term.low()));
    map.put("high", known(term.high()));
    if (!ratio().isEmpty()) {
      map.put("ratio", known(Math.exp(term.estimate())));
      map.put("ratioLow", known(Math.exp(term.low())));
      map.put("ratioHigh", known(Math.exp(term.high())));
    }
    return map;
  }

  /** What the exponential of a coefficient is; empty if it is nothing. */
  public String ratio() {
    return figures == null ? "" : figures.ratio();
  }

  /** The lines of {@code summary.csv}. */
  public List<String> csv() {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (Term term : terms) {
      lines.add(
          String.join(
              ",",
              Text.csv(term.name()),
              cell(term.estimate()),
              cell(term.stdError()),
              cell(term.statistic()),
              cell(term.pValue()),
              cell(term.low()),
              cell(term.high())));
    }
    return lines;
  }

  /** The lines of {@code covariance.csv}; none if it was not asked for. */
  public List<String> covarianceCsv() {
    List<String> lines = new ArrayList<>();
    if (covariance == null) {
      return lines;
    }
    List<String> names = terms.stream().map(term -> Text.csv(term.name())).toList();
    lines.add("term," + String.join(",", names));
    for (int a = 0; a < covariance.length; a++) {
      StringBuilder line = new StringBuilder(names.get(a));
      for (double number : covariance[a]) {
        line.append(',').append(cell(number));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** The table for the console. */
  public List<String> lines() {
    return SummaryTable.lines(this);
  }
}
