package io.sotto.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  private static final List<String> OTHERS = List.of("a", "b", "c", "d e");

  /** As {@code attr(terms(...), "term.labels")} of R 4.2.2 has them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "y ~ a*b*c|a, b, c, a:b, a:c, b:c, a:b:c",
        "y ~ (a+b+c)^2 - b:c|a, b, c, a:b, a:c",
        "y ~ b:a + a + b|a, b, b:a",
        "y ~ a/b|a, a:b",
        "y ~ (a + b)/c|a, b, a:b:c",
        "y ~ a*b - a|b, a:b",
        "y ~ . - `d e`|a, b, c",
        "y ~ .|a, b, c, `d e`",
        "y ~ log( a+1 ) + I(a^2)+ a:a|log(a + 1), I(a^2), a",
        "y ~ poly(a,2)+ns( b,df=3 )|poly(a, 2), ns(b, df = 3)",
        "y ~ I((a+b)/2*-c)|I((a + b)/2 * -c)",
        "y ~ I(a^100000) + I(a*1e-3)|I(a^1e+05), I(a * 0.001)",
        "y ~ x.1 + a_b + ns(a, knots = c(-1, 2))|x.1, a_b, ns(a, knots = c(-1, 2))",
      })
  void termsAreThoseOfR(String formula, String expected) {
    Terms terms = Formula.parse(formula).over(OTHERS);
    List<String> labels =
        terms.terms().stream()
            .map(
                term ->
                    String.join(
                        ":",
                        term.stream().mapToObj(v -> terms.variables().get(v).label()).toList()))
            .toList();
    assertThat(String.join(", ", labels)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"y ~ a, true", "y ~ a - 1, false", "y ~ 0 + a, false", "y ~ -1 + a + 1, true"})
  void theConstantIsSaidByNumbers(String formula, boolean constant) {
    assertThat(Formula.parse(formula).over(OTHERS).intercept()).isEqualTo(constant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "y + a|at character 1:|a ~ and terms",
        "y ~ a + |at character 8:|it ends where",
        "y ~ a b|at character 7:|'b' cannot stand here",
        "y ~ a + lgo(b)|at character 9:|maybe 'log' is meant",
        "y ~ a ? b|at character 7:|'?' means nothing",
        "y ~ log(a, 2)|at character 5:|one argument",
        "y ~ I(a:b)|at character 8:|no arithmetic",
        "y ~ a^b|at character 7:|a whole number",
        "y ~ a + 2|at character 9:|only 0 and 1",
        "y ~ a + y|at character 9:|the label cannot be a term",
        "y ~ `a|at character 5:|no second one",
        "y ~ poly(a, 1.5)|at character 13:|a whole number from 1 to 8",
        "y ~ ns(a, knots = c(2, 1))|at character 5:|must ascend",
        "y ~ log(poly(a, 2))|at character 9:|a term of its own",
        "y ~ factor(a + b)|at character 5:|the name of a column",
        "2 ~ a|at character 1:|must be a column",
      })
  void complaintsPointAtTheCharacter(String formula, String place, String why) {
    assertThatThrownBy(() -> Formula.parse(formula))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("problem.formula is '" + formula.strip())
        .hasMessageContaining(place)
        .hasMessageContaining(why);
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithTheNearest() {
    Formula formula = Formula.parse("y ~ age + log(dos)");
    assertThat(formula.named()).containsExactly("age", "dos");
    assertThat(formula.missing("dos", List.of("age", "dose"), "rows.csv"))
        .hasMessageContaining("at character 15: rows.csv has no column 'dos', maybe 'dose' is");
  }
}
