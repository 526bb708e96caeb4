package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import io.sotto.problem.HeapArrays;
import io.sotto.problem.Objective;

/**
 * The memory that a run takes, in bytes. The choice of the engine, {@code validate} and the
 * forecast all use this model.
 *
 * @param rows the rows of all agents
 * @param states what agents say and keep, now and after the tick that is being computed, and what
 *     cells add up
 * @param borders what is heard across borders, two copies
 * @param network the mixing matrix, in the plan and in the cells, and what is kept for each agent
 * @param peak the most that is in use at one time: when new states are made from old ones, or when
 *     trials of steps run side by side
 */
public record Memory(long rows, long states, long borders, long network, long peak) {

  /** An agent in a cell and in the plan: its number, place, set, updates, cell, name. */
  private static final int AGENT_BYTES = 40;

  /** A link in the plan or in a cell: whom it leads to, and its weight. */
  private static final int LINK_BYTES = 12;

  /** What proximal steps keep of a row beside its dual: two numbers. */
  private static final int PROXIMAL_ROW_BYTES = 16;

  /** Vectors of a cell that are of no agent: two sums for averages, and a subgradient. */
  private static final int OF_CELL = 3;

  /** How many trials of steps run side by side on Spark. */
  private static final int TRIALS = 3;

  /** The bytes in use during the run. */
  public long live() {
    return rows + states + borders + network;
  }

  /**
   * The memory of a run on an engine.
   *
   * @param latest the longest delay of messages, in ticks
   * @param blocks how many numbers proximal steps keep of penalty and set for each coefficient
   * @param terms whether each cost is moved by a linear term, of a number for each coordinate
   * @param spark whether it is that on Spark, where each superstep makes new states out of the old
   *     ones; in one process they are written in place
   * @param auto whether the step is left to the run: to trials, or to change on the way, for which
   *     cells remember where agents and duals of links stood
   */
  public static Memory of(
      Network network,
      CellPartition partition,
      int latest,
      Objective.Shape shape,
      Costs.Work work,
      Algorithm algorithm,
      int blocks,
      boolean terms,
      boolean spark,
      boolean auto) {
    int d = shape.dimension();
    long agents = network.agents();
    long entries = network.heard().length;
    boolean links = algorithm.perLink();
    int cells = partition.cells();
    long vector = 8L * algorithm.says(d);
    long slots = links ? entries - agents : agents;
    long pairs = links ? partition.borderLinks(network) : partition.borderPairs(network);
    long keeps = 8L * algorithm.keeps(d) * agents;
    long rows = work.bytes() + (terms ? 8L * d * agents : 0);
    if (algorithm.proximal()) {
      long duals = work.rows() * Math.max(1, shape.outputs());
      keeps += 8L * (duals + agents * blocks * shape.coefficients());
      rows += PROXIMAL_ROW_BYTES * work.rows();
    }
    long past = latest > 0 ? latest + 1 : 0;
    long said = HeapArrays.bytes(cells, slots * vector) * (2 + past);
    long kept = HeapArrays.bytes(cells, keeps) * (spark ? 2 : 1);
    long states = said + kept + OF_CELL * HeapArrays.bytes(cells, 8L * d * cells);
    long borders = HeapArrays.bytes(cells, pairs * vector) * (2 + past);
    long fixed = rows + 2 * (LINK_BYTES * entries + 4 * agents) + AGENT_BYTES * agents;
    boolean changes = auto && algorithm.stepped(1) != null;
    long lanes = spark && auto && !changes ? TRIALS : 1;
    long compared = changes ? slots * vector + 8L * d * agents : 0;
    long making = spark ? (slots + pairs) * vector * (1 + past) : 0;
    return new Memory(
        rows,
        states,
        borders,
        fixed - rows,
        fixed + compared + lanes * (states + borders + making));
  }

  /** For people. */
  @Override
  public String toString() {
    String most = peak > live() ? ", and %s at times".formatted(Text.bytes(peak)) : "";
    return "%s%s (rows %s, what agents say and keep %s, what is heard across borders %s, network %s)"
        .formatted(
            Text.bytes(live()),
            most,
            Text.bytes(rows),
            Text.bytes(states),
            Text.bytes(borders),
            Text.bytes(network));
  }
}
