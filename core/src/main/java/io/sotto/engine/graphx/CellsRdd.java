package io.sotto.engine.graphx;

import io.sotto.engine.Beginning;
import io.sotto.engine.Border;
import io.sotto.engine.Cell;
import io.sotto.engine.CellReport;
import io.sotto.engine.CellState;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Request;
import io.sotto.engine.Superstep;
import io.sotto.engine.Workspace;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * An RDD that is computed from cells and their states: a partition for each cell, from the same
 * partition of each parent. This is not {@code zipPartitions} over lambdas, because Spark reads the
 * byte code of every lambda of every job anew, which took a quarter of a superstep.
 */
abstract class CellsRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1;
  private final int cells;
  private @Nullable RDD<Cell> cellRdd;
  private @Nullable RDD<CellState[]> stateRdd;

  CellsRdd(RDD<Cell> cells, RDD<CellState[]> states, Class<?> type, RDD<?>... others) {
    super(
        cells.context(),
        ScalaCollections.seq(
            Stream.concat(Stream.of(cells, states), Arrays.stream(others))
                .<Dependency<?>>map(OneToOneDependency::new)
                .toList()),
        ClassTag$.MODULE$.<T>apply(type));
    this.cells = cells.getNumPartitions();
    this.cellRdd = cells;
    this.stateRdd = states;
  }

  /** The one element, or the few, of a partition. */
  abstract Iterator<T> compute(Cell cell, CellState[] lanes, Partition partition, TaskContext task);

  @Override
  public final scala.collection.Iterator<T> compute(Partition partition, TaskContext task) {
    return ScalaCollections.asScala(
        compute(only(cellRdd, partition, task), only(stateRdd, partition, task), partition, task));
  }

  static <S> scala.collection.Iterator<S> of(
      @Nullable RDD<S> parent, Partition partition, TaskContext task) {
    if (parent == null) {
      throw new IllegalStateException("computed after its lineage was truncated");
    }
    return parent.iterator(partition, task);
  }

  private static <S> S only(@Nullable RDD<S> parent, Partition partition, TaskContext task) {
    return of(parent, partition, task).next();
  }

  @Override
  public final Partition[] getPartitions() {
    Partition[] partitions = new Partition[cells];
    Arrays.setAll(partitions, CellIndex::new);
    return partitions;
  }

  /** Called when lineage is cut. */
  @Override
  public void clearDependencies() {
    super.clearDependencies();
    cellRdd = null;
    stateRdd = null;
  }

  private record CellIndex(int index) implements Partition {}

  /** What each cell tells the cells that hear it, by the name of the cell that hears. */
  static final class Borders extends CellsRdd<Tuple2<Object, byte[]>> {
    private static final long serialVersionUID = 1;

    Borders(RDD<Cell> cells, RDD<CellState[]> states) {
      super(cells, states, Tuple2.class);
    }

    @Override
    Iterator<Tuple2<Object, byte[]>> compute(
        Cell cell, CellState[] lanes, Partition partition, TaskContext task) {
      return Arrays.stream(Border.told(cell, lanes))
          .map(border -> new Tuple2<>(CellPartitioner.key(border), border.bytes()))
          .iterator();
    }
  }

  /** The states that lanes begin with; those that there were do not matter. */
  static final class First extends CellsRdd<CellState[]> {
    private static final long serialVersionUID = 1;

    /** Set to null when lineage is cut, or every later task would carry it along. */
    private @Nullable Broadcast<Beginning> beginning;

    First(RDD<Cell> cells, RDD<CellState[]> before, Broadcast<Beginning> beginning) {
      super(cells, before, CellState[].class);
      this.beginning = beginning;
    }

    @Override
    Iterator<CellState[]> compute(
        Cell cell, CellState[] before, Partition partition, TaskContext task) {
      Beginning with = Objects.requireNonNull(beginning, "lineage is truncated").value();
      return List.<CellState[]>of(with.of(cell)).iterator();
    }

    @Override
    public void clearDependencies() {
      super.clearDependencies();
      beginning = null;
    }
  }

  /** The states after a superstep: fresh copies, so that a task that runs twice gives the same. */
  static final class Next extends CellsRdd<CellState[]> {
    private static final long serialVersionUID = 1;
    private final Superstep superstep;
    private @Nullable RDD<Tuple2<Object, byte[]>> told;

    Next(
        RDD<Cell> cells,
        RDD<CellState[]> states,
        RDD<Tuple2<Object, byte[]>> told,
        Superstep superstep) {
      super(cells, states, CellState[].class, told);
      this.told = told;
      this.superstep = superstep;
    }

    @Override
    Iterator<CellState[]> compute(
        Cell cell, CellState[] lanes, Partition partition, TaskContext task) {
      CellState[] next = Arrays.stream(lanes).map(CellState::successor).toArray(CellState[]::new);
      scala.collection.Iterator<Tuple2<Object, byte[]>> borders = of(told, partition, task);
      while (borders.hasNext()) {
        Border.hear(cell, next, borders.next()._2());
      }
      Workspace work = new Workspace(cell);
      for (CellState lane : next) {
        lane.advance(cell, work, superstep);
      }
      return List.<CellState[]>of(next).iterator();
    }

    @Override
    public void clearDependencies() {
      super.clearDependencies();
      told = null;
    }
  }

  /** What each cell answers. */
  static final class Answers<R> extends CellsRdd<R> {
    private static final long serialVersionUID = 1;
    private final Broadcast<Request<R>> request;

    Answers(RDD<Cell> cells, RDD<CellState[]> states, Broadcast<Request<R>> request) {
      super(cells, states, Object.class);
      this.request = request;
    }

    @Override
    Iterator<R> compute(Cell cell, CellState[] lanes, Partition partition, TaskContext task) {
      return Collections.singletonList(request.value().of(cell, lanes)).iterator();
    }
  }

  /** The summaries of a cell, by lane. */
  static final class Summaries
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<CellState[]>, CellSummary[]>
      implements Serializable {
    private static final long serialVersionUID = 1;
    private final boolean report;

    Summaries(boolean report) {
      this.report = report;
    }

    @Override
    public CellSummary[] apply(TaskContext task, scala.collection.Iterator<CellState[]> states) {
      return of(states.next());
    }

    CellSummary[] of(CellState[] lanes) {
      return Arrays.stream(lanes)
          .map(lane -> CellReport.summary(lane, report))
          .toArray(CellSummary[]::new);
    }
  }
}
