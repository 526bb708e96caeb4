package io.sotto.bench;

import io.sotto.config.ConfigLoader;
import io.sotto.config.HadoopTexts;
import io.sotto.config.RunConfig;
import io.sotto.io.FileRows;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.LinearModel;
import io.sotto.run.Optimize;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * D12 and D13: what hiding single rows costs ({@code privacy.protect = rows}), on hospitals in the
 * ball, with the means and deviations of the rows as public units and five of eight agents taken to
 * be honest: the relative gap and the accuracy of published estimates, at epsilon 1 and 8, against
 * what is wanted. Runs say neither; both are computed here from all rows.
 */
final class RowsBenchmark implements Benchmark {
  private static final int SEEDS = 20;

  /** How near the optimum is known. */
  private static final String EXACT = "stop.tolerance=1e-8";

  private record Case(String id, String epsilon, double gap, double accuracy) {}

  private static final List<Case> CASES =
      List.of(new Case("D12", "1", 0.55, 0.95), new Case("D13", "8", 0.09, 0.975));

  @Override
  public String id() {
    return "D12";
  }

  @Override
  public String about() {
    return "D12, D13: gap and accuracy where single rows are hidden, hospitals in the ball";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Path home = Files.createTempDirectory("sotto-rows-");
    Path units = home.resolve("units.csv");
    StandardisedHospitals.writeUnits(Machine.home().resolve("data/hospitals.csv"), units);
    List<Figure> figures = new ArrayList<>();
    try (JavaSparkContext spark = SparkLocal.open(2)) {
      List<String> common = List.of("data.units=" + units, "output.path=" + home.resolve("none"));
      RunResult exact =
          optimize(spark, common, "privacy.protect=none", "algorithm.scale=none", EXACT).run();
      int agents = exact.prepared().plan().agents();
      LinearModel rows =
          (LinearModel)
              exact.prepared().costs().shards().load(IntStream.range(0, agents).toArray());
      double optimum = exact.result().last().objective();
      for (Case one : CASES) {
        List<Round> gaps = new ArrayList<>();
        List<Round> accuracies = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
          double[] x =
              optimize(
                      spark,
                      common,
                      "privacy.protect=rows",
                      "privacy.honest=5",
                      "privacy.epsilon=" + one.epsilon(),
                      "seed=" + seed)
                  .secret(Secret.of(ByteBuffer.allocate(32).putInt(seed).array()))
                  .run()
                  .result()
                  .last()
                  .estimate();
          double f = IntStream.range(0, agents).mapToDouble(i -> rows.value(i, x, 0)).sum();
          gaps.add(new Round(f / optimum - 1, one.gap()));
          accuracies.add(new Round(accuracy(rows, x), one.accuracy()));
        }
        String title = "rows hidden at epsilon %s, delta 1e-6, median of %d seeds: ";
        String what = title.formatted(one.epsilon(), SEEDS);
        String best =
            String.format(
                Locale.ROOT,
                "at the optimum it is %.3f",
                accuracy(rows, exact.result().last().estimate()));
        figures.add(
            new Figure(
                one.id() + "-gap", what + "gap : wanted", "of F*", Target.atMost(1), gaps, ""));
        figures.add(
            new Figure(
                one.id() + "-accuracy",
                what + "accuracy : wanted",
                "of rows",
                Target.atLeast(1),
                accuracies,
                best));
        log.accept(what + Arrays.toString(gaps.stream().mapToDouble(Round::value).toArray()));
      }
    }
    return figures;
  }

  private static Optimize optimize(JavaSparkContext spark, List<String> common, String... words)
      throws IOException {
    List<String> all = new ArrayList<>(common);
    all.addAll(List.of(words));
    String conf = Machine.home().resolve("conf/hospitals.conf").toString();
    all.add("data.path=" + Machine.home().resolve("data/hospitals.csv"));
    RunConfig config =
        ConfigLoader.load(conf, all, new HadoopTexts(spark.hadoopConfiguration())).config();
    return Optimize.of(new RowsProblem(new FileRows(config.data(), spark), config.cost()))
        .settings(config.settings());
  }

  /** The share of rows whose label is on the side of 0 on which their prediction is. */
  private static double accuracy(LinearModel model, double[] x) {
    int count = model.rows().first(model.rows().agents());
    double constant = model.intercept() ? x[model.rows().features()] : 0;
    long right =
        IntStream.range(0, count)
            .filter(r -> (model.rows().dot(r, x, 0) + constant) * model.rows().label(r) > 0)
            .count();
    return right / (double) count;
  }
}
