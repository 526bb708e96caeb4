package io.sotto.network;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import java.util.Random;
import org.jgrapht.generate.RandomRegularGraphGenerator;

/**
 * Random links with the same number of neighbours for everybody (Steger and Wormald 1999; Kim and
 * Vu 2003). From degree 3 on nearly all draws are connected, and good expanders.
 *
 * @param degree how many neighbours each agent has, 1 or more
 */
public record Regular(int degree) implements Topology {
  private static final long serialVersionUID = 1;

  static Topology of(Parameters parameters) {
    return new Regular(Topologies.degree(parameters));
  }

  @Override
  public Links draw(int agents, Random random) {
    if (degree >= agents) {
      throw new BadInputException(
          "network.degree is %d with %d agents; it must be at most %d, or take topology complete."
              .formatted(degree, agents, agents - 1));
    }
    if (agents % 2 != 0 && degree % 2 != 0) {
      throw new BadInputException(
          "network.degree is %d with %d agents; with an odd number of agents it must be even."
              .formatted(degree, agents));
    }
    // The generator tries long where most pairs are taken; who is then not linked is as random.
    return degree > agents / 2
        ? complement(sparse(agents, agents - 1 - degree, random))
        : sparse(agents, degree, random);
  }

  private static Links sparse(int agents, int degree, Random random) {
    return Pairs.generated(
        agents, 0.5 * agents * degree, new RandomRegularGraphGenerator<>(agents, degree, random));
  }

  private static Links complement(Links links) {
    int agents = links.agents();
    Pairs pairs = new Pairs(agents, 0.5 * agents * (agents - 1) - links.count());
    for (int i = 0; i < agents; i++) {
      for (int j = 0; j < i; j++) {
        if (links.position(i, j) < 0) {
          pairs.add(j, i);
        }
      }
    }
    return pairs.links();
  }

  @Override
  public boolean random() {
    return true;
  }

  @Override
  public String remedy(int agents) {
    return "Raise network.degree; from 3 on nearly all draws are connected.";
  }

  @Override
  public String toString() {
    return "regular(%d)".formatted(degree);
  }
}
