package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows with values that stand nowhere else, and everything that runs over them leave behind: what
 * they print, what Spark logs at its most talkative and notes of events, results, checkpoints, and
 * what executors shuffle through, which a killed run cannot remove.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeftBehindIT {
  private static final double FEATURE = 1234567.890625;
  private static final double LABEL = -7654321.109375;
  private static final String NOTE = "fell off Quixote's horse";
  private static final String BAD = "twelve-and-a-half-stone";

  private static final List<String> NUMBERS =
      List.of("1234567.890625", "1.234567890625E6", "7654321.109375", "7.654321109375E6");

  @TempDir Path dir;

  /**
   * Four agents of 50 rows, one of which is told of above; and a bad row, if there is to be one.
   */
  private Path rows(boolean bad) throws IOException {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>(List.of("who,dose,weight,note,outcome"));
    for (int r = 0; r < 200; r++) {
      double dose = 1e6 * random.nextDouble();
      lines.add(
          r == 77
              ? "s1,%s,71.5,%s,%s".formatted(FEATURE, NOTE, LABEL)
              : "s%d,%s,%s,none,%s"
                  .formatted(
                      r % 4, dose, 60 + 9 * random.nextGaussian(), 7 * dose + random.nextDouble()));
    }
    if (bad) {
      lines.add("s2,%s,%s,%s,%s".formatted(FEATURE, BAD, NOTE, LABEL));
    }
    return Files.write(dir.resolve("rows.csv"), lines);
  }

  private Process start(Path seen, String engine, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("--master", "local[2]", "--conf", "spark.log.level=DEBUG"));
    Path spilled = Files.createDirectories(seen.resolve("spilled"));
    words.addAll(List.of("--conf", "spark.local.dir=" + spilled));
    words.addAll(List.of("--conf", "spark.shuffle.compress=false"));
    Path events = Files.createDirectories(seen.resolve("events"));
    words.addAll(Submit.eventsTo(events));
    words.addAll(
        List.of(
            "optimize",
            Cli.write(
                    dir.resolve("x.conf"),
                    """
                    data { path = "%s", label = outcome, agent = who, features = [dose, weight] }
                    problem { loss = squared, l2 = 1e-3 }
                    """
                        .formatted(dir.resolve("rows.csv")))
                .toString(),
            "stop.tolerance=0",
            "stop.check-every=1000",
            "engine.name=" + engine,
            "output.path=" + seen.resolve("out")));
    words.addAll(List.of(more));
    ProcessBuilder process =
        Submit.process(words)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(seen.resolve("printed").toFile()));
    process.environment().put("SOTTO_TASK_LOG", seen.resolve("log").toString());
    return process.start();
  }

  private int end(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      Submit.end(process);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "graphx"})
  void nothingOfARowIsInWhatARunLeaves(String engine) throws Exception {
    rows(false);
    Path seen = Files.createDirectory(dir.resolve("seen"));
    assertThat(end(start(seen, engine, "stop.max-ticks=300"))).as("%s", seen).isZero();
    assertThat(Cli.read(seen.resolve("printed"))).contains("200 rows of 4 agents");
    assertThat(Cli.read(seen.resolve("log"))).contains("DEBUG");
    for (String table : List.of("estimates", "links", "trace")) {
      unpack(seen.resolve("out").resolve(table), seen.resolve(table + ".json"));
    }
    assertThat(traces(seen)).isEmpty();
    assertThat(traces(dir)).as("what the test would find").containsExactly(dir.resolve("rows.csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail", "skip"})
  void norOfARowThatIsRefusedOrLeftOut(String badRows) throws Exception {
    rows(true);
    Path seen = Files.createDirectory(dir.resolve("seen"));
    int code = end(start(seen, "graphx", "stop.max-ticks=20", "data.bad-rows=" + badRows));
    assertThat(code).isEqualTo(badRows.equals("fail") ? ExitCode.BAD_INPUT : ExitCode.DONE);
    assertThat(Cli.read(seen.resolve("printed"))).contains("is no finite number");
    assertThat(traces(seen)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "graphx"})
  void norOfOneThatIsKilledAndGoesOn(String engine) throws Exception {
    rows(false);
    Path seen = Files.createDirectory(dir.resolve("seen"));
    Path checkpoint = seen.resolve(".out.checkpoint");
    String ticks = "stop.max-ticks=" + (engine.equals("local") ? 200_000 : 600);
    Process run = start(seen, engine, ticks, "checkpoint.every=100ms");
    while (!Files.exists(checkpoint.resolve("000002/manifest.json"))) {
      assertThat(run.waitFor(20, TimeUnit.MILLISECONDS)).as("%s", seen).isFalse();
    }
    Submit.end(run);
    run.waitFor();
    assertThat(seen.resolve("spilled")).isNotEmptyDirectory();
    try (Stream<Path> all = Files.walk(checkpoint)) {
      for (Path cells : all.filter(path -> path.endsWith("cells")).toList()) {
        unpack(cells, seen.resolve(checkpoint.relativize(cells).getName(0) + ".json"));
      }
    }
    assertThat(traces(seen)).isEmpty();

    try (Stream<Path> events = Files.list(seen.resolve("events"))) {
      for (Path file : events.toList()) {
        Files.move(
            file, Files.createDirectories(seen.resolve("first")).resolve(file.getFileName()));
      }
    }
    assertThat(end(start(seen, engine, ticks, "checkpoint.every=1m"))).isZero();
    assertThat(Cli.read(seen.resolve("printed"))).contains("resumed from tick");
    assertThat(traces(seen)).isEmpty();
  }

  /** Writes the rows of a table as text: in Parquet they are compressed. */
  private static void unpack(Path table, Path text) throws IOException {
    if (!Files.exists(table)) {
      return;
    }
    SparkSession spark = Cli.spark();
    try {
      Files.write(text, spark.read().parquet(table.toString()).toJSON().collectAsList());
    } finally {
      spark.stop();
    }
  }

  /** The files of a folder in which something of the row stands. */
  private static List<Path> traces(Path folder) throws IOException {
    List<String> traces = new ArrayList<>(NUMBERS);
    traces.addAll(List.of(NOTE, BAD));
    for (double number : List.of(FEATURE, LABEL, -LABEL)) {
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        byte[] bits = ByteBuffer.allocate(Double.BYTES).order(order).putDouble(number).array();
        traces.add(new String(bits, StandardCharsets.ISO_8859_1));
      }
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (traces.stream().anyMatch(text::contains)) {
          found.add(file);
        }
      }
    }
    return found;
  }
}
