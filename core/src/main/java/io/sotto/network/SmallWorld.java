package io.sotto.network;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import java.util.Random;
import org.jgrapht.generate.WattsStrogatzGraphGenerator;

/**
 * A ring in which each agent is linked with its nearest {@code degree} agents, and each link then
 * moves one of its ends to a random agent with probability {@code rewire}, unless that link is
 * there already (Watts and Strogatz, Nature 393, 1998).
 *
 * @param degree even, 2 or more
 * @param rewire 0 ... 1
 */
public record SmallWorld(int degree, double rewire) implements Topology {
  private static final long serialVersionUID = 1;

  static Topology of(Parameters parameters) {
    int degree = Topologies.degree(parameters);
    if (degree % 2 != 0) {
      throw parameters.bad("degree", degree, "it must be even, half of it to each side");
    }
    return new SmallWorld(degree, parameters.number("rewire", 0, 1));
  }

  @Override
  public Links draw(int agents, Random random) {
    if (degree >= agents) {
      throw new BadInputException(
          "network.degree is %d with %d agents; it must be below the number of agents."
              .formatted(degree, agents));
    }
    return Pairs.generated(
        agents,
        0.5 * agents * degree,
        new WattsStrogatzGraphGenerator<>(agents, degree, rewire, false, random));
  }

  @Override
  public boolean random() {
    return true;
  }

  @Override
  public String remedy(int agents) {
    return "Raise network.degree or lower network.rewire.";
  }

  @Override
  public String toString() {
    return "small-world(%d, %s)".formatted(degree, rewire);
  }
}
