package io.sotto.formula;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;

/** A number that is computed from those of columns. */
@FunctionalInterface
interface Arithmetic {

  /** What can be computed of a number; all but I as {@link StrictMath} does. */
  Map<String, DoubleUnaryOperator> FUNCTIONS =
      new TreeMap<>(
          Map.of(
              "I", x -> x,
              "log", StrictMath::log,
              "log2", x -> StrictMath.log(x) / StrictMath.log(2),
              "log10", StrictMath::log10,
              "log1p", StrictMath::log1p,
              "exp", StrictMath::exp,
              "expm1", StrictMath::expm1,
              "sqrt", StrictMath::sqrt,
              "abs", Math::abs));

  /**
   * Its value for a row.
   *
   * @param numbers those of the columns
   */
  double of(double[] numbers);

  /**
   * Makes what computes a part of a formula.
   *
   * @param index the place of a column among the numbers
   */
  static Arithmetic of(Node node, ToIntFunction<String> index) {
    if (node instanceof Node.Name name) {
      int at = index.applyAsInt(name.name());
      return numbers -> numbers[at];
    }
    if (node instanceof Node.Constant constant) {
      double value = constant.value();
      return numbers -> value;
    }
    if (node instanceof Node.Group group) {
      return of(group.inside(), index);
    }
    if (node instanceof Node.Signed signed) {
      Arithmetic of = of(signed.of(), index);
      return signed.sign() == '-' ? numbers -> -of.of(numbers) : of;
    }
    if (node instanceof Node.Call call) {
      DoubleUnaryOperator function = FUNCTIONS.get(call.function());
      if (function == null) {
        throw new IllegalStateException(call.text() + " was not checked");
      }
      Arithmetic of = of(call.arguments().get(0).value(), index);
      return numbers -> function.applyAsDouble(of.of(numbers));
    }
    Node.Pair pair = (Node.Pair) node;
    Arithmetic left = of(pair.left(), index);
    Arithmetic right = of(pair.right(), index);
    return switch (pair.operator()) {
      case '+' -> numbers -> left.of(numbers) + right.of(numbers);
      case '-' -> numbers -> left.of(numbers) - right.of(numbers);
      case '*' -> numbers -> left.of(numbers) * right.of(numbers);
      case '/' -> numbers -> left.of(numbers) / right.of(numbers);
      case '^' -> numbers -> power(left.of(numbers), right.of(numbers));
      default -> throw new IllegalStateException(pair.text() + " was not checked");
    };
  }

  private static double power(double base, double exponent) {
    return exponent == 2 ? base * base : StrictMath.pow(base, exponent);
  }

  /**
   * Refuses what cannot be computed.
   *
   * @param formula the whole text, for the complaint
   */
  static void check(String formula, Node node) {
    if (node instanceof Node.Name name && name.name().equals(Node.Name.ALL_OTHERS)) {
      throw Lexer.bad(formula, node.at(), "'.' stands for columns and is no number. Name one");
    }
    if (node instanceof Node.Pair pair && "+-*/^".indexOf(pair.operator()) < 0) {
      throw Lexer.bad(
          formula,
          node.at(),
          "'%s' is no arithmetic. Within a function there are + - * / ^"
              .formatted(pair.operator()));
    }
    if (node instanceof Node.Call call) {
      if (!FUNCTIONS.containsKey(call.function())) {
        throw unknown(formula, call);
      }
      if (call.arguments().size() != 1 || !call.arguments().get(0).name().isEmpty()) {
        throw Lexer.bad(
            formula, node.at(), call.function() + " takes one argument, without a name");
      }
    }
    node.parts().forEach(part -> check(formula, part));
  }

  private static BadInputException unknown(String formula, Node.Call call) {
    boolean term = Variable.FUNCTIONS.contains(call.function());
    return Lexer.bad(
        formula,
        call.at(),
        term
            ? "%s is a term of its own, and cannot stand within a function"
                .formatted(call.function())
            : "there is no function '%s', maybe '%s' is meant. Known are %s and %s"
                .formatted(
                    call.function(),
                    Registry.nearest(call.function(), Variable.allFunctions()),
                    String.join(", ", FUNCTIONS.keySet()),
                    String.join(", ", Variable.FUNCTIONS)));
  }
}
