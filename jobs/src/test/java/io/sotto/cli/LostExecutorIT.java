package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An executor may die: what it held is computed again, and comes out the same. */
class LostExecutorIT {
  @TempDir Path dir;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theSolutionIsThatOfAnUndisturbedRun() throws Exception {
    Path undisturbed = dir.resolve("undisturbed");
    Submit.run(dir.resolve("log"), words("local[2]", "local", undisturbed));

    Path disturbed = dir.resolve("disturbed");
    StringBuilder printed = new StringBuilder();
    boolean killed = false;
    Process process = Submit.process(words("local-cluster[2,1,1024]", "graphx", disturbed)).start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.append(line).append('\n');
        if (!killed && line.startsWith("tick ")) {
          killed = killAnExecutor(process);
        }
      }
      int code = process.waitFor();
      assertThat(killed).describedAs("an executor was killed%n%s", printed).isTrue();
      assertThat(code).describedAs("%s", printed).isZero();
    } finally {
      Submit.end(process);
    }
    assertThat(printed).containsIgnoringCase("lost executor");
    assertThat(Cli.read(disturbed.resolve("solution.json")))
        .isEqualTo(Cli.read(undisturbed.resolve("solution.json")));
  }

  private static boolean killAnExecutor(Process driver) throws IOException {
    ProcessHandle executor =
        driver
            .descendants()
            .filter(
                child ->
                    child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
            .findFirst()
            .orElseThrow(() -> new IOException("no executor is to be found"));
    return executor.destroyForcibly();
  }

  private static List<String> words(String master, String engine, Path output) {
    return List.of(
        "--master",
        master,
        "optimize",
        "conf/hospitals.conf",
        "stop.max-ticks=300",
        "algorithm.step.initial=44",
        "network.loss=0.1",
        "network.delay.model=uniform",
        "network.delay.ticks=3",
        "engine.name=" + engine,
        "output.path=" + output);
  }
}
