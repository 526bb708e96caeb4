package io.sotto.network;

import java.util.Random;

/** Agent i with i + 1, the last with the first; two agents have one link, one has none. */
public record Ring() implements Topology {
  private static final long serialVersionUID = 1;

  @Override
  public Links draw(int agents, Random random) {
    Pairs pairs = new Pairs(agents, agents);
    for (int i = 0; i < agents; i++) {
      pairs.add(i, (i + 1) % agents);
    }
    return pairs.links();
  }
}
