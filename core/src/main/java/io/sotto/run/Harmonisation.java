package io.sotto.run;

import java.util.ArrayList;
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
  static final double FAR = 6;

  /** How many usual distances a factor may be off. */
  static final double NEAR = 2.5;

  /** Log odds of labels of comparable agents differ by about this much at least. */
  private static final double USUAL_LOG_ODDS = 0.4;

  /** Shares of missing values of comparable agents differ by about this much at least. */
  private static final double USUAL_MISSING = 0.04;

  /** More values than these are no codes. */
  private static final int MOST_CODES = 5;

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
      if (!coded && numeric.size() > 1 && numeric.stream().anyMatch(c -> !isTwo(c))) {
        findings.addAll(
            new UnitComparison(column, numeric.stream().filter(c -> c.deviation() > 0).toList())
                .findings());
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
      Around.Among around = Around.Among.of(two, logOdds);
      for (AgentColumn c : two.size() == 2 ? two.subList(1, 2) : two) {
        Around others = around.of(c);
        double error =
            Math.sqrt(c.values().values().stream().mapToDouble(count -> 1.0 / count).sum());
        double usual = Around.hypot(others.spread(), error, USUAL_LOG_ODDS);
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

    private void missing(List<Finding> findings) {
      List<AgentColumn> told = some(c -> c.present() && !Double.isNaN(c.missing()));
      Around.Among around = Around.Among.of(told, AgentColumn::missing);
      for (AgentColumn c : told) {
        Around others = around.of(c);
        double rows = c.filled() / Math.max(1e-9, 1 - c.missing());
        double error = Math.sqrt(c.missing() * (1 - c.missing()) / Math.max(1, rows));
        double away = c.missing() - others.median();
        double usual = Around.hypot(others.spread(), error, USUAL_MISSING);
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
}
