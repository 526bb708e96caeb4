package io.sotto.network;

import java.util.Random;

/**
 * Agents in rows and columns, row after row, each linked with the next of its row and of its
 * column. There are as many rows as the largest divisor of N that is not above sqrt(N): a prime N
 * gives a path, or a ring where it wraps.
 *
 * @param wraps true for a torus: the last of each row and column is linked with its first
 */
public record Grid(boolean wraps) implements Topology {
  private static final long serialVersionUID = 1;

  @Override
  public Links draw(int agents, Random random) {
    int rows = rows(agents);
    int columns = agents / rows;
    Pairs pairs = new Pairs(agents, 2.0 * agents);
    for (int i = 0; i < agents; i++) {
      int row = i / columns;
      int column = i % columns;
      if (wraps || column + 1 < columns) {
        pairs.add(i, row * columns + (column + 1) % columns);
      }
      if (wraps || row + 1 < rows) {
        pairs.add(i, (row + 1) % rows * columns + column);
      }
    }
    return pairs.links();
  }

  @Override
  public String shape(int agents) {
    int rows = rows(agents);
    return rows > 1
        ? "%d rows x %d columns".formatted(rows, agents / rows)
        : "1 row x %d columns, which is a %s".formatted(agents, wraps ? "ring" : "path");
  }

  /** The largest divisor of N that is not above its root. */
  static int rows(int agents) {
    int rows = (int) Math.sqrt(agents);
    while (agents % rows != 0) {
      rows--;
    }
    return rows;
  }
}
