package io.sotto.engine.graphx;

import io.sotto.engine.Border;
import io.sotto.network.CellPartition;
import org.apache.spark.Partitioner;

/**
 * Partitions are cells. Every stage carries its partitioner, so this one knows how many there are
 * and nothing else; keys say where they belong: vertices of the graph (Long) hold their cell in the
 * upper half and their agent in the lower, others are cells (Integer), or names of cells, which
 * Java serialises in the fewest bytes.
 */
final class CellPartitioner extends Partitioner {
  private static final long serialVersionUID = 1;
  private final int cells;

  CellPartitioner(int cells) {
    this.cells = cells;
  }

  /** The vertex of an agent. */
  static long vertex(CellPartition partition, int agent) {
    return (long) partition.cellOf(agent) << 32 | agent;
  }

  /** The agent of a vertex. */
  static int agent(long vertex) {
    return (int) vertex;
  }

  /** The key of a border: the cell that hears. */
  static Object key(Border border) {
    return Integer.toString(border.to());
  }

  @Override
  public int numPartitions() {
    return cells;
  }

  @Override
  public int getPartition(Object key) {
    if (key instanceof Long vertex) {
      return (int) (vertex >>> 32);
    }
    return key instanceof String name ? Integer.parseInt(name) : (Integer) key;
  }
}
