package io.sotto.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * D1 to D11: what mechanisms and offsets hide and what they cost, on hospitals without a set, by
 * the audit and optimize commands: D1 to D6 where everybody hears everybody, and so is exposed, D7
 * to D9 on sparser networks; D10 and D11 under masked sums. Leaks and ticks stand beside those of
 * the same method without protection. Columns are standardised beforehand, as if by public figures,
 * since differential privacy asks that of them.
 */
final class MechanismBenchmark implements Benchmark {
  private static final double GAP = 1e-3;
  private static final double LEAK = 0.05;
  private static final int SEEDS = 3;

  /** What the total variation of swap games may be where no bound of it is computed: 26 of 40. */
  private static final double SWAPS = 0.3;

  /** The exit code of an audit that found a leak. */
  private static final int LEAKS = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SUBGRADIENT = "async-projected-subgradient";
  private static final String ADMM = "async-admm";
  private static final String NEWTON = "secure-newton";

  /**
   * A mechanism on a method.
   *
   * @param ticks of runs and audits
   * @param target of its leak
   * @param setting the network and the adversary, if not a complete one and each neighbour
   * @param words what a configuration says of the mechanism
   */
  private record Case(
      String id,
      String title,
      String method,
      int ticks,
      Target target,
      List<String> setting,
      String... words) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "D1",
              "function-sharing, " + SUBGRADIENT,
              SUBGRADIENT,
              2_000,
              Target.atMost(LEAK),
              List.of(),
              "privacy.mechanism=function-sharing"),
          new Case(
              "D2",
              "function-sharing, " + ADMM,
              ADMM,
              200,
              Target.atMost(LEAK),
              List.of(),
              "privacy.mechanism=function-sharing"),
          new Case(
              "D3",
              "private-steps, " + SUBGRADIENT,
              SUBGRADIENT,
              2_000,
              Target.report(),
              List.of(),
              "privacy.mechanism=private-steps"),
          budgeted("D4", 1, 1),
          budgeted("D5", 8, 10),
          under("offsets", "D6", "complete, each neighbour"),
          under("offsets", "D7", "ring, each neighbour", "network.topology=ring"),
          under(
              "offsets",
              "D8",
              "ring, two agents with one between them",
              "network.topology=ring",
              "audit.adversary=coalition",
              "audit.agents=[charity, hillcrest]"),
          under(
              "offsets",
              "D9",
              "4-regular, each neighbour",
              "network.topology=regular",
              "network.degree=4",
              "network.seed=10"),
          under("sums", "D10", "complete, each neighbour"),
          under("sums", "D11", "ring, each neighbour", "network.topology=ring"));

  private static Case under(String protect, String id, String title, String... setting) {
    String method = protect.equals("sums") ? NEWTON : ADMM;
    return new Case(
        id,
        "%s, %s: %s".formatted(protect, method, title),
        method,
        300,
        Target.atMost(LEAK),
        List.of(setting),
        "privacy.protect=" + protect);
  }

  /** The step is the best, in hindsight, of 0.03, 0.1, 0.3, 1, 3 and 10. */
  private static Case budgeted(String id, double epsilon, double step) {
    return new Case(
        id,
        "differential-privacy, epsilon %s, delta 1e-6".formatted(epsilon),
        SUBGRADIENT,
        200,
        Target.report(),
        List.of(),
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
      return attacks().mapToDouble(attack -> most(attack)).max().orElse(0);
    }

    double alongRun() {
      return attacks().mapToDouble(attack -> most(attack.path("alongRun"))).max().orElse(0);
    }

    /** Of exposed and of other victims. */
    private static double most(JsonNode groups) {
      return Math.max(median(groups.path("exposed")), median(groups.path("unexposed")));
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
                      most(attack),
                      most(attack.path("alongRun"))))
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
    return "D1 to D11: leak, bound, swap games, ticks and gap under offsets, sums and mechanisms";
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
    StandardisedHospitals.write(
        Machine.home().resolve("data/hospitals.csv"), home.resolve("rows.csv"));
    double optimum = StandardisedHospitals.optimum(home.resolve("rows.csv"));
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
                trajectory-regression, beyond-neighbours, first-message, subtree-sums]    # on subgradients
            """
                .formatted(home.resolve("rows.csv"), StandardisedHospitals.L2, SEEDS));
    List<Figure> figures = new ArrayList<>();
    Map<String, Came> plain = new HashMap<>();
    for (Case one : CASES) {
      String key = one.method() + one.setting() + one.ticks();
      Came without = plain.get(key);
      if (without == null) {
        without = come(conf, home, one, optimum, log, List.of("privacy.protect=none"));
        plain.put(key, without);
      }
      List<String> words = new ArrayList<>(List.of(one.words()));
      words.add("privacy.secret=" + home.resolve("secret"));
      figures.addAll(figures(one, come(conf, home, one, optimum, log, words), without));
    }
    return figures;
  }

  private static List<Figure> figures(Case one, Came with, Came without) {
    List<Figure> all = new ArrayList<>(leaksAndTicks(one, with, without));
    JsonNode swaps = with.audit().path("swapGame");
    double bound = with.audit().path("bound").asDouble(SWAPS);
    if (swaps.isObject()) {
      double games = swaps.path("games").asDouble();
      all.add(
          new Figure(
              one.id() + "-swap",
              one.title() + ": swap games won : the most that is allowed in the mean",
              "of %.0f games".formatted(games),
              Target.report(),
              List.of(new Round(swaps.path("wins").asDouble(), games * (0.5 + bound / 2))),
              String.format(
                  Locale.ROOT,
                  "a total variation of %.3f is allowed; without protection %d of %d",
                  bound,
                  without.audit().at("/swapGame/wins").asInt(),
                  without.audit().at("/swapGame/games").asInt())));
    }
    return all;
  }

  private static List<Figure> leaksAndTicks(Case one, Came with, Came without) {
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
      Path conf, Path home, Case one, double optimum, Consumer<String> log, List<String> mechanism)
      throws IOException {
    int ticks = one.ticks();
    List<String> words =
        new ArrayList<>(
            List.of(
                conf.toString(),
                "algorithm.name=" + one.method(),
                "stop.max-ticks=" + ticks,
                "output.path=" + home.resolve("out")));
    words.addAll(one.setting());
    words.addAll(mechanism);
    if (one.words()[0].startsWith("privacy.protect")) {
      words.add("audit.games=20");
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
                one.method(), mechanism, came.words(), Arrays.toString(reached), texts(gaps)));
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
}
