package io.sotto.bench;

import io.sotto.engine.Plan;
import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * The least that a Spark job with one shuffle costs: byte arrays in a cached RDD, as many and as
 * long as the borders of a plan, go to the partitions that the borders would go to, and are counted
 * there.
 */
final class BareShuffle {
  private final JavaPairRDD<Integer, byte[]> borders;
  private final int cells;

  /** Makes the byte arrays, of random bits, and caches them. */
  BareShuffle(JavaSparkContext spark, Plan plan) {
    cells = plan.partition().cells();
    int bytesEach = 8 * plan.dimension();
    List<TreeMap<Integer, Integer>> agents = agents(plan.network(), plan.partition());
    borders =
        spark
            .parallelize(agents, cells)
            .flatMapToPair(
                to -> {
                  List<Tuple2<Integer, byte[]>> out = new ArrayList<>();
                  to.forEach((cell, n) -> out.add(new Tuple2<>(cell, noise(n * bytesEach))));
                  return out.iterator();
                })
            .cache();
    borders.count();
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(Problems.SEED).nextBytes(bytes);
    return bytes;
  }

  /** By cell and cell that hears it: how many of its agents are heard. */
  private static List<TreeMap<Integer, Integer>> agents(Network network, CellPartition partition) {
    List<TreeMap<Integer, TreeSet<Integer>>> heard = new ArrayList<>();
    for (int cell = 0; cell < partition.cells(); cell++) {
      heard.add(new TreeMap<>());
    }
    for (int i = 0; i < network.agents(); i++) {
      int hearer = partition.cellOf(i);
      Arrays.stream(network.heard(), network.offset()[i], network.offset()[i + 1])
          .filter(j -> partition.cellOf(j) != hearer)
          .forEach(
              j ->
                  heard
                      .get(partition.cellOf(j))
                      .computeIfAbsent(hearer, c -> new TreeSet<>())
                      .add(j));
    }
    return heard.stream()
        .map(
            to -> {
              TreeMap<Integer, Integer> counts = new TreeMap<>();
              to.forEach((cell, who) -> counts.put(cell, who.size()));
              return counts;
            })
        .toList();
  }

  /** Runs so many jobs; the milliseconds that each took on average. */
  double millis(int count) {
    long begin = System.nanoTime();
    for (int k = 0; k < count; k++) {
      borders.partitionBy(new HashPartitioner(cells)).count();
    }
    return (System.nanoTime() - begin) / 1e6 / count;
  }
}
