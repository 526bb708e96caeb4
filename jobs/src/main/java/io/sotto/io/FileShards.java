package io.sotto.io;

import io.sotto.engine.Shards;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import io.sotto.problem.Regularizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the rows of some agents from the files that hold any of them. A file that holds rows of
 * several cells is read by each; where each party has files of its own, nothing is read twice.
 */
final class FileShards implements Shards {
  private static final long serialVersionUID = 1;

  private final StoredRows stored;
  private final List<String> names;
  private final int[] rowsOf;
  private final Objective objective;
  private final Regularizer regularizer;
  private final SerializableConfiguration hadoop;

  FileShards(
      StoredRows stored,
      List<String> names,
      int[] rowsOf,
      Objective objective,
      Regularizer regularizer,
      Configuration hadoop) {
    this.stored = stored;
    this.names = names;
    this.rowsOf = rowsOf;
    this.objective = objective;
    this.regularizer = regularizer;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public LocalObjective load(int[] agents) {
    CellRows cell = new CellRows(stored, names, rowsOf, agents);
    try {
      for (StoredRows.Part part : stored.parts()) {
        if (part.holdsAnyOf(agents)) {
          stored.reader().read(part.file(), hadoop.value(), cell.from(part));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cell.under(objective, regularizer);
  }
}
