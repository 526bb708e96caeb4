package io.sotto.network;

import java.util.Random;

/** Everybody with everybody; up to 46,340 agents. */
public record Complete() implements Topology {
  private static final long serialVersionUID = 1;

  @Override
  public Links draw(int agents, Random random) {
    Pairs pairs = new Pairs(agents, 0.5 * agents * (agents - 1));
    for (int i = 0; i < agents; i++) {
      for (int j = 0; j < i; j++) {
        pairs.add(j, i);
      }
    }
    return pairs.links();
  }
}
