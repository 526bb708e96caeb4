package io.sotto.engine;

import io.sotto.problem.LocalObjective;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operator asks of the cost of every agent, where the cost is: some numbers of its own
 * kind. Cells do not know what they mean.
 *
 * @param look says them
 */
public record AgentNumbers(Look look) implements Request<List<AgentNumbers.OfAgent>> {

  /** Looks at a cost. */
  @FunctionalInterface
  public interface Look extends Serializable {
    /**
     * Numbers in rows. It must say the same each time, and change nothing.
     *
     * @param costs of the agents of a cell
     * @param agent which of them
     */
    long[][] at(LocalObjective costs, int agent);
  }

  /**
   * The numbers of an agent.
   *
   * @param agent its index among those of all cells
   * @param rows as the look says them
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  public record OfAgent(int agent, long[][] rows) implements Serializable {}

  @Override
  public List<OfAgent> of(Cell cell, CellState[] lanes) {
    LocalObjective costs = cell.objective.measured();
    List<OfAgent> all = new ArrayList<>();
    for (int i = 0; i < cell.agents.length; i++) {
      all.add(new OfAgent(cell.agents[i], look.at(costs, i)));
    }
    return all;
  }
}
