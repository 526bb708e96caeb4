package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import io.sotto.run.RowSource;
import io.sotto.run.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * A table that Spark SQL knows by its name. Where it has versions, the one that is read is the
 * latest at the start, also if others write to it meanwhile, or the one that {@code data.path}
 * names by {@code VERSION AS OF}. An agent's rows are in one partition, in the order of the key, so
 * that the same rows always make the same sums.
 *
 * @param rows in that order
 * @param input what {@code run.json} says of it
 */
public record NamedTable(Dataset<Row> rows, Map<String, Object> input) {
  private static final long PARTITION_ROWS = 200_000;
  private static final int MOST_PARTITIONS = 1024;

  /** A name with an earlier version. */
  private static final Pattern VERSIONED =
      Pattern.compile("(.+?)\\s+VERSION\\s+AS\\s+OF\\s+(\\d+)", Pattern.CASE_INSENSITIVE);

  private static final String DELTA =
      "tables of Delta Lake need --packages io.delta:delta-spark_4.2_2.13:4.4.0"
          + " --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension"
          + " --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog";

  private static final String ICEBERG =
      "tables of Iceberg need its runtime for this Spark (--packages) and a catalog"
          + " (spark.sql.catalog.NAME); there is none for Spark 4.2 yet, as far as is known here";

  /**
   * Finds it, and sorts its rows.
   *
   * @param scored whether they are to be scored: then the column of holders may be missing
   * @throws BadInputException if there is none, if Spark cannot read it, or if its key does not
   *     tell all rows apart
   */
  static NamedTable of(RunConfig.Data data, boolean scored, JavaSparkContext spark) {
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    Matcher versioned = VERSIONED.matcher(data.path());
    String name = versioned.matches() ? versioned.group(1) : data.path();
    try {
      session.table(name);
      String provider = provider(session, name);
      String version = versioned.matches() ? versioned.group(2) : version(session, name, provider);
      Dataset<Row> rows =
          version == null
              ? session.table(name)
              : session.sql("SELECT * FROM %s VERSION AS OF %s".formatted(name, version));
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("path", name);
      input.put("format", provider);
      if (version != null) {
        input.put("version", version);
      }
      input.put("key", data.key());
      return new NamedTable(inOrder(rows, data, scored), input);
    } catch (Exception e) { // Spark does not declare what it throws
      if (e instanceof RuntimeException other && !isMissing(e)) {
        throw other;
      }
      throw refusal(data.path(), e);
    }
  }

  /** The rows of a configuration. */
  public static RowSource source(RunConfig.Data data, JavaSparkContext spark) {
    NamedTable named = of(data, false, spark);
    TableRows all = TableRows.of(named.rows, data);
    return (objective, classWeights, warnings) ->
        all.scan(objective, classWeights, warnings)
            .reporting(Map.of(RowSource.INPUTS, List.of(named.input)));
  }

  private static BadInputException refusal(String name, Exception e) {
    String why = String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    return new BadInputException(
        "data.path is '%s'; Spark finds no such table, or cannot read it (%s). Mend the name; %s; %s."
            .formatted(name, why, DELTA, ICEBERG),
        e);
  }

  private static boolean isMissing(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof ClassNotFoundException
          || at instanceof AnalysisException
          || at.getClass().getSimpleName().equals("SparkClassNotFoundException")
          || String.valueOf(at.getMessage()).contains("catalog plugin")) {
        return true;
      }
    }
    return false;
  }

  /** What the table is stored as, in small letters. */
  private static String provider(SparkSession session, String name) {
    int tick = name.indexOf(".`");
    if (tick > 0 && name.endsWith("`")) {
      return name.substring(0, tick).toLowerCase(Locale.ROOT); // of a path
    }
    for (Row row : session.sql("DESCRIBE TABLE EXTENDED " + name).collectAsList()) {
      if ("Provider".equals(row.get(0))) {
        return String.valueOf(row.get(1)).toLowerCase(Locale.ROOT);
      }
    }
    return "view";
  }

  /** The version that is the latest now; null if it has none. */
  private static @Nullable String version(SparkSession session, String name, String provider) {
    String query =
        switch (provider) {
          case "delta" -> "DESCRIBE HISTORY %s LIMIT 1".formatted(name);
          case "iceberg" ->
              "SELECT snapshot_id FROM %s.snapshots ORDER BY committed_at DESC LIMIT 1"
                  .formatted(name);
          default -> "";
        };
    if (query.isEmpty()) {
      return null;
    }
    List<Row> rows = session.sql(query).collectAsList();
    if (rows.isEmpty() || rows.get(0).isNullAt(0)) {
      throw new BadInputException(
          "data.path is '%s'; the table has no version yet. Write rows into it.".formatted(name));
    }
    return String.valueOf(rows.get(0).get(0));
  }

  private static Dataset<Row> inOrder(Dataset<Row> rows, RunConfig.Data data, boolean scored) {
    List<String> names = List.of(rows.columns());
    String whole = "the table " + data.path();
    String agent = data.agent().orElseThrow();
    if (!scored) {
      requireColumn("data.agent", agent, names, whole);
    }
    data.key().forEach(column -> requireColumn("data.key", column, names, whole));
    Column[] key = data.key().stream().map(NamedTable::column).toArray(Column[]::new);
    Row counts =
        rows.agg(
                functions.count(functions.lit(1)),
                functions.count_distinct(key[0], Stream.of(key).skip(1).toArray(Column[]::new)))
            .head();
    if (counts.getLong(0) != counts.getLong(1)) {
      throw new BadInputException(
          "data.key is %s; rows of %s have the same there, or nothing. Name columns that together tell each row from all others."
              .formatted(data.key(), whole));
    }
    int partitions = (int) Math.min(MOST_PARTITIONS, 1 + counts.getLong(0) / PARTITION_ROWS);
    return rows.repartition(partitions, names.contains(agent) ? new Column[] {column(agent)} : key)
        .sortWithinPartitions(key);
  }

  private static void requireColumn(String key, String column, List<String> names, String table) {
    if (!names.contains(column)) {
      throw new BadInputException(
          "%s names the column '%s', which %s does not have. It has: %s."
              .formatted(key, column, table, Text.some(names)));
    }
  }

  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
