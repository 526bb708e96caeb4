package io.sotto.engine.graphx;

import io.sotto.network.Cut;
import org.apache.spark.Partitioner;

/** Keys are agents (Long, as GraphX has them) or cells (Integer); partitions are cells. */
final class CellPartitioner extends Partitioner {
  private static final long serialVersionUID = 1;
  private final Cut cut;

  CellPartitioner(Cut cut) {
    this.cut = cut;
  }

  @Override
  public int numPartitions() {
    return cut.cells();
  }

  @Override
  public int getPartition(Object key) {
    return key instanceof Long agent ? cut.cellOf(Math.toIntExact(agent)) : (Integer) key;
  }
}
