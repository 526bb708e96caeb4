package io.sotto.engine.graphx;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Beginning;
import io.sotto.engine.Cell;
import io.sotto.engine.CellState;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.engine.Request;
import io.sotto.engine.StoredStates;
import io.sotto.engine.Superstep;
import io.sotto.engine.Wiretap;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Cells on Spark: the vertex partitions of a GraphX graph, compiled once and cached with their
 * rows; beside them a small RDD of states, a new one for each superstep.
 *
 * <p>A superstep is one job of one shuffle, and the shuffle carries borders and nothing else: the
 * compiled cells, and with them the rows, stay where they are cached. All lineage is truncated by
 * local checkpoints, that of the states at each superstep, so that superstep 2,000 costs what
 * superstep 200 does. What grows with the number of agents goes by broadcast when cells are
 * compiled; what tasks carry afterwards does not.
 *
 * <p>A local checkpoint dies with its executor. All that a run computes is a function of its plan,
 * so the coordinator then compiles again and replays the supersteps, to the same bits. Whether a
 * job failed for that reason is asked of Spark, not read from a message; any other failure ends the
 * run with its own cause.
 */
public final class GraphxCoordinator implements Coordinator {
  static final String NAME = "graphx";

  private static final Logger LOG = LoggerFactory.getLogger(GraphxCoordinator.class);

  /** Trials of steps that run side by side: a superstep's cost is mostly Spark's own. */
  private static final int LANES = 8;

