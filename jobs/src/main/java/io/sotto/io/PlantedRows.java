package io.sotto.io;

import io.sotto.config.Planted;
import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import io.sotto.run.Predictor;
import io.sotto.run.RowCost;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose optimum is known, in Parquet, written by a task for each file. Coefficients b are
 * drawn first. Rows come in pairs of the same features a, one for each of two agents that follow
 * each other, and the gradients of a pair at b cancel:
 *
 * <ul>
 *   <li>squared, huber: labels z + e and z - e, with z = b.a and the noise e
 *   <li>poisson: counts exp(z) (1 + e) and exp(z) (1 - e)
 *   <li>logistic: yes with the weight p and no with the weight 1 - p, where p = 1 / (1 + exp(-z))
 * </ul>
 *
 * <p>So the gradient of the whole cost is 0 at b, up to the rounding of labels, while that of each
 * agent is not; and the cost is strictly convex there, if there are more pairs than coefficients.
 *
 * @param how how many of what
 * @param loss that they are for
 * @param seed of everything that is drawn
 */
record PlantedRows(Planted how, String loss, long seed) implements Serializable {

  /** What is known of the rows: the optimum, and the cost there. */
  record Known(double[] estimate, double intercept, double objective) {
    Map<String, @Nullable Object> toMap() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("estimate", estimate);
      map.put("intercept", intercept);
      map.put("objective", objective);
      return map;
    }
  }

  /** Writes them into a folder. */
  Known write(String folder, JavaSparkContext spark) throws IOException {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    int files = Math.min(how.files(), how.agents());
    List<double[]> sums =
        spark
            .parallelize(IntStream.range(0, files).boxed().toList(), files)
            .map(file -> write(folder, file, files, hadoop.value()))
            .collect();
    table(folder, spark.hadoopConfiguration()).finish();
    double cost = 0;
    double weight = 0;
    for (double[] part : sums) {
      cost += part[0];
      weight += part[1];
    }
    double[] b = coefficients();
    return new Known(Arrays.copyOf(b, how.features()), b[how.features()], cost / weight);
  }

  private ParquetTable table(String folder, Configuration hadoop) {
    List<String> columns = new ArrayList<>(List.of(ParquetTable.text("agent")));
    columns.add(isLogistic() ? ParquetTable.text("label") : ParquetTable.number("label"));
    columns.add(ParquetTable.number("weight"));
    for (int j = 0; j < how.features(); j++) {
      columns.add(ParquetTable.number("x" + j));
    }
    return new ParquetTable(folder, hadoop, columns.toArray(String[]::new));
  }

  private boolean isLogistic() {
    return loss.equals("logistic");
  }

  /** The coefficients, then the intercept; the linear predictions have a variance near 1. */
  private double[] coefficients() {
    SplittableRandom random = new SplittableRandom(seed);
    double[] b = new double[how.features() + 1];
    double scale = StrictMath.sqrt(3.0 / how.features());
    for (int j = 0; j < b.length; j++) {
      b[j] = scale * (2 * random.nextDouble() - 1);
    }
    return b;
  }

  /** The rows of the agents of one file; returns the sums of cost and of weights. */
  private double[] write(String folder, int file, int files, Configuration hadoop)
      throws IOException {
    double[] b = coefficients();
    double[] sums = new double[2];
    long pairs = how.rows() / 2;
    int agents = how.agents();
    try (RowSink out = table(folder, hadoop).part(file)) {
      for (int agent = file; agent < agents; agent += files) {
        int before = (agent + agents - 1) % agents;
        for (long pair = agent; pair < pairs; pair += agents) {
          row(pair, agent, true, b, sums, out);
        }
        for (long pair = before; pair < pairs; pair += agents) {
          row(pair, agent, false, b, sums, out);
        }
      }
      out.complete();
    }
    return sums;
  }

  private void row(long pair, int agent, boolean first, double[] b, double[] sums, RowSink out)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed ^ (pair + 1) * 0x9E3779B97F4A7C15L);
    int n = how.features();
    Object[] row = new Object[n + 3];
    double z = b[n];
    double root3 = StrictMath.sqrt(3);
    for (int j = 0; j < n; j++) {
      double a = root3 * (2 * random.nextDouble() - 1);
      row[3 + j] = a;
      z += b[j] * a;
    }
    double e = how.noise() * random.nextDouble() * (first ? 1 : -1);
    double p = Predictor.probability(z);
    double weight = !isLogistic() ? 1 : first ? p : 1 - p;
    double mean = StrictMath.exp(z);
    row[0] = "agent-" + agent;
    row[1] =
        switch (loss) {
          case "logistic" -> first ? "yes" : "no";
          case "poisson" -> mean * (1 + e);
          default -> z + e;
        };
    row[2] = weight;
    double cost =
        switch (loss) {
          case "logistic" -> -StrictMath.log(weight);
          case "poisson" -> mean - mean * (1 + e) * z;
          default -> e * e / 2;
        };
    sums[0] += weight * cost;
    sums[1] += weight;
    out.add(row);
  }

  /** Those of a configuration, which is refused where their optimum would not be known. */
  static PlantedRows of(RunConfig config, Planted how) {
    String loss = config.cost().objective().name();
    if (!List.of("squared", "huber", "logistic", "poisson").contains(loss)) {
      throw new BadInputException(
          ("problem.loss is %s, and data.make = planted knows the optimum of squared, huber, logistic"
                  + " and poisson only. Set it to one of these.")
              .formatted(loss));
    }
    RowCost cost = config.cost();
    if (cost.l2() > 0
        || cost.l1() > 0
        || cost.groupLasso().weight() > 0
        || !cost.classWeights().isEmpty()
        || !config.settings().constraints().isEmpty()) {
      throw new BadInputException(
          "data.make is planted, and the optimum is known without penalties, sets and class weights only."
              + " Leave out problem.l2, l1, group-lasso, class-weights and constraints.");
    }
    if (cost.objective().parameters().get("huber-delta") instanceof Number delta
        && loss.equals("huber")
        && delta.doubleValue() < how.noise()) {
      throw new BadInputException(
          "planted.noise is %s, and problem.huber-delta is %s; the noise must not be greater."
              .formatted(how.noise(), delta));
    }
    return new PlantedRows(how, loss, config.settings().seed());
  }
}
