package io.sotto.bench;

import io.sotto.config.RunConfig;
import io.sotto.io.FileRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.run.RowSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** The hospitals with all columns standardised beforehand. */
final class StandardisedHospitals {
  /** The penalty. */
  static final double L2 = 1e-3;

  private StandardisedHospitals() {}

  /**
   * The mean and the sample deviation of each column of numbers, as {@code data.units} wants it.
   */
  static void writeUnits(Path from, Path to) throws IOException {
    String[][] cells = cells(from);
    List<String> lines = new ArrayList<>(List.of("feature,mean,deviation"));
    for (int j = 0; j < cells[0].length; j++) {
      if (isNumber(cells[1][j])) {
        double[] of = moments(cells, j);
        lines.add("%s,%s,%s".formatted(cells[0][j], of[0], of[1]));
      }
    }
    Files.write(to, lines);
  }

  private static String[][] cells(Path from) throws IOException {
    return Files.readAllLines(from).stream()
        .map(line -> line.split(",", -1))
        .toArray(String[][]::new);
  }

  private static boolean isNumber(String cell) {
    return cell.matches("[-+.0-9eE]+");
  }

  /** Mean and sample deviation of a column. */
  private static double[] moments(String[][] cells, int column) {
    int count = cells.length - 1;
    double[] values =
        IntStream.rangeClosed(1, count)
            .mapToDouble(r -> Double.parseDouble(cells[r][column]))
            .toArray();
    double mean = Arrays.stream(values).sum() / count;
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new double[] {mean, Math.sqrt(squares / (count - 1))};
  }

  /** Each column of numbers, less its mean, by its sample deviation. */
  static void write(Path from, Path to) throws IOException {
    String[][] cells = cells(from);
    for (int j = 0; j < cells[0].length; j++) {
      if (isNumber(cells[1][j])) {
        double[] of = moments(cells, j);
        for (int r = 1; r < cells.length; r++) {
          cells[r][j] = Double.toString((Double.parseDouble(cells[r][j]) - of[0]) / of[1]);
        }
      }
    }
    Files.write(to, Arrays.stream(cells).map(line -> String.join(",", line)).toList());
  }

  /** Of logistic regression with {@link #L2}. */
  static double optimum(Path rows) throws IOException {
    try (JavaSparkContext spark = SparkLocal.open(2)) {
      FileRows source =
          new FileRows(
              new RunConfig.Data(
                  rows.toString(),
                  RunConfig.Format.CSV,
                  Optional.of("diagnosis"),
                  Optional.of("hospital"),
                  Optional.empty(),
                  List.of(),
                  false,
                  true,
                  RunConfig.BadRows.FAIL,
                  Optional.empty(),
                  OptionalInt.empty()),
              spark);
      RowSource.ScannedRows data = source.scan(Objectives.of(new Logistic()), Map.of(), w -> {});
      return PooledNewton.optimum(
          (LinearModel)
              data.under(Objectives.of(new Logistic()), new Regularizer(L2, 0))
                  .load(IntStream.range(0, data.agents().size()).toArray()));
    }
  }
}
