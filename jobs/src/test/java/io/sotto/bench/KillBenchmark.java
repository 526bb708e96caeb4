package io.sotto.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What kills and checkpoints do to runs. */
enum KillBenchmark implements Benchmark {
  /** Whether runs whose drivers or executors are killed, sixty times in all, give the same bits. */
  K1("kills survived (half an hour)") {
    @Override
    Figure measured(Path folder, Consumer<String> log) throws Exception {
      return survived(folder, log);
    }
  },
  /** What a kill costs. */
  K2("seconds lost to a kill") {
    @Override
    Figure measured(Path folder, Consumer<String> log) throws Exception {
      return lost(folder, log);
    }
  },
  /** What checkpoints cost. */
  K3("what checkpoints cost (a quarter of an hour)") {
    @Override
    Figure measured(Path folder, Consumer<String> log) throws Exception {
      return overhead(folder, log);
    }
  };

  private static final int DRIVER_KILLS = 13; // of each kind of run
  private static final int KILLS_A_RUN = 2;
  private static final int EXECUTOR_KILLS = 20;
  private static final int EXECUTOR_KILLS_A_RUN = 3;
  private static final int MOST_RUNS = 20;
  private static final int ROUNDS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs that a driver may die in: with trials, without, late messages, sums, mechanisms. */
  private static final List<List<String>> DRIVERS =
      List.of(
          List.of("algorithm.name=async-projected-subgradient", "stop.max-ticks=60000"),
          List.of(
              "stop.max-ticks=40000",
              "network.loss=0.1",
              "network.delay.model=uniform",
              "network.delay.ticks=3"),
          List.of("privacy.protect=sums", "stop.max-ticks=40000"));

  private final String about;

  KillBenchmark(String about) {
    this.about = about;
  }

  abstract Figure measured(Path folder, Consumer<String> log) throws Exception;

  @Override
  public String id() {
    return name();
  }

  @Override
  public String about() {
    return about;
  }

