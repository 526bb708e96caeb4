package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sotto.formula.MissingValues;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.spark.sql.Row;

/**
 * Reads all columns of rows as they are, and surveys them by agent.
 *
 * @param agent the column that names the holder
 * @param missing what stands in a field that has no value
 */
record FieldReader(String agent, MissingValues missing) implements Serializable {

  /**
   * The rows of a file, by agent; what cannot be read is left to those who read the rows for good,
   * and say what is wrong.
   */
  Map<String, FieldSurvey> survey(InputFile file, boolean parquet, Configuration hadoop) {
    Map<String, FieldSurvey> byAgent = new TreeMap<>();
    try {
      if (parquet) {
        parquet(file, hadoop, byAgent);
      } else {
        csv(file, hadoop, byAgent);
      }
    } catch (CsvParseException | IOException | UncheckedIOException | BadInputException e) {
      return byAgent;
    }
    return byAgent;
  }

  /** The rows of a partition of a table. */
  Map<String, FieldSurvey> survey(Iterator<Row> rows, TableColumns table) {
    Map<String, FieldSurvey> byAgent = new TreeMap<>();
    List<String> names = table.names();
    int at = names.indexOf(agent);
    while (rows.hasNext()) {
      Row row = rows.next();
      FieldSurvey survey = of(table.text(row, at), byAgent);
      for (int c = 0; c < names.size(); c++) {
        if (c != at) {
          survey.add(names.get(c), table.text(row, c), number(table, row, c));
        }
      }
    }
    return byAgent;
  }

  private static double number(TableColumns table, Row row, int column) {
    return table.columns().get(column).fault() == null ? table.number(row, column) : Double.NaN;
  }

  private FieldSurvey of(String holder, Map<String, FieldSurvey> byAgent) {
    FieldSurvey survey = byAgent.computeIfAbsent(holder.strip(), h -> new FieldSurvey(missing));
    survey.row();
    return survey;
  }

  private void csv(InputFile file, Configuration hadoop, Map<String, FieldSurvey> byAgent)
      throws IOException {
    try (CsvReader<CsvRecord> records = CsvRows.open(file.open(hadoop))) {
      Iterator<CsvRecord> rows = records.iterator();
      if (!rows.hasNext()) {
        return;
      }
      List<String> own = rows.next().getFields().stream().map(String::strip).toList();
      List<String> names = CsvRows.withKeys(file, own);
      int at = names.indexOf(agent);
      while (at >= 0 && rows.hasNext()) {
        CsvRecord row = rows.next();
        if (row.getFieldCount() == own.size()) {
          FieldSurvey survey = of(field(row, at, own, names, file), byAgent);
          for (int c = 0; c < names.size(); c++) {
            if (c != at) {
              String text = field(row, c, own, names, file);
              survey.add(names.get(c), text, Numbers.parse(text));
            }
          }
        }
      }
    }
  }

  private static String field(
      CsvRecord row, int column, List<String> own, List<String> names, InputFile file) {
    return column < own.size()
        ? row.getField(column)
        : file.keys().getOrDefault(names.get(column), "");
  }

  private void parquet(InputFile file, Configuration hadoop, Map<String, FieldSurvey> byAgent)
      throws IOException {
    ParquetColumns all =
        new ParquetColumns(file, ParquetRows.meta(file, hadoop).getSchema(), Map.of());
    List<String> names = all.names();
    int at = names.indexOf(agent);
    Set<Integer> numeric = new HashSet<>();
    for (int c = 0; c < names.size(); c++) {
      if (all.isNumeric(c, List.of(file))) {
        numeric.add(c);
      }
    }
    if (at < 0) {
      return;
    }
    long line = 0;
    try (ParquetReader<Group> rows = ParquetRows.open(file, hadoop)) {
      for (Group row = ParquetRows.next(rows, file, line);
          row != null;
          row = ParquetRows.next(rows, file, line)) {
        line++;
        FieldSurvey survey = of(all.text(row, at), byAgent);
        for (int c = 0; c < names.size(); c++) {
          if (c != at) {
            double number = numeric.contains(c) ? all.number(row, c) : Double.NaN;
            survey.add(
                names.get(c),
                Double.isNaN(number) ? text(all, row, c, numeric) : "" + number,
                number);
          }
        }
      }
    }
  }

  private static String text(ParquetColumns all, Group row, int column, Set<Integer> numeric) {
    return numeric.contains(column) ? "" : all.text(row, column);
  }
}
