package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads parts of the rows and writes their scores, each into a file of its own, in a task.
 *
 * @param folder that scores come into
 */
record ScoreWriter(ScorePlan plan, String folder, SerializableConfiguration hadoop)
    implements Serializable {

  ScoreWriter(ScorePlan plan, String folder, Configuration hadoop) {
    this(plan, folder, new SerializableConfiguration(hadoop));
  }

  /** Tells a handler of the rows of a part. */
  @FunctionalInterface
  interface Rows {
    void read(RowReader.Handler handler) throws IOException;
  }

  /**
   * Writes the scores of a part.
   *
   * @param name of the part, for messages
   * @param place by line, what its row has in the columns that say which one it is
   */
  ScoredFile write(int number, String name, LongFunction<List<Object>> place, Rows rows)
      throws IOException {
    try (RowSink out = sink(number)) {
      ScoredFile scored = new ScoredFile(name, plan, out, place);
      try {
        rows.read(scored);
      } catch (BadInputException e) {
        // told as a value: thrown in a task, it would be tried again and logged as a failure
        scored.refusal = e.getMessage();
      } catch (IOException | UncheckedIOException e) {
        if (scored.unwritten != null) {
          throw scored.unwritten;
        }
        scored.refusal = IoFailure.input(name + " cannot be read", e).getMessage();
      }
      scored.close();
      if (scored.refusal == null) {
        out.complete();
      }
      return scored;
    } catch (FSError e) { // Hadoop's word for a full disk
      throw new IOException(e);
    }
  }

  private RowSink sink(int number) throws IOException {
    return plan.flat()
        ? new CsvTable(folder, hadoop.value(), plan.names()).part(number)
        : new ParquetTable(folder, hadoop.value(), plan.columns().toArray(String[]::new))
            .part(number);
  }
}
