package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.engine.Shards;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Measures;
import io.sotto.problem.Objective;
import io.sotto.run.Costs;
import io.sotto.run.InterruptedRunException;
import io.sotto.run.RunResult;
import io.sotto.run.SavedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of costs that are not convex: they go on to the same bits, and write losses by agent. */
class NotConvexRunTest {
  private static final int AGENTS = 4;
  private static final List<String> NAMES = List.of("a", "b", "st. paul", "z=(1)");
  private static final List<String> SETTINGS =
      List.of("stop.tolerance=0", "algorithm.local-steps=3", "algorithm.outer.step=0.8");

  @TempDir Path dir;

  /** Agent i loses {@code (x y - i)^2 / 2}; its subgradients are off by chance. */
  private record Products(int[] who) implements LocalObjective {
    @Override
    public int agents() {
      return who.length;
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      double r = x[at] * x[at + 1] - who[agent];
      return r * r / 2 / AGENTS;
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      double r = x[at] * x[at + 1] - who[agent] + new SplittableRandom(key).nextDouble(-1, 1);
      out[0] = r * x[at + 1];
      out[1] = r * x[at];
    }

    @Override
    public Measures measures() {
      return Measures.HELD_OUT_MEAN;
    }

    @Override
    public double[] measure(int agent, double[] x, int at) {
      return new double[] {value(agent, x, at) * AGENTS};
    }

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public double smoothness(int agent) {
      return Double.POSITIVE_INFINITY;
    }
  }

  private static Costs costs() {
    Shards shards = Products::new;
    return new Costs(
        NAMES,
        new Objective.Shape(0, 2, 2),
        shards,
        new Costs.Nature(false, false, false, true, false, false),
        new Costs.Work(new int[AGENTS], 1, 1000, new double[] {1, 1, 1, 1}),
        null,
        null,
        new double[0],
        "products",
        "digest",
        "products",
        Map.of(),
        null,
        (seed, x, at) -> x[at] = x[at + 1] = 0.5);
  }

  private SmallRun run(String... more) {
    List<String> all = new ArrayList<>(SETTINGS);
    all.addAll(List.of(more));
    return new SmallRun(dir, all).of(warnings -> costs());
  }

  @ParameterizedTest
  @ValueSource(longs = {20, 45})
  void isResumedToTheSameBits(long asked) throws Exception {
    List<String> bits = run().fresh().figures();
    assertThat(bits).anyMatch(line -> line.startsWith("heldOutLossByAgent {\"a\":"));
    assertThatThrownBy(() -> run().interruptedWhen(SmallRun.interruptedAt(asked)).run())
        .isInstanceOf(InterruptedRunException.class);
    SmallRun resumed = run();
    assertThat(resumed.figures()).isEqualTo(bits);
    assertThat(resumed.resumed).extracting(SavedRun::tick).hasSize(1);
  }

  /** Names of agents that no column could have are written as URIs have them. */
  @Test
  void lossesByAgentAreColumnsOfTheTrace() throws Exception {
    RunResult done =
        run("algorithm.name=async-projected-subgradient", "algorithm.step.initial=0.01")
            .fresh()
            .run();
    Configuration hadoop = new Configuration();
    String path = dir.resolve("trace").toString();
    Tables.writeTrace(done.result().trace(), NAMES, path, hadoop);
    var part = new org.apache.hadoop.fs.Path(path, "part-00000.parquet");
    assertThat(FileSystem.getLocal(hadoop).exists(part)).isTrue();
    try (ParquetFileReader in = ParquetFileReader.open(HadoopInputFile.fromPath(part, hadoop))) {
      assertThat(in.getFileMetaData().getSchema().getFields())
          .extracting(field -> field.getName())
          .endsWith(
              "heldOutLoss",
              "heldOutLoss_a",
              "heldOutLoss_b",
              "heldOutLoss_st.%20paul",
              "heldOutLoss_z%3D%281%29");
    }
  }
}
