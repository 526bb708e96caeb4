package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Parquet with a column for each feature. Read by Parquet's own reader rather than by Spark SQL, so
 * that a cell can read the rows of its own agents, in the order of the file, without a shuffle.
 */
record ParquetRows(Columns columns) implements RowReader {

  /** Fills in the features from the schema of a file. */
  static ParquetRows of(Columns columns, InputFile first, Configuration hadoop) throws IOException {
    MessageType schema = schema(first, hadoop);
    List<String> names = names(schema);
    columns.positions(first, names);
    return new ParquetRows(
        columns.resolve(
            first, names, schema.getFields().stream().map(ParquetRows::isNumeric).toList()));
  }

  private static MessageType schema(InputFile file, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file.path(), hadoop))) {
      return reader.getFooter().getFileMetaData().getSchema();
    } catch (RuntimeException e) {
      // what Parquet says of it ends with the last bytes of the file, which may be of a row
      throw new BadInputException(
          "%s is not Parquet, or not whole; say its data.format.".formatted(file.uri()));
    }
  }

  private static List<String> names(MessageType schema) {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  private static boolean isNumeric(Type type) {
    if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32, INT64, FLOAT, DOUBLE, BOOLEAN ->
          type.getLogicalTypeAnnotation() == null
              || type.getLogicalTypeAnnotation()
                  instanceof
                  org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
      default -> false;
    };
  }

  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    MessageType schema = schema(file, hadoop);
    List<String> names = names(schema);
    Columns.Positions at = columns.positions(file, names);
    for (int column : at.numbers()) {
      if (!isNumeric(schema.getType(column))) {
        boolean feature = column != at.weight() && column != at.offset();
        throw new BadInputException(
            "%s: the column '%s' is %s; %s"
                .formatted(
                    file.uri(),
                    names.get(column),
                    schema.getType(column),
                    feature
                        ? "a feature must be a number. Leave it out of data.features."
                        : "data.weight and data.offset must name columns of numbers."));
      }
    }
    int agent = at.agent();
    int n = at.features().length;
    double[] values = new double[n + 2]; // then the weight and the offset
    long line = 0;
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), file.path()).withConf(hadoop).build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        line++;
        String holder = agent < 0 ? null : text(row, agent);
        if (handler.wants(line, holder)) {
          String label = text(row, at.label());
          Fault fault = fault(row, names, at, values);
          fault = fault == null ? handler.fault(label) : fault;
          if (fault == null) {
            handler.row(line, holder, label, values[n], values[n + 1], null, values, n);
          } else {
            Group bad = row;
            handler.bad(line, holder, fault, () -> asText(bad, names));
          }
        }
      }
    }
  }

  private static @Nullable Fault fault(
      Group row, List<String> names, Columns.Positions at, double[] values) {
    if (at.agent() >= 0 && text(row, at.agent()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.agent())));
    }
    if (text(row, at.label()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.label())));
    }
    return at.fault(names, c -> number(row, c), c -> text(row, c), values);
  }

  private static String text(Group row, int column) {
    return row.getFieldRepetitionCount(column) == 0 ? "" : row.getValueToString(column, 0);
  }

  private static double number(Group row, int column) {
    if (row.getFieldRepetitionCount(column) == 0) {
      return Double.NaN;
    }
    PrimitiveTypeName type = row.getType().getType(column).asPrimitiveType().getPrimitiveTypeName();
    return switch (type) {
      case INT32 -> row.getInteger(column, 0);
      case INT64 -> row.getLong(column, 0);
      case FLOAT -> row.getFloat(column, 0);
      case BOOLEAN -> row.getBoolean(column, 0) ? 1 : 0;
      default -> row.getDouble(column, 0);
    };
  }

  private static String asText(Group row, List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(c -> text(row, c))
        .collect(Collectors.joining(","));
  }
}
