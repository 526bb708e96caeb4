package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldModifiers;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.reader.NamedCsvRecordHandler;
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
  private static final List<String> HEADER = List.of("feature", "mean", "deviation");

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
    long line = 1;
    QuoteCount quotes = new QuoteCount(file.open(hadoop), true);
    try (quotes;
        CsvReader<NamedCsvRecord> rows =
            CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .skipEmptyLines(true)
                .detectBomHeader(true)
                .trimWhitespacesAroundQuotes(true)
                .build(
                    NamedCsvRecordHandler.of(fields -> fields.fieldModifier(FieldModifiers.STRIP)),
                    quotes)) {
      for (NamedCsvRecord row : rows) {
        line = row.getStartingLineNumber();
        if (!row.getHeader().containsAll(HEADER)) {
          throw new BadInputException(
              "%s: the header is %s; %s begins with feature,mean,deviation."
                  .formatted(file.at(1), String.join(",", row.getHeader()), KEY));
        }
        if (row.getFieldCount() != row.getHeader().size()) {
          throw new BadInputException(
              "%s: it has %d fields, the header %d; give each line feature,mean,deviation."
                  .formatted(file.at(line), row.getFieldCount(), row.getHeader().size()));
        }
        double[] both = {number(file, row, "mean"), number(file, row, "deviation")};
        if (!(both[1] > 0)) {
          throw new BadInputException(
              "%s: the deviation is '%s'; it must be a number above 0."
                  .formatted(file.at(line), row.getField("deviation")));
        }
        if (units.put(row.getField("feature"), both) != null) {
          throw new BadInputException(
              "%s: the feature '%s' has a line above; take one of the two out."
                  .formatted(file.at(line), row.getField("feature")));
        }
      }
      quotes.requireClosed(file);
    } catch (CsvParseException e) {
      throw new BadInputException(
          "%s: not a csv from this line on: %s. Give each line feature,mean,deviation."
              .formatted(file.at(quotes.blamed(line)), e.getMessage()),
          e);
    }
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
