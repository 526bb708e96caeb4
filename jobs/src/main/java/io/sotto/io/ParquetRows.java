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
    columns.labelPosition(first, names);
    columns.agentPosition(first, names);
    return new ParquetRows(
        columns.resolve(
            first, names, schema.getFields().stream().map(ParquetRows::isNumeric).toList()));
  }

  private static MessageType schema(InputFile file, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file.path(), hadoop))) {
      return reader.getFooter().getFileMetaData().getSchema();
    } catch (RuntimeException e) {
      throw new BadInputException(
          "%s is not Parquet (%s); say its data.format.".formatted(file.uri(), e.getMessage()), e);
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
    int[] features = columns.featurePositions(file, names);
    for (int feature : features) {
      if (!isNumeric(schema.getType(feature))) {
        throw new BadInputException(
            "%s: the column '%s' is %s; a feature must be a number. Leave it out of data.features."
                .formatted(file.uri(), names.get(feature), schema.getType(feature)));
      }
    }
    int label = columns.labelPosition(file, names);
    int agent = columns.agentPosition(file, names);
    double[] values = new double[features.length];
    long line = 0;
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), file.path()).withConf(hadoop).build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        line++;
        String holder = agent < 0 ? null : text(row, agent);
        if (handler.wants(line, holder)) {
          String fault = fault(row, names, features, label, agent, values);
          if (fault == null) {
            handler.row(line, holder, text(row, label), null, values, values.length);
          } else {
            handler.bad(line, fault, asText(row, names));
          }
        }
      }
    }
  }

  private static @Nullable String fault(
      Group row, List<String> names, int[] features, int label, int agent, double[] values) {
    if (agent >= 0 && text(row, agent).isBlank()) {
      return "'%s' is empty".formatted(names.get(agent));
    }
    if (text(row, label).isBlank()) {
      return "'%s' is empty".formatted(names.get(label));
    }
    for (int j = 0; j < features.length; j++) {
      values[j] = number(row, features[j]);
      if (!Double.isFinite(values[j])) {
        return "'%s' is '%s', which is no finite number"
            .formatted(names.get(features[j]), text(row, features[j]));
      }
    }
    return null;
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
