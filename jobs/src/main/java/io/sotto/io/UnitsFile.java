package io.sotto.io;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import io.sotto.problem.Standardization;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads public means and deviations of columns, such as those of an earlier publication, from csv
 * files with the header {@code feature,mean,deviation}. Features that the rows do not have are
 * passed over.
 */
final class UnitsFile {
  private static final String KEY = "data.units";
  private static final NamedCsv CSV =
      new NamedCsv(
          "a file of units", List.of("feature", "mean", "deviation"), "feature,mean,deviation");

  private UnitsFile() {}

  /**
   * The units of features.
   *
   * @param features in order
   * @param intercept whether means are taken away
   * @throws BadInputException if a feature is missing, or a line is wrong
   */
  static Standardization read(
      String path, List<String> features, boolean intercept, Configuration hadoop)
      throws IOException {
    Map<String, double[]> units = new HashMap<>();
    for (InputFile file : InputFile.list(KEY, path, hadoop)) {
      read(file, hadoop, units);
    }
    double[] mean = new double[features.size()];
    double[] deviation = new double[features.size()];
    for (int j = 0; j < mean.length; j++) {
      double[] both = units.get(features.get(j));
      if (both == null) {
        throw new BadInputException(
            "%s is '%s', which has no line for the feature '%s'; add one, or leave the feature out of data.features."
                .formatted(KEY, path, features.get(j)));
      }
      mean[j] = both[0];
      deviation[j] = both[1];
    }
    return Standardization.of(mean, deviation, intercept);
  }

  private static void read(InputFile file, Configuration hadoop, Map<String, double[]> units)
      throws IOException {
    CSV.read(
        file,
        hadoop,
        row -> {
          String at = file.at(row.getStartingLineNumber());
          double[] both = {number(file, row, "mean"), number(file, row, "deviation")};
          if (!(both[1] > 0)) {
            throw new BadInputException(
                "%s: the deviation is '%s'; it must be a number above 0."
                    .formatted(at, row.getField("deviation")));
          }
          if (units.put(row.getField("feature"), both) != null) {
            throw new BadInputException(
                "%s: the feature '%s' has a line above; take one of the two out."
                    .formatted(at, row.getField("feature")));
          }
        });
  }

  private static double number(InputFile file, NamedCsvRecord row, String column) {
    double number = Numbers.parse(row.getField(column));
    if (!Double.isFinite(number)) {
      throw new BadInputException(
          "%s: the %s is '%s'; it must be a finite number."
              .formatted(file.at(row.getStartingLineNumber()), column, row.getField(column)));
    }
    return number;
  }
}
