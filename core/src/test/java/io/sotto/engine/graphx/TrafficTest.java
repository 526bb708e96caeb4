package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.engine.Superstep;
import io.sotto.engine.Table;
import io.sotto.problem.Loss.Labels;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What travels on Spark: borders, and not rows; and to the driver, figures, and not states. */
class TrafficTest {
  private static final long SEED = 99;
  private static final int SUPERSTEPS = 3;
  private static final ProjectedSubgradient ALGORITHM =
      new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1, 0.6));
  private static JavaSparkContext spark;
  private static Traffic traffic;

  @BeforeAll
  static void start() {
    spark = TestSpark.start("traffic");
    traffic = new Traffic(spark);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /**
   * The construction first, then the start, then supersteps that do not report, then a question.
   */
  private static List<Traffic.Reading> readings(Plan plan) throws TimeoutException {
    traffic.read();
    List<Traffic.Reading> readings = new ArrayList<>();
    try (Coordinator carrier = new GraphxCoordinator(plan, spark)) {
      readings.add(traffic.read());
      carrier.start(List.of(ALGORITHM));
      readings.add(traffic.read());
      for (int k = 0; k < SUPERSTEPS; k++) {
        carrier.superstep(new Superstep(k + 1, 1, false, false));
        readings.add(traffic.read());
      }
      carrier.ask(CellReport.smoothness(), new Superstep(SUPERSTEPS + 1, 1, false, false));
      readings.add(traffic.read());
    }
    return readings;
  }

  private static List<Traffic.Reading> supersteps(List<Traffic.Reading> readings) {
    return readings.subList(2, 2 + SUPERSTEPS);
  }

  @Test
  void everySuperstepIsOneJobThatShufflesBorders() throws TimeoutException {
    Plan plan = Setup.of(Quadratics.random(20, 50, SEED)).cells(4).plan();
    for (Traffic.Reading superstep : supersteps(readings(plan))) {
      assertThat(superstep.jobs()).isEqualTo(1);
      // on a ring in four cells, eight estimates cross, with a few hundred bytes around each pair
      assertThat(superstep.shuffled()).isBetween(8L * 50 * 8, 8L * 50 * 8 + 8 * 1_000);
    }
    Plan one = Setup.of(Quadratics.random(20, 50, SEED)).cells(1).plan();
    for (Traffic.Reading superstep : supersteps(readings(one))) {
      assertThat(superstep.shuffled()).as("one cell has no border").isLessThan(100);
    }
  }

  @Test
  void rowsAreNeverShuffled() throws TimeoutException {
    List<Traffic.Reading> few = readings(ofRows(5));
    List<Traffic.Reading> many = readings(ofRows(500));
    assertThat(few.get(0).shuffled()).as("construction").isPositive();
    for (int k = 0; k < few.size(); k++) {
      assertThat((double) many.get(k).shuffled())
          .as("reading %d, seed %d", k, SEED)
          .isCloseTo(few.get(k).shuffled(), withinPercentage(1));
    }
  }

  private static Plan ofRows(int rowsEach) {
    Table table = Table.random(12, rowsEach, 20, Labels.REAL, SEED);
    return Setup.withIntercept(table.shards(new Squared(), new Regularizer(0, 0)), 12, 21)
        .cells(3)
        .plan();
  }

  /**
   * On a ring in four cells as many estimates cross whatever its size. What stages carry to their
   * tasks is then the same, and so is what a question carries.
   */
  @Test
  void whatTasksCarryDoesNotGrowWithAgents() throws TimeoutException {
    List<Traffic.Reading> few =
        readings(Setup.of(Quadratics.random(1_000, 1, SEED)).cells(4).plan());
    List<Traffic.Reading> many =
        readings(Setup.of(Quadratics.random(100_000, 1, SEED)).cells(4).plan());
    assertThat(few.get(0).carried()).as("construction").isPositive();
    assertThat(many.get(0).carried()).as("what is counted").isGreaterThan(100_000 * 8);
    for (int k = 1; k < few.size(); k++) {
      assertThat(few.get(k).carried()).isPositive();
      assertThat((double) many.get(k).carried())
          .as("reading %d", k)
          .isCloseTo(few.get(k).carried(), within(300.0));
    }
  }

  /** A hundred times the agents and fifty times the coordinates. */
  @Test
  void driverHearsFiguresOnly() throws TimeoutException {
    Plan small = Setup.of(Quadratics.random(8, 10, SEED)).cells(4).plan();
    Plan large = Setup.of(Quadratics.random(800, 500, SEED)).cells(4).plan();
    List<Traffic.Reading> few = supersteps(readings(small));
    List<Traffic.Reading> many = supersteps(readings(large));
    for (int k = 0; k < SUPERSTEPS; k++) {
      assertThat((double) many.get(k).results())
          .as("superstep %d", k + 1)
          .isCloseTo(few.get(k).results(), withinPercentage(5));
    }
  }
}
