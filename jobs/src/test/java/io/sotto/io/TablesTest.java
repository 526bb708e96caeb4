package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Request;
import io.sotto.engine.StoredStates;
import io.sotto.engine.Superstep;
import io.sotto.engine.Wiretap;
import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.problem.Squared;
import io.sotto.result.Result;
import io.sotto.run.MemoryRows;
import io.sotto.run.Optimize;
import io.sotto.run.Output;
import io.sotto.run.Prepared;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunRecord;
import io.sotto.run.RunSettings;
import io.sotto.run.Solution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of tables of agents that cannot be written. */
class TablesTest {

  @Test
  void cellsOnSparkThatCannotWriteFailWithTheirCauseAndWithoutAStackTraceInTheLog(@TempDir Path dir)
      throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "no folder");
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("tables")
            .set("spark.ui.enabled", "false")
            .set("spark.serializer", JavaSerializer.class.getName());
    PrintStream before = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Optimize action =
          Optimize.of(
                  RowsProblem.of(
                      MemoryRows.of(
                          List.of("a"),
                          new String[] {"ann", "bob", "cyd"},
                          new double[][] {{1}, {2}, {4}},
                          new double[] {1, 3, 2}),
                      new Squared()))
              .cluster(new GraphxEngine(spark));
      RunSettings.Engine engine =
          new RunSettings.Engine(
              RunSettings.EngineName.GRAPHX, OptionalInt.of(2), OptionalInt.of(1));
      assertThatThrownBy(
              () ->
                  action
                      .settings(action.settings().engine(engine))
                      .output(new Into(file.resolve("estimates").toUri().toString()))
                      .run())
          .isInstanceOf(IOException.class)
          .hasRootCauseInstanceOf(IOException.class)
          .hasStackTraceContaining(file.toString());
    } finally {
      System.setErr(before);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain("ERROR", "\tat ");
  }

  @Test
  void cellsAreAskedAgainAsOftenAsSparkRunsATaskAgain() throws Exception {
    Cells three = new Cells(3);
    Tables.write(three, (cell, lanes) -> new Tables.Outcome(null));
    assertThat(three.asked).isEqualTo(4);
    Cells four = new Cells(4);
    assertThatThrownBy(() -> Tables.write(four, (cell, lanes) -> new Tables.Outcome(null)))
        .isInstanceOf(IOException.class)
        .hasRootCauseMessage("failure 3");
    assertThat(four.asked).isEqualTo(4);
  }

  /** Two cells, the second of which fails a few times. */
  private static final class Cells implements Coordinator {
    private final int failures;
    private int asked;

    Cells(int failures) {
      this.failures = failures;
    }

    @Override
    public void under(Mechanism mechanism) {
      throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("unchecked") // asked for outcomes alone
    public <R> List<R> ask(Request<R> request, @Nullable Superstep next) {
      Throwable failure = asked < failures ? new IOException("failure " + asked) : null;
      asked++;
      return List.of((R) new Tables.Outcome(null), (R) new Tables.Outcome(failure));
    }

    @Override
    public String name() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void record(Wiretap tap) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int lanes() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CellSummary[][] start(List<? extends Algorithm> lanes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CellSummary[] restore(Algorithm algorithm, StoredStates stored) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stored(Algorithm algorithm, StoredStates stored) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CellSummary[][] superstep(Superstep superstep) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  /** Writes estimates into a folder, and nothing else. */
  private record Into(String folder) implements Output {

    @Override
    public void open(Prepared prepared) {}

    @Override
    public double reserve(Prepared prepared) {
      return 0;
    }

    @Override
    public void tables(Coordinator cells, Prepared prepared, Result result) throws IOException {
      Tables.writeEstimates(
          cells, prepared.costs(), result.last().mean(), folder, new Configuration());
    }

    @Override
    public void publish(Solution solution, RunRecord record) {}
  }
}
