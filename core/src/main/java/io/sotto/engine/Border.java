package io.sotto.engine;

import java.io.Serializable;

/** What one cell tells another at a superstep: the estimates of those agents that it hears. */
public final class Border implements Serializable {
  private static final long serialVersionUID = 1;

  private final int from;
  private final int to;
  private final int[] agents;
  private final double[][] lanes;

  /** A border between two cells, to be filled by {@link #fill}. */
  Border(int from, int to, int[] agents, int lanes, int stride) {
    this.from = from;
    this.to = to;
    this.agents = agents;
    this.lanes = new double[lanes][agents.length * stride];
  }

  /** The cell that speaks. */
  public int from() {
    return from;
  }

  /** The cell that hears. */
  public int to() {
    return to;
  }

  void fill(int lane, Said said) {
    said.cut(agents, lanes[lane]);
  }

  double[] lane(int lane) {
    return lanes[lane];
  }
}
