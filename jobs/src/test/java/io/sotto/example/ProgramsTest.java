package io.sotto.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.io.TableRows;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Logistic;
import io.sotto.problem.Squared;
import io.sotto.run.EarlierResult;
import io.sotto.run.MemoryRows;
import io.sotto.run.Optimize;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunResult;
import io.sotto.run.RunSettings;
import io.sotto.run.Solution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.LongAccumulator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sotto as a library: in this process, and over a table of Spark. */
class ProgramsTest {
  private static final Path HOSPITALS = Path.of("../data/hospitals.csv");

  private @Nullable SparkSession spark;

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private SparkSession spark() {
    SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    spark = session;
    return session;
  }

  private static Solution inMemory() throws Exception {
    List<String> lines = Files.readAllLines(HOSPITALS);
    List<String> names = Arrays.asList(lines.get(0).split(","));
    List<String[]> cells = lines.stream().skip(1).map(line -> line.split(",")).toList();
    return Programs.inMemory(
        names.subList(2, names.size()),
        cells.stream().map(c -> c[0]).toArray(String[]::new),
        cells.stream()
            .map(c -> Arrays.stream(c).skip(2).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new),
        cells.stream().map(c -> c[1]).toArray(String[]::new));
  }

  @Test
  void rowsInMemoryAndInATableGiveTheSameSolution() throws Exception {
    Solution memory = inMemory();
    assertThat(memory.objective()).isCloseTo(0.0834568, within(1e-6));
    assertThat(memory.coefficients()).hasSize(30).containsKey("radius_mean");
    SparkSession session = spark();
    Dataset<Row> patients =
        session.read().option("header", true).option("inferSchema", true).csv(HOSPITALS.toString());
    Solution table = Programs.table(session, patients);
    assertThat(table.objective())
        .as("each has a fresh secret, so bits differ")
        .isCloseTo(memory.objective(), within(1e-6));
    assertThat(table.features()).isEqualTo(memory.features());
    assertThat(session.range(3).count()).as("the session is still open").isEqualTo(3);
  }

  @Test
  void theDocumentShowsWhatRuns() throws Exception {
    String document = Files.readString(Path.of("../core/docs/PROGRAMS.md"));
    List<String> source =
        Files.readAllLines(Path.of("src/test/java/io/sotto/example/Programs.java"));
    for (String mark : List.of("// [memory]", "// [table]")) {
      int first = indent(source, mark, 0);
      int last = indent(source, mark, first + 1);
      String shown =
          String.join(
              "\n", source.subList(first + 1, last).stream().map(l -> l.substring(4)).toList());
      assertThat(document).contains(shown);
    }
  }

