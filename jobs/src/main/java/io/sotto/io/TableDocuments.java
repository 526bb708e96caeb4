package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/**
 * A text for each row of a table, csv or Parquet, which the content of a file tells.
 *
 * @param agent the column that says whose it is
 * @param text the column of texts
 * @param prompt the column of what stands in front of them and is only read; null for none
 */
record TableDocuments(String agent, String text, @Nullable String prompt) implements Documents {
  private static final long serialVersionUID = 1;

  @Override
  public void read(TextPart part, Configuration hadoop, Taker taker) throws IOException {
    if (FileKind.of(part.file(), hadoop) == FileKind.PARQUET) {
      readParquet(part.file(), hadoop, taker);
    } else {
      readCsv(part.file(), hadoop, taker);
    }
  }

  private void readCsv(InputFile file, Configuration hadoop, Taker taker) throws IOException {
    long line = 1;
    QuoteCount quotes = new QuoteCount(file.open(hadoop));
    try (quotes;
        CsvReader<CsvRecord> records = CsvRows.open(quotes)) {
      Iterator<CsvRecord> rows = records.iterator();
      if (!rows.hasNext()) {
        throw new BadInputException(
            "%s is empty; a csv file begins with a header.".formatted(file.place()));
      }
      List<String> own = rows.next().getFields().stream().map(String::strip).toList();
      List<String> names = CsvRows.withKeys(file, own);
      At at = at(file, names);
      while (rows.hasNext()) {
        CsvRecord row = rows.next();
        line = row.getStartingLineNumber();
        if (row.getFieldCount() != own.size()) {
          throw new BadInputException(
              "%s: it has %d fields, the header %d. Mend the row; a text with commas or line ends"
                      .formatted(file.at(line), row.getFieldCount(), own.size())
                  + " stands in quotes.");
        }
        take(
            file,
            line,
            at,
            c -> c < own.size() ? row.getField(c) : file.keys().getOrDefault(names.get(c), ""),
            taker);
      }
      quotes.requireClosed(file);
    } catch (CsvParseException e) {
      throw new BadInputException(
          "%s: not csv from this line on: %s. Mend the quotes."
              .formatted(file.at(quotes.blamed(line)), e.getMessage()),
          e);
    }
  }

  private void readParquet(InputFile file, Configuration hadoop, Taker taker) throws IOException {
    ParquetColumns all =
        new ParquetColumns(file, ParquetRows.meta(file, hadoop).getSchema(), Map.of());
    At at = at(file, all.names());
    long line = 0;
    try (ParquetReader<Group> rows = ParquetRows.open(file, hadoop)) {
      for (Group row = ParquetRows.next(rows, file, line);
          row != null;
          row = ParquetRows.next(rows, file, line)) {
        line++;
        Group now = row;
        take(file, line, at, c -> all.text(now, c), taker);
      }
    }
  }

  /** Where the columns stand; -1 for no prompt. */
  private record At(int agent, int text, int prompt) {}

  private At at(InputFile file, List<String> names) {
    Map<String, Integer> positions = new HashMap<>();
    for (int c = 0; c < names.size(); c++) {
      positions.put(names.get(c), c);
    }
    return new At(
        Columns.position("data.agent", agent, file, names, positions),
        Columns.position("data.text", text, file, names, positions),
        prompt == null ? -1 : Columns.position("data.prompt", prompt, file, names, positions));
  }

  private void take(InputFile file, long line, At at, IntFunction<String> fields, Taker taker) {
    String holder = fields.apply(at.agent()).strip();
    if (holder.isEmpty()) {
      throw new BadInputException(
          "%s: '%s' is empty. Say whose the text is, or take the row out."
              .formatted(file.at(line), agent));
    }
    String before = at.prompt() < 0 ? "" : fields.apply(at.prompt());
    String written = fields.apply(at.text());
    if (CsvRows.isBroken(holder) || CsvRows.isBroken(before) || CsvRows.isBroken(written)) {
      throw new BadInputException(
          "%s: the row is not UTF-8. Save the file as UTF-8.".formatted(file.at(line)));
    }
    if (taker.wants(holder)) {
      taker.document(file.at(line), holder, before, written, true, true);
    }
  }
}
