package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors may die while rows are loaded, while ticks run and while tables are written: what they
 * held is computed again, and comes out the same, the vectors that agents share with others
 * included. Of the secret that they come from nothing is seen outside.
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
    List<String> killed = Collections.synchronizedList(new ArrayList<>());
    Process process = Submit.process(words("local-cluster[2,1,1024]", "graphx", disturbed)).start();
    try (WatchService parts = FileSystems.getDefault().newWatchService();
        BufferedReader lines = process.inputReader()) {
      seen.register(parts, StandardWatchEventKinds.ENTRY_CREATE);
      Thread writing =
          new Thread(() -> killAtPart(parts, seen, "estimates", process, killed), "writing");
      writing.setDaemon(true);
      writing.start();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.append(line).append('\n');
        if (line.startsWith("algorithm ")) { // printed before rows are loaded
          killAnExecutor(process, "loading", killed);
        } else if (line.startsWith("tick ") && !killed.contains("solving")) {
          killAnExecutor(process, "solving", killed);
        }
      }
      int code = process.waitFor();
      assertThat(code).describedAs("%s", printed).isZero();
    } finally {
      Submit.end(process);
    }
    assertThat(killed).describedAs("%s", printed).containsExactly("loading", "solving", "writing");
    assertThat(printed).contains("Executors were lost");
    Cli.write(seen.resolve("printed"), printed.toString());
    assertThat(Cli.read(disturbed.resolve("solution.json")))
        .isEqualTo(Cli.read(undisturbed.resolve("solution.json")));
    for (String table : List.of("estimates", "links")) {
      assertThat(Cli.table(disturbed.resolve(table)))
          .as(table)
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(Cli.table(undisturbed.resolve(table)));
    }
    for (Path output : List.of(undisturbed, disturbed)) {
      assertThat(Cli.json(output, "run.json").at("/privacy/mechanism").asText())
          .isEqualTo("offsets");
    }
    assertThat(Submit.tracesOf(SECRET, dir)).as("what the search can find").containsExactly(secret);
    assertThat(Submit.events(seen.resolve("graphx"), "SparkListenerExecutorRemoved"))
        .hasSizeGreaterThanOrEqualTo(3);
  }

  /** Kills an executor when a part of the result is begun in the folder that it is written into. */
  private static void killAtPart(
      WatchService watch, Path folder, String part, Process driver, List<String> killed) {
    Path watched = folder;
    try {
      while (true) {
        WatchKey key = watch.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          String name = event.context().toString();
          if (name.equals(part)) {
            killAnExecutor(driver, "writing", killed);
            return;
          }
          if (watched.equals(folder) && name.startsWith(".disturbed.writing.")) {
            watched = folder.resolve(name);
            watched.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            if (Files.exists(watched.resolve(part))) {
              killAnExecutor(driver, "writing", killed);
              return;
            }
          }
        }
        key.reset();
      }
    } catch (IOException e) {
      killed.add("writing failed: " + e);
    } catch (InterruptedException | ClosedWatchServiceException e) {
      killed.add("nothing was written");
    }
  }

  private static void killAnExecutor(Process driver, String during, List<String> killed)
      throws IOException {
    if (killAnExecutor(driver)) {
      killed.add(during);
    }
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
        "privacy.protect=offsets",
        "privacy.secret=" + dir.resolve("secret"),
        "stop.max-ticks=300",
        "stop.tolerance=0",
        "algorithm.name=async-admm",
        "algorithm.step.initial=44",
        "network.loss=0.1",
        "network.delay.model=uniform",
        "network.delay.ticks=3",
        "engine.name=" + engine,
        "output.path=" + output);
  }
}
