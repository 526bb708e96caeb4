package io.sotto.run;

import io.sotto.run.Harmonisation.Finding;
import io.sotto.run.Harmonisation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Looks for agents that write a column of numbers in another unit.
 *
 * @param told the agents whose means and deviations may be told
 */
record UnitComparison(String column, List<AgentColumn> told) {
  /** Logarithms of means of comparable agents differ by about this much at least. */
  private static final double USUAL_LOG = 0.1;

  /** A mean below this many deviations says nothing of units: the deviation does. */
  private static final double CENTRED = 0.5;

  /** Deviations are less certain than means; beside a mean they may be off by this factor. */
  private static final double LOOSE = 2;

  /** Means of comparable agents are apart by about this many deviations of rows at least. */
  private static final double USUAL_SHIFT = 0.5;

  /** Stands for 1.8 and 32 among factors. */
  private static final double DEGREES = 1.8;

  /** Means of sites are about so many times as certain as their deviations. */
  private static final double MEANS_COUNT = 10;

  /** No more degrees Celsius than these are looked for. */
  private static final double WARMEST = 60;

  private static final Map<Double, String> UNITS =
      new TreeMap<>(
          Map.of(
              10.0, "a decimal place, such as mm against cm or g/L against g/dL",
              100.0, "per cent against fractions, or cm against m",
              1000.0, "thousands, such as g against kg or mg against g",
              2.54, "centimetres against inches",
              2.2046, "pounds against kilograms",
              18.016, "glucose in mg/dL against mmol/L",
              38.67, "cholesterol in mg/dL against mmol/L",
              88.42, "creatinine in umol/L against mg/dL"));

  /** Means or deviations that are a known factor away from those of the others. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (told.size() < 2) {
      return findings;
    }
    double typical = Around.median(told.stream().mapToDouble(c -> Math.abs(c.mean())).toArray());
    double deviation = Around.median(told.stream().mapToDouble(AgentColumn::deviation).toArray());
    boolean centred =
        typical < CENTRED * deviation || told.stream().anyMatch(c -> c.mean() * typical <= 0);
    boolean oneSign = told.stream().allMatch(c -> c.mean() * told.get(0).mean() > 0);
    ToDoubleFunction<AgentColumn> size =
        centred || !oneSign ? c -> Math.log(c.deviation()) : c -> Math.log(Math.abs(c.mean()));
    Around.Among sizes = Around.Among.of(told, size);
    Around.Among spreads = Around.Among.of(told, c -> Math.log(c.deviation()));
    Around.Among means = Around.Among.of(told, AgentColumn::mean);
    List<Odd> odd = new ArrayList<>();
    for (AgentColumn c : told) {
      double error =
          centred || !oneSign
              ? LOOSE / Math.sqrt(2.0 * (c.filled() - 1))
              : c.deviation() / Math.abs(c.mean()) / Math.sqrt(c.filled());
      Around others = sizes.of(c);
      double usual = Around.hypot(others.spread(), error, USUAL_LOG);
      double away = size.applyAsDouble(c) - others.median();
      double stretched = Math.log(c.deviation()) - spreads.of(c).median();
      boolean together = Math.abs(away - stretched) < Math.log(LOOSE);
      double factor = together ? factor(Math.abs(away), Harmonisation.NEAR * usual) : 1;
      double degrees = oneSign && !centred ? fahrenheit(c, means.of(c), stretched) : 0;
      double celsius = means.of(c).median();
      double converted = degrees > 0 ? 1.8 * celsius + 32 : (celsius - 32) / 1.8;
      if (degrees != 0
          && misfit(Math.log(c.mean() / converted), stretched, DEGREES)
              < misfit(Math.abs(away) - Math.log(factor), stretched, factor)) {
        odd.add(new Odd(c, DEGREES, degrees, Harmonisation.FAR));
      } else if (Math.abs(away) > Harmonisation.FAR * usual) {
        odd.add(new Odd(c, factor, away, Math.abs(away) / usual));
      }
    }
    odd.stream()
        .collect(Collectors.groupingBy(Odd::key, TreeMap::new, Collectors.toList()))
        .forEach(
            (key, some) -> {
              long mirrored = odd.stream().filter(o -> o.key() == -key).count();
              if (mirrored == 0 || some.size() < mirrored || (some.size() == mirrored && key > 0)) {
                findings.add(
                    new Finding(
                        Kind.UNIT,
                        column,
                        some.stream().map(odder -> odder.agent().agent()).toList(),
                        some.stream().mapToDouble(Odd::weight).max().orElse(0),
                        words(
                            Math.abs(key),
                            Around.median(some.stream().mapToDouble(Odd::away).toArray()))));
              }
            });
    return findings;
  }

  /**
   * An agent with another unit.
   *
   * @param factor of the unit; 1 if none is known
   * @param away the logarithm of how many times as large its numbers are
   */
  private record Odd(AgentColumn agent, double factor, double away, double weight) {
    double key() {
      return away > 0 ? factor : -factor;
    }
  }

  /** How far means and deviations are from what a unit makes of them. */
  private static double misfit(double ofMean, double stretched, double factor) {
    return Math.hypot(MEANS_COUNT * ofMean, Math.abs(stretched) - Math.log(factor));
  }

  /** The known factor that a logarithm is near; 1 if none is. */
  private static double factor(double away, double tolerance) {
    double nearest = 1;
    for (double factor : UNITS.keySet()) {
      if (Math.abs(away - Math.log(factor)) < Math.abs(away - Math.log(nearest))) {
        nearest = factor;
      }
    }
    return Math.abs(away - Math.log(nearest)) < tolerance ? nearest : 1;
  }

  private static String words(double factor, double away) {
    if (factor == DEGREES) {
      return away > 0
          ? "looks like degrees Fahrenheit, and like Celsius elsewhere (1.8 and 32)"
          : "looks like degrees Celsius, and like Fahrenheit elsewhere (1.8 and 32)";
    }
    String times =
        "is about %s%s times what it is elsewhere"
            .formatted(away > 0 ? "" : "1/", number(Math.exp(Math.abs(away))));
    return factor == 1
        ? times + ": another unit, or other people?"
        : "%s: another unit? %s is %s".formatted(times, number(factor), UNITS.get(factor));
  }

  /** 1 for degrees Fahrenheit among Celsius, -1 for the reverse, 0 for neither. */
  private static double fahrenheit(AgentColumn c, Around means, double stretched) {
    double usual =
        Around.hypot(
            means.spread(),
            c.deviation() / Math.sqrt(c.filled()),
            USUAL_SHIFT * c.deviation() / Math.exp(stretched));
    double there = means.median();
    if (Math.abs(c.mean() - there) <= Harmonisation.FAR * usual) {
      return 0;
    }
    double loose = Math.log(1.5);
    if (Math.min(c.mean(), there) > WARMEST) {
      return 0;
    }
    boolean warm = Math.abs(1.8 * there + 32 - c.mean()) < Harmonisation.NEAR * 1.8 * usual;
    boolean cold = Math.abs((there - 32) / 1.8 - c.mean()) < Harmonisation.NEAR * usual;
    return warm && Math.abs(stretched - Math.log(1.8)) < loose
        ? 1
        : cold && Math.abs(stretched + Math.log(1.8)) < loose ? -1 : 0;
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, "%.3g", x);
  }
}
