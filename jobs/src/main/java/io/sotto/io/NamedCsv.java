package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldModifiers;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.reader.NamedCsvRecordHandler;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * A small csv with a header of fixed names, read line by line.
 *
 * @param what it is, for messages, such as "an edge list"
 * @param columns that must be there
 * @param layout of a line, for messages
 */
record NamedCsv(String what, List<String> columns, String layout) {

  /**
   * Hands on each line of a file.
   *
   * @throws BadInputException for one that is not as it should be, with its line and the remedy
   */
  void read(InputFile file, Configuration hadoop, Consumer<NamedCsvRecord> each)
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
        if (!row.getHeader().containsAll(columns)) {
          throw new BadInputException(
              "%s: the header is %s; %s begins with %s."
                  .formatted(file.at(1), String.join(",", row.getHeader()), what, layout));
        }
        if (row.getFieldCount() != row.getHeader().size()) {
          throw new BadInputException(
              "%s: it has %d fields, the header %d; give each row %s."
                  .formatted(file.at(line), row.getFieldCount(), row.getHeader().size(), layout));
        }
        each.accept(row);
      }
      quotes.requireClosed(file);
    } catch (CsvParseException e) {
      throw new BadInputException(
          "%s: not %s from this line on: %s. Give each row %s."
              .formatted(file.at(quotes.blamed(line)), what, e.getMessage(), layout),
          e);
    }
  }
}
