package io.sotto.formula;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * A formula as R writes them, such as {@code y ~ age + sex * bmi + log(dose)}, before it is known
 * which columns there are.
 *
 * @param text as it was given
 * @param response left of the ~
 * @param terms right of it
 */
public record Formula(String text, Node response, Node terms) implements Serializable {
  /** No character of the text. */
  private static final int ELSEWHERE = 0;

  /**
   * Reads one.
   *
   * @throws BadInputException with the character at which it is not understood
   */
  public static Formula parse(String text) {
    Node all = Parser.read(text);
    if (!(all instanceof Node.Pair pair && pair.operator() == '~')) {
      throw Lexer.bad(text, 1, "it needs the label, a ~ and terms, as in y ~ a + b");
    }
    Arithmetic.check(text, pair.left());
    if (pair.left().names().findAny().isEmpty()) {
      throw Lexer.bad(
          text, pair.left().at(), "the label must be a column, or a function of columns");
    }
    Formula formula = new Formula(text, pair.left(), pair.right());
    formula.over(List.of()); // complains of terms
    return formula;
  }

  /**
   * Reads one of which the label is said elsewhere: nothing stands left of its ~.
   *
   * @param label its column
   * @throws BadInputException with the character at which it is not understood
   */
  public static Formula parse(String text, String label) {
    Formula formula = new Formula(text, new Node.Name(label, ELSEWHERE), Parser.terms(text));
    formula.over(List.of()); // complains of terms
    return formula;
  }

  /** The columns that are named, each once: those of terms, then those of the label. */
  public List<String> named() {
    Terms named = over(List.of());
    return named.allColumns();
  }

  /** The first column of the label. */
  public String label() {
    return response.names().findFirst().orElseThrow().name();
  }

  /** All columns of the label. */
  public List<String> labels() {
    return response.names().map(Node.Name::name).distinct().toList();
  }

  /** Whether a column is named in it. */
  public boolean names(String column) {
    return Stream.concat(terms.names(), response.names())
        .anyMatch(name -> name.name().equals(column));
  }

  /** Whether it says the label itself. */
  public boolean hasLabel() {
    return response.at() != ELSEWHERE;
  }

  /** Whether the label is a column as it is. */
  public boolean isLabelColumn() {
    return response instanceof Node.Name;
  }

  /**
   * Its terms.
   *
   * @param others the columns that {@code .} stands for, without those of the label
   */
  public Terms over(List<String> others) {
    return Terms.of(this, others);
  }

  /**
   * A complaint about a column that is not there.
   *
   * @param column the name that a formula has
   * @param names those that there are
   * @param where the file that was looked at
   */
  public BadInputException missing(String column, List<String> names, String where) {
    Node.Name name =
        Stream.concat(terms.names(), response.names())
            .filter(one -> one.name().equals(column))
            .findFirst()
            .orElseThrow();
    return Lexer.bad(
        text,
        name.at(),
        "%s has no column '%s'%s"
            .formatted(
                where,
                column,
                names.isEmpty()
                    ? ""
                    : ", maybe '%s' is meant".formatted(Registry.nearest(column, names))));
  }
}
