package io.sotto.network;

import java.util.Random;

/** Agent i with i + 1. */
public record Path() implements Topology {
  private static final long serialVersionUID = 1;

  @Override
  public Links draw(int agents, Random random) {
    Pairs pairs = new Pairs(agents, agents);
    for (int i = 1; i < agents; i++) {
      pairs.add(i - 1, i);
    }
    return pairs.links();
  }
}
