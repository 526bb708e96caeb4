package io.sotto.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where agents seem to mean different things by columns of one name: other types, units, codes or
 * levels, other shares of missing values. It compares each agent with the median of the others, in
 * units of how far agents usually are from that median, so that sites that differ by nature are
 * left alone. A finding is a question to the agent, and no proof.
 *
 * @param findings the weightiest first
 */
public record Harmonisation(List<Finding> findings) {
  /** How many usual distances away an agent must be. */
  private static final double FAR = 6;

  /** How many usual distances a factor may be off. */
  private static final double NEAR = 2.5;

  /** Logarithms of means of comparable agents differ by about this much at least. */
  private static final double USUAL_LOG = 0.1;

  /** Log odds of labels of comparable agents differ by about this much at least. */
  private static final double USUAL_LOG_ODDS = 0.4;

  /** Shares of missing values of comparable agents differ by about this much at least. */
  private static final double USUAL_MISSING = 0.04;

  /** Means of comparable agents are apart by about this many deviations of rows at least. */
  private static final double USUAL_SHIFT = 0.5;

  /** Means of sites are about so many times as certain as their deviations. */
  private static final double MEANS_COUNT = 10;

  /** No more degrees Celsius than these are looked for. */
  private static final double WARMEST = 60;

  /** Stands for 1.8 and 32 among factors. */
  private static final double DEGREES = 1.8;

  /** The deviation of a normal distribution whose median distance from its median is 1. */
  private static final double NORMAL = 1.4826;

  /** A mean below this many deviations says nothing of units: the deviation does. */
  private static final double CENTRED = 0.5;

  /** Deviations are less certain than means; beside a mean they may be off by this factor. */
  private static final double LOOSE = 2;

  /** More values than these are no codes. */
  private static final int MOST_CODES = 5;

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

  /** What a finding is about; the weightiest first. */
  public enum Kind {
    /** Numbers at some, text at others; or no such column at all. */
    TYPE("type"),
    /** Other units, most likely. */
    UNIT("unit?"),
    /** Other codes or words for what may be the same. */
    LEVELS("levels"),
    /** Classes that are much more frequent than elsewhere, or are swapped. */
    PREVALENCE("label"),
    /** Many more missing values than elsewhere. */
    MISSING("missing"),
    /** The same in all rows of an agent, and not elsewhere. */
    CONSTANT("constant");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** What people are told. */
    public String word() {
      return word;
    }
  }

  /**
   * Something to ask an agent about.
   *
   * @param weight by how much; of two findings of one kind the greater comes first
   */
  public record Finding(
      Kind kind, String column, List<String> agents, double weight, String words) {

    /** For people. */
    public String line() {
      return "%s: '%s' of %s %s".formatted(kind.word(), column, Text.some(agents), words);
    }
  }

  /**
   * Compares agents.
   *
   * @param columns of all agents
   * @param label the column to predict, whose classes are compared; null for none
   */
  public static Harmonisation of(List<AgentColumn> columns, @Nullable String label) {
    Map<String, List<AgentColumn>> byColumn =
        columns.stream()
            .collect(Collectors.groupingBy(AgentColumn::column, TreeMap::new, Collectors.toList()));
    List<Finding> all = new ArrayList<>();
    byColumn.forEach(
        (name, ofAgents) -> {
          if (ofAgents.size() > 1) {
            all.addAll(new Comparison(name, ofAgents, name.equals(label)).findings());
          }
        });
    all.sort(
        Comparator.comparing(Finding::kind)
            .thenComparing(Finding::weight, Comparator.reverseOrder())
            .thenComparing(Finding::column));
    return new Harmonisation(List.copyOf(all));
  }

  /** One column of all agents. */
  private record Comparison(String column, List<AgentColumn> all, boolean label) {