  /** How often one job may lose executors before the run fails. */
  private static final int REPLAYS = 5;

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);
  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);
  private static final ClassTag<CellSummary[]> SUMMARIES =
      ClassTag$.MODULE$.apply(CellSummary[].class);

  private Plan plan;
  private final JavaSparkContext spark;
  private final CellPartitioner partitioner;

  /** Quicker to set up for each task than Kryo, and as short for what is bytes already. */
  private final JavaSerializer serializer;

  private final Losses losses;
  private final History history = new History();

  /**
   * The compiled cells and their states; null before they are compiled, and after they were lost.
   */
  private @Nullable Standing standing;

  private Wiretap tap = Wiretap.none();
  private @Nullable Ahead ahead;

  /** Compiled cells, and the states of all that is in the history. */
  private record Standing(JavaRDD<Cell> cells, JavaRDD<CellState[]> states) {}

  /** A superstep that ran along with a question, and has not been asked for yet. */
  private record Ahead(
      Superstep superstep, JavaRDD<CellState[]> states, CellSummary[][] summaries) {}

  /**
   * Builds the graph and compiles its partitions; each loads the rows of its own agents.
   *
   * @param plan the run; its shards are loaded on the executors
   * @param spark where it runs
   */
  public GraphxCoordinator(Plan plan, JavaSparkContext spark) {
    this.plan = plan;
    this.spark = spark;
    this.partitioner = new CellPartitioner(plan.partition().cells());
    this.serializer = new JavaSerializer(spark.getConf());
    this.losses = new Losses(spark);
    try {
      recovering(compiled -> compiled);
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  /** From here on it is part of the plan, by which lost cells are compiled again. */
  @Override
  public void under(Mechanism mechanism) {
    recovering(
        now -> {
          Broadcast<Mechanism> shared = spark.broadcast(mechanism);
          try {
            JavaRDD<Cell> cells = materialised(AgentGraph.under(now.cells(), now.states(), shared));
            keeping(cells, cells::count);
            forgetAll();
            return standing = new Standing(cells, cells.map(cell -> new CellState[0]));
          } finally {
            shared.destroy();
          }
        });
    plan = plan.under(mechanism);
  }

  @Override
  public void record(Wiretap other) {
    tap = other;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public CellSummary[][] start(List<? extends Algorithm> lanes) {
    return begin(new Beginning(lanes, tap));
  }

  @Override
  public CellSummary[] restore(Algorithm algorithm, StoredStates stored) {
    return begin(Beginning.at(algorithm, stored))[0];
  }

  @Override
  public void stored(Algorithm algorithm, StoredStates stored) {
    history.stored(Beginning.at(algorithm, stored));
  }

  private CellSummary[][] begin(Beginning beginning) {
    history.clear(); // what ran before is not replayed any more
    forgetAhead();
    CellSummary[][] summaries = recovering(now -> begin(now, beginning));
    history.begin(beginning);
    return summaries;
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    CellSummary[][] summaries;
    if (ahead != null && ahead.superstep().equals(superstep)) {
      summaries = ahead.summaries();
      become(Objects.requireNonNull(standing), ahead.states());
      ahead = null;
    } else {
      forgetAhead();
      summaries = recovering(now -> run(now, superstep));
    }
    history.add(superstep);
    return summaries;
  }

  /**
   * One job for the answers and, along with them, the superstep that will follow. What ran ahead
   * with an earlier question stays if no superstep is named.
   */
  @Override
  public <R> List<R> ask(Request<R> request, @Nullable Superstep next) {
    return recovering(
        now -> {
          if (next != null) {
            forgetAhead();
          }
          Broadcast<Request<R>> asked = spark.broadcast(request);
          try {
            JavaRDD<R> answers =
                new CellsRdd.Answers<>(now.cells().rdd(), now.states().rdd(), asked).toJavaRDD();
            return next == null ? answers.collect() : askAhead(now, answers, next);
          } finally {
            asked.destroy();
          }
        });
  }

  private <R> List<R> askAhead(Standing now, JavaRDD<R> answers, Superstep next) {
    CellsRdd.Summaries summaries = new CellsRdd.Summaries(next.report());
    JavaRDD<CellState[]> after = next(now, next);
    List<Tuple2<R, CellSummary[]>> both =
        keeping(
            after,
            () ->
                answers
                    .zipPartitions(
                        after,
                        (a, s) ->
                            List.of(new Tuple2<>(a.next(), summaries.of(s.next()))).iterator())
                    .collect());
    ahead = new Ahead(next, after, CellSummary.byLane(both.stream().map(Tuple2::_2).toList()));
    return both.stream().map(Tuple2::_1).toList();
  }

  private CellSummary[][] begin(Standing now, Beginning beginning) {
    Broadcast<Beginning> shared = spark.broadcast(beginning);
    try {
      JavaRDD<CellState[]> first =
          materialised(
              new CellsRdd.First(now.cells().rdd(), now.states().rdd(), shared)
                  .toJavaRDD()
                  .setName("states"));
      CellSummary[][] summaries = keeping(first, () -> summaries(first, true));
      become(now, first);
      return summaries;
    } finally {
      shared.destroy();
    }
  }

  private CellSummary[][] run(Standing now, Superstep superstep) {
    JavaRDD<CellState[]> next = next(now, superstep);
    CellSummary[][] summaries = keeping(next, () -> summaries(next, superstep.report()));
    become(now, next);
    return summaries;
  }

  /** The states after a superstep; nothing runs yet. */
  private JavaRDD<CellState[]> next(Standing now, Superstep superstep) {
    RDD<Cell> cells = now.cells().rdd();
    RDD<CellState[]> states = now.states().rdd();
    RDD<Tuple2<Object, byte[]>> told =
        new ShuffledRDD<Object, byte[], byte[]>(
                new CellsRdd.Borders(cells, states), partitioner, ANY, BYTES, BYTES)
            .setSerializer(serializer);
    return materialised(
        new CellsRdd.Next(cells, states, told, superstep).toJavaRDD().setName("states"));
  }

  private CellSummary[][] summaries(JavaRDD<CellState[]> of, boolean report) {
    Object byCell = spark.sc().runJob(of.rdd(), new CellsRdd.Summaries(report), SUMMARIES);
    return CellSummary.byLane(Arrays.asList((CellSummary[][]) byCell));
  }

  private void become(Standing before, JavaRDD<CellState[]> next) {
    forget(before.states());
    standing = new Standing(before.cells(), next);
  }

  /**
   * Runs a job on the cells in their present state. If it fails because an executor was lost with
   * cells or states, all is compiled and replayed, and the job run again.
   */
  private <T> T recovering(Function<Standing, T> job) {
    for (int struck = 0; ; struck++) {
      long before = losses.known();
      try {
        if (standing == null) {
          standing = restored();
        }
        return job.apply(standing);
      } catch (Exception e) {
        if (struck == REPLAYS || spark.sc().isStopped() || !lostSince(before)) {
          throw e;
        }
        LOG.warn(
            "Executors were lost. Their agents are loaded again, and {} supersteps repeated",
            history.sinceStored());
        LOG.debug("What failed", e);
        forgetAll();
      }
    }
  }

  /** True if an executor was lost, or cells or states cannot be read any more. */
  private boolean lostSince(long before) {
    if (losses.all() > before) {
      return true;
    }
    return standing != null && !isThere(standing);
  }

  /** Reads what is cached, and so learns also of a loss that Spark has not noticed yet. */
  private static boolean isThere(Standing cached) {
    try {
      cached
          .cells()
          .zipPartitions(cached.states(), (c, s) -> List.of(c.hasNext() && s.hasNext()).iterator())
          .count();
      return true;
    } catch (Exception e) {
      LOG.debug("Cells or states cannot be read", e);
      return false;
    }
  }

  /**
   * Compiles, and replays the supersteps since the states were stored last. Where these cannot be
   * read any more, the ones before are taken, and at last the start.
   */
  private Standing restored() {
    JavaRDD<Cell> cells = compile();
    Standing first = new Standing(cells, cells.map(cell -> new CellState[0]));
    standing = first; // from here on each job moves it on
    List<History.Point> points = history.points();
    if (!points.isEmpty()) {
      History.Point from = begun(first, points);
      history.forEach(from, superstep -> run(Objects.requireNonNull(standing), superstep));
    }
    return Objects.requireNonNull(standing);
  }

  /** Begins again at the first of these points that can be read. */
  private History.Point begun(Standing first, List<History.Point> points) {
    for (History.Point point : points) {
      long before = losses.known();
      try {
        begin(first, point.beginning());
        return point;
      } catch (RuntimeException e) {
        if (point == points.get(points.size() - 1) || losses.all() > before) {
          throw e;
        }
        LOG.warn("A checkpoint cannot be read any more; the one before it is taken");
        LOG.debug("Why", e);
      }
    }
    throw new IllegalArgumentException("no point to begin at");
  }

  private JavaRDD<Cell> compile() {
    return AgentGraph.cells(
        spark,
        plan,
        partitioner,
        compiled -> keeping(materialised(compiled.setName("cells")), compiled::count));
  }

  /** Caches an RDD and cuts its lineage, which every task would otherwise carry along. */
  private static <T> JavaRDD<T> materialised(JavaRDD<T> rdd) {
    rdd.persist(StorageLevel.MEMORY_AND_DISK());
    rdd.rdd().localCheckpoint();
    return rdd;
  }

  /** Runs a job that makes an RDD; if it fails, the RDD is removed from the cache. */
  private <T> T keeping(JavaRDD<?> made, Supplier<T> job) {
    try {
      return job.get();
    } catch (Exception e) {
      forget(made);
      throw e;
    }
  }

  @Override
  public void close() {
    losses.close();
    if (!spark.sc().isStopped()) {
      forgetAll();
    }
  }

  private void forgetAll() {
    forgetAhead();
    if (standing != null) {
      forget(standing.states());
      forget(standing.cells());
      standing = null;
    }
  }

  private void forgetAhead() {
    if (ahead != null) {
      forget(ahead.states());
      ahead = null;
    }
  }

  /** What RDD.unpersist does, without its warning that a local checkpoint is lost thereby. */
  private void forget(JavaRDD<?> rdd) {
    spark.sc().unpersistRDD(rdd.id(), false);
  }
}
