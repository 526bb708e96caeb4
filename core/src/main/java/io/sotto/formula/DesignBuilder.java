package io.sotto.formula;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Makes the design of some terms, once all rows have been looked at. */
public final class DesignBuilder {
  private final Terms terms;
  private final String formula;
  private final Survey survey;
  private final Choices choices;
  private final Map<String, Input> numbers = new LinkedHashMap<>();
  private final Map<String, Input> categories = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> rowsByLevel = new LinkedHashMap<>();

  /**
   * @param survey of all rows
   * @param choices about categories and missing values
   * @throws BadInputException if a column is not what a term needs, or a level is refused
   */
  public DesignBuilder(Survey survey, Choices choices) {
    this.terms = survey.terms();
    this.formula = terms.formula().text();
    this.survey = survey;
    this.choices = choices;
    for (Variable variable : terms.variables()) {
      read(variable);
    }
    Set<String> filled = terms.filled();
    terms.offsets().forEach(offset -> numbers(offset, filled));
    if (!terms.formula().isLabelColumn()) {
      numbers(terms.formula().response(), filled);
    }
    for (String column : choices.reference().keySet()) {
      if (!categories.containsKey(column)) {
        throw new BadInputException(
            "data.reference names '%s', which is no column of categories%s."
                .formatted(
                    column,
                    categories.isEmpty()
                        ? "; there is none"
                        : ", maybe '%s' is meant"
                            .formatted(Registry.nearest(column, categories.keySet()))));
      }
    }
  }

  private void read(Variable variable) {
    if (variable.argument() instanceof Node.Name name && variable.mayBeCategory()) {
      String column = name.name();
      if (survey.filled(column) == 0) {
        throw bad(variable, "the column '%s' has no value in any row".formatted(column));
      }
      boolean flags =
          !formula.isEmpty()
              && !survey.levels(column).isEmpty()
              && survey.levels(column).keySet().stream().allMatch(Input::isFlag);
      if (variable.kind() == Variable.Kind.FACTOR || flags || !survey.isNumber(column)) {
        Input.Kind kind =
            flags ? Input.Kind.FLAG : survey.isNumber(column) ? Input.Kind.CODE : Input.Kind.TEXT;
        if (!categories.containsKey(column)) {
          Levels levels = Levels.of(survey, choices, column, kind, why -> bad(variable, why));
          categories.put(column, levels.input());
          rowsByLevel.put(column, levels.rows());
        }
        return;
      }
    }
    numbers(variable.argument(), terms.filled());
  }

  private void numbers(Node node, Set<String> filled) {
    node.names()
        .forEach(
            name -> {
              String column = name.name();
              if (!survey.isNumber(column)) {
                throw Lexer.bad(
                    formula,
                    name.at(),
                    "most values of the column '%s' are no numbers, and none can be computed of them"
                        .formatted(column));
              }
              double fill =
                  !filled.contains(column) || survey.without(column) == 0
                      ? Double.NaN
                      : switch (choices.missing()) {
                        case MEAN -> survey.mean(column);
                        case CONSTANT -> choices.constant();
                        default -> Double.NaN;
                      };
              numbers.putIfAbsent(column, Input.number(column, fill));
            });
  }

  private BadInputException bad(Variable variable, String why) {
    return formula.isEmpty()
        ? new BadInputException("data.features: %s.".formatted(why))
        : Lexer.bad(formula, variable.at(), why);
  }

  /** How many rows have which level, by column. */
  public Map<String, Map<String, Long>> rowsByLevel() {
    return rowsByLevel;
  }

  private List<Variable> polynomials() {
    return terms.variables().stream()
        .filter(variable -> variable.kind() == Variable.Kind.POLYNOMIALS)
        .toList();
  }

  /** A design whose features are what orthogonal polynomials are of, and of no other column. */
  public Design arguments() {
    List<Variable> some = polynomials();
    List<Design.Column> columns = new ArrayList<>();
    some.forEach(v -> columns.add(new Design.Column(v.label(), List.of(columns.size()))));
    List<Part> parts = some.stream().map(v -> Part.number(v.label(), v.argument())).toList();
    return new Design(
            "",
            false,
            List.copyOf(numbers.values()),
            parts,
            columns,
            List.of(),
            null,
            choices.read())
        .forNewRows();
  }

  /** What takes the sums that {@link #build} needs, one for each feature of the arguments. */
  public PowerSums powerSums() {
    return new PowerSums(
        polynomials().stream()
            .map(
                variable -> {
                  double[] about = survey.meanAndDeviation(variable);
                  return new Polynomials(variable.columns(), about[0], about[1] > 0 ? about[1] : 1);
                })
            .toList());
  }

  /**
   * The design.
   *
   * @param sums of all rows
   */
  public Design build(PowerSums sums) {
    List<Part> parts = new ArrayList<>();
    List<Integer> first = new ArrayList<>();
    int slots = 0;
    for (Variable variable : terms.variables()) {
      Part part = part(variable, sums);
      first.add(slots);
      parts.add(part);
      slots += part.names().size();
    }
    List<Design.Column> columns = new ArrayList<>();
    for (int t = 0; t < terms.terms().size(); t++) {
      columns.addAll(columns(t, parts, first));
    }
    if (choices.indicator()) {
      for (Input input : numbers.values()) {
        if (!Double.isNaN(input.fill())) {
          String name = input.column() + "_missing";
          columns.add(new Design.Column(name, List.of(slots++)));
          parts.add(
              new Part(
                  name,
                  Part.Kind.MISSING,
                  new Node.Name(input.column(), 0),
                  List.of(name),
                  List.of(),
                  List.of()));
        }
      }
    }
    Design design = of(parts, columns);
    requireDistinct(design.names());
    requireDistinct(design.slotNames());
    if (columns.isEmpty()) {
      throw new BadInputException(
          "problem.formula is '%s'; it has no term but the constant. Name a column."
              .formatted(formula));
    }
    return design;
  }