    List<Finding> findings() {
      List<Finding> findings = new ArrayList<>();
      add(findings, Kind.TYPE, some(c -> !c.present()), all.size(), "is not there");
      List<AgentColumn> filled = some(c -> c.filled() > 0);
      List<AgentColumn> numeric = filled.stream().filter(AgentColumn::isNumeric).toList();
      List<AgentColumn> text = filled.stream().filter(c -> !c.isNumeric()).toList();
      if (!numeric.isEmpty() && !text.isEmpty()) {
        boolean few = text.size() <= numeric.size();
        add(
            findings,
            Kind.TYPE,
            few ? text : numeric,
            all.size(),
            few ? "is text, and numbers elsewhere" : "is numbers, and text elsewhere");
      } else if (text.isEmpty()) {
        add(
            findings,
            Kind.TYPE,
            numeric.stream().filter(c -> c.numbers() < 1).toList(),
            1,
            "holds text among its numbers");
      }
      levels(filled, findings);
      boolean coded = findings.stream().anyMatch(f -> f.kind() == Kind.LEVELS);
      if (label && !coded) {
        prevalence(filled, findings);
      }
      if (!label && !coded && numeric.size() > 1 && numeric.stream().anyMatch(c -> !isTwo(c))) {
        units(numeric.stream().filter(c -> c.deviation() > 0).toList(), findings);
      }
      missing(findings);
      List<AgentColumn> constant = filled.stream().filter(AgentColumn::constant).toList();
      if (constant.size() < filled.size()) {
        add(findings, Kind.CONSTANT, constant, 1, "is the same in all rows, and not elsewhere");
      }
      return findings;
    }

    private List<AgentColumn> some(Predicate<AgentColumn> which) {
      return all.stream().filter(which).toList();
    }

    private void add(
        List<Finding> findings, Kind kind, List<AgentColumn> of, double weight, String words) {
      if (!of.isEmpty() && of.size() < all.size()) {
        findings.add(
            new Finding(kind, column, of.stream().map(AgentColumn::agent).toList(), weight, words));
      }
    }

    private static boolean isTwo(AgentColumn c) {
      return c.values().size() == 2 && c.others() == 0;
    }

    /** Codes of two values, and words, that differ from what most agents have. */
    private void levels(List<AgentColumn> filled, List<Finding> findings) {
      boolean texts = filled.stream().noneMatch(AgentColumn::isNumeric);
      boolean codes = 2 * filled.stream().filter(Comparison::isTwo).count() > filled.size();
      List<AgentColumn> told =
          filled.stream()
              .filter(c -> !c.values().isEmpty())
              .filter(c -> texts || c.values().size() <= MOST_CODES)
              .toList();
      if (told.size() < 2 || !(texts || codes)) {
        return;
      }
      Map<String, Integer> agentsOf = new TreeMap<>();
      told.forEach(c -> c.values().keySet().forEach(v -> agentsOf.merge(v, 1, Integer::sum)));
      Set<String> usual = new TreeSet<>();
      agentsOf.forEach(
          (value, agents) -> {
            if (2 * agents > told.size()) {
              usual.add(value);
            }
          });
      if (usual.isEmpty() || told.size() == 2) { // as many write it this way as that
        usual.clear();
        usual.addAll(told.get(0).values().keySet());
      }
      Map<String, List<AgentColumn>> odd = new TreeMap<>();
      for (AgentColumn c : told) {
        Set<String> own = new TreeSet<>(c.values().keySet());
        own.removeAll(usual);
        boolean spelled = own.stream().anyMatch(v -> usual.stream().anyMatch(u -> isLike(u, v)));
        boolean none = c.values().keySet().stream().noneMatch(usual::contains);
        if (!own.isEmpty() && (codes || spelled || none || isRare(own, agentsOf))) {
          odd.computeIfAbsent(Text.some(quoted(own)), k -> new ArrayList<>()).add(c);
        }
      }
      odd.forEach(
          (own, of) ->
              add(
                  findings,
                  Kind.LEVELS,
                  of,
                  of.size(),
                  "has %s, and elsewhere it is %s".formatted(own, Text.some(quoted(usual)))));
    }

    /** Whether no other agent has these. */
    private static boolean isRare(Set<String> own, Map<String, Integer> agentsOf) {
      return own.stream().allMatch(value -> agentsOf.getOrDefault(value, 0) == 1);
    }

