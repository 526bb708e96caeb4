package io.sotto.engine.graphx;

import io.sotto.engine.Border;
import io.sotto.network.Cut;
import org.apache.spark.Partitioner;

/**
 * Partitions are cells; keys are agents (Long, as GraphX has them), cells (Integer), or names of
 * cells, which Java serialises in the fewest bytes.
 */
final class CellPartitioner extends Partitioner {
  private static final long serialVersionUID = 1;
  private final Cut cut;

  CellPartitioner(Cut cut) {
    this.cut = cut;
  }

  /** The key of a border: the cell that hears. */
  static Object key(Border border) {
    return Integer.toString(border.to());
  }

  @Override
  public int numPartitions() {
    return cut.cells();
  }

  @Override
  public int getPartition(Object key) {
    if (key instanceof Long agent) {
      return cut.cellOf(Math.toIntExact(agent));
    }
    return key instanceof String name ? Integer.parseInt(name) : (Integer) key;
  }
}
