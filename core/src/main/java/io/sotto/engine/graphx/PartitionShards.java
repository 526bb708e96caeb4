package io.sotto.engine.graphx;

import io.sotto.engine.Shards;
import io.sotto.network.CellPartition;
import io.sotto.problem.LocalObjective;
import org.apache.spark.api.java.JavaRDD;

/**
 * Rows that are in partitions of Spark already, such as those of a data set. They go to the cells
 * of the engine {@code graphx} without passing through the driver. On the engine {@code local} they
 * can be computed only if {@link #anywhere} says so. This object stays at the driver and need not
 * be serialisable.
 */
public interface PartitionShards extends Shards {

  /**
   * The costs of each cell's agents, in the order of {@link CellPartition#agentsOf}: a partition
   * for each cell, with one element. The same each time it is asked, and each time it is computed.
   */
  JavaRDD<LocalObjective> costs(CellPartition partition);

  /** In their place where a plan goes to the executors. */
  static Shards elsewhere() {
    return agents -> {
      throw new IllegalStateException("rows come by partitions, and cannot be loaded");
    };
  }

  @Override
  default boolean anywhere() {
    return false;
  }

  /** Refuses, unless a subclass can load them in this process. */
  @Override
  default LocalObjective load(int[] agents) {
    throw new IllegalStateException(
        "these rows stand in partitions of Spark, which this process cannot load; set engine.name ="
            + " graphx");
  }
}
