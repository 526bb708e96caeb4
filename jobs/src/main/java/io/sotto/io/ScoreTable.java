package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that are to be scored, in the order in which a run reads them. Its key says
 * which row it is.
 *
 * @param name of the table
 * @param keys the columns of the key
 */
record ScoreTable(NamedTable table, TableReader reader, String name, List<String> keys)
    implements ScoreSource {
  /** Columns of scores that have these names already. */
  private static final Set<String> TAKEN =
      Set.of("agent", "label", "prediction", "probability", "score");

  private static final Set<DataType> WHOLE =
      Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  /**
   * Finds the table.
   *
   * @throws BadInputException if it has not the columns that are asked for
   */
  static ScoreTable of(RunConfig.Data data, Columns columns, JavaSparkContext spark) {
    NamedTable table = NamedTable.of(data, true, spark);
    return new ScoreTable(
        table, TableReader.of(table.rows(), columns, true), data.path(), data.key());
  }

  /** By their own names, unless these are those of scores; whole numbers stay such. */
  @Override
  public List<ScorePlan.Place> places() {
    StructType schema = table.rows().schema();
    Set<String> taken = new HashSet<>(TAKEN);
    keys.forEach(key -> taken.add(key.toLowerCase(Locale.ROOT)));
    List<ScorePlan.Place> places = new ArrayList<>();
    for (String key : keys) {
      String own = key;
      while (TAKEN.contains(key.toLowerCase(Locale.ROOT))
          && !taken.add(own.toLowerCase(Locale.ROOT))) {
        own = "key_" + own;
      }
      places.add(new ScorePlan.Place(own, column(own, schema.apply(key).dataType())));
    }
    return places;
  }

  private static String column(String name, DataType type) {
    String escaped = Tables.escaped(name);
    if (WHOLE.contains(type)) {
      return ParquetTable.count(escaped);
    }
    return type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType)
        ? ParquetTable.number(escaped)
        : ParquetTable.text(escaped);
  }

  /** Always: what stands there is empty where the table has no such column. */
  @Override
  public boolean hasAgent() {
    return true;
  }

  @Override
  public List<String> paths() {
    return List.of(String.valueOf(table.input().get("path")));
  }

  @Override
  public List<Object> inputs() {
    return List.of(table.input());
  }

  @Override
  public JavaRDD<ScoredFile> scored(ScoreWriter writer, JavaSparkContext spark) {
    StructType schema = table.rows().schema();
    int[] fields = keys.stream().mapToInt(schema::fieldIndex).toArray();
    TableReader rows = reader;
    return table
        .rows()
        .javaRDD()
        .mapPartitionsWithIndex(
            (part, some) -> {
              Keyed keyed = new Keyed(some, fields);
              return List.of(
                      writer.write(
                          part,
                          "partition " + part,
                          line -> keyed.key(),
                          handler -> rows.read(keyed, handler, null)))
                  .iterator();
            },
            true);
  }

  @Override
  public void requireGood(int part, Rejections rejections, List<Object> first) {
    for (BadRow row : rejections.rows) {
      throw new BadInputException(
          "the table %s, where %s: %s. Mend the row (what has no value, data.missing-values say), or make a view without it."
              .formatted(
                  name,
                  IntStream.range(0, keys.size())
                      .mapToObj(k -> keys.get(k) + " = " + first.get(k))
                      .collect(Collectors.joining(" and ")),
                  row.reason()));
    }
  }

  /** Rows of which the last that was taken says which one it is. */
  private static final class Keyed implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int[] fields;
    private @Nullable Row now;

    Keyed(Iterator<Row> rows, int[] fields) {
      this.rows = rows;
      this.fields = fields;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row next = rows.next();
      now = next;
      return next;
    }

    List<Object> key() {
      Row row = now;
      if (row == null) {
        throw new IllegalStateException("no row was taken yet");
      }
      return IntStream.of(fields).mapToObj(f -> value(row.get(f))).toList();
    }

    private static Object value(Object key) {
      if (key instanceof Byte || key instanceof Short || key instanceof Integer) {
        return ((Number) key).longValue();
      }
      if (key instanceof Float number) {
        return number.doubleValue();
      }
      return key instanceof Long || key instanceof Double ? key : String.valueOf(key);
    }
  }
}
