package io.sotto.network;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import java.util.Map;
import java.util.Random;

/** The topologies that can be had by name, and how a connected one is drawn from a seed. */
public final class Topologies {
  /** How often a random topology is drawn at most. */
  public static final int ATTEMPTS = 100;

  /** All topologies. */
  public static final Registry<Topology> REGISTRY =
      new Registry<Topology>("topology")
          .add("ring", Map.of(), p -> new Ring())
          .add("path", Map.of(), p -> new Path())
          .add("star", Map.of(), p -> new Star())
          .add("grid", Map.of(), p -> new Grid(false))
          .add("torus", Map.of(), p -> new Grid(true))
          .add("complete", Map.of(), p -> new Complete())
          .add("regular", Map.of("degree", 4), Regular::of)
          .add("erdos-renyi", Map.of("probability", 0.3), ErdosRenyi::of)
          .add("small-world", Map.of("degree", 4, "rewire", 0.1), SmallWorld::of)
          .add("scale-free", Map.of("attach", 2), ScaleFree::of);

  private Topologies() {}

  /**
   * Connected links, and how many draws they took.
   *
   * @param links the links
   * @param attempts 1 for the first draw
   */
  public record Drawn(Links links, int attempts) {}

  /**
   * Draws from (seed, attempt) until the links are connected: a random topology at most {@value
   * #ATTEMPTS} times, a fixed one once.
   *
   * @throws BadInputException if none was connected, or the number of agents does not fit
   */
  public static Drawn connected(Topology topology, int agents, long seed) {
    if (agents < 1) {
      throw new BadInputException(
          "There are %d agents; a network needs at least one.".formatted(agents));
    }
    int attempts = topology.random() ? ATTEMPTS : 1;
    int most = 0;
    for (int attempt = 1; attempt <= attempts; attempt++) {
      Links links = topology.draw(agents, new Random(mix(seed, attempt)));
      int reached = links.reachable();
      if (reached == agents) {
        return new Drawn(links, attempt);
      }
      most = Math.max(most, reached);
    }
    throw new BadInputException(
        ("The topology %s with %d agents was drawn %s and is not connected: at best,"
                + " %d agents could be reached from the first one, itself included. %s")
            .formatted(
                topology,
                agents,
                attempts == 1 ? "once" : attempts + " times",
                most,
                topology.remedy(agents)));
  }

  /**
   * 64 well mixed bits of a seed and a counter: SplitMix64 (Steele, Lea and Flood, "Fast splittable
   * pseudorandom number generators", OOPSLA 2014), once over each.
   */
  static long mix(long seed, long counter) {
    return finish(finish(seed) + counter * 0x9E3779B97F4A7C15L);
  }

  private static long finish(long bits) {
    long z = bits + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** A degree that was configured. */
  static int degree(Parameters parameters) {
    return parameters.integer("degree", 1, Integer.MAX_VALUE);
  }
}
