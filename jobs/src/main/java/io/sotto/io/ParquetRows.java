package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
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
record ParquetRows(Columns columns, Map<String, List<String>> slots) implements NamedRows {
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  /**
   * Fills in the features from the schema of the first file, and from vectors.
   *
   * @param intercept whether there is a constant beside the levels of categories
   */
  static ParquetRows of(
      Columns columns, List<InputFile> files, boolean intercept, Configuration hadoop)
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
    Columns.Positions at = asked.positions(first, names);
    boolean text = asked.areNamed() && IntStream.of(at.features()).anyMatch(all::isText);
    Columns found =
        asked.resolve(first, names, c -> all.isNumeric(c, files) ? null : all.kindWords(c));
    return new ParquetRows(text ? found.asTerms(intercept) : found, slots);
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
        ParquetFileReader.open(
            HadoopInputFile.fromPath(file.path(), hadoop),
            HadoopReadOptions.builder(hadoop, file.path()).build())) {
      PageBound.requireWhole(reader, file.bytes());
      return reader.getFooter().getFileMetaData();
    } catch (RuntimeException | IOException e) {
      if (e instanceof IOException failure && !PageBound.isDamage(failure)) {
        throw failure;
      }
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
    return new Builder(HadoopInputFile.fromPath(file.path(), hadoop))
        .withCodecFactory(new PageBound(hadoop))
        .usePageChecksumVerification()
        .build();
  }

  /** Takes the settings of the file, where Parquet's own reads all defaults anew each time. */
  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(HadoopInputFile file) {
      super(file);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
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
    } catch (RuntimeException | IOException e) {
      if (e instanceof IOException failure && !PageBound.isDamage(failure)) {
        throw failure;
      }
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
    RowTaker taker = new RowTaker(at, names, handler);
    long line = 0;
    try (ParquetReader<Group> rows = open(file, hadoop)) {
      for (Group row = next(rows, file, line); row != null; row = next(rows, file, line)) {
        line++;
        String holder = agent < 0 ? null : all.text(row, agent);
        if (handler.wants(line, holder)) {
          Group own = row;
          taker.take(
              line,
              holder,
              new RowFields(row, all),
              all.fault(row, at.numbers()),
              () -> asText(own, all, names.size()));
        }
      }
    }
  }

  @Override
  public NamedRows with(Columns other) {
    return new ParquetRows(other, slots);
  }

  private static void requireNumbers(
      InputFile file, ParquetColumns all, List<String> names, Columns.Positions at) {
    for (int column :
        IntStream.concat(IntStream.of(at.features()), IntStream.of(at.numbers())).toArray()) {
      boolean number = IntStream.of(at.numbers()).anyMatch(c -> c == column);
      boolean feature = column != at.weight() && column != at.offset();
      String type = all.unreadable(column, feature);
      if (type != null && (number || !all.isText(column))) {
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

  /** The fields of a row. */
  private record RowFields(Group row, ParquetColumns all) implements Fields {
    @Override
    public String text(int column) {
      return all.text(row, column);
    }

    @Override
    public double number(int column) {
      return all.isText(column) ? Numbers.parse(text(column)) : all.number(row, column);
    }
  }

  private static String asText(Group row, ParquetColumns all, int count) {
    return IntStream.range(0, count)
        .mapToObj(c -> all.text(row, c))
        .collect(Collectors.joining(","));
  }
}
