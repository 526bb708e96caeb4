package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Csv with a header, RFC 4180, UTF-8 unless a byte order mark says otherwise. */
record CsvRows(Columns columns) implements RowReader {
  private static final int MOST_COLUMNS = 1 << 20;
  private static final int MOST_CHARACTERS = 1 << 29; // of a row

  /**
   * Fills in the features from the header of the first file that has a row.
   *
   * @param counting which cells are numbers, in all files, of the columns of these names
   */
  static CsvRows of(
      Columns columns,
      List<InputFile> files,
      Configuration hadoop,
      Function<List<String>, NumberCells> counting)
      throws IOException {
    for (InputFile file : files) {
      try (CsvReader<CsvRecord> records = open(file.open(hadoop))) {
        Iterator<CsvRecord> rows = records.iterator();
        List<String> names = header(columns, file, rows);
        columns.positions(file, names);
        if (rows.hasNext()) {
          NumberCells cells =
              columns.features().isEmpty() ? counting.apply(names) : new NumberCells(0);
          return new CsvRows(columns.resolve(file, names, cells::fault));
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

  /** Counts the cells of a file that are numbers, in columns of these names. */
  static NumberCells count(InputFile file, List<String> names, Configuration hadoop) {
    NumberCells cells = new NumberCells(names.size());
    try (CsvReader<CsvRecord> records = open(file.open(hadoop))) {
      Iterator<CsvRecord> rows = records.iterator();
      int[] at = new int[0];
      while (rows.hasNext()) {
        CsvRecord row = rows.next();
        if (at.length == 0) {
          at = positions(row.getFields().stream().map(String::strip).toList(), names);
        } else {
          cells.add(row, at);
        }
      }
    } catch (CsvParseException | IOException e) {
      // the scan comes to the same place next, and says what is wrong there
      return cells;
    }
    return cells;
  }

  /** By column of a file, where its name is among others; -1 if it is not. */
  private static int[] positions(List<String> names, List<String> among) {
    Map<String, Integer> index = new HashMap<>();
    for (int c = 0; c < among.size(); c++) {
      index.put(among.get(c), c);
    }
    return names.stream().mapToInt(name -> index.getOrDefault(name, -1)).toArray();
  }

  private static CsvReader<CsvRecord> open(InputStream in) throws IOException {
    return CsvReader.builder()
        .allowExtraFields(true)
        .allowMissingFields(true)
        .skipEmptyLines(true)
        .detectBomHeader(true)
        .build(
            CsvRecordHandler.of(
                limits -> limits.maxFields(MOST_CHARACTERS).maxRecordSize(MOST_CHARACTERS)),
            in);
  }

  private static List<String> header(Columns columns, InputFile file, Iterator<CsvRecord> rows) {
    if (!rows.hasNext()) {
      throw new BadInputException(
          "%s is empty; a csv file begins with a header.".formatted(file.uri()));
    }
    List<String> names = rows.next().getFields().stream().map(String::strip).toList();
    if (names.size() > MOST_COLUMNS) {
      throw new BadInputException(
          ("%s: the header has %d columns, and csv may have up to %d. Write the rows as libsvm,"
                  + " which stores no zeros and takes up to %d features.")
              .formatted(file.at(1), names.size(), MOST_COLUMNS, LibsvmRows.LARGEST_INDEX));
    }
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
