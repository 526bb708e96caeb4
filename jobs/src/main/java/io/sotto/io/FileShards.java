package io.sotto.io;

import io.sotto.engine.Shards;
import io.sotto.problem.Block;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Standardization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of some agents from the files that hold any of them. A file that holds rows of
 * several cells is read by each; where each party has files of its own, nothing is read twice.
 */
final class FileShards implements Shards {
  private static final long serialVersionUID = 1;

  private final StoredRows stored;
  private final List<String> names;
  private final int[] rows;
  private final Objective objective;
  private final Regularizer regularizer;
  private final SerializableConfiguration hadoop;

  FileShards(Dataset data, Objective objective, Regularizer regularizer, Configuration hadoop) {
    this.stored = data.stored();
    this.names = data.agents();
    this.rows = data.rowsOf();
    this.objective = objective;
    this.regularizer = regularizer;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public LocalObjective load(int[] agents) {
    Standardization units = stored.units();
    int[] rowsOf = Arrays.stream(agents).map(agent -> rows[agent]).toArray();
    ShardBuilder builder =
        stored.sparse()
            ? new ShardBuilder.Sparse(agents.length, stored.indexBase(), units)
            : new ShardBuilder.Dense(rowsOf, units);
    RowNumbers weights = stored.terms().weighted() ? new RowNumbers(agents.length) : null;
    RowNumbers offsets = stored.terms().offset() == null ? null : new RowNumbers(agents.length);
    try {
      for (StoredRows.Part part : stored.parts()) {
        if (part.holdsAnyOf(agents)) {
          stored
              .reader()
              .read(
                  part.file(), hadoop.value(), new Keeper(part, agents, builder, weights, offsets));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objective.over(
        new Block(
            builder.build(),
            weights == null ? null : weights.build(),
            offsets == null ? null : offsets.build(),
            1.0 / stored.weight(),
            1.0 / names.size(),
            regularizer,
            stored.intercept(),
            stored.sparse() ? units.centre() : null,
            stored.labels().classes().size()));
  }

  /** Keeps the rows of the agents of one cell. */
  private final class Keeper implements RowReader.Handler {
    private final StoredRows.Part part;
    private final int[] agents;
    private final ShardBuilder builder;
    private final @Nullable RowNumbers weights;
    private final @Nullable RowNumbers offsets;
    private final SkippedLines.Cursor skipped;
    private final Map<String, Integer> positions = new TreeMap<>();
    private long row;
    private int position;

    Keeper(
        StoredRows.Part part,
        int[] agents,
        ShardBuilder builder,
        @Nullable RowNumbers weights,
        @Nullable RowNumbers offsets) {
      this.weights = weights;
      this.offsets = offsets;
      this.part = part;
      this.skipped = part.skipped().cursor();
      this.agents = agents;
      this.builder = builder;
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
        weights.add(position, stored.terms().weight(weight, label));
      }
      if (offsets != null) {
        offsets.add(position, offset);
      }
      builder.add(position, stored.labels().encode(label), index, values, count);
    }

    @Override
    public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
      throw new IllegalStateException(
          "%s: %s, which it was not when the file was scanned; do not write to inputs during a run"
              .formatted(part.file().at(line), fault.reason()));
    }
  }
}
