package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Disclosure;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import io.sotto.run.RowSource;
import io.sotto.run.RunDigest;
import io.sotto.run.Schema;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a table of Spark. Its partitions feed the cells where they are computed: nothing is
 * shuffled, and nothing but counts and sums comes to the driver. Only where the driver runs the
 * tasks itself (master {@code local}) may the engine {@code local} load a small table, too. A
 * partition that holds rows of several cells is computed for each, so a table that was partitioned
 * by agent, or cached, is read fastest. Its partitions must hold the same rows in the same order
 * whenever they are computed, as those of files do.
 */
public final class TableRows implements RowSource {
  /** Of numbers, in a table that counts as small. */
  private static final long SMALL_BYTES = 64L << 20;

  private final Dataset<Row> table;
  private final Columns columns;
  private final boolean standardize;
  private final boolean intercept;
  private final Optional<String> positive;
  private final Disclosure rules;

  private TableRows(
      Dataset<Row> table,
      Columns columns,
      boolean standardize,
      boolean intercept,
      Optional<String> positive,
      Disclosure rules) {
    this.table = table;
    this.columns = columns;
    this.standardize = standardize;
    this.intercept = intercept;
    this.positive = positive;
    this.rules = rules;
  }

  /** The rows of a configuration. */
  static TableRows of(Dataset<Row> table, RunConfig.Data data) {
    return new TableRows(
        table,
        Columns.of(data),
        data.standardize(),
        data.intercept(),
        data.positive(),
        data.disclosure());
  }

  /**
   * The rows of a table, with all its other columns of numbers as features. They are standardised,
   * and predictions have an intercept.
   *
   * @param agent the column that names the holder of a row
   * @param label the column to predict
   */
  public static TableRows of(Dataset<Row> table, String agent, String label) {
    return new TableRows(
        table,
        new Columns(agent, label, List.of()),
        true,
        true,
        Optional.empty(),
        Disclosure.none());
  }

  /** The same with these columns as features; those of text become categories. */
  public TableRows features(String... names) {
    return with(
        new Columns(
                columns.agent(),
                columns.label(),
                List.of(names),
                columns.weight(),
                columns.offset())
            .allowing(columns.allowed()));
  }

  /** The same with a column that says what each row counts for: a number from 0 on. */
  public TableRows weight(String column) {
    return with(
        new Columns(columns.agent(), columns.label(), columns.features(), column, columns.offset())
            .allowing(columns.allowed()));
  }

  /** The same with a column that is added to predictions. */
  public TableRows offset(String column) {
    return with(
        new Columns(columns.agent(), columns.label(), columns.features(), columns.weight(), column)
            .allowing(columns.allowed()));
  }

  private TableRows with(Columns other) {
    return new TableRows(table, other, standardize, intercept, positive, rules);
  }

  /** The same with or without bringing columns to mean 0 and deviation 1. */
  public TableRows standardize(boolean other) {
    return new TableRows(table, columns, other, intercept, positive, rules);
  }

  /** The same with or without an intercept. */
  public TableRows intercept(boolean other) {
    return new TableRows(table, columns, standardize, other, positive, rules);
  }

  /** The same with that label as +1 in place of the greater one. */
  public TableRows positive(String label) {
    return new TableRows(table, columns, standardize, intercept, Optional.of(label), rules);
  }

