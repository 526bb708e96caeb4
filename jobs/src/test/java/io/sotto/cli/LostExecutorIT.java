package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An executor may die: what it held is computed again, and comes out the same, the vectors that its
 * agents share with others included. Of the secret that they come from nothing is seen outside.
 */
class LostExecutorIT {
  private static final byte[] SECRET =
      "nothing of this may be seen".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theSolutionIsThatOfAnUndisturbedRun() throws Exception {
    Path secret = Files.write(dir.resolve("secret"), SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path seen = Files.createDirectory(dir.resolve("seen"));
    Path undisturbed = seen.resolve("undisturbed");
    Submit.run(seen.resolve("log"), words("local[2]", "local", undisturbed));

    Path disturbed = seen.resolve("disturbed");
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
    Cli.write(seen.resolve("printed"), printed.toString());
    assertThat(Cli.read(disturbed.resolve("solution.json")))
        .isEqualTo(Cli.read(undisturbed.resolve("solution.json")));
    for (Path output : List.of(undisturbed, disturbed)) {
      assertThat(Cli.json(output, "run.json").at("/privacy/mechanism").asText())
          .isEqualTo("function-sharing");
    }
    assertThat(Submit.tracesOf(SECRET, dir)).as("what the search can find").containsExactly(secret);
    assertThat(Submit.events(seen.resolve("graphx"), "SparkListenerExecutorRemoved")).isNotEmpty();
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

  private List<String> words(String master, String engine, Path output) throws IOException {
    List<String> words = new ArrayList<>(List.of("--master", master));
    words.addAll(Submit.eventsTo(Files.createDirectory(dir.resolve("seen").resolve(engine))));
    words.addAll(optimize(engine, output));
    return words;
  }

  private List<String> optimize(String engine, Path output) {
    return List.of(
        "optimize",
        "conf/hospitals.conf",
        "privacy.mechanism=function-sharing",
        "privacy.secret=" + dir.resolve("secret"),
        "stop.max-ticks=300",
        "algorithm.step.initial=44",
        "network.loss=0.1",
        "network.delay.model=uniform",
        "network.delay.ticks=3",
        "engine.name=" + engine,
        "output.path=" + output);
  }
}
