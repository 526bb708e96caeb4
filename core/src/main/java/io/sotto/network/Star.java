package io.sotto.network;

import java.util.Random;

/** Agent 0, the hub, with everybody else. */
public record Star() implements Topology {
  private static final long serialVersionUID = 1;

  @Override
  public Links draw(int agents, Random random) {
    Pairs pairs = new Pairs(agents, agents);
    for (int i = 1; i < agents; i++) {
      pairs.add(0, i);
    }
    return pairs.links();
  }
}
