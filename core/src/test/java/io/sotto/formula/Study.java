package io.sotto.formula;

import io.sotto.problem.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Rows of three sites, some without a value; only one site has the level IV. */
final class Study {
  static final List<String> COLUMNS =
      List.of("site", "diagnosis", "age", "sex", "bmi", "dose", "grade");

  private Study() {}

  static List<String[]> rows() {
    return lines("study.csv").stream().skip(1).map(line -> line.split(",", -1)).toList();
  }

  static List<String> lines(String name) {
    try (InputStream in = Study.class.getResourceAsStream("/formula/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The design of a formula, where each site looks at its own rows. */
  static Design design(String formula, Choices choices) {
    List<String> others = COLUMNS.stream().filter(c -> !c.equals("diagnosis")).toList();
    Terms terms = Formula.parse("diagnosis ~ " + formula).over(others);
    List<String> columns = terms.allColumns();
    Survey all = null;
    for (String site : List.of("coast", "north", "south")) {
      Survey own = new Survey(terms, choices.read(), !choices.fills());
      for (String[] row : rows()) {
        if (row[0].equals(site)) {
          own.add(
              true,
              c -> Numbers.parse(row[COLUMNS.indexOf(columns.get(c))]),
              c -> row[COLUMNS.indexOf(columns.get(c))]);
        }
      }
      all = all == null ? own : all.plus(own);
    }
    DesignBuilder builder = new DesignBuilder(Objects.requireNonNull(all), choices);
    PowerSums sums = builder.powerSums();
    encoded(builder.arguments()).forEach(row -> sums.add(row));
    return builder.build(sums);
  }

  /** The rows that a design can encode: their features, the offset, and 1 or 0 as the label. */
  static List<double[]> encoded(Design design) {
    Encoder encoder = design.encoder();
    int n = design.columns().size();
    List<double[]> encoded = new ArrayList<>();
    for (String[] row : rows()) {
      double[] out = new double[n + 2];
      Unusable unusable =
          encoder.encode(
              i -> Numbers.parse(row[COLUMNS.indexOf(design.inputs().get(i).column())]),
              i -> row[COLUMNS.indexOf(design.inputs().get(i).column())],
              out);
      if (unusable == null) {
        out[n] = encoder.offset();
        out[n + 1] = row[1].equals("yes") ? 1 : 0;
        encoded.add(out);
      } else if (unusable.missing().isEmpty()) {
        throw new IllegalStateException(unusable.reason());
      }
    }
    return encoded;
  }
}