    /** Whether two words differ in case, blanks and signs only, or one begins the other. */
    private static boolean isLike(String one, String other) {
      String a = one.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
      String b = other.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
      boolean words = !a.isEmpty() && !b.isEmpty() && Character.isLetter(a.charAt(0));
      return a.equals(b) || (words && (a.startsWith(b) || b.startsWith(a)));
    }

    private static List<String> quoted(Set<String> values) {
      return values.stream().map(value -> "'" + value + "'").toList();
    }

    /** Classes of which an agent has many more or fewer than others. */
    private void prevalence(List<AgentColumn> filled, List<Finding> findings) {
      List<AgentColumn> two = filled.stream().filter(Comparison::isTwo).toList();
      TreeSet<String> classes = new TreeSet<>();
      two.forEach(c -> classes.addAll(c.values().keySet()));
      if (classes.size() != 2) {
        return;
      }
      ToDoubleFunction<AgentColumn> logOdds =
          c ->
              Math.log(
                  c.values().getOrDefault(classes.last(), 0L)
                      / (double) c.values().getOrDefault(classes.first(), 0L));
      Arounds around = Arounds.of(two, logOdds);
      for (AgentColumn c : two.size() == 2 ? two.subList(1, 2) : two) {
        Around others = around.of(c);
        double error =
            Math.sqrt(c.values().values().stream().mapToDouble(count -> 1.0 / count).sum());
        double usual = hypot(others.spread(), error, USUAL_LOG_ODDS);
        double away = logOdds.applyAsDouble(c) - others.median();
        if (Math.abs(away) > FAR * usual) {
          boolean swapped =
              Math.abs(logOdds.applyAsDouble(c) + others.median()) < NEAR * usual
                  && Math.abs(others.median()) > 1;
          add(
              findings,
              Kind.PREVALENCE,
              List.of(c),
              Math.abs(away) / usual,
              "is '%s' much %s often than elsewhere%s"
                  .formatted(
                      classes.last(),
                      away > 0 ? "more" : "less",
                      swapped ? ": are the two swapped?" : ""));
        }
      }
    }

    /** Means or deviations that are a known factor away from those of the others. */
    private void units(List<AgentColumn> told, List<Finding> findings) {
      if (told.size() < 2) {
        return;
      }
      double typical = median(told.stream().mapToDouble(c -> Math.abs(c.mean())).toArray());
      double deviation = median(told.stream().mapToDouble(AgentColumn::deviation).toArray());
      boolean centred =
          typical < CENTRED * deviation || told.stream().anyMatch(c -> c.mean() * typical <= 0);
      boolean oneSign = told.stream().allMatch(c -> c.mean() * told.get(0).mean() > 0);
      ToDoubleFunction<AgentColumn> size =
          centred || !oneSign ? c -> Math.log(c.deviation()) : c -> Math.log(Math.abs(c.mean()));
      Arounds sizes = Arounds.of(told, size);
      Arounds spreads = Arounds.of(told, c -> Math.log(c.deviation()));
      Arounds means = Arounds.of(told, AgentColumn::mean);
      List<Odd> odd = new ArrayList<>();
      for (AgentColumn c : told) {
        double error =
            centred || !oneSign
                ? LOOSE / Math.sqrt(2.0 * (c.filled() - 1))
                : c.deviation() / Math.abs(c.mean()) / Math.sqrt(c.filled());
        Around others = sizes.of(c);
        double usual = hypot(others.spread(), error, USUAL_LOG);
        double away = size.applyAsDouble(c) - others.median();
        double stretched = Math.log(c.deviation()) - spreads.of(c).median();
        boolean together = Math.abs(away - stretched) < Math.log(LOOSE);
        double factor = together ? factor(Math.abs(away), NEAR * usual) : 1;
        double degrees = oneSign && !centred ? fahrenheit(c, means.of(c), stretched) : 0;
        double celsius = means.of(c).median();
        double converted = degrees > 0 ? 1.8 * celsius + 32 : (celsius - 32) / 1.8;
        if (degrees != 0
            && misfit(Math.log(c.mean() / converted), stretched, DEGREES)
                < misfit(Math.abs(away) - Math.log(factor), stretched, factor)) {
          odd.add(new Odd(c, DEGREES, degrees, FAR));
        } else if (Math.abs(away) > FAR * usual) {
          odd.add(new Odd(c, factor, away, Math.abs(away) / usual));
        }
      }
      odd.stream()
          .collect(Collectors.groupingBy(Odd::key, TreeMap::new, Collectors.toList()))
          .forEach(
              (key, some) -> {
                long mirrored = odd.stream().filter(o -> o.key() == -key).count();
                if (mirrored == 0
                    || some.size() < mirrored
                    || (some.size() == mirrored && key > 0)) {
                  add(
                      findings,
                      Kind.UNIT,
                      some.stream().map(Odd::agent).toList(),
                      some.stream().mapToDouble(Odd::weight).max().orElse(0),
                      words(Math.abs(key), median(some.stream().mapToDouble(Odd::away).toArray())));
                }
              });
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
          hypot(
              means.spread(),
              c.deviation() / Math.sqrt(c.filled()),
              USUAL_SHIFT * c.deviation() / Math.exp(stretched));
      double there = means.median();
      if (Math.abs(c.mean() - there) <= FAR * usual) {
        return 0;
      }
      double loose = Math.log(1.5);
      if (Math.min(c.mean(), there) > WARMEST) {
        return 0;
      }
      boolean warm = Math.abs(1.8 * there + 32 - c.mean()) < NEAR * 1.8 * usual;
      boolean cold = Math.abs((there - 32) / 1.8 - c.mean()) < NEAR * usual;
      return warm && Math.abs(stretched - Math.log(1.8)) < loose
          ? 1
          : cold && Math.abs(stretched + Math.log(1.8)) < loose ? -1 : 0;
    }

