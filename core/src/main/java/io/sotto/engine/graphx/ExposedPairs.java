package io.sotto.engine.graphx;

import io.sotto.network.CellPartition;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.Arrays;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.graphx.Graph;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * Who is exposed to whom, as a job over the graph of agents: a vertex is whom the agent hears, an
 * edge from i to a is looked at where both are known, and i is exposed to a if all whom i hears are
 * among those whom a hears. One pass over the edges, and one shipping of vertices to them.
 */
public final class ExposedPairs {
  private ExposedPairs() {}

  /**
   * All pairs.
   *
   * @return who hears, in the upper half, and who is exposed, in the lower; ascending by who is
   *     exposed, then by who hears
   */
  public static long[] of(Network network, CellPartition partition, JavaSparkContext spark) {
    Broadcast<Network> shared = spark.broadcast(network);
    Broadcast<CellPartition> places = spark.broadcast(partition);
    JavaRDD<Integer> cells = AgentGraph.cells(spark, partition.cells());
    JavaPairRDD<Object, int[]> vertices =
        cells.flatMapToPair(
            cell ->
                Arrays.stream(places.value().agentsOf(cell))
                    .mapToObj(
                        i ->
                            new Tuple2<Object, int[]>(
                                CellPartitioner.vertex(places.value(), i),
                                Neighbourhoods.closed(shared.value(), i)))
                    .iterator());
    Graph<int[], Double> graph =
        Graph.apply(
            JavaPairRDD.toRDD(vertices),
            cells.flatMap(cell -> AgentGraph.heardIn(cell, places.value(), shared.value())).rdd(),
            new int[0],
            StorageLevel.MEMORY_AND_DISK(),
            StorageLevel.MEMORY_AND_DISK(),
            ClassTag$.MODULE$.<int[]>apply(int[].class),
            ClassTag$.MODULE$.<Double>apply(Double.class));
    long[] pairs =
        graph
            .triplets()
            .toJavaRDD()
            .filter(edge -> Neighbourhoods.within(edge.srcAttr(), edge.dstAttr()))
            .map(
                edge ->
                    (long) CellPartitioner.agent(edge.srcId()) << 32
                        | CellPartitioner.agent(edge.dstId()))
            .collect()
            .stream()
            .mapToLong(Long::longValue)
            .sorted()
            .map(pair -> pair << 32 | pair >>> 32)
            .toArray();
    graph.unpersist(false);
    shared.destroy();
    places.destroy();
    return pairs;
  }
}
