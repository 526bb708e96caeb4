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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * C7: ticks to a relative gap by the optimize command, from yesterday's output, against from 0. One
 * row in a hundred of today is new, and stands where another one stood yesterday, spread over all
 * agents. Yesterday's run stopped by itself, at a tolerance of 1e-5; the trials for the penalty,
 * which a warm start does without, are no ticks.
 */
final class WarmStartBenchmark implements Benchmark {
  private static final int THREADS = 2;
  private static final int MOST_TICKS = 600;
  private static final double[] GAPS = {1e-3, 1e-4, 1e-6};
  private static final double REACH = 0.2;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Rows to learn from.
   *
   * @param format of the file
   * @param header whether the first line is no row
   * @param agents how many
   * @param data who holds the rows, as a configuration says it
   * @param rest what else a configuration says
   */
  private record Case(
      String name,
      RunConfig.Format format,
      boolean header,
      int agents,
      double l2,
      String data,
      String rest) {}

  private static final Case ADULT =
      new Case(
          "adult",
          RunConfig.Format.LIBSVM,
          false,
          100,
          1e-4,
          "format = libsvm, deal { agents = 100, by = row-number }",
          "network { topology = regular, degree = 4 }");

  private static final Case HOSPITALS =
      new Case(
          "hospitals",
          RunConfig.Format.CSV,
          true,
          8,
          1e-3,
          "label = diagnosis, agent = hospital",
          "network.topology = ring");

  /**
   * The first tick at which a run is near enough, and what agents had said and waited until then.
   */
  private record Reached(long tick, double bytes, double seconds) {}

  @Override
  public String id() {
    return "C7";
  }

  @Override
  public String about() {
    return "ticks from yesterday's solution with one row in 100 new, against from 0";
  }

  @Override
  public String heap() {
    return "3g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    System.setProperty("spark.master", "local[" + THREADS + "]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.log.level", "ERROR");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    Path folder = Files.createTempDirectory("sotto-warm-");
    List<Figure> figures = new ArrayList<>();
    for (Case rows : List.of(ADULT, HOSPITALS)) {
      Path home = Files.createDirectory(folder.resolve(rows.name()));
      double optimum = write(rows, home);
      for (String clock : List.of("bernoulli", "always")) {
        figures.add(figure(rows, home, clock, optimum, log));
      }
    }
    return figures;
  }

