package io.sotto.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Designs against those of R, by the fit that R finds; the commands stand in R.txt. */
class DesignTest {
  private static final Choices FILLED =
      new Choices(
          Map.of(), 0, Choices.Rare.MERGE, Choices.Missing.MEAN, MissingValues.USUAL, 0, true);

  /** What R found: term, estimate, standard error. */
  record Case(String formula, List<String[]> lines) {
    @Override
    public String toString() {
      return formula;
    }
  }

  static List<Case> ofR() {
    Map<String, List<String[]>> cases = new LinkedHashMap<>();
    List<String[]> last = new ArrayList<>();
    for (String line : Study.lines("R.txt")) {
      if (line.startsWith("~ ")) {
        last = new ArrayList<>();
        cases.put(line.substring(2), last);
      } else if (!line.startsWith("#")) {
        last.add(line.split("\t"));
      }
    }
    return cases.entrySet().stream().map(e -> new Case(e.getKey(), e.getValue())).toList();
  }

  @ParameterizedTest
  @MethodSource("ofR")
  void featuresAndFitsAreThoseOfR(Case of) {
    boolean filled = of.formula.endsWith("age_missing");
    Design design =
        filled ? Study.design("age + sex", FILLED) : Study.design(of.formula, Choices.usual());
    List<String> terms = new ArrayList<>(design.names());
    if (design.intercept()) {
      terms.add(0, "(Intercept)");
    }
    assertThat(terms).isEqualTo(of.lines.stream().map(line -> line[0]).toList());
    double[] fit = logistic(Study.encoded(design), design.columns().size(), design.intercept());
    for (int k = 0; k < fit.length; k++) {
      assertThat(fit[k])
          .as(terms.get(k))
          .isCloseTo(
              Double.parseDouble(of.lines.get(k)[1]),
              within(1e-6 * Double.parseDouble(of.lines.get(k)[2])));
    }
    double[][] again = Study.encoded(Design.of(design.toMap())).toArray(double[][]::new);
    assertThat(again).isDeepEqualTo(Study.encoded(design).toArray(double[][]::new));
  }

  /** Newton's method, to the end. */
  private static double[] logistic(List<double[]> rows, int n, boolean intercept) {
    int d = n + (intercept ? 1 : 0);
    double[] x = new double[d];
    for (int step = 0; step < 40; step++) {
      double[][] system = new double[d][d + 1];
      for (double[] row : rows) {
        double[] a = new double[d];
        System.arraycopy(row, 0, a, d - n, n);
        if (intercept) {
          a[0] = 1;
        }
        double z = row[n];
        for (int j = 0; j < d; j++) {
          z += a[j] * x[j];
        }
        double p = 1 / (1 + Math.exp(-z));
        for (int i = 0; i < d; i++) {
          system[i][d] += a[i] * (row[n + 1] - p);
          for (int j = 0; j < d; j++) {
            system[i][j] += a[i] * a[j] * p * (1 - p);
          }
        }
      }
      double[] move = solved(system);
      for (int j = 0; j < d; j++) {
        x[j] += move[j];
      }
    }
    return x;
  }

  private static double[] solved(double[][] system) {
    int d = system.length;
    double[] scale = new double[d];
    for (int i = 0; i < d; i++) {
      scale[i] = Math.sqrt(system[i][i]);
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        system[i][j] /= scale[i] * scale[j];
      }
      system[i][d] /= scale[i];
    }
    for (int c = 0; c < d; c++) {
      for (int i = c + 1; i < d; i++) {
        double factor = system[i][c] / system[c][c];
        for (int j = c; j <= d; j++) {
          system[i][j] -= factor * system[c][j];
        }
      }
    }
    double[] x = new double[d];
    for (int c = d - 1; c >= 0; c--) {
      double sum = system[c][d];
      for (int j = c + 1; j < d; j++) {
        sum -= system[c][j] * x[j];
      }
      x[c] = sum / system[c][c];
    }
    for (int c = 0; c < d; c++) {
      x[c] /= scale[c];
    }
    return x;
  }

  @Test
  void rareLevelsAreMergedOrRefusedAndTheFirstLevelIsChosen() {
    Choices merged =
        new Choices(
            Map.of("grade", "III"),
            60,
            Choices.Rare.MERGE,
            Choices.Missing.COMPLETE_CASES,
            MissingValues.USUAL,
            0,
            false);
    assertThatThrownBy(() -> Study.design("grade", merged))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("at character 13", "fewer than 60 rows together");
    Choices refused =
        new Choices(
            Map.of(),
            60,
            Choices.Rare.REFUSE,
            Choices.Missing.COMPLETE_CASES,
            MissingValues.USUAL,
            0,
            false);
    assertThatThrownBy(() -> Study.design("grade", refused))
        .hasMessageContaining("1 of the levels of 'grade'")
        .hasMessageContaining("data.rare-levels = merge");
    Choices bySite =
        new Choices(
            Map.of("site", "south"),
            103,
            Choices.Rare.MERGE,
            Choices.Missing.COMPLETE_CASES,
            MissingValues.USUAL,
            0,
            false);
    Design design = Study.design("site", bySite);
    assertThat(design.levels().get("site")).first().isEqualTo("south");
    assertThatThrownBy(
            () ->
                Study.design(
                    "sex",
                    new Choices(
                        Map.of("sex", "man"),
                        0,
                        Choices.Rare.MERGE,
                        Choices.Missing.COMPLETE_CASES,
                        MissingValues.USUAL,
                        0,
                        false)))
        .hasMessageContaining("data.reference.sex is 'man'")
        .hasMessageContaining("maybe 'male' is meant");
  }

  @Test
  void numbersMayBeCategoriesAndBothAtOnce() {
    Design design = Study.design("factor(dose) + dose", Choices.usual());
    assertThat(design.names()).startsWith("factor(dose)0.5", "factor(dose)0.75").endsWith("dose");
    assertThat(design.levels().get("dose")).startsWith("0.25", "0.5").endsWith("9.75", "10");
  }

  @Test
  void aNewLevelIsNoRowOfTheModel() {
    Design design = Design.of(Study.design("age + grade", Choices.usual()).toMap()).forNewRows();
    double[] out = new double[4];
    Unusable unusable =
        design.encoder().encode(i -> i == 0 ? 50 : Double.NaN, i -> i == 0 ? "50" : "V", out);
    assertThat(unusable).isEqualTo(Unusable.of("'grade' is none of the levels of the model", "V"));
    assertThat(design.encoder().encode(i -> 50, i -> i == 0 ? "50" : " IV ", out)).isNull();
    assertThat(out).containsExactly(50, 0, 0, 1);
    assertThat(design.encoder().encode(i -> Double.NaN, i -> "NA", out))
        .isEqualTo(Unusable.ofMissing(List.of("age", "grade")));
  }
}