  private static int indent(List<String> lines, String mark, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(mark)) {
        return i;
      }
    }
    throw new AssertionError(mark + " is missing");
  }

  /** What comes to the driver is sums, whose size has nothing to do with the number of rows. */
  @Test
  void noRowsComeToTheDriver() throws Exception {
    long few = resultBytes(400);
    long many = resultBytes(40_000);
    assertThat(many).isLessThan(2 * few).isLessThan(40_000);
  }

  private long resultBytes(int rows) throws Exception {
    SparkSession session = spark();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    List<Row> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      all.add(RowFactory.create("agent" + r % 4, r % 7 - 3.0, r % 11 / 5.0, r % 13 / 6.0));
    }
    StructType schema =
        new StructType()
            .add("who", DataTypes.StringType)
            .add("y", DataTypes.DoubleType)
            .add("a", DataTypes.DoubleType)
            .add("b", DataTypes.DoubleType);
    Dataset<Row> table = session.createDataFrame(all, schema).repartition(4);
    LongAccumulator largest = new LongAccumulator(Math::max, 0);
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            largest.accumulate(end.taskMetrics().resultSize());
          }
        };
    context.sc().addSparkListener(listener);
    RunResult result =
        Optimize.of(RowsProblem.of(TableRows.of(table, "who", "y"), new Squared()))
            .settings(on(RunSettings.EngineName.GRAPHX))
            .maxTicks(3)
            .firstStep(1)
            .cluster(new GraphxEngine(context))
            .run();
    assertThat(result.prepared().engine().name()).isEqualTo("graphx");
    context.sc().listenerBus().waitUntilEmpty();
    session.stop();
    return largest.get();
  }

  /** Without protection, whose secret is another one in each run. */
  private static RunSettings on(RunSettings.EngineName engine) {
    RunSettings defaults = RunSettings.defaults();
    return defaults
        .privacy(defaults.privacy().with(RunSettings.Mechanism.NONE))
        .engine(new RunSettings.Engine(engine, OptionalInt.empty(), OptionalInt.empty()));
  }

  /** Where tasks run in this process, a small table is loaded by its threads, to the same bits. */
  @Test
  void aSmallTableIsSolvedOnEitherEngine() throws Exception {
    SparkSession session = spark();
    Dataset<Row> table =
        session.read().option("header", true).option("inferSchema", true).csv(HOSPITALS.toString());
    List<Solution> solutions = new ArrayList<>();
    for (RunSettings.EngineName engine : RunSettings.EngineName.values()) {
      RunResult result =
          Optimize.of(
                  RowsProblem.of(TableRows.of(table, "hospital", "diagnosis"), new Logistic())
                      .l2(0.01))
              .settings(on(engine))
              .maxTicks(5)
              .cluster(new GraphxEngine(JavaSparkContext.fromSparkContext(session.sparkContext())))
              .run();
      assertThat(result.prepared().engine().name())
          .isEqualTo(engine == RunSettings.EngineName.GRAPHX ? "graphx" : "local");
      solutions.add(result.solution());
    }
    session.stop();
    assertThat(solutions).hasSize(3);
    assertThat(solutions.get(1).toMap())
        .usingRecursiveComparison()
        .isEqualTo(solutions.get(0).toMap());
    assertThat(solutions.get(2).toMap())
        .usingRecursiveComparison()
        .isEqualTo(solutions.get(0).toMap());
  }

  @Test
  void aWarmStartFromMemoryNeedsFewerTicks() throws Exception {
    String[] who = {"a", "a", "b", "b", "c", "c"};
    double[][] rows = {{1, 2}, {2, 1}, {3, 5}, {4, 4}, {5, 1}, {6, 3}};
    double[] labels = {1, 2, 2, 4, 3, 5};
    MemoryRows source = MemoryRows.of(List.of("p", "q"), who, rows, labels);
    Optimize action = Optimize.of(RowsProblem.of(source, new Squared()).l2(0.1)).tolerance(1e-8);
    RunResult cold = action.run();
    RunResult warm = action.warmStart(EarlierResult.of(cold.solution(), cold.record())).run();
    double first = cold.result().trace().points().get(0).objective();
    assertThat(warm.result().trace().points().get(0).objective())
        .isCloseTo(cold.solution().objective(), within(1e-9))
        .isLessThan(first);
    assertThat(Solution.of(cold.solution().toMap()).toMap())
        .usingRecursiveComparison()
        .isEqualTo(cold.solution().toMap());
    assertThat(cold.record().map()).containsKeys("digest", "phases", "algorithm");
    assertThat(Map.copyOf(cold.solution().coefficients())).containsOnlyKeys("p", "q");
  }

  /** Each run has its own clock, however long ago the action was made. */
  @Test
  void anActionCanBeRunAgain() throws Exception {
    Optimize action =
        Optimize.of(
                RowsProblem.of(
                    MemoryRows.of(
                        List.of("p"),
                        new String[] {"a", "b", "c"},
                        new double[][] {{1}, {2}, {4}},
                        new double[] {1, 3, 4}),
                    new Squared()))
            .maxTicks(40)
            .secret(Secret.of("of this test, and so no secret".getBytes(StandardCharsets.UTF_8)));
    RunResult first = action.run();
    RunResult again = action.run();
    assertThat(again.solution().toMap())
        .usingRecursiveComparison()
        .isEqualTo(first.solution().toMap());
    assertThat(again.record().map().get("digest")).isEqualTo(first.record().map().get("digest"));
    assertThat(again.record().map().get("loss")).isEqualTo("squared");
    assertThat(action.seed(2).run().record().map().get("digest"))
        .isNotEqualTo(first.record().map().get("digest"));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MemoryRows rows =
        MemoryRows.of(
            List.of("p"), new String[] {"a", "b"}, new double[][] {{1}, {2}}, new double[] {1, 3});
    assertThatThrownBy(() -> rows.weights(new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                Optimize.of(RowsProblem.of(rows.weights(new double[] {1, -1}), new Squared()))
                    .run())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Row 1");
  }

  @Test
  void aSessionWithKryoIsRefusedByName() {
    SparkSession session =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate();
    spark = session;
    Dataset<Row> table =
        session.read().option("header", true).option("inferSchema", true).csv(HOSPITALS.toString());
    assertThatThrownBy(() -> Programs.table(session, table))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("spark.serializer");
  }
}
