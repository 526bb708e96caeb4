package io.sotto.io;

import io.sotto.problem.Block;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Standardization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the rows of the agents of one cell, as they come out of the parts that hold them. */
final class CellRows {
  private final StoredRows stored;
  private final List<String> names;
  private final int[] agents;
  private final ShardBuilder builder;
  private final @Nullable PerRowValues weights;
  private final @Nullable PerRowValues offsets;

  /**
   * @param stored how rows are read
   * @param names of all agents
   * @param rowsOf by agent of all agents, how many rows it holds
   * @param agents those of the cell, ascending
   */
  CellRows(StoredRows stored, List<String> names, int[] rowsOf, int[] agents) {
    this.stored = stored;
    this.names = names;
    this.agents = agents;
    this.builder =
        stored.sparse()
            ? new ShardBuilder.Sparse(agents.length, stored.indexBase(), stored.units())
            : new ShardBuilder.Dense(
                Arrays.stream(agents).map(agent -> rowsOf[agent]).toArray(), stored.units());
    this.weights = stored.rowWeights().weighted() ? new PerRowValues(agents.length) : null;
    this.offsets = stored.rowWeights().offset() == null ? null : new PerRowValues(agents.length);
  }

  /** Takes the rows of one part. */
  RowReader.Handler from(StoredRows.Part part) {
    return new Keeper(part);
  }

  /** The costs of all rows that were taken. */
  LocalObjective under(Objective objective, Regularizer regularizer) {
    Standardization units = stored.units();
    return Objectives.over(
        objective,
        new Block(
            builder.build(),
            weights == null ? null : weights.build(),
            offsets == null ? null : offsets.build(),
            1.0 / stored.scaled(stored.weight()),
            1.0 / names.size(),
            regularizer,
            stored.intercept(),
            stored.sparse() ? units.centre() : null,
            stored.labels().classes().size()));
  }

  /** Keeps the rows of one part. */
  private final class Keeper implements RowReader.Handler {
    private final StoredRows.Part part;
    private final SkippedLines.Cursor skipped;
    private final Map<String, Integer> positions = new TreeMap<>();
    private long row;
    private int position;

    Keeper(StoredRows.Part part) {
      this.part = part;
      this.skipped = part.skipped().cursor();
      this.row = part.firstRow();
      if (stored.deal() == null) {
        for (int i = 0; i < agents.length; i++) {
          positions.put(names.get(agents[i]), i);
        }
      }
    }

    @Override
    public boolean wants(long line, @Nullable String agent) {
      if (skipped.holds(line)) {
        return false;
      }
      Deal deal = stored.deal();
      if (deal == null) {
        position = agent == null ? -1 : positions.getOrDefault(agent, -1);
      } else {
        position = Arrays.binarySearch(agents, deal.agentOf(row++));
      }
      return position >= 0;
    }

    @Override
    public void row(
        long line,
        @Nullable String agent,
        String label,
        double weight,
        double offset,
        int @Nullable [] index,
        double[] values,
        int count) {
      if (weights != null) {
        weights.add(position, stored.scaled(stored.rowWeights().weight(weight, label)));
      }
      if (offsets != null) {
        offsets.add(position, offset);
      }
      builder.add(position, stored.labels().encode(label), index, values, count);
    }

    @Override
    public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
      throw new IllegalStateException(
          ("%s: %s. The row was good when the file was scanned, so the file has changed; do not write"
                  + " to inputs during a run")
              .formatted(part.file().at(line), fault.reason()));
    }
  }
}
