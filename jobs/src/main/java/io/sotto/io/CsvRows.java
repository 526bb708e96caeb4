package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.sotto.formula.MissingValues;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Csv with a header, RFC 4180, UTF-8 unless a byte order mark says otherwise. What folders say
 * comes after the columns of the file.
 *
 * @param words whether words such as true and no are numbers: where columns are named
 */
record CsvRows(Columns columns, boolean words) implements NamedRows {
  private static final Set<String> YES = Set.of("true", "yes");
  private static final Set<String> NO = Set.of("false", "no");
  private static final Map<String, String> SEPARATORS =
      Map.of(";", "semicolons", "\t", "tabs", "|", "'|'");
  private static final int FIRST_ROWS = 100;
  private static final int MOST_COLUMNS = 1 << 20;
  private static final int MOST_FIELDS = 2 * MOST_COLUMNS; // more are not even counted
  private static final int MOST_CHARACTERS = LineBound.MOST_BYTES; // of a row

  /**
   * Fills in the features from the header of the first file that has a row.
   *
   * @param intercept whether there is a constant beside the levels of categories
   * @param counting which fields are numbers, in all files, of the columns of these names
   */
  static CsvRows of(
      Columns columns,
      List<InputFile> files,
      Configuration hadoop,
      boolean intercept,
      Function<List<String>, NumberFields> counting)
      throws IOException {
    boolean words = columns.allowWords();
    boolean empty = true;
    for (InputFile file : files) {
      try (CsvReader<CsvRecord> records = open(file.open(hadoop))) {
        Iterator<CsvRecord> rows = records.iterator();
        if (!rows.hasNext()) {
          continue; // nothing, maybe compressed
        }
        empty = false;
        List<String> own = header(columns, file, rows);
        List<String> names = withKeys(file, own);
        columns.positions(file, names);
        if (rows.hasNext()) {
          NumberFields fields = columns.areNamed() ? new NumberFields(0) : counting.apply(names);
          Columns found = columns.resolve(file, names, fields::fault);
          return new CsvRows(
              words && holdsText(found, file, names, rows) ? found.asTerms(intercept) : found,
              words);
        }
      } catch (CsvParseException e) {
        throw new BadInputException(
            "%s is not csv: %s. Mend it, or say its data.format."
                .formatted(file.uri(), e.getMessage()),
            e);
      }
    }
    if (empty) {
      throw new BadInputException(
          "%s is empty; a csv file begins with a header.".formatted(files.get(0).uri()));
    }
    throw new BadInputException(
        "%s holds no row, nor does any file beside it; put rows below the header."
            .formatted(files.get(0).uri()));
  }