  /** Yesterday's rows and today's; F* of today's. */
  private static double write(Case rows, Path home) throws IOException {
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      String from =
          rows == ADULT
              ? PeerBenchmark.shared("adult.trn.bz2")
              : Machine.home().resolve("data/hospitals.csv").toString();
      List<String> lines = spark.textFile(from, 1).collect();
      int head = rows.header() ? 1 : 0;
      int fresh = (int) Math.ceil((lines.size() - head) / 101.0);
      List<String> today = lines.subList(0, lines.size() - fresh);
      List<String> yesterday = new ArrayList<>(today);
      for (int k = 0; k < fresh; k++) {
        yesterday.set(head + k * 100 + k % 100 / 2, lines.get(today.size() + k));
      }
      Files.write(home.resolve("today"), today);
      Files.write(home.resolve("yesterday"), yesterday);
      FileRows source = source(rows, home.resolve("today").toString(), spark);
      RowSource.ScannedRows data = source.scan(Objectives.of(new Logistic()), Map.of(), w -> {});
      return PooledNewton.optimum(
          (LinearModel)
              data.under(Objectives.of(new Logistic()), new Regularizer(rows.l2(), 0))
                  .load(IntStream.range(0, rows.agents()).toArray()));
    }
  }

  private static FileRows source(Case rows, String path, JavaSparkContext spark) {
    boolean csv = rows.format() == RunConfig.Format.CSV;
    return new FileRows(
        new RunConfig.Data(
            path,
            rows.format(),
            csv ? Optional.of("diagnosis") : Optional.empty(),
            csv ? Optional.of("hospital") : Optional.empty(),
            csv
                ? Optional.empty()
                : Optional.of(new RunConfig.Deal(rows.agents(), RunConfig.DealBy.ROW_NUMBER, 1)),
            List.of(),
            true,
            true,
            RunConfig.BadRows.FAIL,
            Optional.empty(),
            OptionalInt.empty()),
        spark);
  }

  private static Figure figure(
      Case rows, Path home, String clock, double optimum, Consumer<String> log) throws IOException {
    Path conf =
        Files.writeString(
            home.resolve(clock + ".conf"),
            """
            data { %s }
            problem { loss = logistic, l2 = %s }
            %s
            clock.model = %s
            algorithm.name = auto
            """
                .formatted(rows.data(), rows.l2(), rows.rest(), clock));
    String before = home.resolve("before-" + clock).toString();
    optimize(conf, home, "yesterday", before, "stop.tolerance=1e-5", "stop.disagreement=1e-5");
    String all = "stop.max-ticks=" + MOST_TICKS;
    Path cold = home.resolve("cold-" + clock);
    optimize(conf, home, "today", cold.toString(), all, "stop.tolerance=0", "stop.check-every=1");
    Path warm = home.resolve("warm-" + clock);
    optimize(
        conf,
        home,
        "today",
        warm.toString(),
        all,
        "stop.tolerance=0",
        "stop.check-every=1",
        "warm-start=" + before);
    List<Reached> coldly = reached(cold, optimum);
    List<Reached> warmly = reached(warm, optimum);
    StringBuilder note = new StringBuilder(clock.equals("always") ? clock : clock + " 0.5");
    note.append(", ")
        .append(JSON.readTree(cold.resolve("run.json").toFile()).at("/algorithm/name"));
    for (int g = 0; g < GAPS.length; g++) {
      note.append(
          String.format(
              Locale.ROOT,
              "; %.0e: %d ticks, %.3g MB said, %.2f s : %d ticks, %.3g MB, %.2f s",
              GAPS[g],
              warmly.get(g).tick(),
              warmly.get(g).bytes() / 1e6,
              warmly.get(g).seconds(),
              coldly.get(g).tick(),
              coldly.get(g).bytes() / 1e6,
              coldly.get(g).seconds()));
    }
    log.accept(rows.name() + ", " + note);
    int last = GAPS.length - 1;
    return new Figure(
        "C7-" + rows.name() + "-" + clock,
        "to a relative gap of %s on %s: from yesterday's solution : from 0"
            .formatted(GAPS[last], rows.name()),
        "ticks",
        Target.atMost(REACH),
        List.of(new Round(warmly.get(last).tick(), coldly.get(last).tick())),
        note.toString());
  }

  private static void optimize(Path conf, Path home, String day, String out, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "optimize",
                conf.toString(),
                "data.path=" + home.resolve(day),
                "output.path=" + out));
    words.addAll(List.of(more));
    int code = Main.run(words.toArray(String[]::new));
    if (code != 0) {
      throw new IllegalStateException("%s ended with exit code %d".formatted(words, code));
    }
  }

  /** By gap; measured at every tick, the seconds include that, and the trials. */
  private static List<Reached> reached(Path out, double optimum) throws IOException {
    JsonNode run = JSON.readTree(out.resolve("run.json").toFile());
    JsonNode solution = JSON.readTree(out.resolve("solution.json").toFile());
    double perUpdate =
        8.0
            * solution.get("dimension").intValue()
            * 2
            * run.at("/network/links").doubleValue()
            / solution.get("agents").doubleValue();
    List<Row> trace = trace(out);
    List<Reached> reached = new ArrayList<>();
    for (double gap : GAPS) {
      long updates = 0;
      for (Row row : trace) {
        updates += row.getInt(row.fieldIndex("active"));
        if (row.getDouble(row.fieldIndex("objective")) <= optimum * (1 + gap)) {
          reached.add(
              new Reached(
                  row.getLong(row.fieldIndex("tick")),
                  perUpdate * updates,
                  run.at("/phases/step").doubleValue()
                      + row.getDouble(row.fieldIndex("elapsedSeconds"))));
          break;
        }
      }
    }
    if (reached.size() < GAPS.length) {
      throw new IllegalStateException(
          "%s: no gap of %s after %d ticks".formatted(out, GAPS[reached.size()], MOST_TICKS));
    }
    return reached;
  }

  private static List<Row> trace(Path out) {
    SparkSession spark = SparkSession.builder().getOrCreate();
    try {
      return spark.read().parquet(out.resolve("trace").toString()).orderBy("tick").collectAsList();
    } finally {
      spark.stop();
    }
  }
}
