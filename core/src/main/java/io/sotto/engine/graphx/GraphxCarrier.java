package io.sotto.engine.graphx;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Border;
import io.sotto.engine.Carrier;
import io.sotto.engine.Cell;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellState;
import io.sotto.engine.CellSummary;
import io.sotto.engine.MixingRows;
import io.sotto.engine.Plan;
import io.sotto.engine.Question;
import io.sotto.engine.Subscription;
import io.sotto.engine.Superstep;
import io.sotto.network.Cut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.graphx.Graph;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

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

  private final Plan plan;
  private final JavaSparkContext spark;
  private final CellPartitioner partitioner;
  private JavaRDD<Cell> cells;
  private JavaRDD<CellState[]> states;
  private List<? extends Algorithm> algorithms = List.of();
  private final List<Superstep> history = new ArrayList<>();

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
    this.cells = compile();
    this.states = cells.map(cell -> new CellState[0]);
  }

  private JavaRDD<Cell> compile() {
    Cut cut = plan.cut();
    Graph<Double, Double> graph = AgentGraph.of(spark, plan.network(), cut, partitioner);
    JavaRDD<MixingRows> rows = AgentGraph.rows(graph).persist(StorageLevel.MEMORY_AND_DISK());
    JavaPairRDD<Integer, Subscription> subscriptions =
        rows.flatMap(r -> r.subscriptions(cut).iterator())
            .mapToPair(s -> new Tuple2<>(s.source(), s))
            .partitionBy(partitioner);
    Cell.Blueprint blueprint = Cell.Blueprint.of(plan);
    JavaRDD<Cell> compiled =
        rows.zipPartitions(subscriptions, (r, s) -> List.of(compile(blueprint, r, s)).iterator());
    materialise(compiled.setName("cells"));
    compiled.count();
    rows.unpersist(false);
    graph.unpersist(false);
    return compiled;
  }

  /** Cached, and cut from what it came from, which every task would otherwise carry along. */
  private static void materialise(JavaRDD<?> rdd) {
    rdd.persist(StorageLevel.MEMORY_AND_DISK());
    rdd.rdd().localCheckpoint();
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
    return become(
        cells.map(
            cell -> lanes.stream().map(a -> CellState.start(cell, a)).toArray(CellState[]::new)),
        true);
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    CellSummary[][] summaries = recovering(() -> run(superstep));
    history.add(superstep);
    return summaries;
  }

  private CellSummary[][] run(Superstep superstep) {
    JavaPairRDD<Integer, Border> borders =
        JavaPairRDD.fromJavaRDD(cells.zipPartitions(states, (c, s) -> say(c.next(), s.next())))
            .partitionBy(partitioner);
    JavaRDD<Tuple2<Cell, CellState[]>> before =
        cells.zipPartitions(states, (c, s) -> List.of(new Tuple2<>(c.next(), s.next())).iterator());
    return become(
        before.zipPartitions(
            borders,
            (b, heard) -> List.<CellState[]>of(advance(b.next(), heard, superstep)).iterator()),
        superstep.report());
  }

  private static Iterator<Tuple2<Integer, Border>> say(Cell cell, CellState[] lanes) {
    Border[] borders = cell.borders(lanes.length, lanes[0].stride());
    for (Border border : borders) {
      for (int lane = 0; lane < lanes.length; lane++) {
        lanes[lane].say(lane, border);
      }
    }
    return Arrays.stream(borders).map(border -> new Tuple2<>(border.to(), border)).iterator();
  }

  private static CellState[] advance(
      Tuple2<Cell, CellState[]> before,
      Iterator<Tuple2<Integer, Border>> heard,
      Superstep superstep) {
    List<Border> borders = new ArrayList<>();
    heard.forEachRemaining(b -> borders.add(b._2()));
    CellState[] lanes = Arrays.stream(before._2()).map(CellState::copy).toArray(CellState[]::new);
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane].hear(before._1(), lane, borders);
      lanes[lane].advance(before._1(), superstep);
    }
    return lanes;
  }

  /** Computes the next states, in the job that also brings the summaries, and forgets the old. */
  private CellSummary[][] become(JavaRDD<CellState[]> next, boolean withSums) {
    materialise(next.setName("states"));
    CellSummary[][] summaries =
        CellSummary.byLane(
            forAllCells(
                next,
                (cell, lanes) ->
                    Arrays.stream(lanes)
                        .map(lane -> lane.summary(cell, withSums))
                        .toArray(CellSummary[]::new)));
    forget(states);
    states = next;
    return summaries;
  }

  @Override
  public List<Question.Answer> ask(Question question) {
    return recovering(() -> forAllCells(states, (cell, lanes) -> lanes[0].answer(cell, question)));
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
        states, (c, s) -> List.of(s.next()[0].estimates(c.next())).iterator());
  }

  private <T> List<T> forAllCells(JavaRDD<CellState[]> of, Function2<Cell, CellState[], T> work) {
    return cells
        .zipPartitions(of, (c, s) -> List.of(work.call(c.next(), s.next())).iterator())
        .collect();
  }

  private <T> T recovering(Supplier<T> job) {
    for (int replays = 0; ; replays++) {
      try {
        if (replays > 0) {
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
    forget(states);
    forget(cells);
  }

  /** What RDD.unpersist does, without its warning that a local checkpoint is lost thereby. */
  private void forget(JavaRDD<?> rdd) {
    spark.sc().unpersistRDD(rdd.id(), false);
  }
}
