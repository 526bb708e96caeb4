package io.sotto.bench;

import io.sotto.cli.Rehearsal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * F: spoilt inputs of every kind, each up to where ticks would begin. Settings are given by {@code
 * --conf}: {@code sotto.fuzz.inputs}, {@code sotto.fuzz.seed}, {@code sotto.fuzz.kind}, and {@code
 * sotto.fuzz.index} for a single input, which is then left in its folder.
 */
final class FuzzBenchmark implements Benchmark {
  static final int INPUTS = 10_000;
  private static final long MOST_SHOWN = 10;
  private static final double TELL_SECONDS = 20;

  @Override
  public String id() {
    return "F";
  }

  @Override
  public String about() {
    return "spoilt inputs, 10,000 of each kind (an hour; by name only)";
  }

  @Override
  public boolean onlyByName() {
    return true;
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    long seed = Long.getLong("sotto.fuzz.seed", 1);
    long from = Long.getLong("sotto.fuzz.index", 0);
    long to =
        System.getProperty("sotto.fuzz.index") == null
            ? Long.getLong("sotto.fuzz.inputs", INPUTS)
            : from + 1;
    Path folder = Files.createTempDirectory("sotto-fuzz-");
    log.accept("inputs are written to " + folder);
    return run(folder, System.getProperty("sotto.fuzz.kind", ""), seed, from, to, log);
  }

  /**
   * Tries inputs.
   *
   * @param folder an empty one, where they are written
   * @param only the kind; empty for all
   */
  static List<Figure> run(
      Path folder, String only, long seed, long from, long to, Consumer<String> log)
      throws Exception {
    System.setProperty("user.home", Files.createDirectory(folder.resolve("home")).toString());
    Path dir = Files.createDirectory(folder.resolve("inputs"));
    List<Figure> figures = new ArrayList<>();
    List<String> ends = new ArrayList<>();
    ends.add("seed %d: exit code 0        1        2   faults".formatted(seed));
    try (SparkSession spark = spark(folder)) {
      FuzzInputs inputs = new FuzzInputs(spark, dir);
      Rehearsal rehearsal = new Rehearsal(spark, 0);
      for (FuzzKind kind : inputs.write()) {
        if (!only.isEmpty() && !only.equals(kind.name())) {
          continue;
        }
        inputs.restore();
        for (int conf = 0; conf < kind.confs().size(); conf++) {
          kind.writeValid(dir, conf);
          requireDone(kind, rehearsal.run(dir.resolve("x.conf"), inputs.overrides()));
        }
        // each job carries a copy, and one of all defaults takes longer than the job
        spark.sparkContext().hadoopConfiguration().clear();
        Fuzz.Trial trial =
            new Fuzz.Trial() {
              @Override
              public void write(SplittableRandom random) throws IOException {
                kind.write(dir, random);
              }

              @Override
              public Fuzz.End run() {
                Rehearsal.Outcome outcome =
                    rehearsal.run(dir.resolve("x.conf"), inputs.overrides());
                if (to - from <= MOST_SHOWN) {
                  log.accept(outcome.toString());
                }
                return new Fuzz.End(
                    outcome.code(),
                    outcome.resumed() ? "resumed" : "",
                    outcome.said(),
                    outcome.unforeseen());
              }
            };
        Fuzz.Summary summary =
            new Fuzz(trial, dir, log, Fuzz.MOST_SECONDS, TELL_SECONDS)
                .run(kind.name(), seed, from, to);
        log.accept(kind.name() + ": " + summary.words());
        ends.add(
            "%-16s %,8d %,8d %,8d %,8d"
                .formatted(
                    kind.name(),
                    summary.count(0),
                    summary.count(1),
                    summary.count(2),
                    summary.faults().size()));
        figures.add(figure(kind, seed, summary));
      }
    }
    log.accept(String.join("\n", ends));
    return figures;
  }

  /** An input that is refused before it is spoilt would say nothing. */
  private static void requireDone(FuzzKind kind, Rehearsal.Outcome outcome) {
    if (outcome.code() != 0) {
      throw new IllegalStateException(
          "%s: an input that is not spoilt ends so: %s".formatted(kind.name(), outcome));
    }
  }

  private static Figure figure(FuzzKind kind, long seed, Fuzz.Summary summary) {
    return new Figure(
        "F-" + kind.name().toLowerCase(Locale.ROOT).replace(' ', '-'),
        "spoilt %s that end as none may : 1".formatted(kind.name()),
        "inputs",
        Target.atMost(0),
        List.of(new Round(summary.faults().size(), 1)),
        "seed %d: %s; none may take %d s".formatted(seed, summary.words(), Fuzz.MOST_SECONDS));
  }

  private static SparkSession spark(Path folder) {
    return SparkSession.builder()
        .master("local[1]")
        .appName("Sotto fuzz")
        .config("spark.log.level", "OFF")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.local.dir", folder.resolve("spark").toString())
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .config("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
        .getOrCreate();
  }
}
