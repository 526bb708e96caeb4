package io.sotto.formula;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a term is made of: a column, or a function of one or more.
 *
 * @param label as R calls it
 * @param kind what it is
 * @param argument what it is a function of; of a column itself
 * @param columns how many it has: a degree, or degrees of freedom; 0 if levels decide
 * @param knots inner ones of a spline, ascending; empty if they are still to be agreed on
 * @param boundary the outer two; empty if they are still to be agreed on
 * @param at where it stands in the formula
 */
record Variable(
    String label,
    Kind kind,
    Node argument,
    int columns,
    List<Double> knots,
    List<Double> boundary,
    int at)
    implements Serializable {
  /** Functions that are terms of their own. */
  static final List<String> FUNCTIONS = List.of("factor", "offset", "poly", "ns");

  /** Powers of higher degree lose too many digits. */
  static final int MOST_DEGREE = 8;

  private static final int MOST_FREEDOM = 50;
  private static final String KNOTS = "knots";
  private static final String BOUNDARY = "Boundary.knots";

  /** What it is. */
  enum Kind {
    /** A column of numbers or of categories. */
    COLUMN,
    /** A column that is one of categories, whatever it holds. */
    FACTOR,
    /** One number. */
    NUMBER,
    /** Powers. */
    RAW_POWERS,
    /** Polynomials that are orthogonal over all rows. */
    POLYNOMIALS,
    /** Natural splines. */
    SPLINES
  }

  /** All functions that a formula may have. */
  static List<String> allFunctions() {
    List<String> all = new ArrayList<>(FUNCTIONS);
    all.addAll(new TreeSet<>(Arithmetic.FUNCTIONS.keySet()));
    return all;
  }

  /** Whether it may be one of categories. */
  boolean mayBeCategory() {
    return kind == Kind.COLUMN || kind == Kind.FACTOR;
  }

  /** Whether its splines need knots that all agree on. */
  boolean needsKnots() {
    return kind == Kind.SPLINES && (boundary.isEmpty() || knots.size() + 1 < columns);
  }

  static Variable column(Node.Name name) {
    return column(name.text(), name);
  }

  static Variable column(String label, Node.Name name) {
    return new Variable(label, Kind.COLUMN, name, 0, List.of(), List.of(), name.at());
  }

  /**
   * Reads one.
   *
   * @param formula the whole text, for complaints
   */
  static Variable of(String formula, Node node) {
    if (node instanceof Node.Name name) {
      return column(name);
    }
    Node.Call call = (Node.Call) node;
    if (call.function().equals("factor") || call.function().equals("as.factor")) {
      if (call.arguments().size() == 1 && call.arguments().get(0).value() instanceof Node.Name) {
        return made(call, Kind.FACTOR, 0, List.of(), List.of());
      }
      throw Lexer.bad(formula, call.at(), "factor takes the name of a column");
    }
    if (call.function().equals("poly")) {
      return polynomials(formula, call);
    }
    if (call.function().equals("ns")) {
      return splines(formula, call);
    }
    Arithmetic.check(formula, call);
    return new Variable(call.text(), Kind.NUMBER, call, 1, List.of(), List.of(), call.at());
  }

  private static Variable made(
      Node.Call call, Kind kind, int columns, List<Double> knots, List<Double> boundary) {
    Node argument = call.arguments().get(0).value();
    return new Variable(call.text(), kind, argument, columns, knots, boundary, call.at());
  }

  private static Variable polynomials(String formula, Node.Call call) {
    argument(formula, call);
    int degree = 1;
    boolean raw = false;
    for (Node.Argument more : call.arguments().subList(1, call.arguments().size())) {
      if (more.name().isEmpty() || more.name().equals("degree")) {
        degree = whole(formula, more.value(), MOST_DEGREE);
      } else if (more.name().equals("raw")) {
        raw = yes(formula, more.value());
      } else {
        throw Lexer.bad(
            formula, more.value().at(), "poly takes a number, degree and raw, as poly(x, 2)");
      }
    }
    return made(call, raw ? Kind.RAW_POWERS : Kind.POLYNOMIALS, degree, List.of(), List.of());
  }

  private static Variable splines(String formula, Node.Call call) {
    argument(formula, call);
    int freedom = 0;
    List<Double> knots = List.of();
    List<Double> boundary = List.of();
    for (Node.Argument more : call.arguments().subList(1, call.arguments().size())) {
      if (more.name().isEmpty() || more.name().equals("df")) {
        freedom = whole(formula, more.value(), MOST_FREEDOM);
      } else if (more.name().equals(KNOTS)) {
        knots = numbers(formula, more.value());
      } else if (more.name().equals(BOUNDARY)) {
        boundary = numbers(formula, more.value());
      } else {
        throw Lexer.bad(
            formula,
            more.value().at(),
            "ns takes a number, df, knots and Boundary.knots, as ns(x, df = 3)");
      }
    }
    List<Double> all = new ArrayList<>(knots);
    if (boundary.size() == 2) {
      all.add(0, boundary.get(0));
      all.add(boundary.get(1));
    }
    boolean fits =
        (boundary.isEmpty() || boundary.size() == 2)
            && (freedom == 0 || knots.isEmpty() || freedom == knots.size() + 1);
    if (!fits || !ascending(all)) {
      throw Lexer.bad(
          formula,
          call.at(),
          "knots must ascend, between two Boundary.knots, and df is one more than there are knots");
    }
    int columns = knots.isEmpty() ? Math.max(1, freedom) : knots.size() + 1;
    return made(call, Kind.SPLINES, columns, knots, boundary);
  }

  private static boolean ascending(List<Double> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i - 1) >= numbers.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static void argument(String formula, Node.Call call) {
    if (call.arguments().isEmpty() || !call.arguments().get(0).name().isEmpty()) {
      throw Lexer.bad(
          formula, call.at(), call.function() + " begins with what it is a function of");
    }
    Arithmetic.check(formula, call.arguments().get(0).value());
  }

  private static int whole(String formula, Node node, int most) {
    DoublePredicate fits = n -> n >= 1 && n <= most && n == Math.rint(n);
    if (node instanceof Node.Constant constant && fits.test(constant.value())) {
      return (int) constant.value();
    }
    throw Lexer.bad(formula, node.at(), "it must be a whole number from 1 to " + most);
  }

  private static boolean yes(String formula, Node node) {
    String word = node.text();
    if (word.equals("TRUE") || word.equals("FALSE")) {
      return word.equals("TRUE");
    }
    throw Lexer.bad(formula, node.at(), "it must be TRUE or FALSE");
  }

  private static List<Double> numbers(String formula, Node node) {
    List<Node> some =
        node instanceof Node.Call call && call.function().equals("c")
            ? call.parts()
            : List.of(node);
    List<Double> numbers = new ArrayList<>();
    for (Node one : some) {
      Double number = constant(one);
      if (number == null) {
        throw Lexer.bad(formula, one.at(), "it must be a number, or several as c(40, 60)");
      }
      numbers.add(number);
    }
    return List.copyOf(numbers);
  }

  private static @Nullable Double constant(Node node) {
    if (node instanceof Node.Constant constant) {
      return constant.value();
    }
    return node instanceof Node.Signed signed && signed.of() instanceof Node.Constant of
        ? (Double) (signed.sign() == '-' ? -of.value() : of.value())
        : null;
  }
}
