package io.sotto.engine.graphx;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Carrier;
import io.sotto.engine.Cell;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellLinks;
import io.sotto.engine.CellReport;
import io.sotto.engine.CellState;
import io.sotto.engine.CellSummary;
import io.sotto.engine.MixingRows;
import io.sotto.engine.Plan;
import io.sotto.engine.Question;
import io.sotto.engine.Subscription;
import io.sotto.engine.Superstep;
import io.sotto.engine.Wiretap;
import io.sotto.network.Cut;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.graphx.Graph;
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
 * compiled cells, and with them the rows, stay where they are cached. All lineage is cut by local
 * checkpoints, that of the states at each superstep, so that superstep 2,000 costs what superstep
 * 200 does. A local checkpoint dies with its executor; since all that a run computes is a function
 * of its plan, the carrier then starts again and replays the supersteps, to the same bits.
 */
public final class GraphxCarrier implements Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(GraphxCarrier.class);

  /** Trials of steps that run side by side: a superstep's cost is mostly Spark's own. */
  private static final int LANES = 8;

  private static final int REPLAYS = 3;

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);
  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);
  private static final ClassTag<CellSummary[]> SUMMARIES =
      ClassTag$.MODULE$.apply(CellSummary[].class);

  private final Plan plan;
  private final JavaSparkContext spark;
  private final CellPartitioner partitioner;

  /** Quicker to set up for each task than Kryo, and as short for what is bytes already. */
  private final JavaSerializer serializer;

  private JavaRDD<Cell> cells;
  private JavaRDD<CellState[]> states;
  private List<? extends Algorithm> algorithms = List.of();
  private Wiretap tap = Wiretap.none();
  private final List<Superstep> history = new ArrayList<>();
  private @Nullable Ahead ahead;

  /** A superstep that ran along with a question, and has not been asked for yet. */
  private record Ahead(
      Superstep superstep, JavaRDD<CellState[]> states, CellSummary[][] summaries) {}

  /**
   * Builds the graph and compiles its partitions; each loads the rows of its own agents.
   *
   * @param plan the run; its shards are loaded on the executors
   * @param spark where it runs
   */
  public GraphxCarrier(Plan plan, JavaSparkContext spark) {
    this.plan = plan;
    this.spark = spark;
    this.partitioner = new CellPartitioner(plan.cut());
    this.serializer = new JavaSerializer(spark.getConf());
    this.cells = compile();
    this.states = cells.map(cell -> new CellState[0]);
  }

  private JavaRDD<Cell> compile() {
    Cut cut = plan.cut();
    boolean addressed = plan.addressed();
    Broadcast<Network> network = spark.broadcast(plan.network());
    Graph<Double, Double> graph = AgentGraph.of(spark, network, cut, partitioner);
    JavaRDD<MixingRows> rows = AgentGraph.rows(graph).persist(StorageLevel.MEMORY_AND_DISK());
    JavaPairRDD<Integer, Subscription> subscriptions =
        rows.flatMap(r -> r.subscriptions(cut, addressed).iterator())
            .mapToPair(s -> new Tuple2<>(s.source(), s))
            .partitionBy(partitioner);
    Cell.Blueprint blueprint = Cell.Blueprint.of(plan);
    JavaRDD<Cell> compiled =
        rows.zipPartitions(subscriptions, (r, s) -> List.of(compile(blueprint, r, s)).iterator());
    materialised(compiled.setName("cells")).count();
    rows.unpersist(false);
    graph.unpersist(false);
    network.destroy();
    return compiled;
  }

  /** Cached, and cut from what it came from, which every task would otherwise carry along. */
  private static <T> JavaRDD<T> materialised(JavaRDD<T> rdd) {
    rdd.persist(StorageLevel.MEMORY_AND_DISK());
    rdd.rdd().localCheckpoint();
    return rdd;
  }

  private static Cell compile(
      Cell.Blueprint blueprint,
      Iterator<MixingRows> rows,
      Iterator<Tuple2<Integer, Subscription>> subscriptions) {
    List<Subscription> heardBy = new ArrayList<>();
    subscriptions.forEachRemaining(s -> heardBy.add(s._2()));
    return new Cell(blueprint, rows.next(), heardBy);
  }

  @Override
  public String name() {
    return "graphx";
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
    algorithms = List.copyOf(lanes);
    history.clear();
    return recovering(this::restart);
  }

  private CellSummary[][] restart() {
    List<? extends Algorithm> lanes = algorithms;
    Wiretap recorded = tap;
    forgetAhead();
    JavaRDD<CellState[]> first =
        materialised(cells.map(cell -> start(cell, lanes, recorded)).setName("states"));
    CellSummary[][] summaries = summaries(first, true);
    become(first);
    return summaries;
  }

  private static CellState[] start(Cell cell, List<? extends Algorithm> lanes, Wiretap tap) {
    CellState[] states =
        lanes.stream().map(a -> CellState.start(cell, a)).toArray(CellState[]::new);
    states[0].record(cell, tap);
    return states;
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    CellSummary[][] summaries;
    if (ahead != null && ahead.superstep().equals(superstep)) {
      summaries = ahead.summaries();
      become(ahead.states());
      ahead = null;
    } else {
      forgetAhead();
      summaries = recovering(() -> run(superstep));
    }
    history.add(superstep);
    return summaries;
  }

  private void forgetAhead() {
    if (ahead != null) {
      forget(ahead.states());
      ahead = null;
    }
  }

  private CellSummary[][] run(Superstep superstep) {
    JavaRDD<CellState[]> next = next(superstep);
    CellSummary[][] summaries = summaries(next, superstep.report());
    become(next);
    return summaries;
  }

  /** The states after a superstep; nothing runs yet. */
  private JavaRDD<CellState[]> next(Superstep superstep) {
    RDD<Tuple2<Object, byte[]>> told =
        new ShuffledRDD<Object, byte[], byte[]>(
                new CellsRdd.Borders(cells.rdd(), states.rdd()), partitioner, ANY, BYTES, BYTES)
            .setSerializer(serializer);
    return materialised(
        new CellsRdd.Next(cells.rdd(), states.rdd(), told, superstep)
            .toJavaRDD()
            .setName("states"));
  }

  private CellSummary[][] summaries(JavaRDD<CellState[]> of, boolean report) {
    Object byCell = spark.sc().runJob(of.rdd(), new CellsRdd.Summaries(report), SUMMARIES);
    return CellSummary.byLane(Arrays.asList((CellSummary[][]) byCell));
  }

  private void become(JavaRDD<CellState[]> next) {
    forget(states);
    states = next;
  }

  /** One job for the answers and, along with them, the superstep that will follow. */
  @Override
  public List<Question.Answer> ask(Question question, @Nullable Superstep next) {
    return recovering(
        () -> {
          forgetAhead();
          JavaRDD<Tuple2<Cell, CellState[]>> now =
              cells.zipPartitions(
                  states, (c, s) -> List.of(new Tuple2<>(c.next(), s.next())).iterator());
          if (next == null) {
            return now.map(at -> CellReport.answer(at._1(), at._2()[0], question)).collect();
          }
          CellsRdd.Summaries summaries = new CellsRdd.Summaries(next.report());
          JavaRDD<CellState[]> after = next(next);
          List<Tuple2<Question.Answer, CellSummary[]>> both =
              now.zipPartitions(
                      after,
                      (n, a) -> {
                        Tuple2<Cell, CellState[]> at = n.next();
                        return List.of(
                                new Tuple2<>(
                                    CellReport.answer(at._1(), at._2()[0], question),
                                    summaries.of(a.next())))
                            .iterator();
                      })
                  .collect();
          ahead =
              new Ahead(next, after, CellSummary.byLane(both.stream().map(Tuple2::_2).toList()));
          return both.stream().map(Tuple2::_1).toList();
        });
  }

  @Override
  public double smoothness() {
    return cells.map(Cell::smoothness).collect().stream().reduce(0.0, Double::sum);
  }

  @Override
  public Iterable<CellEstimates> estimates() {
    return () -> estimatesRdd().toLocalIterator();
  }

  /** The agents as they stand now, one element for each cell, where the cells are. */
  public JavaRDD<CellEstimates> estimatesRdd() {
    return cells.zipPartitions(
        states, (c, s) -> List.of(CellReport.estimates(c.next(), s.next()[0])).iterator());
  }

  @Override
  public Iterable<CellLinks> links() {
    return () -> linksRdd().toLocalIterator();
  }

  /** The links as they stand now, one element for each cell, where the cells are. */
  public JavaRDD<CellLinks> linksRdd() {
    return cells.zipPartitions(states, (c, s) -> List.of(s.next()[0].links(c.next())).iterator());
  }

  private <T> T recovering(Supplier<T> job) {
    for (int replays = 0; ; replays++) {
      try {
        if (replays > 0) {
          forgetAhead();
          forget(cells);
          cells = compile();
          restart();
          history.forEach(this::run);
        }
        return job.get();
      } catch (Exception e) {
        if (replays == REPLAYS || !lostCheckpoint(e)) {
          throw e;
        }
        LOG.warn("An executor was lost with its cells; replaying {} supersteps", history.size());
      }
    }
  }

  private static boolean lostCheckpoint(Exception e) {
    return e instanceof SparkException
        && String.valueOf(e.getMessage()).contains("heckpoint block");
  }

  @Override
  public void close() {
    forgetAhead();
    forget(states);
    forget(cells);
  }

  /** What RDD.unpersist does, without its warning that a local checkpoint is lost thereby. */
  private void forget(JavaRDD<?> rdd) {
    spark.sc().unpersistRDD(rdd.id(), false);
  }
}
