package io.sotto.io;

import io.sotto.engine.graphx.PartitionShards;
import io.sotto.engine.graphx.ScalaCollections;
import io.sotto.network.CellPartition;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Standardization;
import io.sotto.run.RowSource;
import io.sotto.run.RunDigest;
import io.sotto.run.Schema;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

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

  private TableRows(
      Dataset<Row> table,
      Columns columns,
      boolean standardize,
      boolean intercept,
      Optional<String> positive) {
    this.table = table;
    this.columns = columns;
    this.standardize = standardize;
    this.intercept = intercept;
    this.positive = positive;
  }

  /**
   * The rows of a table, with all its other columns of numbers as features. They are standardised,
   * and predictions have an intercept.
   *
   * @param agent the column that names the holder of a row
   * @param label the column to predict
   */
  public static TableRows of(Dataset<Row> table, String agent, String label) {
    return new TableRows(table, new Columns(agent, label, List.of()), true, true, Optional.empty());
  }

  /** The same with these columns as features. */
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

  /** The same where no other columns may be features than these; where there are none, all may. */
  public TableRows allowing(List<String> names) {
    return with(columns.allowing(names));
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
    return new TableRows(table, other, standardize, intercept, positive);
  }

  /** The same with or without bringing columns to mean 0 and deviation 1. */
  public TableRows standardize(boolean other) {
    return new TableRows(table, columns, other, intercept, positive);
  }

  /** The same with or without an intercept. */
  public TableRows intercept(boolean other) {
    return new TableRows(table, columns, standardize, other, positive);
  }

  /** The same with that label as +1 in place of the greater one. */
  public TableRows positive(String label) {
    return new TableRows(table, columns, standardize, intercept, Optional.of(label));
  }

  @Override
  public ScannedRows scan(
      Objective objective, Map<String, Double> classWeights, Consumer<String> warnings) {
    TableColumns found = TableColumns.of(table);
    List<String> names = found.names();
    InputFile whole = new InputFile("the table", 0);
    Columns asked = found.asked(table, columns);
    asked.positions(whole, names);
    Columns resolved = asked.resolve(whole, names, c -> found.columns().get(c).fault());
    RowWeights rowWeights = new RowWeights(resolved.weight(), resolved.offset(), classWeights);
    JavaRDD<Row> rows = table.javaRDD();
    Loss.Labels kind = objective.labels();
    TableReader reader = new TableReader(resolved, found);
    List<Scan> scans =
        rows.mapPartitionsWithIndex(
                (index, part) ->
                    List.of(scan(reader, index, part, objective, rowWeights)).iterator(),
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
      throw new BadInputException("There is not one row in the table.");
    }
    LabelCode labels = LabelCode.of(kind, sums.classes(), positive, false);
    rowWeights.requireKnown(labels);
    List<String> agents = sums.agents();
    int[] rowsOf = sums.rowsOf(agents);
    sums.warnOfFlags(warnings);
    double weight = sums.weight();
    List<String> features = resolved.features();
    if (columns.features().isEmpty()) {
      sums.warnOfNumbered(features, warnings);
    }
    double[][] moments = sums.moments(0, features.size());
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
    RunDigest digest =
        new RunDigest()
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
            found.columns().stream().anyMatch(c -> c.slot() >= 0 && features.contains(c.name())),
            objective.shape(features.size(), labels.classes().size(), intercept),
            labels,
            units,
            standardize,
            rowWeights.weight(),
            rowWeights.offset(),
            resolved.leftOut(),
            null),
        moments,
        IntStream.range(0, features.size())
            .filter(j -> moments[1][j] == 0)
            .mapToObj(features::get)
            .toList(),
        digest.hex(),
        String.format(Locale.ROOT, "read from %,d partition(s) of a table", scans.size()),
        Map.of(),
        (cost, regularizer, solved) ->
            new OfTable(rows.rdd(), stored.in(solved), agents, rowsOf, cost, regularizer, here),
        sums.times(objective));
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

  /** The rows of cells, out of the partitions that hold any of them. */
  private record OfTable(
      RDD<Row> rows,
      StoredRows stored,
      List<String> names,
      int[] rowsOf,
      Objective objective,
      Regularizer regularizer,
      boolean anywhere)
      implements PartitionShards {

    @Override
    public LocalObjective load(int[] agents) {
      if (!anywhere) {
        return PartitionShards.super.load(agents);
      }
      CellRows cell = new CellRows(stored, names, rowsOf, agents);
      int[] holders = stored.holdersOf(agents);
      List<Row>[] parts = rows.toJavaRDD().collectPartitions(holders);
      for (int k = 0; k < holders.length; k++) {
        RowReader.Handler taker = cell.from(stored.parts().get(holders[k]));
        ((TableReader) stored.reader()).read(parts[k].iterator(), taker, null);
      }
      return cell.under(objective, regularizer);
    }

    @Override
    public JavaRDD<LocalObjective> costs(CellPartition partition) {
      int[][] parents =
          IntStream.range(0, partition.cells())
              .mapToObj(cell -> stored.holdersOf(partition.agentsOf(cell)))
              .toArray(int[][]::new);
      return new CostsRdd(this, partition, parents).toJavaRDD();
    }
  }

  /** What all cells must know, of a size that grows with agents: told once to each executor. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Shared(
      StoredRows stored,
      List<String> names,
      int[] rowsOf,
      Objective objective,
      Regularizer regularizer)
      implements Serializable {}

  /** A partition for each cell, which depends on those of the table that hold rows of the cell. */
  private static final class CostsRdd extends RDD<LocalObjective> {
    private static final long serialVersionUID = 1;
    private final Broadcast<Shared> shared;
    private final transient CellPartition partition;
    private final transient int[][] parents;
    private @Nullable RDD<Row> table;

    CostsRdd(OfTable of, CellPartition partition, int[][] parents) {
      super(
          of.rows().context(),
          ScalaCollections.seq(
              List.<org.apache.spark.Dependency<?>>of(new OnHolders(of.rows(), parents))),
          ClassTag$.MODULE$.apply(LocalObjective.class));
      this.table = of.rows();
      this.partition = partition;
      this.parents = parents;
      this.shared =
          JavaSparkContext.fromSparkContext(of.rows().context())
              .broadcast(
                  new Shared(
                      of.stored(), of.names(), of.rowsOf(), of.objective(), of.regularizer()));
    }

    @Override
    public scala.collection.Iterator<LocalObjective> compute(Partition split, TaskContext task) {
      RDD<Row> source = table;
      if (source == null) {
        throw new IllegalStateException("computed after its lineage was truncated");
      }
      Cell here = (Cell) split;
      Shared all = shared.value();
      CellRows cell = new CellRows(all.stored(), all.names(), all.rowsOf(), here.agents());
      TableReader reader = (TableReader) all.stored().reader();
      for (int k = 0; k < here.holders().length; k++) {
        Iterator<Row> rows = ScalaCollections.asJava(source.iterator(here.holders()[k], task));
        reader.read(rows, cell.from(all.stored().parts().get(here.parents()[k])), null);
      }
      return ScalaCollections.asScala(
          List.of(cell.under(all.objective(), all.regularizer())).iterator());
    }

    @Override
    public Partition[] getPartitions() {
      RDD<Row> source = table;
      if (source == null) {
        throw new IllegalStateException("partitioned after its lineage was truncated");
      }
      Partition[] all = source.partitions();
      Partition[] partitions = new Partition[partition.cells()];
      Arrays.setAll(
          partitions,
          c ->
              new Cell(
                  c,
                  partition.agentsOf(c),
                  parents[c],
                  Arrays.stream(parents[c]).mapToObj(p -> all[p]).toArray(Partition[]::new)));
      return partitions;
    }

    @Override
    public void clearDependencies() {
      super.clearDependencies();
      table = null;
    }

    /** A cell: its agents, and the partitions of the table that hold rows of them. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares these
    private record Cell(int index, int[] agents, int[] parents, Partition[] holders)
        implements Partition {}
  }

  /** Which partitions of the table hold rows of a cell. */
  private static final class OnHolders extends NarrowDependency<Row> {
    private static final long serialVersionUID = 1;
    private final int[][] parents;

    OnHolders(RDD<Row> table, int[][] parents) {
      super(table);
      this.parents = parents;
    }

    @Override
    public Seq<Object> getParents(int cell) {
      List<Object> some = new ArrayList<>();
      for (int p : parents[cell]) {
        some.add(p);
      }
      return ScalaCollections.seq(some);
    }
  }
}
