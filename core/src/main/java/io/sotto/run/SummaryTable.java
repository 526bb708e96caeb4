package io.sotto.run;

import io.sotto.run.InferenceSettings.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link Summary} as the console shows it. */
final class SummaryTable {
  private SummaryTable() {}

  /** The lines; of a summary that holds, the last ones are its notes. */
  static List<String> lines(Summary summary) {
    Summary.Figures figures = summary.figures();
    List<Summary.Term> terms = summary.terms();
    String ratio = summary.ratio();
    List<String> lines = new ArrayList<>();
    if (figures == null) {
      lines.add("standard errors: left out, because " + summary.reason());
      return lines;
    }
    int name = terms.stream().mapToInt(term -> term.name().length()).max().orElse(1);
    String start = "%-" + Math.max(name, "term".length()) + "s";
    String head =
        String.format(
            Locale.ROOT,
            start + " %12s %11s %9s %10s %25s",
            "term",
            "estimate",
            "std. error",
            figures.statistic(),
            "p",
            "95 % interval");
    lines.add(ratio.isEmpty() ? head : head + String.format(Locale.ROOT, " %34s", ratio));
    for (Summary.Term term : terms) {
      if (Double.isNaN(term.estimate())) {
        lines.add(String.format(Locale.ROOT, start + " %12s", term.name(), "NA"));
        continue;
      }
      String line =
          String.format(
              Locale.ROOT,
              start + " %12.6g %11.5g %9.3f %10.3g %12.5g %12.5g",
              term.name(),
              term.estimate(),
              term.stdError(),
              term.statistic(),
              term.pValue(),
              term.low(),
              term.high());
      lines.add(
          ratio.isEmpty()
              ? line
              : line
                  + String.format(
                      Locale.ROOT,
                      " %11.5g %11.5g %11.5g",
                      Math.exp(term.estimate()),
                      Math.exp(term.low()),
                      Math.exp(term.high())));
    }
    lines.addAll(whole(figures, summary.errors()));
    lines.addAll(summary.notes());
    return lines;
  }

  /** Without a point where it is whole. */
  private static String number(double of) {
    return of == Math.rint(of) ? Text.count((long) of) : String.valueOf(of);
  }

  private static List<String> whole(Summary.Figures of, Errors errors) {
    List<String> lines = new ArrayList<>();
    if (of.hasDeviance()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "null deviance %.8g on %s degrees of freedom, residual deviance %.8g on %s, dispersion %.6g",
              of.nullDeviance(),
              number(of.nullDegreesOfFreedom()),
              of.deviance(),
              number(of.degreesOfFreedom()),
              of.dispersion()));
    }
    if (Double.isFinite(of.logLikelihood())) {
      lines.add(
          String.format(Locale.ROOT, "log-likelihood %.8g", of.logLikelihood())
              + (Double.isFinite(of.aic())
                  ? String.format(Locale.ROOT, ", AIC %.8g", of.aic())
                  : ""));
    }
    String what =
        switch (errors) {
          case MODEL -> of.kinked() ? "by a kernel" : "of the model";
          case HC0, HC1 -> "robust (%s), by the squared scores of rows".formatted(errors);
          case AGENT -> "robust, by the squared scores of agents";
        };
    lines.add(
        "standard errors %s; %s rows; every coefficient within %.1g of its standard error; %d masked sums"
            .formatted(
                what, Text.count(of.rowsUsed()), Math.max(of.reached(), 1e-12), of.rounds()));
    return lines;
  }
}
