package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.sotto.problem.Numbers;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How many fields of each column of csv files hold something, and how many of them a number. */
final class NumberFields implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Pattern COMMAS = Pattern.compile("\\s*[+-]?[0-9][0-9,.]*,[0-9][0-9.,]*\\s*");

  private final long[] filled;
  private final long[] numbers;
  private final long[] commas;
  private long rows;

  /** Of so many columns; nothing is counted yet. */
  NumberFields(int columns) {
    this.filled = new long[columns];
    this.numbers = new long[columns];
    this.commas = new long[columns];
  }

  /**
   * Counts the fields of a row, unless it has more or fewer than the header.
   *
   * @param at by column of the file, its number here; -1 for none
   */
  void add(CsvRecord row, int[] at) {
    if (row.getFieldCount() != at.length) {
      return;
    }
    rows++;
    for (int c = 0; c < at.length; c++) {
      String field = row.getField(c);
      if (at[c] >= 0 && !field.isBlank()) {
        filled[at[c]]++;
        boolean number = isNumber(field);
        numbers[at[c]] += number ? 1 : 0;
        commas[at[c]] += !number && COMMAS.matcher(field).matches() ? 1 : 0;
      }
    }
  }

  /** Counts what the folders of a file say in a column: the same in all of its rows. */
  void addFolder(int column, String value) {
    if (column >= 0 && !value.isBlank()) {
      filled[column] += rows;
      numbers[column] += isNumber(value) ? rows : 0;
    }
  }

  /** Also numbers that are not finite: they are faults, and no text. */
  private static boolean isNumber(String field) {
    return !Double.isNaN(Numbers.parse(field)) || Numbers.isNotFinite(field);
  }

  /** Adds what was counted in another file. */
  NumberFields plus(NumberFields other) {
    rows += other.rows;
    for (int c = 0; c < filled.length; c++) {
      filled[c] += other.filled[c];
      numbers[c] += other.numbers[c];
      commas[c] += other.commas[c];
    }
    return this;
  }

  /** Why a column is not one of numbers, as most of its fields are none; null if it is one. */
  @Nullable String fault(int column) {
    if (rows == 0) {
      return "no row has as many fields as the header";
    }
    if (filled[column] == 0) {
      return "all fields are empty";
    }
    if (2 * numbers[column] > filled[column]) {
      return null;
    }
    if (2 * (numbers[column] + commas[column]) > filled[column]) {
      return "its numbers have commas; write 1.5 for 1,5 and 1234 for 1,234";
    }
    return numbers[column] == 0
        ? "no numbers"
        : String.format(
            Locale.ROOT, "%,d of %,d fields are numbers", numbers[column], filled[column]);
  }
}