    private void missing(List<Finding> findings) {
      List<AgentColumn> told = some(c -> c.present() && !Double.isNaN(c.missing()));
      Arounds around = Arounds.of(told, AgentColumn::missing);
      for (AgentColumn c : told) {
        Around others = around.of(c);
        double rows = c.filled() / Math.max(1e-9, 1 - c.missing());
        double error = Math.sqrt(c.missing() * (1 - c.missing()) / Math.max(1, rows));
        double away = c.missing() - others.median();
        double usual = hypot(others.spread(), error, USUAL_MISSING);
        if (away > FAR * usual && told.size() > 1) {
          add(
              findings,
              Kind.MISSING,
              List.of(c),
              away / usual,
              c.filled() == 0
                  ? "is empty, and not elsewhere"
                  : "is missing in %.0f %% of rows, and elsewhere in %.0f %%"
                      .formatted(100 * c.missing(), 100 * others.median()));
        }
      }
    }
  }

  /**
   * The median of other agents, and how far these usually are from it.
   *
   * @param spread the deviation of a normal distribution with that usual distance
   */
  private record Around(double median, double spread) {
    static Around of(double[] others) {
      double median = Harmonisation.median(others);
      double[] away = Arrays.stream(others).map(x -> Math.abs(x - median)).toArray();
      return new Around(median, NORMAL * Harmonisation.median(away));
    }
  }

  /** What is around each of some agents: the others, or all where one makes no difference. */
  private record Arounds(
      List<AgentColumn> all, ToDoubleFunction<AgentColumn> figure, @Nullable Around same) {
    private static final int MANY = 50;

    static Arounds of(List<AgentColumn> all, ToDoubleFunction<AgentColumn> figure) {
      return new Arounds(
          all,
          figure,
          all.size() > MANY ? Around.of(all.stream().mapToDouble(figure).toArray()) : null);
    }

    Around of(AgentColumn one) {
      return same != null
          ? same
          : Around.of(all.stream().filter(c -> c != one).mapToDouble(figure).toArray());
    }
  }

  private static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  private static double hypot(double a, double b, double c) {
    return Math.sqrt(a * a + b * b + c * c);
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, "%.3g", x);
  }
}
