package io.sotto.io;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** The rows that were skipped, as csv. */
public final class Rejected {
  private Rejected() {}

  /** A header, then file, line, reason and text of each. */
  public static String csv(List<BadRow> rows) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord("file", "line", "reason", "row");
      for (BadRow row : rows) {
        csv.writeRecord(row.file(), Long.toString(row.line()), row.reason(), row.text());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory cannot fail to be written", e);
    }
    return text.toString();
  }
}
