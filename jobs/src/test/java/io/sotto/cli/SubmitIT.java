package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged application under the real spark-submit, on one JVM and on several. */
class SubmitIT {
  private static final String CLUSTER = "local-cluster[2,1,1024]";

  @TempDir Path dir;

  @Test
  void tellsItsUsage() throws Exception {
    assertThat(Submit.run(dir.resolve("help"), List.of("--help")))
        .contains("Usage: ./submit.sh", "optimize", "validate", "Exit codes:");
  }

  /** Its libraries have other names in the application's jar. */
  @Test
  void benchmarksFindTheirClasses() throws Exception {
    assertThat(Submit.run(dir.resolve("bench"), List.of("bench", "--help")))
        .contains("--only", "D12");
  }

  @Test
  void optionsReachSpark() throws Exception {
    Path properties = Cli.write(dir.resolve("p.conf"), "spark.master local[3]\nspark.x.a from p\n");
    List<String> file = List.of("--properties-file", properties.toString());
    JsonNode read = validated("file", file);
    assertThat(read.path("spark.master").asText()).isEqualTo("local[3]");
    assertThat(read.path("spark.x.a").asText()).isEqualTo("from p");

    List<String> all = new ArrayList<>(file);
    all.addAll(List.of("--master", "local[1]", "--conf", "spark.x.a=from --conf"));
    JsonNode over = validated("all", all);
    assertThat(over.path("spark.master").asText()).isEqualTo("local[1]");
    assertThat(over.path("spark.x.a").asText()).isEqualTo("from --conf");
  }

  /** The settings of Spark under which the example is validated. */
  private JsonNode validated(String name, List<String> options) throws Exception {
    Path events = Files.createDirectory(dir.resolve(name));
    List<String> words = new ArrayList<>(options);
    words.addAll(Submit.eventsTo(events));
    words.addAll(
        List.of("validate", "conf/hospitals.conf", "output.path=" + dir.resolve("nothing")));
    assertThat(Submit.run(dir.resolve(name + ".log"), words)).contains("Everything is in order");
    assertThat(dir.resolve("nothing")).doesNotExist();
    return settings(events);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void theSolutionIsTheSameToTheBitWhereverItIsFound(int ticksPerSuperstep) throws Exception {
    String local = optimized("local", "local[2]", ticksPerSuperstep);
    assertThat(local).contains("\"estimate\"", "\"objective\"");
    for (String master : List.of("local[1]", "local[*]", CLUSTER)) {
      assertThat(optimized("graphx", master, ticksPerSuperstep))
          .describedAs(master)
          .isEqualTo(local);
    }
  }

  /** Solves the example for 24 ticks, and returns the solution. */
  private String optimized(String engine, String master, int ticksPerSuperstep) throws Exception {
    String name = engine + " on " + master;
    Path events = Files.createDirectory(dir.resolve(name + ".events"));
    Path output = dir.resolve(engine + "-" + master.replaceAll("\\W", "-"));
    List<String> words = new ArrayList<>(List.of("--master", master));
    words.addAll(Submit.eventsTo(events));
    words.addAll(
        List.of(
            "optimize",
            "conf/hospitals.conf",
            "stop.max-ticks=24",
            "algorithm.step.initial=44",
            "engine.name=" + engine,
            "engine.ticks-per-superstep=" + ticksPerSuperstep,
            "output.path=" + output));
    Submit.run(dir.resolve(name + ".log"), words);

    JsonNode run = Cli.json(output, "run.json");
    assertThat(run.path("engine").asText()).isEqualTo(engine);
    assertThat(run.path("ticks").asInt()).isEqualTo(24);
    assertThat(run.path("supersteps").asInt()).isEqualTo(24 / ticksPerSuperstep);
    assertThat(settings(events).path("spark.master").asText()).isEqualTo(master);
    if (engine.equals("graphx")) {
      // borders go through Spark's shuffle in each superstep, not through the driver
      assertThat(stagesThatShuffle(events))
          .describedAs("stages of %s that write to a shuffle", name)
          .isGreaterThanOrEqualTo(24 / ticksPerSuperstep);
    }
    if (master.equals(CLUSTER)) {
      assertThat(Submit.events(events, "SparkListenerExecutorAdded")).hasSize(2);
      assertThat(
              Submit.events(events, "SparkListenerTaskEnd").stream()
                  .map(task -> task.path("Task Info").path("Executor ID").asText())
                  .distinct())
          .describedAs("executors that ran tasks")
          .hasSize(2);
    }
    return Cli.read(output.resolve("solution.json"));
  }

  private static JsonNode settings(Path events) throws IOException {
    List<JsonNode> updates = Submit.events(events, "SparkListenerEnvironmentUpdate");
    assertThat(updates).isNotEmpty();
    return updates.get(0).path("Spark Properties");
  }

  private static long stagesThatShuffle(Path events) throws IOException {
    return Submit.events(events, "SparkListenerStageCompleted").stream()
        .map(stage -> stage.path("Stage Info").path("Accumulables"))
        .filter(SubmitIT::shuffles)
        .count();
  }

  private static boolean shuffles(JsonNode counters) {
    for (JsonNode counter : counters) {
      if (counter.path("Name").asText().equals("internal.metrics.shuffle.write.bytesWritten")) {
        return counter.path("Value").asLong() > 0;
      }
    }
    return false;
  }

  @Test
  void theJarHoldsNothingThatSparkBrings() throws IOException {
    try (JarFile jar = new JarFile(Path.of("target/sotto.jar").toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName).toList())
          .contains("io/sotto/cli/Main.class")
          .noneMatch(
              name ->
                  name.startsWith("org/apache/spark/")
                      || name.startsWith("scala/")
                      || name.startsWith("org/apache/hadoop/")
                      || name.startsWith("com/fasterxml/jackson/"));
    }
  }
}
