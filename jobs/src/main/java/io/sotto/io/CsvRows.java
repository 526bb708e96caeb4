package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Csv with a header, RFC 4180, UTF-8 unless a byte order mark says otherwise. */
record CsvRows(Columns columns) implements RowReader {

  /** Fills in the features from the header and first row of the first file that has a row. */
  static CsvRows of(Columns columns, List<InputFile> files, Configuration hadoop)
      throws IOException {
    for (InputFile file : files) {
      try (CsvReader<CsvRecord> records = open(file.open(hadoop))) {
        Iterator<CsvRecord> rows = records.iterator();
        List<String> names = header(file, rows);
        columns.labelPosition(file, names);
        columns.agentPosition(file, names);
        if (rows.hasNext()) {
          return new CsvRows(columns.resolve(file, names, numeric(names.size(), rows.next())));
        }
      } catch (CsvParseException e) {
        throw new BadInputException(
            "%s is not csv: %s. Mend it, or say its data.format."
                .formatted(file.uri(), e.getMessage()),
            e);
      }
    }
    throw new BadInputException(
        "%s holds no row, nor does any file beside it; put rows below the header."
            .formatted(files.get(0).uri()));
  }

  /** Which columns hold a number, be it one that is not finite, and so a fault. */
  private static List<Boolean> numeric(int columns, CsvRecord row) {
    return IntStream.range(0, columns)
        .mapToObj(c -> c < row.getFieldCount() ? row.getField(c) : "")
        .map(cell -> !Double.isNaN(Numbers.parse(cell)) || Numbers.isNotFinite(cell))
        .toList();
  }

  private static CsvReader<CsvRecord> open(InputStream in) throws IOException {
    return CsvReader.builder()
        .allowExtraFields(true)
        .allowMissingFields(true)
        .skipEmptyLines(true)
        .detectBomHeader(true)
        .ofCsvRecord(in);
  }

  private static List<String> header(InputFile file, Iterator<CsvRecord> rows) {
    if (!rows.hasNext()) {
      throw new BadInputException(
          "%s is empty; a csv file begins with a header.".formatted(file.uri()));
    }
    return rows.next().getFields().stream().map(String::strip).toList();
  }

  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    long line = 1;
    try (QuoteCount quotes = new QuoteCount(file.open(hadoop));
        CsvReader<CsvRecord> records = open(quotes)) {
      Iterator<CsvRecord> rows = records.iterator();
      List<String> names = header(file, rows);
      int[] features = columns.featurePositions(file, names);
      int label = columns.labelPosition(file, names);
      int agent = columns.agentPosition(file, names);
      double[] values = new double[features.length];
      while (rows.hasNext()) {
        CsvRecord row = rows.next();
        line = row.getStartingLineNumber();
        String holder =
            agent < 0 || agent >= row.getFieldCount() ? null : row.getField(agent).strip();
        if (handler.wants(line, holder)) {
          String fault = fault(row, names, features, label, agent, values);
          if (fault == null) {
            handler.row(line, holder, row.getField(label).strip(), null, values, values.length);
          } else {
            handler.bad(line, fault, String.join(",", row.getFields()));
          }
        }
      }
      quotes.requireEven(file, line);
    } catch (CsvParseException e) {
      throw new BadInputException(
          "%s: not csv after this line: %s. Mend the quotes."
              .formatted(file.at(line), e.getMessage()),
          e);
    }
  }

  private static @Nullable String fault(
      CsvRecord row, List<String> names, int[] features, int label, int agent, double[] values) {
    if (row.getFieldCount() != names.size()) {
      return "it has %d cells, the header %d".formatted(row.getFieldCount(), names.size());
    }
    if (agent >= 0 && row.getField(agent).isBlank()) {
      return "'%s' is empty".formatted(names.get(agent));
    }
    if (row.getField(label).isBlank()) {
      return "'%s' is empty".formatted(names.get(label));
    }
    for (int j = 0; j < features.length; j++) {
      values[j] = Numbers.parse(row.getField(features[j]));
      if (Double.isNaN(values[j])) {
        return "'%s' is '%s', which is no finite number"
            .formatted(names.get(features[j]), row.getField(features[j]));
      }
    }
    return null;
  }
}
