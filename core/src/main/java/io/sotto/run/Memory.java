package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.network.Cut;
import io.sotto.network.Network;

/**
 * What a run takes in memory while it goes on: the one model that the choice of the engine, {@code
 * validate} and the forecast ask.
 *
 * @param rows what agents hold, in bytes
 * @param states what agents say and keep, as it is and as it will be
 * @param borders what is heard across borders, twice
 * @param network the mixing matrix, in the plan and in the cells, and what each agent has besides
 */
public record Memory(long rows, long states, long borders, long network) {

  /** An agent in a cell and in the plan: its number, place, set, updates, cell, name. */
  private static final int AGENT_BYTES = 40;

  /** A link in the plan or in a cell: whom it leads to, and its weight. */
  private static final int LINK_BYTES = 12;

  /** What proximal steps keep of a row beside its dual: two numbers. */
  private static final int PROXIMAL_ROW_BYTES = 16;

  /** How many trials of steps are run side by side, where that saves supersteps. */
  private static final int TRIALS = 3;

  /** All of it. */
  public long total() {
    return rows + states + borders + network;
  }

  /**
   * In one process: what is said stands in two arrays, that of before and that of after.
   *
   * @param blocks how many numbers proximal steps keep of penalty and set for each coefficient
   */
  static Memory local(
      Costs costs, NetworkAndClocks around, Cut cut, Algorithm algorithm, int blocks) {
    return of(costs, around, cut, algorithm, blocks, 2, 1, 1);
  }

  /**
   * On Spark, where each superstep makes new states out of the old ones, and trials of steps are run
   * side by side.
   *
   * @param trials whether there are trials
   */
  static Memory spark(
      Costs costs,
      NetworkAndClocks around,
      Cut cut,
      Algorithm algorithm,
      int blocks,
      boolean trials) {
    return of(costs, around, cut, algorithm, blocks, 3, 2, trials ? TRIALS : 1);
  }

  private static Memory of(
      Costs costs,
      NetworkAndClocks around,
      Cut cut,
      Algorithm algorithm,
      int blocks,
      int said,
      int kept,
      int lanes) {
    Network network = around.network();
    int d = costs.dimension();
    long agents = network.agents();
    long entries = network.heard().length;
    boolean links = algorithm.addressed();
    long vector = 8L * algorithm.says(d);
    long slots = links ? entries - agents : agents;
    long pairs = links ? cut.borderLinks(network) : cut.borderPairs(network);
    long keeps = 8L * algorithm.keeps(d) * agents;
    long proximalRows = 0;
    if (algorithm.proximal()) {
      long duals = costs.work().rows() * Math.max(1, costs.shape().outputs());
      keeps += 8L * (duals + agents * blocks * costs.shape().coefficients());
      proximalRows = PROXIMAL_ROW_BYTES * costs.work().rows();
    }
    long past = around.channel().delay().longest();
    return new Memory(
        costs.work().bytes() + proximalRows,
        lanes * (slots * vector * (said + past) + keeps * kept),
        lanes * pairs * vector * (said + past),
        2 * (LINK_BYTES * entries + 4 * agents) + AGENT_BYTES * agents);
  }

  /** For people. */
  @Override
  public String toString() {
    return "%s (rows %s, what agents say and keep %s, what is heard across borders %s, network %s)"
        .formatted(
            Text.bytes(total()),
            Text.bytes(rows),
            Text.bytes(states),
            Text.bytes(borders),
            Text.bytes(network));
  }
}
