package io.sotto.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.io.ModelFolder;
import io.sotto.model.Exam;
import io.sotto.model.Layout;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Script;
import io.sotto.model.task.Split;
import io.sotto.model.task.Sums;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * R-ring: four agents on a ring, two with questions in digits and two in letters, active at 0.7,
 * 0.5, 0.5 and 0.3 of the ticks, against one agent who has all questions, at equal samples in the
 * mean. Each agent's own estimate answers held-out questions of all agents.
 *
 * @param ladder the folder of its configurations
 * @param seeds how many
 */
record RewardRingBenchmark(String ladder, int seeds) implements Benchmark {

  static final RewardRingBenchmark RING = new RewardRingBenchmark("conf/bench/ring", 5);

  private static final int QUESTIONS = 1_000;
  private static final int LONGEST = 31;
  private static final long SEED = 7;
  private static final PromptSource ALL =
      new PromptSource(
          List.of(
              new PromptSource.Kind(new Sums(3, 10), Script.DIGITS, 1),
              new PromptSource.Kind(new Sums(3, 10), Script.LETTERS, 1)),
          new Split(0.2));

  @Override
  public String id() {
    return "R-ring";
  }

  @Override
  public String about() {
    return "R1-Zero by four agents on a ring against one (20 minutes; only by name)";
  }

  @Override
  public boolean onlyByName() {
    return true;
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    List<Round> worst = new ArrayList<>();
    List<Round> best = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<ObjectNode> marks;
    try (JavaSparkContext context = SparkLocal.open(1)) {
      SparkSession spark = SparkSession.builder().sparkContext(context.sc()).getOrCreate();
      marks =
          LadderRuns.marks(
              ladder,
              seeds,
              (folder, some) -> {
                Agent[] agents = agents(spark, folder.resolve("out/r1/ring"));
                ModelFolder alone = model(folder.resolve("out/r1/central"), spark);
                double central = Math.max(1e-3, accuracy(alone, alone.weights()));
                Agent least = agents[0];
                Agent most = agents[0];
                for (Agent agent : agents) {
                  least = agent.accuracy() < least.accuracy() ? agent : least;
                  most = agent.accuracy() > most.accuracy() ? agent : most;
                }
                worst.add(new Round(least.accuracy(), central));
                best.add(new Round(most.accuracy(), central));
                names.add(
                    String.format(
                        Locale.ROOT,
                        "agent %s %.3f against %.3f (all: %s)",
                        least.name(),
                        least.accuracy(),
                        central,
                        Arrays.toString(agents)));
                log.accept(names.get(names.size() - 1));
              },
              log);
    }
    String settings =
        "250 ticks, ring: 4 agents, 8 prompts of 16 responses at 0.7, 0.5, 0.5 and 0.3 of the ticks;"
            + " central: 16 prompts of 16 responses at each; %d held-out questions; the worst by seed: %s"
                .formatted(QUESTIONS, String.join(", ", names));
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "R-ring",
            "right answers of the worst of 4 agents : of one with all questions",
            "share",
            Target.atLeast(0.97),
            worst,
            settings));
    figures.add(
        new Figure(
            "R-ring-best", "the same of the best agent", "share", Target.report(), best, ""));
    figures.addAll(LadderRuns.rungs("R-ring", marks));
    return figures;
  }

  /** An agent and how many of its answers are right. */
  private record Agent(String name, double accuracy) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.3f", name, accuracy);
    }
  }

  private static ModelFolder model(Path result, SparkSession spark) throws Exception {
    return new ModelFolder("ring", result.toString(), spark.sparkContext().hadoopConfiguration());
  }

  private static Agent[] agents(SparkSession spark, Path result) throws Exception {
    ModelFolder model = model(result, spark);
    Row[] rows = (Row[]) spark.read().parquet(result.resolve("estimates").toString()).collect();
    Agent[] agents = new Agent[rows.length];
    for (int i = 0; i < rows.length; i++) {
      List<Double> estimate = rows[i].getList(rows[i].fieldIndex("estimate"));
      double[] x = estimate.stream().mapToDouble(Double::doubleValue).toArray();
      agents[i] = new Agent(rows[i].getAs("agent"), accuracy(model, x));
    }
    return agents;
  }

  private static double accuracy(ModelFolder model, double[] x) {
    return new Exam(new Layout(model.shape()), model.vocabulary(), ALL, null, LONGEST, SEED)
        .marks(x, QUESTIONS, 1)
        .accuracy();
  }
}
