package io.sotto.io;

import io.sotto.config.RunConfig;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/** Rows of which columns have names. */
interface NamedRows extends RowReader {
  /**
   * What reads files of csv or Parquet. Whoever reads them, to learn from rows or to score them,
   * gets their values from it, in the order of the features.
   *
   * @param intercept whether there is a constant beside the levels of categories
   * @param counting which fields are numbers, in all files, of the columns of these names
   */
  static NamedRows of(
      RunConfig.Format format,
      Columns columns,
      List<InputFile> files,
      Configuration hadoop,
      boolean intercept,
      Function<List<String>, NumberFields> counting)
      throws IOException {
    return format == RunConfig.Format.CSV
        ? CsvRows.of(columns, files, hadoop, intercept, counting)
        : ParquetRows.of(columns, files, intercept, hadoop);
  }

  /** Which column is what. */
  Columns columns();

  /** Reads the same otherwise. */
  NamedRows with(Columns other);
}
