package io.sotto.bench;

import io.sotto.algorithm.StepSize;
import io.sotto.engine.Plan;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.graphx.Edge;
import org.apache.spark.graphx.EdgeContext;
import org.apache.spark.graphx.Graph;
import org.apache.spark.graphx.PartitionStrategy;
import org.apache.spark.graphx.TripletFields;
import org.apache.spark.graphx.VertexRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Function1;
import scala.Function2;
import scala.Function3;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * The method as one writes it for GraphX, after the loop of its own Pregel: messages are sent along
 * edges and added up, joined with the vertices, and counted, which materialises both; then the last
 * graph is forgotten. Every {@value #CHECKPOINT} ticks the graph is checkpointed, without which
 * lineage grows until a stack overflows. Idle agents mix.
 *
 * <p>With what is known to help: an attribute is the estimate, with the count of updates as one
 * more number, and nothing private. Rows are an RDD beside it, on the index of the vertices, which
 * no shuffle touches. Only senders' attributes are shipped, each to one partition of edges
 * (EdgePartition1D). Messages are added up in place.
 */
final class Textbook implements AutoCloseable {
  private static final int CHECKPOINT = 25;
  private static final ClassTag<double[]> VECTOR = ClassTag$.MODULE$.apply(double[].class);
  private static final ClassTag<Double> NUMBER = ClassTag$.MODULE$.apply(Double.class);
  private static final ClassTag<Agent> AGENT = ClassTag$.MODULE$.apply(Agent.class);
  private static final ClassTag<Told> TOLD = ClassTag$.MODULE$.apply(Told.class);

  private interface Send
      extends Function1<EdgeContext<double[], Double, double[]>, BoxedUnit>, Serializable {}

  private interface Map2<A, B, C> extends Function2<A, B, C>, Serializable {}

  private interface Map3<A, B, C, D> extends Function3<A, B, C, D>, Serializable {}

  private final int dimension;
  private final Path checkpoints;
  private final VertexRDD<Agent> agents;
  private Graph<double[], Double> graph;
  private VertexRDD<double[]> messages;
  private long tick;

  /** What an agent keeps to itself and what never changes. */
  private record Agent(int index, double selfWeight, LocalObjective rows, StepSize step)
      implements Serializable {

    /** The next attribute. */
    double[] next(double[] attribute, double[] sum, long tick) {
      int d = attribute.length - 1;
      double[] x = new double[d + 1];
      Vectors.setScaled(selfWeight, attribute, 0, x, 0, d);
      Vectors.addScaled(1, sum, 0, x, 0, d);
      x[d] = attribute[d];
      if (Problems.CLOCK.active(index, tick)) {
        x[d]++;
        double rate = Problems.CLOCK.rate(index);
        double[] gradient = new double[d];
        rows.subgradient(0, 0, x, 0, gradient);
        Vectors.addScaled(-step.at(x[d] / rate) / rate, gradient, 0, x, 0, d);
      }
      return x;
    }
  }

  /** An agent and the weighted sum of what its neighbours said. */
  private record Told(Agent agent, double[] sum) implements Serializable {}

  /**
   * All agents at 0, and the first messages.
   *
   * @param plan one without sets, whose clocks are {@link Problems#CLOCK} and whose idle agents mix
   */
  Textbook(JavaSparkContext spark, Plan plan) throws IOException {
    dimension = plan.dimension();
    checkpoints = Files.createTempDirectory("sotto-textbook");
    spark.setCheckpointDir(checkpoints.toString());
    int partitions = plan.partition().cells();
    int[] offset = plan.network().offset();
    int[] heard = plan.network().heard();
    double[] weight = plan.network().weight();
    List<Edge<Double>> edges = new ArrayList<>();
    double[] self = new double[plan.agents()];
    for (int i = 0; i < plan.agents(); i++) {
      for (int e = offset[i]; e < offset[i + 1]; e++) {
        if (heard[e] == i) {
          self[i] = weight[e];
        } else {
          edges.add(new Edge<>(heard[e], i, weight[e]));
        }
      }
    }
    int length = dimension + 1;
    JavaPairRDD<Object, double[]> vertices =
        spark
            .parallelize(IntStream.range(0, plan.agents()).boxed().toList(), partitions)
            .mapToPair(i -> new Tuple2<>((long) i, new double[length]));
    graph =
        Graph.apply(
                JavaPairRDD.toRDD(vertices),
                spark.parallelize(edges, partitions).rdd(),
                new double[length],
                StorageLevel.MEMORY_ONLY(),
                StorageLevel.MEMORY_ONLY(),
                VECTOR,
                NUMBER)
            .partitionBy(PartitionStrategy.EdgePartition1D$.MODULE$, partitions)
            .cache();
    StepSize step = Problems.algorithm(plan.agents()).step();
    var shards = plan.shards();
    Map2<Object, double[], Agent> load =
        (id, x) -> {
          int i = Math.toIntExact((Long) id);
          return new Agent(i, self[i], shards.load(new int[] {i}), step);
        };
    agents = graph.vertices().mapValues(load, AGENT);
    agents.cache();
    agents.count();
    messages = send();
  }

  private VertexRDD<double[]> send() {
    int d = dimension;
    Send weighted =
        edge -> {
          double[] message = new double[d];
          Vectors.setScaled(edge.attr(), edge.srcAttr(), 0, message, 0, d);
          edge.sendToDst(message);
          return BoxedUnit.UNIT;
        };
    Map2<double[], double[], double[]> add =
        (a, b) -> {
          Vectors.addScaled(1, b, 0, a, 0, d);
          return a;
        };
    VertexRDD<double[]> sent = graph.aggregateMessages(weighted, add, TripletFields.Src, VECTOR);
    sent.cache();
    return sent;
  }

  private void tick() {
    long now = ++tick;
    Map3<Object, Agent, double[], Told> pair = (id, agent, sum) -> new Told(agent, sum);
    Map3<Object, double[], Told, double[]> next =
        (id, x, told) -> told.agent().next(x, told.sum(), now);
    Graph<double[], Double> before = graph;
    VertexRDD<double[]> heard = messages;
    VertexRDD<Told> told = agents.innerZipJoin(heard, pair, VECTOR, TOLD);
    graph = Graph.graphToGraphOps(before, VECTOR, NUMBER).joinVertices(told, next, TOLD).cache();
    if (now % CHECKPOINT == 0) {
      graph.checkpoint();
    }
    messages = send();
    messages.count();
    heard.unpersist(false);
    before.unpersistVertices(false);
    before.edges().unpersist(false);
  }

  /** Runs so many ticks; the milliseconds that each took on average. */
  double millis(int count) {
    long begin = System.nanoTime();
    for (int k = 0; k < count; k++) {
      tick();
    }
    return (System.nanoTime() - begin) / 1e6 / count;
  }

  /** Where the agents stand, by agent. */
  double[][] estimates() {
    double[][] estimates = new double[Math.toIntExact(graph.vertices().count())][];
    for (Tuple2<Object, double[]> vertex : graph.vertices().toJavaRDD().collect()) {
      estimates[Math.toIntExact((Long) vertex._1())] = Arrays.copyOf(vertex._2(), dimension);
    }
    return estimates;
  }

  @Override
  public void close() {
    messages.unpersist(false);
    graph.unpersist(false);
    agents.unpersist(false);
    FileUtil.fullyDelete(checkpoints.toFile());
  }
}
