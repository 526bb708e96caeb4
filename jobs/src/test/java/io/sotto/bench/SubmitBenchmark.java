package io.sotto.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** From the shell and back: the example solved against the least that Spark can do. */
final class SubmitBenchmark implements Benchmark {
  private static final int ROUNDS = 5;

  @Override
  public String id() {
    return "B11";
  }

  @Override
  public String about() {
    return "a submit that solves hospitals.conf against one that counts";
  }

  @Override
  public String heap() {
    return "256m";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Path home = Machine.home();
    Path folder = Files.createTempDirectory("sotto-bench-");
    try {
      String output = folder.resolve("out").toUri().toString();
      // of two --class the last one counts
      List<String> solve = List.of("optimize", "conf/hospitals.conf", "output.path=" + output);
      List<String> count =
          List.of(
              "--class",
              CountTable.class.getName(),
              "--driver-class-path",
              jar().toString(),
              "data/hospitals.csv");
      Rounds.Side value = () -> seconds(home, solve, folder);
      Rounds.Side baseline = () -> seconds(home, count, folder);
      log.accept("warm-up");
      Rounds.alternating(1, value, baseline, line -> {});
      return List.of(
          new Figure(
              id(),
              "submit, solve hospitals : submit, count hospitals",
              "s",
              Target.atMost(2),
              Rounds.alternating(ROUNDS, value, baseline, log),
              "Both through submit.sh, already built: launcher, spark-submit, SparkSession, local[*]."));
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** The jar that holds the class to be submitted. */
  private static Path jar() throws URISyntaxException {
    Path jar =
        Path.of(CountTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is no jar; run ./submit.sh bench");
    }
    return jar;
  }

  /** How long a submit takes that has to go well. */
  private static double seconds(Path home, List<String> words, Path folder)
      throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    List<String> command =
        Stream.concat(Stream.of(home.resolve("submit.sh").toString()), words.stream()).toList();
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(said.toFile());
    forgetEmbedded(process.environment());
    long start = System.nanoTime();
    int code = process.start().waitFor();
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (code != 0) {
      throw new IllegalStateException(
          "%s ended with exit code %d:%n%s"
              .formatted(
                  String.join(" ", command), code, Files.readString(said, StandardCharsets.UTF_8)));
    }
    return seconds;
  }

  /** The embedded Spark has no spark-submit, and submit.sh finds it only if nobody names it. */
  private static void forgetEmbedded(Map<String, String> environment) {
    String spark = environment.get("SPARK_HOME");
    if (spark != null && !Files.exists(Path.of(spark, "bin", "spark-submit"))) {
      environment.keySet().removeAll(List.of("SPARK_HOME", "SPARK_SCALA_VERSION"));
    }
  }
}
