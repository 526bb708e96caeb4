package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ladder in a process of its own is killed within a rung, and the same command goes on there. */
class LadderKilledIT {
  private static final long LOOK_MILLIS = 50;

  @TempDir Path dir;

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsWithTheSameMarks() throws Exception {
    Path whole = ladder("whole");
    assertThat(said(whole, start(whole))).doesNotContain("resumed from tick");

    Path killed = ladder("killed");
    double before = killWithin(killed, "reward");
    assertThat(killed.resolve("out/reward")).doesNotExist();
    String said = said(killed, start(killed));
    assertThat(said).contains("base: complete in").containsPattern("resumed from tick [1-9]");

    assertThat(Files.readAllBytes(killed.resolve("out/reward/model/weights.safetensors")))
        .isEqualTo(Files.readAllBytes(whole.resolve("out/reward/model/weights.safetensors")));
    assertThat(marks(killed)).isEqualTo(marks(whole));
    assertThat(seconds(killed, "reward")).as("with those before the kill").isGreaterThan(before);
    assertThat(Cli.json(killed.resolve("out"), "ladder.json").at("/rungs/1/cpuSeconds"))
        .isEqualTo(Cli.json(killed.resolve("out"), "rungs.json").at("/reward/cpuSeconds"));
  }

  private Path ladder(String name) throws IOException {
    Path folder = Files.createDirectory(dir.resolve(name));
    String shared =
        """
        tasks { agents = 2, kinds = [{ task = sums, digits = 1 }, { task = greeting, letters = 2 }] }
        network.topology = complete
        privacy.protect = none
        seed = 4
        """;
    Cli.write(
        folder.resolve("base.conf"),
        (shared
                + """
                model { width = 16, layers = 1, heads = 2, query-latent = 8, latent = 8, rope = 4, experts = 0
                        mtp = 0, window = 24, batch = 8, evaluated = 4 }
                data { path = "%1$s/web", format = text, make = web, agent = agent, prompt = prompt, text = text }
                web { documents = 200, thoughts = 0.9, right = 1, slip = 0, mixed = 0, tidy = 1 }
                algorithm.step.initial = 1e-2
                stop { max-ticks = 60, check-every = 30 }
                output.path = "%1$s/out/base"
                """)
            .formatted(folder));
    Cli.write(
        folder.resolve("reward.conf"),
        (shared
                + """
                data.format = prompts
                policy { prompts = 8, group = 16, longest = 14, evaluated = 10, renew = 70 }
                stop { max-ticks = 400, check-every = 100 }
                checkpoint.every = 500ms
                warm-start = "%1$s/out/base"
                output.path = "%1$s/out/reward"
                """)
            .formatted(folder));
    Cli.write(
        folder.resolve("ladder.conf"),
        """
        runs = [base, reward]
        rungs = [base, reward]
        questions = 40
        longest = 14
        seed = 9
        output = "%s/out"
        tasks.kinds = [{ task = sums, digits = 1 }, { task = greeting, letters = 2 }]
        """
            .formatted(folder));
    return folder;
  }

  /** The command in a Java like this one. */
  private static Process start(Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("--add"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Djdk.reflect.useDirectMethodHandle=false",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.log.level=ERROR",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            "ladder",
            folder.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder)))
        .start();
  }

  private static File log(Path folder) {
    return folder.resolve("said.log").toFile();
  }

  private static String said(Path folder, Process process) throws InterruptedException {
    try {
      int code = process.waitFor();
      String said = Cli.read(log(folder).toPath());
      assertThat(code).as("%s", said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Kills it once a rung has a whole checkpoint, and returns the seconds noted by then. */
  private static double killWithin(Path folder, String rung) throws Exception {
    Process process = start(folder);
    try {
      while (!hasCheckpoint(folder.resolve("out/.%s.checkpoint".formatted(rung)))
          || seconds(folder, rung) == 0) {
        assertThat(process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS))
            .as("%s", Cli.read(log(folder).toPath()))
            .isFalse();
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    return seconds(folder, rung);
  }

  private static boolean hasCheckpoint(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> file.endsWith("manifest.json"));
    } catch (UncheckedIOException e) { // an old one was removed meanwhile
      return false;
    }
  }

  /** Noted for a rung; 0 while nothing is, or while it is being written. */
  private static double seconds(Path folder, String rung) {
    try {
      return Cli.json(folder.resolve("out"), "rungs.json").path(rung).path("cpuSeconds").asDouble();
    } catch (UncheckedIOException e) { // it is not there
      return 0;
    }
  }

  private static JsonNode marks(Path folder) {
    JsonNode marks = Cli.json(folder.resolve("out"), "ladder.json");
    marks.get("rungs").forEach(rung -> ((ObjectNode) rung).remove("cpuSeconds"));
    return marks;
  }
}