  /** Whether one of the first rows has text in a feature: then all have to be looked at. */
  private static boolean holdsText(
      Columns columns, InputFile file, List<String> names, Iterator<CsvRecord> rows) {
    Columns.Positions at = columns.positions(file, names);
    for (int k = 0; k < FIRST_ROWS && rows.hasNext(); k++) {
      CsvRecord row = rows.next();
      for (int column : at.features()) {
        String field = column < row.getFieldCount() ? row.getField(column) : "";
        if (!field.isBlank()
            && Double.isNaN(numberOrWord(field))
            && !Numbers.isNotFinite(field)
            && !MissingValues.USUAL.holds(field)
            && !columns.choices().words().holds(field)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Counts the fields of a file that are numbers, in columns of these names. */
  static NumberFields count(InputFile file, List<String> names, Configuration hadoop) {
    NumberFields fields = new NumberFields(names.size());
    try (CsvReader<CsvRecord> records = open(file.open(hadoop))) {
      Iterator<CsvRecord> rows = records.iterator();
      if (!rows.hasNext()) {
        return fields;
      }
      List<String> own = rows.next().getFields().stream().map(String::strip).toList();
      int[] at = positions(own, names);
      while (rows.hasNext()) {
        fields.add(rows.next(), at);
      }
      for (String key : file.keysBeside(own)) {
        fields.addFolder(names.indexOf(key), file.keys().getOrDefault(key, ""));
      }
    } catch (CsvParseException | IOException | UncheckedIOException e) {
      // the scan comes to the same place next, and says what is wrong there
      return fields;
    }
    return fields;
  }

  /** By column of a file, where its name is among others; -1 if it is not. */
  private static int[] positions(List<String> names, List<String> among) {
    Map<String, Integer> index = new HashMap<>();
    for (int c = 0; c < among.size(); c++) {
      index.put(among.get(c), c);
    }
    return names.stream().mapToInt(name -> index.getOrDefault(name, -1)).toArray();
  }

  /** The columns of a file, then what its folders say. */
  static List<String> withKeys(InputFile file, List<String> own) {
    return Stream.concat(own.stream(), file.keysBeside(own).stream()).toList();
  }

  static CsvReader<CsvRecord> open(InputStream in) throws IOException {
    return CsvReader.builder()
        .allowExtraFields(true)
        .allowMissingFields(true)
        .skipEmptyLines(true)
        .detectBomHeader(true)
        .build(
            CsvRecordHandler.of(
                limits -> limits.maxFields(MOST_FIELDS).maxRecordSize(MOST_CHARACTERS)),
            in);
  }

  private static List<String> header(Columns columns, InputFile file, Iterator<CsvRecord> rows) {
    List<String> names = rows.next().getFields().stream().map(String::strip).toList();
    if (names.size() > MOST_COLUMNS) {
      throw new BadInputException(
          ("%s: the header has %d columns, and csv may have up to %d. Write the rows as libsvm,"
                  + " which stores no zeros and takes up to %d features.")
              .formatted(file.at(1), names.size(), MOST_COLUMNS, LibsvmRows.LARGEST_INDEX));
    }
    for (String name : names) {
      if (isBroken(name)) {
        throw new BadInputException(
            "%s: the header is not UTF-8; save the file as UTF-8.".formatted(file.at(1)));
      }
    }
    boolean strange = !columns.scored() && !names.contains(columns.label());
    if (strange && names.stream().anyMatch(CsvRows::holdsNumber)) {
      // a complaint that lists the columns would show a row
      throw new BadInputException(
          ("%s: this line holds numbers, as a row does, and no column '%s'; a csv file begins with"
                  + " a header, its fields parted by commas. Put one above it, or mend data.label.")
              .formatted(file.at(1), columns.label()));
    }
    if (names.size() == 1 && (strange || columns.scored())) {
      for (String other : SEPARATORS.keySet()) {
        if (names.get(0).contains(other)) {
          throw new BadInputException(
              "%s: fields are parted by %s, and those of csv by commas; save the file with commas."
                  .formatted(file.at(1), SEPARATORS.get(other)));
        }
      }
    }
    return names;
  }

  /** Whether a text holds what readers put for bytes that are none of its characters. */
  static boolean isBroken(String text) {
    return text.indexOf('\uFFFD') >= 0;
  }

  private static boolean holdsNumber(String field) {
    return Arrays.stream(field.split("[;:|\\s]+"))
        .anyMatch(word -> !word.isEmpty() && !Double.isNaN(Numbers.parse(word)));
  }

  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    long line = 1;
    QuoteCount quotes = new QuoteCount(file.open(hadoop));
    try (quotes;
        CsvReader<CsvRecord> records = open(quotes)) {
      Iterator<CsvRecord> rows = records.iterator();
      if (!rows.hasNext()) {
        return; // nothing, maybe compressed
      }
      List<String> own = header(columns, file, rows);
      List<String> names = withKeys(file, own);
      Columns.Positions at = columns.positions(file, names);
      int agent = at.agent();
      RowTaker taker = new RowTaker(at, names, handler);
      while (rows.hasNext()) {
        CsvRecord row = rows.next();
        line = row.getStartingLineNumber();
        boolean whole = row.getFieldCount() == own.size();
        Fields fields = new RowFields(row, file, names, own.size(), at, words);
        boolean named = agent >= own.size() || (agent >= 0 && agent < row.getFieldCount());
        String holder = named ? fields.text(agent).strip() : null;
        if (handler.wants(line, holder)) {
          Fault broken =
              whole
                  ? null
                  : new Fault(
                      "it has %d fields, the header %d".formatted(row.getFieldCount(), own.size()));
          taker.take(
              line, whole ? holder : null, fields, broken, () -> String.join(",", row.getFields()));
        }
      }
      quotes.requireClosed(file);
    } catch (CsvParseException e) {
      throw new BadInputException(
          "%s: not csv from this line on: %s. Mend the quotes."
              .formatted(file.at(quotes.blamed(line)), e.getMessage()),
          e);
    }
  }

  /**
   * The fields of a row, then what folders say.
   *
   * @param own how many columns the file has itself
   * @param words whether words such as true and no are numbers, but for weights and offsets
   */
  private record RowFields(
      CsvRecord row,
      InputFile file,
      List<String> names,
      int own,
      Columns.Positions at,
      boolean words)
      implements Fields {
    @Override
    public String text(int column) {
      return column < own ? row.getField(column) : file.keys().getOrDefault(names.get(column), "");
    }

    @Override
    public double number(int column) {
      return words && column != at.weight() && column != at.offset()
          ? numberOrWord(text(column))
          : Numbers.parse(text(column));
    }
  }

  @Override
  public NamedRows with(Columns other) {
    return new CsvRows(other, words);
  }

  private static double numberOrWord(String field) {
    double number = Numbers.parse(field);
    if (Double.isNaN(number)) {
      String word = field.strip().toLowerCase(Locale.ROOT);
      return YES.contains(word) ? 1 : NO.contains(word) ? 0 : number;
    }
    return number;
  }
}
