package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.bench.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real cluster, with a master and workers in processes of their own, bits are the same. */
class StandaloneIT {
  @TempDir Path dir;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theSolutionIsThatOfALocalRun() throws Exception {
    Path local = run(List.of("--master", "local[2]"), "local");
    Path events = Files.createDirectory(dir.resolve("events"));
    try (StandaloneCluster cluster =
        new StandaloneCluster(Submit.SPARK, Files.createDirectory(dir.resolve("work")))) {
      List<String> options = new ArrayList<>(cluster.options());
      options.addAll(Submit.eventsTo(events));
      Path there = run(options, "graphx");
      assertThat(Cli.read(there.resolve("solution.json")))
          .isEqualTo(Cli.read(local.resolve("solution.json")));
    }
    assertThat(Submit.events(events, "SparkListenerExecutorAdded")).hasSize(2);
  }

  private Path run(List<String> options, String engine) throws IOException, InterruptedException {
    Path output = dir.resolve("on-" + engine);
    List<String> words = new ArrayList<>(options);
    words.addAll(
        List.of(
            "optimize",
            "conf/hospitals.conf",
            "stop.max-ticks=24",
            "algorithm.step.initial=44",
            "engine.name=" + engine,
            "output.path=" + output));
    Submit.run(dir.resolve(engine + ".log"), words);
    return output;
  }
}
