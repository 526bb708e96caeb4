package io.sotto.formula;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A part of a formula, with the character at which it begins, from 1; 0 if it stands elsewhere. */
sealed interface Node extends Serializable {
  /** Where it begins. */
  int at();

  /** As R writes it back: its name in a table of coefficients. */
  String text();

  /** The parts of it. */
  List<Node> parts();

  /** A column. */
  record Name(String name, int at) implements Node {
    /** Stands for all other columns. */
    static final String ALL_OTHERS = ".";

    @Override
    public String text() {
      return quoted(name);
    }

    @Override
    public List<Node> parts() {
      return List.of();
    }
  }

  /** A number from 0 on. */
  record Constant(double value, int at) implements Node {
    @Override
    public String text() {
      return number(value);
    }

    @Override
    public List<Node> parts() {
      return List.of();
    }
  }

  /** A sign in front. */
  record Signed(char sign, Node of, int at) implements Node {
    @Override
    public String text() {
      return sign + of.text();
    }

    @Override
    public List<Node> parts() {
      return List.of(of);
    }
  }

  /** Two parts and what stands between them; {@code at} is where that stands. */
  record Pair(char operator, Node left, Node right, int at) implements Node {
    @Override
    public String text() {
      boolean wide = "+-*~".indexOf(operator) >= 0;
      return left.text() + (wide ? " " + operator + " " : "" + operator) + right.text();
    }

    @Override
    public List<Node> parts() {
      return List.of(left, right);
    }
  }

  /** A part in parentheses. */
  record Group(Node inside, int at) implements Node {
    @Override
    public String text() {
      return "(" + inside.text() + ")";
    }

    @Override
    public List<Node> parts() {
      return List.of(inside);
    }
  }

  /** A function of arguments. */
  record Call(String function, List<Argument> arguments, int at) implements Node {
    @Override
    public String text() {
      return arguments.stream()
          .map(a -> (a.name.isEmpty() ? "" : a.name + " = ") + a.value.text())
          .collect(Collectors.joining(", ", function + "(", ")"));
    }

    @Override
    public List<Node> parts() {
      return arguments.stream().map(Argument::value).toList();
    }
  }

  /** An argument; its name is empty if it has none. */
  record Argument(String name, Node value) implements Serializable {}

  /** All columns in it, in their order; the same may be there twice. */
  default Stream<Name> names() {
    return this instanceof Name name ? Stream.of(name) : parts().stream().flatMap(Node::names);
  }

  /** A name in backticks, unless it can be read without. */
  static String quoted(String name) {
    boolean plain = !name.isEmpty() && Lexer.wordEnd(name, 0) == name.length();
    return plain ? name : "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  /** A number as R writes it: with an exponent where that is shorter. */
  static String number(double value) {
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String plain = digits.toPlainString();
    int exponent = digits.precision() - digits.scale() - 1;
    String mantissa = digits.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    String scientific = String.format(Locale.ROOT, "%se%+03d", mantissa, exponent);
    return value == 0 ? "0" : plain.length() <= scientific.length() ? plain : scientific;
  }
}
