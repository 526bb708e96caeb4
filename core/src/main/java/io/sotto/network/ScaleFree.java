package io.sotto.network;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import java.util.Random;
import org.jgrapht.generate.BarabasiAlbertGraphGenerator;

/**
 * A few hubs and many small agents: from {@code attach + 1} agents that are all linked, each
 * further one links itself with {@code attach} others, an agent with twice the links being twice as
 * likely (Barabasi and Albert, Science 286, 1999). Always connected.
 *
 * @param attach 1 or more
 */
public record ScaleFree(int attach) implements Topology {
  private static final long serialVersionUID = 1;

  static Topology of(Parameters parameters) {
    return new ScaleFree(parameters.integer("attach", 1, Integer.MAX_VALUE));
  }

  @Override
  public Links draw(int agents, Random random) {
    if (attach >= agents) {
      throw new BadInputException(
          "network.attach is %d with %d agents; it must be below the number of agents."
              .formatted(attach, agents));
    }
    return Pairs.generated(
        agents,
        (double) agents * attach,
        new BarabasiAlbertGraphGenerator<>(attach + 1, attach, agents, random));
  }

  @Override
  public boolean random() {
    return true;
  }

  @Override
  public String toString() {
    return "scale-free(%d)".formatted(attach);
  }
}
