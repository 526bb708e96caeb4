package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.engine.Superstep;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cells that are lost are made again, to the same bits, whenever that happens; a failure that is no
 * loss ends the run at once. What processes do that are killed is {@code LostExecutorIT}'s.
 */
class RecoveryTest {
  private static final long SEED = 31;
  private static final int AGENTS = 12;
  private static final int CELLS = 3;
  private static final Quadratics COSTS = Quadratics.random(AGENTS, 4, SEED);

  /** Loads of cells, in this process. */
  private static final LongAdder LOADS = new LongAdder();

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.start("recovery");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static Plan plan(Shards shards) {
    return Setup.of(shards, AGENTS, 4).cells(CELLS).idle(IdleRule.HOLD).ticksPerSuperstep(2).plan();
  }

  private static LocalObjective counted(int[] agents) {
    LOADS.increment();
    return COSTS.load(agents);
  }

  /** Between any two jobs of a run, all that executors hold may go. */
  private static void loseEverything() {
    spark
        .sc()
        .getPersistentRDDs()
        .keysIterator()
        .toList()
        .foreach(
            id -> {
              spark.sc().unpersistRDD((Integer) id, true);
              return null;
            });
  }

  private static List<Long> bits(Coordinator cells, List<Algorithm> lanes, Runnable between) {
    List<Long> bits = new ArrayList<>();
    try (cells) {
      between.run();
      cells.ask(CellReport.smoothness(), null).forEach(l -> add(bits, l));
      between.run();
      add(bits, cells.start(lanes));
      for (int k = 0; k < 4; k++) {
        between.run();
        add(bits, cells.superstep(new Superstep(1 + 2L * k, 2, k == 2 && mixes(lanes), true)));
      }
      between.run();
      cells.ask(CellReport.smoothness(), new Superstep(9, 2, false, true));
      between.run();
      add(bits, cells.superstep(new Superstep(9, 2, false, true)));
      between.run();
      for (CellEstimates cell : cells.ask(CellReport.estimates(), null)) {
        add(bits, cell.estimates());
      }
    }
    return bits;
  }

  private static boolean mixes(List<Algorithm> lanes) {
    return lanes.get(0).agreesByMixing();
  }

  private static void add(List<Long> bits, CellSummary[][] summaries) {
    for (CellSummary[] lane : summaries) {
      for (CellSummary cell : lane) {
        bits.add(cell.updates());
        add(bits, Objects.requireNonNull(cell.sums()).last());
      }
    }
  }

  private static void add(List<Long> bits, double... numbers) {
    Arrays.stream(numbers).forEach(x -> bits.add(Double.doubleToLongBits(x)));
  }

  static Stream<Algorithm> methods() {
    return Stream.of(
        new ProjectedSubgradient(IdleRule.HOLD, new StepSize(0.1, 0.6)), AsyncAdmm.of(1));
  }

  /** Before each job of a run: eight times; a superstep that ran along with a question has none. */
  @ParameterizedTest
  @MethodSource("methods")
  void whatIsLostIsMadeAgainToTheSameBits(Algorithm algorithm) {
    Plan plan = plan(RecoveryTest::counted).by(algorithm);
    List<Algorithm> lanes = List.of(algorithm, algorithm);
    List<Long> undisturbed = bits(new LocalCoordinator(plan, 1), lanes, () -> {});
    LOADS.reset();
    List<Long> disturbed =
        bits(new GraphxCoordinator(plan, spark), lanes, RecoveryTest::loseEverything);
    assertThat(disturbed).isEqualTo(undisturbed);
    assertThat(LOADS.sum()).as("cells are loaded again each time").isEqualTo(9 * CELLS);
  }

  @Test
  void whatFailsByItselfEndsTheRunWithItsOwnCause() {
    LOADS.reset();
    Shards bad =
        agents -> {
          LOADS.increment();
          throw new IllegalStateException("a row of agent %d is no number".formatted(agents[0]));
        };
    assertThatThrownBy(() -> new GraphxCoordinator(plan(bad), spark))
        .hasStackTraceContaining("is no number");
    assertThat(LOADS.sum()).as("loads").isBetween(1L, (long) CELLS);
    assertThat(spark.sc().getPersistentRDDs().size()).as("left in memory").isZero();

    LOADS.reset();
    Mechanism fails = (agents, costs) -> new Failing(costs);
    Plan plan = plan(RecoveryTest::counted).under(fails);
    try (Coordinator cells = new GraphxCoordinator(plan, spark)) {
      cells.start(List.of(new ProjectedSubgradient(IdleRule.HOLD, new StepSize(0.1, 0.6))));
      assertThatThrownBy(() -> cells.superstep(new Superstep(1, 20, false, false)))
          .hasStackTraceContaining("nobody can differentiate this");
      assertThat(LOADS.sum()).as("loads").isEqualTo(CELLS);
    }
  }

  /** Costs without subgradients. */
  private record Failing(LocalObjective plain) implements LocalObjective {
    @Override
    public int agents() {
      return plain.agents();
    }

    @Override
    public int dimension() {
      return plain.dimension();
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return plain.value(agent, x, at);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      throw new IllegalStateException("nobody can differentiate this");
    }

    @Override
    public double smoothness(int agent) {
      return plain.smoothness(agent);
    }
  }
}
