package io.sotto.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.cli.Main;
import io.sotto.config.RunConfig;
import io.sotto.io.FileRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.run.RowSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * D1 to D5: what mechanisms hide and what they cost, on hospitals without a set where everybody
 * hears everybody, by the audit and optimize commands. The leak is of what one neighbour learns of
 * the others, all of whom are exposed; leaks and ticks stand beside those of the same method
 * without a mechanism. Columns are standardised beforehand, as if by public figures, since
 * differential privacy asks that of them.
 */
final class MechanismBenchmark implements Benchmark {
  private static final double L2 = 1e-3;
  private static final double GAP = 1e-3;
  private static final double LEAK = 0.05;
  private static final int SEEDS = 3;

  /** The exit code of an audit that found a leak. */
  private static final int LEAKS = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SUBGRADIENT = "async-projected-subgradient";
  private static final String ADMM = "async-admm";

  /**
   * A mechanism on a method.
   *
   * @param ticks of runs and audits
   * @param target of its leak
   * @param words what a configuration says of the mechanism
   */
  private record Case(
      String id, String title, String method, int ticks, Target target, String... words) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "D1",
              "function-sharing, " + SUBGRADIENT,
              SUBGRADIENT,
              2_000,
              Target.atMost(LEAK),
              "privacy.mechanism=function-sharing"),
          new Case(
              "D2",
              "function-sharing, " + ADMM,
              ADMM,
              200,
              Target.atMost(LEAK),
              "privacy.mechanism=function-sharing"),
          new Case(
              "D3",
              "private-steps, " + SUBGRADIENT,
              SUBGRADIENT,
              2_000,
              Target.report(),
              "privacy.mechanism=private-steps"),
          budgeted("D4", 1, 1),
          budgeted("D5", 8, 10));

  /** The step is the best, in hindsight, of 0.03, 0.1, 0.3, 1, 3 and 10. */
  private static Case budgeted(String id, double epsilon, double step) {
    return new Case(
        id,
        "differential-privacy, epsilon %s, delta 1e-6".formatted(epsilon),
        SUBGRADIENT,
        200,
        Target.report(),
        "privacy.mechanism=differential-privacy",
        "privacy.epsilon=" + epsilon,
        "algorithm.step.initial=" + step);
  }

  /**
   * What came of some runs.
   *
   * @param audit what was learnt
   * @param start the gap at tick 0
   * @param ticks to the gap that is wanted, by seed; all where it was not reached
   * @param gaps at the end, by seed
   */
  private record Came(JsonNode audit, double start, double[] ticks, double[] gaps) {

    private static double median(JsonNode leak) {
      return leak.path("median").asDouble(0);
    }

    /** The most that any attack learns, of the median victim that it speaks of. */
    double atOptimum() {
      return attacks().mapToDouble(attack -> median(attack.path("exposed"))).max().orElse(0);
    }

    double alongRun() {
      return attacks()
          .mapToDouble(attack -> median(attack.at("/alongRun/exposed")))
          .max()
          .orElse(0);
    }

    private Stream<JsonNode> attacks() {
      return StreamSupport.stream(audit.path("attacks").spliterator(), false)
          .filter(attack -> attack.path("about").asText().equals("subgradient"))
          .filter(attack -> attack.path("victims").asInt() > 0);
    }

    /** By attack, at the optimum and along the run. */
    String words() {
      return attacks()
          .map(
              attack ->
                  String.format(
                      Locale.ROOT,
                      "%s %.3f/%.3f",
                      attack.path("name").asText(),
                      median(attack.path("exposed")),
                      median(attack.at("/alongRun/exposed"))))
          .collect(Collectors.joining(", "));
    }

    /** How many runs got there. */
    long reached() {
      return Arrays.stream(gaps).filter(gap -> gap <= GAP).count();
    }
  }

  @Override
  public String id() {
    return "D";
  }

  @Override
  public String about() {
    return "D1 to D5: leak, ticks and gap under each privacy.mechanism, hospitals, complete network";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.log.level", "ERROR");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    Path home = Files.createTempDirectory("sotto-mechanisms-");
    Files.writeString(
        Files.createFile(
            home.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        "of the benchmark, and so no secret");
    standardise(Machine.home().resolve("data/hospitals.csv"), home.resolve("rows.csv"));
    double optimum = optimum(home.resolve("rows.csv"));
    Path conf =
        Files.writeString(
            home.resolve("x.conf"),
            """
            data { path = "%s", label = diagnosis, agent = hospital, standardize = false }
            problem { loss = logistic, l2 = %s }
            network.topology = complete
            stop.tolerance = 0
            output.overwrite = true
            audit { adversary = neighbour, seeds = %d, baseline = false, games = 0 }
            audit.attacks = [inversion, consensus-inversion, projection, first-step,
                trajectory-regression, beyond-neighbours]    # those on subgradients
            """
                .formatted(home.resolve("rows.csv"), L2, SEEDS));
    List<Figure> figures = new ArrayList<>();
    Came subgradient = come(conf, home, SUBGRADIENT, 2_000, optimum, log);
    Came admm = come(conf, home, ADMM, 200, optimum, log);
    for (Case one : CASES) {
      Came with = come(conf, home, one.method(), one.ticks(), optimum, log, one.words());
      figures.addAll(figures(one, with, one.method().equals(ADMM) ? admm : subgradient));
    }
    return figures;
  }

  private static List<Figure> figures(Case one, Came with, Came without) {
    List<Round> ticks = new ArrayList<>();
    List<Round> gaps = new ArrayList<>();
    for (int k = 0; k < SEEDS; k++) {
      ticks.add(new Round(with.ticks()[k], without.ticks()[k]));
      gaps.add(new Round(with.gaps()[k], GAP));
    }
    String runs =
        String.format(
            Locale.ROOT,
            "after %,d ticks %d of %d runs have come within %s; without, gaps are %s; at 0 it is %.3g",
            one.ticks(),
            with.reached(),
            SEEDS,
            GAP,
            texts(without.gaps()),
            with.start());
    return List.of(
        new Figure(
            one.id() + "-leak",
            one.title() + ": leak at the optimum by any attack : without",
            "of 1",
            one.target(),
            List.of(new Round(with.atOptimum(), without.atOptimum())),
            "at the optimum/along the run: " + with.words() + "; without: " + without.words()),
        new Figure(
            one.id() + "-along",
            one.title() + ": leak along the run by any attack : without",
            "of 1",
            Target.report(),
            List.of(new Round(with.alongRun(), without.alongRun())),
            ""),
        new Figure(
            one.id() + "-gap",
            one.title() + ": gap after %,d ticks : wanted".formatted(one.ticks()),
            "of F*",
            one.target().kind() == Target.Kind.REPORT ? Target.report() : Target.atMost(1),
            gaps,
            runs),
        new Figure(
            one.id() + "-ticks",
            one.title() + ": ticks to a gap of " + GAP + ", or all : without",
            "ticks",
            Target.report(),
            ticks,
            ""));
  }

  private static String texts(double[] values) {
    return Arrays.stream(values)
        .mapToObj(v -> String.format(Locale.ROOT, "%.1e", v))
        .collect(Collectors.joining(", "));
  }

  /** Audits, and runs with other seeds. */
  private static Came come(
      Path conf,
      Path home,
      String method,
      int ticks,
      double optimum,
      Consumer<String> log,
      String... mechanism)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                conf.toString(),
                "algorithm.name=" + method,
                "stop.max-ticks=" + ticks,
                "output.path=" + home.resolve("out")));
    words.addAll(List.of(mechanism));
    if (mechanism.length > 0) {
      words.add("privacy.secret=" + home.resolve("secret"));
    }
    command("audit", words);
    JsonNode audit = JSON.readTree(home.resolve("out-audit/audit.json").toFile());
    double[] reached = new double[SEEDS];
    double[] gaps = new double[SEEDS];
    double start = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<String> seeded = new ArrayList<>(words);
      seeded.addAll(List.of("seed=" + seed, "stop.check-every=1"));
      command("optimize", seeded);
      List<Row> trace = trace(home.resolve("out/trace"));
      reached[seed - 1] =
          trace.stream()
              .filter(row -> gap(row, optimum) <= GAP)
              .mapToLong(row -> row.getLong(row.fieldIndex("tick")))
              .findFirst()
              .orElse(ticks);
      start = gap(trace.get(0), optimum);
      gaps[seed - 1] = gap(trace.get(trace.size() - 1), optimum);
    }
    Came came = new Came(audit, start, reached, gaps);
    log.accept(
        "%s, %s: %s; ticks %s, gaps %s"
            .formatted(
                method, List.of(mechanism), came.words(), Arrays.toString(reached), texts(gaps)));
    return came;
  }

  private static double gap(Row row, double optimum) {
    return row.getDouble(row.fieldIndex("objective")) / optimum - 1;
  }

  private static void command(String name, List<String> words) {
    List<String> all = new ArrayList<>(List.of(name));
    all.addAll(words);
    int code = Main.run(all.toArray(String[]::new));
    if (code != 0 && !(name.equals("audit") && code == LEAKS)) {
      throw new IllegalStateException("%s ended with exit code %d".formatted(all, code));
    }
  }

  private static List<Row> trace(Path folder) {
    SparkSession spark = SparkSession.builder().getOrCreate();
    try {
      return spark.read().parquet(folder.toString()).orderBy("tick").collectAsList();
    } finally {
      spark.stop();
    }
  }

  /** Each column of numbers, less its mean, by its sample deviation. */
  private static void standardise(Path from, Path to) throws IOException {
    List<String> lines = Files.readAllLines(from);
    String[][] cells = lines.stream().map(line -> line.split(",", -1)).toArray(String[][]::new);
    int count = cells.length - 1;
    for (int j = 0; j < cells[0].length; j++) {
      int column = j;
      if (!cells[1][j].matches("[-+.0-9eE]+")) {
        continue;
      }
      double[] values =
          IntStream.rangeClosed(1, count)
              .mapToDouble(r -> Double.parseDouble(cells[r][column]))
              .toArray();
      double mean = Arrays.stream(values).sum() / count;
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      double deviation = Math.sqrt(squares / (count - 1));
      for (int r = 1; r <= count; r++) {
        cells[r][j] = Double.toString((values[r - 1] - mean) / deviation);
      }
    }
    Files.write(to, Arrays.stream(cells).map(line -> String.join(",", line)).toList());
  }

  private static double optimum(Path rows) throws IOException {
    try (JavaSparkContext spark = SparkLocal.open(2)) {
      FileRows source =
          new FileRows(
              new RunConfig.Data(
                  rows.toString(),
                  RunConfig.Format.CSV,
                  Optional.of("diagnosis"),
                  Optional.of("hospital"),
                  Optional.empty(),
                  List.of(),
                  false,
                  true,
                  RunConfig.BadRows.FAIL,
                  Optional.empty(),
                  OptionalInt.empty()),
              spark);
      RowSource.ScannedRows data = source.scan(Objectives.of(new Logistic()), Map.of(), w -> {});
      return PooledNewton.optimum(
          (LinearModel)
              data.under(Objectives.of(new Logistic()), new Regularizer(L2, 0))
                  .load(IntStream.range(0, data.agents().size()).toArray()));
    }
  }
}
