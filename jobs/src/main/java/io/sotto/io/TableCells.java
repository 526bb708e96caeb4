package io.sotto.io;

import io.sotto.engine.graphx.PartitionShards;
import io.sotto.engine.graphx.ScalaCollections;
import io.sotto.network.CellPartition;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import io.sotto.problem.Regularizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

/**
 * The rows of cells, out of the partitions that hold any of them.
 *
 * @param anywhere whether the driver may load them, too
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record TableCells(
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

    CostsRdd(TableCells of, CellPartition partition, int[][] parents) {
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