  @Override
  public ScannedRows scan(
      Objective objective, Map<String, Double> classWeights, Consumer<String> warnings) {
    JavaRDD<Row> rows = table.javaRDD();
    DesignedRows all =
        DesignedRows.of(TableReader.of(table, columns, intercept), intercept, parts(rows));
    TableReader scanner = (TableReader) all.reader();
    RowWeights rowWeights = new RowWeights(columns.weight(), all.offset(), classWeights);
    Loss.Labels kind = objective.labels();
    List<Scan> scans =
        rows.mapPartitionsWithIndex(
                (index, part) ->
                    List.of(scan(scanner, index, part, objective, rowWeights)).iterator(),
                true)
            .collect();
    for (Scan scan : scans) {
      for (BadRow first : scan.rejections.rows) {
        throw new BadInputException(
            "%s: %s. Mend the row, or filter it out."
                .formatted(scan.file.at(first.line()), first.reason()));
      }
    }
    ScanSums sums = new ScanSums(scans);
    if (sums.rows() == 0) {
      throw new BadInputException(
          scans.stream().anyMatch(scan -> scan.missing.rows() > 0)
              ? "There is not one row in the table that has a value in each column."
              : "There is not one row in the table.");
    }
    LabelCode labels = LabelCode.of(kind, sums.classes(), positive, false);
    rowWeights.requireKnown(labels);
    List<String> agents = sums.agents();
    int[] rowsOf = sums.rowsOf(agents);
    sums.warnOfFlags(warnings);
    double weight = sums.weight();
    double[][] scanned = sums.moments(0, all.design().names().size());
    DesignedRows designed = all.occupied(scanned, warnings);
    TableReader reader = (TableReader) designed.reader();
    List<String> features = designed.design().names();
    if (!columns.areNamed()) {
      sums.warnOfNumbered(features, warnings);
    }
    double[][] moments = designed.left(scanned, all.design());
    MissingCounts missing = new MissingCounts();
    scans.forEach(scan -> missing.plus(scan.missing));
    Standardization units =
        standardize
            ? Standardization.of(moments[0], moments[1], intercept)
            : Standardization.none(features.size());
    StoredRows stored =
        new StoredRows(
            parts(scans, agents),
            reader,
            false,
            0,
            null,
            rowWeights,
            weight,
            intercept,
            labels,
            units);
    RunDigest digest = new RunDigest();
    if (!designed.design().isPlain()) {
      digest.text("design", designed.design().toMap().toString());
    }
    digest
        .text("features", String.join("\u0000", features))
        .text("labels", labels.toString())
        .text("units", standardize + " " + intercept);
    scans.forEach(scan -> digest.text("partition", scan.checksum));
    long bytes = 8 * (sums.entries() + sums.rows() * (1 + rowWeights.numbers()));
    boolean here = rows.context().isLocal() && bytes <= SMALL_BYTES;
    return new ScannedRows(
        agents,
        rowsOf,
        weight,
        sums.entries(),
        bytes,
        new Schema(
            features,
            intercept,
            false,
            reader.table().columns().stream()
                .anyMatch(c -> c.slot() >= 0 && features.contains(c.name())),
            objective.shape(features.size(), labels.classes().size(), intercept),
            labels,
            units,
            standardize,
            rowWeights.weight(),
            rowWeights.offset(),
            reader.columns().leftOut(),
            designed.design().isPlain() ? null : designed.design()),
        moments,
        IntStream.range(0, features.size())
            .filter(j -> moments[1][j] == 0)
            .mapToObj(features::get)
            .toList(),
        digest.hex(),
        String.format(Locale.ROOT, "read from %,d partition(s) of a table", scans.size())
            + designed.words(missing, agents, rules),
        designed.report(missing, rules),
        (cost, regularizer, solved) ->
            new TableCells(rows.rdd(), stored.in(solved), agents, rowsOf, cost, regularizer, here),
        sums.times(objective));
  }

  /** The partitions, each looked at by a task. */
  private static DesignedRows.Parts parts(JavaRDD<Row> rows) {
    return new DesignedRows.Parts() {
      @Override
      public <T> List<T> each(Function<DesignedRows.Part, T> task) {
        return rows.mapPartitions(
                part ->
                    List.of(
                            task.call(
                                (reader, handler) ->
                                    ((TableReader) reader).read(part, handler, null)))
                        .iterator())
            .collect();
      }
    };
  }

  private static Scan scan(
      TableReader reader,
      int index,
      Iterator<Row> rows,
      Objective objective,
      RowWeights rowWeights) {
    Scan scan =
        new Scan(new InputFile("partition " + index, 0), objective, rowWeights, true, false);
    MessageDigest digest = TableReader.sha256();
    reader.read(rows, scan, digest);
    scan.checksum = HexFormat.of().formatHex(digest.digest());
    scan.close();
    return scan;
  }

  private static List<StoredRows.Part> parts(List<Scan> scans, List<String> agents) {
    Map<String, Integer> index = new TreeMap<>();
    for (int i = 0; i < agents.size(); i++) {
      index.put(agents.get(i), i);
    }
    List<StoredRows.Part> parts = new ArrayList<>();
    long first = 0;
    for (Scan scan : scans) {
      int[] holders = scan.rowsByAgent.keySet().stream().mapToInt(index::get).sorted().toArray();
      parts.add(new StoredRows.Part(scan.file, first, scan.rejections.lines, holders));
      first += scan.rows;
    }
    return parts;
  }
}
