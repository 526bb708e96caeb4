package io.sotto.engine.graphx;

import io.sotto.engine.Cell;
import io.sotto.engine.CellState;
import io.sotto.engine.Mechanism;
import io.sotto.engine.MixingRows;
import io.sotto.engine.Plan;
import io.sotto.engine.Subscription;
import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.graphx.Edge;
import org.apache.spark.graphx.Graph;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The network as a GraphX graph: a vertex for each agent, with its weight for itself; an edge from
 * j to i for each j that i hears, with i's weight for j. Vertices are partitioned by cell, and an
 * edge stands in the partition of the agent that hears, so a partition of vertices and the same
 * partition of edges hold all rows of the mixing matrix that a cell needs.
 *
 * <p>Rows of data are no vertex attributes: GraphX ships those whole to wherever an edge needs
 * them.
 */
final class AgentGraph {
  private AgentGraph() {}

  /** The graph of a plan. */
  static Graph<Double, Double> of(
      JavaSparkContext spark, Broadcast<Plan> plan, CellPartitioner partitioner) {
    JavaRDD<Integer> cells = cells(spark, partitioner.numPartitions());
    JavaPairRDD<Object, Double> vertices =
        cells.flatMapToPair(cell -> vertices(cell, plan.value())).partitionBy(partitioner);
    JavaRDD<Edge<Double>> edges =
        cells.flatMap(cell -> heardIn(cell, plan.value().partition(), plan.value().network()));
    ClassTag<Double> number = ClassTag$.MODULE$.apply(Double.class);
    return Graph.apply(
        JavaPairRDD.toRDD(vertices),
        edges.rdd(),
        0.0,
        StorageLevel.MEMORY_AND_DISK(),
        StorageLevel.MEMORY_AND_DISK(),
        number,
        number);
  }

  /** The number of each cell, in a partition of its own. */
  static JavaRDD<Integer> cells(JavaSparkContext spark, int count) {
    return spark.parallelize(IntStream.range(0, count).boxed().toList(), count);
  }

  private static Iterator<Tuple2<Object, Double>> vertices(int cell, Plan plan) {
    return Arrays.stream(plan.partition().agentsOf(cell))
        .mapToObj(
            i ->
                new Tuple2<Object, Double>(
                    CellPartitioner.vertex(plan.partition(), i), self(plan.network(), i)))
        .iterator();
  }

  private static double self(Network network, int agent) {
    int at =
        Arrays.binarySearch(
            network.heard(), network.offset()[agent], network.offset()[agent + 1], agent);
    return network.weight()[at];
  }

  /** An edge for each that an agent of a cell hears. */
  static Iterator<Edge<Double>> heardIn(int cell, CellPartition partition, Network network) {
    List<Edge<Double>> edges = new ArrayList<>();
    for (int i : partition.agentsOf(cell)) {
      for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
        if (network.heard()[e] != i) {
          edges.add(
              new Edge<>(
                  CellPartitioner.vertex(partition, network.heard()[e]),
                  CellPartitioner.vertex(partition, i),
                  network.weight()[e]));
        }
      }
    }
    return edges.iterator();
  }

  /** The mixing rows of each cell, out of the graph's own partitions. */
  static JavaRDD<MixingRows> rows(Graph<Double, Double> graph) {
    return graph
        .vertices()
        .toJavaRDD()
        .zipPartitions(
            graph.edges().toJavaRDD(),
            (vertices, edges) -> List.of(rows(vertices, edges)).iterator());
  }

  private static MixingRows rows(
      Iterator<Tuple2<Object, Double>> vertices, Iterator<Edge<Double>> edges) {
    List<Edge<Double>> all = new ArrayList<>();
    List<Integer> agents = new ArrayList<>();
    vertices.forEachRemaining(
        v -> {
          int agent = CellPartitioner.agent((Long) v._1());
          agents.add(agent);
          all.add(new Edge<>(agent, agent, v._2()));
        });
    // GraphX reuses the edge object of its iterator, so each is copied
    edges.forEachRemaining(
        e ->
            all.add(
                new Edge<>(
                    CellPartitioner.agent(e.srcId()), CellPartitioner.agent(e.dstId()), e.attr())));
    all.sort(
        (a, b) -> {
          int byHearer = Long.compare(a.dstId(), b.dstId());
          return byHearer != 0 ? byHearer : Long.compare(a.srcId(), b.srcId());
        });
    int[] sorted = agents.stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] offset = new int[sorted.length + 1];
    int[] heard = new int[all.size()];
    double[] weight = new double[all.size()];
    int agent = 0;
    for (int e = 0; e < heard.length; e++) {
      while (sorted[agent] != all.get(e).dstId()) {
        offset[++agent] = e;
      }
      heard[e] = Math.toIntExact(all.get(e).srcId());
      weight[e] = all.get(e).attr();
    }
    Arrays.fill(offset, agent + 1, offset.length, heard.length);
    return new MixingRows(TaskContext.getPartitionId(), sorted, offset, heard, weight);
  }

  /** The subscriptions to one cell. */
  static List<Subscription> heardBy(Iterator<Tuple2<Integer, Subscription>> subscriptions) {
    List<Subscription> heardBy = new ArrayList<>();
    subscriptions.forEachRemaining(s -> heardBy.add(s._2()));
    return heardBy;
  }

  /** Cells with a mechanism around their costs. Spark would keep the function of a map for ever. */
  static JavaRDD<Cell> under(
      JavaRDD<Cell> cells, JavaRDD<CellState[]> states, Broadcast<Mechanism> mechanism) {
    return cells
        .zipPartitions(states, (c, s) -> List.of(c.next().under(mechanism.value())).iterator())
        .setName("cells");
  }

  /**
   * The cells of a plan: each is compiled where its partition of the graph is, and loads the rows
   * of its agents there.
   *
   * @param made computes the cells, before what they are made of is removed
   */
  static JavaRDD<Cell> cells(
      JavaSparkContext spark,
      Plan plan,
      CellPartitioner partitioner,
      Consumer<JavaRDD<Cell>> made) {
    Broadcast<Plan> shared =
        spark.broadcast(
            plan.shards() instanceof PartitionShards
                ? plan.over(PartitionShards.elsewhere())
                : plan);
    Graph<Double, Double> graph = of(spark, shared, partitioner);
    JavaRDD<MixingRows> rows = rows(graph).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      JavaPairRDD<Integer, Subscription> subscriptions =
          rows.flatMap(
                  r ->
                      r.subscriptions(shared.value().partition(), shared.value().perLink())
                          .iterator())
              .mapToPair(s -> new Tuple2<>(s.source(), s))
              .partitionBy(partitioner);
      JavaRDD<LocalObjective> costs =
          plan.shards() instanceof PartitionShards partitions
              ? partitions.costs(plan.partition())
              : rows.map(r -> shared.value().shards().load(r.agents()));
      JavaRDD<Cell> compiled =
          rows.zipPartitions(
                  subscriptions, (r, s) -> List.of(new Tuple2<>(r.next(), heardBy(s))).iterator())
              .zipPartitions(
                  costs,
                  (r, c) -> {
                    Tuple2<MixingRows, List<Subscription>> at = r.next();
                    return List.of(new Cell(shared.value(), at._1(), at._2(), c.next())).iterator();
                  });
      made.accept(compiled);
      return compiled;
    } finally {
      rows.unpersist(false);
      graph.unpersist(false);
      shared.destroy();
    }
  }
}
