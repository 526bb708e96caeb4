package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
        List<String> names = header(columns, file, rows);
        columns.positions(file, names);
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

  private static List<String> header(Columns columns, InputFile file, Iterator<CsvRecord> rows) {
    if (!rows.hasNext()) {
      throw new BadInputException(
          "%s is empty; a csv file begins with a header.".formatted(file.uri()));
    }
    List<String> names = rows.next().getFields().stream().map(String::strip).toList();
    if (!names.contains(columns.label()) && names.stream().anyMatch(CsvRows::holdsNumber)) {
      // a complaint that lists the columns would show a row
      throw new BadInputException(
          ("%s: this line holds numbers, as a row does, and no column '%s'; a csv file begins with a"
                  + " header, its cells parted by commas. Put one above it, or mend data.label.")
              .formatted(file.at(1), columns.label()));
    }
    return names;
  }

  private static boolean holdsNumber(String cell) {
    return Arrays.stream(cell.split("[;:|\\s]+"))
        .anyMatch(word -> !word.isEmpty() && !Double.isNaN(Numbers.parse(word)));
  }

  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    long line = 1;
    try (QuoteCount quotes = new QuoteCount(file.open(hadoop));
        CsvReader<CsvRecord> records = open(quotes)) {
      Iterator<CsvRecord> rows = records.iterator();
      List<String> names = header(columns, file, rows);
      Columns.Positions at = columns.positions(file, names);
      int agent = at.agent();
      int n = at.features().length;
      double[] values = new double[n + 2]; // then the weight and the offset
      while (rows.hasNext()) {
        CsvRecord row = rows.next();
        line = row.getStartingLineNumber();
        String holder =
            agent < 0 || agent >= row.getFieldCount() ? null : row.getField(agent).strip();
        if (handler.wants(line, holder)) {
          boolean whole = row.getFieldCount() == names.size();
          String label = whole ? row.getField(at.label()).strip() : "";
          Fault fault = fault(row, names, at, values);
          fault = fault == null ? handler.fault(label) : fault;
          if (fault == null) {
            handler.row(line, holder, label, values[n], values[n + 1], null, values, n);
          } else {
            handler.bad(
                line, whole ? holder : null, fault, () -> String.join(",", row.getFields()));
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

  private static @Nullable Fault fault(
      CsvRecord row, List<String> names, Columns.Positions at, double[] values) {
    if (row.getFieldCount() != names.size()) {
      return new Fault(
          "it has %d cells, the header %d".formatted(row.getFieldCount(), names.size()));
    }
    if (at.agent() >= 0 && row.getField(at.agent()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.agent())));
    }
    if (row.getField(at.label()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.label())));
    }
    return at.fault(names, c -> Numbers.parse(row.getField(c)), row::getField, values);
  }
}
