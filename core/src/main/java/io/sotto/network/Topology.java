package io.sotto.network;

import java.io.Serializable;
import java.util.Random;

/**
 * A rule by which agents 0 ... N - 1 are linked. {@link Topologies} is the registry; a contract
 * test checks that each topology in it draws simple symmetric links, the same ones from the same
 * seed, and connected ones by {@link Topologies#connected}.
 */
public interface Topology extends Serializable {

  /**
   * Links so many agents. A random topology takes all its chance from the generator; it need not
   * come out connected. A fixed one ignores the generator.
   *
   * @param agents how many agents there are, 1 or more
   * @param random a generator that was seeded for this draw
   * @throws io.sotto.problem.BadInputException if this topology cannot be had with so many agents
   */
  Links draw(int agents, Random random);

  /** True if draws differ, so that another may be connected where one is not. */
  default boolean random() {
    return false;
  }

  /** What it comes to with so many agents, such as {@code 20 rows x 50 columns}; empty if plain. */
  default String shape(int agents) {
    return "";
  }

  /** What to change if the draws come out in parts: a sentence that ends a message. */
  default String remedy(int agents) {
    return "Choose another network.topology.";
  }
}