  @Override
  public String heap() {
    return "256m";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Path folder = Files.createTempDirectory("sotto-bench-");
    try {
      return List.of(measured(folder, log));
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Figure survived(Path folder, Consumer<String> log) throws Exception {
    long seed = new SplittableRandom().nextLong(1_000_000);
    List<KilledRuns.Outcome> outcomes = new ArrayList<>();
    for (int p = 0; p < DRIVERS.size(); p++) {
      Path place = Files.createDirectory(folder.resolve("drivers-" + p));
      KilledRuns runs = hospitals(List.of(), DRIVERS.get(p), "300ms", place, seed + p, log);
      runs.undisturbed();
      int kills = 0;
      for (int r = 0; r < MOST_RUNS && kills < DRIVER_KILLS; r++) {
        KilledRuns.By by = r % 3 == 2 ? KilledRuns.By.SIGTERM : KilledRuns.By.SIGKILL;
        KilledRuns.Outcome outcome = runs.drivers("run-" + r, KILLS_A_RUN, by);
        kills += outcome.kills();
        outcomes.add(outcome);
      }
    }
    try (StandaloneCluster cluster =
        new StandaloneCluster(
            Machine.home().resolve("jobs/target/spark"),
            Files.createDirectory(folder.resolve("work")))) {
      Path place = Files.createDirectory(folder.resolve("executors"));
      KilledRuns runs =
          hospitals(
              cluster.options(),
              List.of("engine.name=graphx", "stop.max-ticks=400"),
              "2s",
              place,
              seed,
              log);
      runs.undisturbed();
      int kills = 0;
      for (int r = 0; r < MOST_RUNS && kills < EXECUTOR_KILLS; r++) {
        KilledRuns.Outcome outcome =
            runs.executors("run-" + r, EXECUTOR_KILLS_A_RUN, cluster, false);
        kills += outcome.kills();
        outcomes.add(outcome);
      }
      outcomes.add(runs.executors("worker", 0, cluster, true));
    }
    int kills = outcomes.stream().mapToInt(KilledRuns.Outcome::kills).sum();
    int same =
        outcomes.stream()
            .filter(KilledRuns.Outcome::same)
            .mapToInt(KilledRuns.Outcome::kills)
            .sum();
    double ending = outcomes.stream().mapToDouble(KilledRuns.Outcome::ending).max().orElseThrow();
    return new Figure(
        "K1",
        "kills whose run ended with the same bits : kills",
        "kills",
        Target.atLeast(1),
        List.of(new Round(same, kills)),
        String.format(
            Locale.ROOT,
            "%d runs, %d processes resumed, seed %d; drivers (SIGKILL, SIGTERM: ended within %.1f s)"
                + " on local, executors and a worker on a standalone cluster",
            outcomes.size(),
            outcomes.stream().mapToInt(KilledRuns.Outcome::resumed).sum(),
            seed,
            ending));
  }

  private static KilledRuns hospitals(
      List<String> options,
      List<String> settings,
      String every,
      Path folder,
      long seed,
      Consumer<String> log) {
    List<String> words = new ArrayList<>(List.of("conf/hospitals.conf"));
    words.addAll(settings);
    words.addAll(List.of("stop.tolerance=0", "checkpoint.every=" + every));
    return new KilledRuns(Machine.home(), options, words, folder, seed, log);
  }

  private static Figure lost(Path folder, Consumer<String> log) throws Exception {
    List<Round> rounds = new ArrayList<>();
    Path place = Files.createDirectory(folder.resolve("lost"));
    for (int r = 0; r < ROUNDS; r++) {
      KilledRuns runs =
          hospitals(
              List.of(),
              List.of("stop.max-ticks=250000"),
              "6s",
              Files.createDirectory(place.resolve("round-" + r)),
              r,
              log);
      runs.undisturbed();
      rounds.add(runs.lost("killed", 10));
    }
    return new Figure(
        "K2",
        "seconds lost to a kill of the driver : age of its last checkpoint",
        "s",
        Target.atMost(1.5),
        rounds,
        "hospitals on local, a checkpoint every 6 s; without the start of the process and loading");
  }

  private static Figure overhead(Path folder, Consumer<String> log) throws Exception {
    Path place = Files.createDirectory(folder.resolve("overhead"));
    Path rows = rows(place);
    Rounds.Side with = () -> seconds(place, rows, "auto", log);
    Rounds.Side without = () -> seconds(place, rows, "never", log);
    return new Figure(
        "K3",
        "run with checkpoints : without",
        "s",
        Target.atMost(1.05),
        Rounds.alternating(ROUNDS, with, without, log),
        "1,000 agents x 51, async-admm on a ring, local; checkpoints as they are by default");
  }

  /** Rows of 1,000 agents, ten of each. */
  private static Path rows(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder("agent,label");
    for (int j = 0; j < 50; j++) {
      text.append(",x").append(j);
    }
    text.append('\n');
    for (int row = 0; row < 10_000; row++) {
      text.append("a").append(row % 1_000).append(',').append(random.nextBoolean() ? 1 : 0);
      for (int j = 0; j < 50; j++) {
        text.append(String.format(Locale.ROOT, ",%.4f", random.nextGaussian()));
      }
      text.append('\n');
    }
    return Files.writeString(folder.resolve("rows.csv"), text);
  }

  private static double seconds(Path folder, Path rows, String every, Consumer<String> log)
      throws IOException, InterruptedException {
    Path place = Files.createTempDirectory(folder, "run-");
    List<String> words =
        List.of(
            "conf/hospitals.conf",
            "data.path=" + rows,
            "data.label=label",
            "data.agent=agent",
            "stop.max-ticks=240000",
            "stop.tolerance=0",
            "algorithm.name=async-admm",
            "checkpoint.every=" + every);
    KilledRuns run = new KilledRuns(Machine.home(), List.of(), words, place, 0, log);
    Path output = run.undisturbed();
    return JSON.readTree(output.resolve("run.json").toFile()).path("optimizeSeconds").asDouble();
  }
}
