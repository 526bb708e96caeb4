package io.sotto.io;

import io.sotto.engine.Shards;
import io.sotto.problem.Block;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of some agents from the files that hold any of them. A file that holds rows of
 * several cells is read by each; where each party has files of its own, nothing is read twice.
 */
final class FileShards implements Shards {
  private static final long serialVersionUID = 1;

  private final Dataset data;
  private final Objective objective;
  private final Regularizer regularizer;
  private final SerializableConfiguration hadoop;

  FileShards(Dataset data, Objective objective, Regularizer regularizer, Configuration hadoop) {
    this.data = data;
    this.objective = objective;
    this.regularizer = regularizer;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public LocalObjective load(int[] agents) {
    Standardization units = data.standardization();
    int[] rowsOf = Arrays.stream(agents).map(agent -> data.rowsOf()[agent]).toArray();
    ShardBuilder builder =
        data.sparse()
            ? new ShardBuilder.Sparse(agents.length, data.indexBase(), units)
            : new ShardBuilder.Dense(rowsOf, units);
    RowNumbers weights = data.terms().weighted() ? new RowNumbers(agents.length) : null;
    RowNumbers offsets = data.terms().offset() == null ? null : new RowNumbers(agents.length);
    try {
      for (Dataset.Part part : data.parts()) {
        if (part.holdsAnyOf(agents)) {
          data.reader()
              .read(
                  part.file(), hadoop.value(), new Keeper(part, agents, builder, weights, offsets));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objectives.over(
        objective,
        new Block(
            builder.build(),
            weights == null ? null : weights.build(),
            offsets == null ? null : offsets.build(),
            1.0 / data.weight(),
            1.0 / data.agents().size(),
            regularizer,
            data.intercept(),
            data.sparse() ? units.centre() : null,
            data.labels().classes().size()));
  }

  /** Keeps the rows of the agents of one cell. */
  private final class Keeper implements RowReader.Handler {
    private final Dataset.Part part;
    private final int[] agents;
    private final ShardBuilder builder;
    private final @Nullable RowNumbers weights;
    private final @Nullable RowNumbers offsets;
    private final Map<String, Integer> positions = new TreeMap<>();
    private long row;
    private int position;

    Keeper(
        Dataset.Part part,
        int[] agents,
        ShardBuilder builder,
        @Nullable RowNumbers weights,
        @Nullable RowNumbers offsets) {
      this.weights = weights;
      this.offsets = offsets;
      this.part = part;
      this.agents = agents;
      this.builder = builder;
      this.row = part.firstRow();
      List<String> names = data.agents();
      if (data.deal() == null) {
        for (int i = 0; i < agents.length; i++) {
          positions.put(names.get(agents[i]), i);
        }
      }
    }

    @Override
    public boolean wants(long line, @Nullable String agent) {
      if (Arrays.binarySearch(part.badLines(), line) >= 0) {
        return false;
      }
      Deal deal = data.deal();
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
        weights.add(position, data.terms().weight(weight, label));
      }
      if (offsets != null) {
        offsets.add(position, offset);
      }
      builder.add(position, data.labels().encode(label), index, values, count);
    }

    @Override
    public void bad(long line, String reason, String text) {
      throw new IllegalStateException(
          "%s: %s, which it was not when the file was scanned; do not write to inputs during a run"
              .formatted(part.file().at(line), reason));
    }
  }
}
