package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Parquet with a column for each feature, or with vectors of Spark MLlib. Read by Parquet's own
 * reader rather than by Spark SQL, so that a cell can read the rows of its own agents, in the order
 * of the file, without a shuffle.
 *
 * @param slots the names of the slots of each vector
 */
record ParquetRows(Columns columns, Map<String, List<String>> slots) implements RowReader {
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  /** Fills in the features from the schema of the first file, and from vectors. */
  static ParquetRows of(Columns columns, List<InputFile> files, Configuration hadoop)
      throws IOException {
    Map<String, List<String>> slots = new LinkedHashMap<>();
    for (InputFile file : files) {
      nameSlots(file, meta(file, hadoop), hadoop, slots);
      if (!slots.containsValue(List.of())) {
        break;
      }
    }
    slots.values().removeIf(List::isEmpty);
    InputFile first = files.get(0);
    ParquetColumns all = new ParquetColumns(first, meta(first, hadoop).getSchema(), slots);
    Columns asked = columns.withSlots(slots);
    List<String> names = all.names();
    asked.positions(first, names);
    return new ParquetRows(
        asked.resolve(first, names, c -> all.isNumeric(c, files) ? null : all.kindWords(c)), slots);
  }

  /** Whether any of some features is a slot of a vector. */
  boolean hasSlots(List<String> features) {
    return slots.values().stream().flatMap(List::stream).anyMatch(features::contains);
  }

  /**
   * Names the slots of the vectors of a file; of those without rows it says that there are none.
   */
  private static void nameSlots(
      InputFile file, FileMetaData meta, Configuration hadoop, Map<String, List<String>> slots)
      throws IOException {
    MessageType schema = meta.getSchema();
    for (int field : ParquetColumns.vectors(schema)) {
      String vector = schema.getFieldName(field);
      if (slots.getOrDefault(vector, List.of()).isEmpty()) {
        List<String> names = attributes(meta, vector);
        Set<String> taken = new HashSet<>(file.keys().keySet());
        schema.getFields().stream().map(Type::getName).forEach(taken::add);
        slots.values().forEach(taken::addAll);
        if (!names.stream().allMatch(name -> !name.isBlank() && taken.add(name))) {
          names = List.of(); // two columns of one name: numbers tell them apart
        }
        slots.put(vector, names.isEmpty() ? numbered(file, field, vector, hadoop) : names);
      }
    }
  }

  /** The names that Spark MLlib gave to the slots of a vector; empty if it did not. */
  private static List<String> attributes(FileMetaData meta, String vector) {
    String json = meta.getKeyValueMetaData().get(SPARK_SCHEMA);
    if (json == null || !json.contains("ml_attr")) {
      return List.of();
    }
    return TableColumns.attributes(((StructType) DataType.fromJson(json)).apply(vector));
  }

  /** The slots of the first vector that there is, by number. */
  private static List<String> numbered(
      InputFile file, int field, String vector, Configuration hadoop) throws IOException {
    try (ParquetReader<Group> rows = open(file, hadoop)) {
      for (Group row = next(rows, file, 0); row != null; row = next(rows, file, 0)) {
        int size = ParquetColumns.size(row, field);
        if (size >= 0) {
          return IntStream.range(0, size).mapToObj(slot -> vector + "[" + slot + "]").toList();
        }
      }
    }
    return List.of();
  }

  static FileMetaData meta(InputFile file, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file.path(), hadoop))) {
      return reader.getFooter().getFileMetaData();
    } catch (RuntimeException e) {
      // what Parquet says of it ends with the last bytes of the file, which may be of a row
      FileKind kind = FileKind.of(file, hadoop);
      throw new BadInputException(
          "%s is %s, or not whole; say its data.format."
              .formatted(
                  file.uri(),
                  kind == FileKind.OTHER || kind == FileKind.PARQUET
                      ? "not Parquet"
                      : kind.words() + ", not Parquet"));
    }
  }

  static ParquetReader<Group> open(InputFile file, Configuration hadoop) throws IOException {
    return ParquetReader.builder(new GroupReadSupport(), file.path())
        .withConf(hadoop)
        .usePageChecksumVerification()
        .build();
  }

  /**
   * The next row; null after the last.
   *
   * @param line of the row before it
   */
  static @Nullable Group next(ParquetReader<Group> rows, InputFile file, long line)
      throws IOException {
    try {
      return rows.read();
    } catch (RuntimeException e) {
      // what Parquet says of it may hold values
      throw new BadInputException(
          ("%s: row %d cannot be read: a page of the file is damaged (its checksum or its encoding"
                  + " is wrong). Write or fetch the file again.")
              .formatted(file.place(), line + 1));
    }
  }

  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    ParquetColumns all = new ParquetColumns(file, meta(file, hadoop).getSchema(), slots);
    List<String> names = all.names();
    Columns.Positions at = columns.positions(file, names);
    requireNumbers(file, all, names, at);
    int agent = at.agent();
    int n = at.features().length;
    double[] values = new double[n + 2]; // then the weight and the offset
    long line = 0;
    try (ParquetReader<Group> rows = open(file, hadoop)) {
      for (Group row = next(rows, file, line); row != null; row = next(rows, file, line)) {
        line++;
        String holder = agent < 0 ? null : all.text(row, agent);
        if (handler.wants(line, holder)) {
          String label = at.label() < 0 ? "" : all.text(row, at.label());
          Fault fault = fault(row, all, names, at, columns.scored(), values);
          fault = fault == null ? handler.fault(label) : fault;
          if (fault == null) {
            handler.row(line, holder, label, values[n], values[n + 1], null, values, n);
          } else {
            Group bad = row;
            handler.bad(line, holder, fault, () -> asText(bad, all, names.size()));
          }
        }
      }
    }
  }

  private static void requireNumbers(
      InputFile file, ParquetColumns all, List<String> names, Columns.Positions at) {
    for (int column : at.numbers()) {
      boolean feature = column != at.weight() && column != at.offset();
      String type = all.unreadable(column, feature);
      if (type != null) {
        throw new BadInputException(
            "%s: the column '%s' is %s; %s"
                .formatted(
                    file.uri(),
                    names.get(column),
                    type,
                    feature
                        ? "a feature must be a number. Leave it out of data.features."
                        : "data.weight and data.offset must name columns of numbers."));
      }
    }
  }

  private static @Nullable Fault fault(
      Group row,
      ParquetColumns all,
      List<String> names,
      Columns.Positions at,
      boolean scored,
      double[] values) {
    if (!scored && at.agent() >= 0 && all.text(row, at.agent()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.agent())));
    }
    if (!scored && all.text(row, at.label()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.label())));
    }
    Fault vector = all.fault(row, at.numbers());
    return vector != null
        ? vector
        : at.fault(names, c -> all.number(row, c), c -> all.text(row, c), values);
  }

  private static String asText(Group row, ParquetColumns all, int count) {
    return IntStream.range(0, count)
        .mapToObj(c -> all.text(row, c))
        .collect(Collectors.joining(","));
  }
}