  private static void requireDistinct(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new BadInputException(
            "Two features are named '%s'; rename a column or a level.".formatted(name));
      }
    }
  }

  private Design of(List<Part> parts, List<Design.Column> columns) {
    List<Input> inputs = new ArrayList<>(numbers.values());
    inputs.addAll(categories.values());
    Formula of = terms.formula();
    return new Design(
        formula,
        terms.intercept(),
        List.copyOf(inputs),
        List.copyOf(parts),
        List.copyOf(columns),
        terms.offsets(),
        of.isLabelColumn() ? null : of.response(),
        choices.read());
  }

  private boolean isCategory(Variable variable) {
    return variable.kind() == Variable.Kind.FACTOR
        || (variable.kind() == Variable.Kind.COLUMN
            && categories.containsKey(((Node.Name) variable.argument()).name())
            && !numbers.containsKey(((Node.Name) variable.argument()).name()));
  }

  private Part part(Variable variable, PowerSums sums) {
    String label = variable.label();
    Node of = variable.argument();
    if (isCategory(variable)) {
      List<String> levels = category(of).levels().stream().map(l -> label + l).toList();
      return new Part(label, Part.Kind.LEVELS, of, levels, List.of(), List.of());
    }
    List<String> names = Part.numbered(label, variable.columns());
    return switch (variable.kind()) {
      case RAW_POWERS -> new Part(label, Part.Kind.POWERS, of, names, List.of(), List.of());
      case SPLINES -> spline(variable, names);
      case POLYNOMIALS -> {
        List<List<Double>> made = sums.of(polynomials().indexOf(variable));
        if (made.isEmpty()) {
          throw bad(variable, label + " has too few different values for its degree. Lower it");
        }
        yield new Part(label, Part.Kind.POLYNOMIALS, of, names, made.get(0), made.get(1));
      }
      default -> Part.number(label, of);
    };
  }

  private Input category(Node column) {
    return Objects.requireNonNull(categories.get(((Node.Name) column).name()));
  }

  private Part spline(Variable variable, List<String> names) {
    List<Double> knots = variable.knots();
    List<Double> boundary = variable.boundary();
    if (variable.needsKnots()) {
      Quantiles quantiles = new Quantiles(survey.values(variable), boundary);
      boundary = boundary.isEmpty() ? List.of(quantiles.at(0), quantiles.at(1)) : boundary;
      if (knots.isEmpty()) {
        List<Double> inner = new ArrayList<>();
        for (int k = 1; k < variable.columns(); k++) {
          inner.add(quantiles.at((double) k / variable.columns()));
        }
        knots = inner;
      }
      List<Double> all = new ArrayList<>(knots);
      all.add(0, boundary.get(0));
      all.add(boundary.get(1));
      for (int k = 1; k < all.size(); k++) {
        if (!(all.get(k - 1) < all.get(k))) {
          throw bad(
              variable,
              "to four digits %s has too few different values for its knots. Lower df, give knots, or shift it, as in ns(I(x - 1000), df = 3)"
                  .formatted(variable.argument().text()));
        }
      }
    }
    return new Part(
        variable.label(),
        Part.Kind.SPLINES,
        variable.argument(),
        names,
        List.copyOf(knots),
        List.copyOf(boundary));
  }

  /** The features of a term; those of its first variable come fastest. */
  private List<Design.Column> columns(int t, List<Part> parts, List<Integer> first) {
    List<Design.Column> products = new ArrayList<>();
    products.add(new Design.Column("", List.of()));
    for (int v = terms.terms().get(t).nextSetBit(0);
        v >= 0;
        v = terms.terms().get(t).nextSetBit(v + 1)) {
      boolean category = isCategory(terms.variables().get(v));
      List<Design.Column> next = new ArrayList<>();
      List<String> names = parts.get(v).names();
      for (int k = category && !isFull(t, v) ? 1 : 0; k < names.size(); k++) {
        for (Design.Column product : products) {
          List<Integer> slots = new ArrayList<>(product.slots());
          slots.add(first.get(v) + k);
          String name =
              product.name().isEmpty() ? names.get(k) : product.name() + ":" + names.get(k);
          next.add(new Design.Column(name, List.copyOf(slots)));
        }
      }
      products = next;
    }
    return products;
  }

  /**
   * Whether a category of a term has a feature for each level, as R decides: unless the rest of the
   * term is part of an earlier term, or is the constant. Without a constant the first category of
   * all terms has them.
   */
  private boolean isFull(int t, int variable) {
    if (!terms.intercept()) {
      for (BitSet term : terms.terms()) {
        int found =
            term.stream().filter(v -> isCategory(terms.variables().get(v))).findFirst().orElse(-1);
        if (found >= 0) {
          if (term == terms.terms().get(t) && found == variable) {
            return true;
          }
          break;
        }
      }
    }
    BitSet rest = (BitSet) terms.terms().get(t).clone();
    rest.clear(variable);
    if (rest.isEmpty()) {
      return false;
    }
    for (BitSet earlier : terms.terms().subList(0, t)) {
      BitSet outside = (BitSet) rest.clone();
      outside.andNot(earlier);
      if (outside.isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
