package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Engine;
import io.sotto.engine.LocalEngine;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.engine.Superstep;
import io.sotto.network.CellPartition;
import io.sotto.privacy.mechanism.Under;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that come by partitions give the bits of rows that are loaded. */
class PartitionShardsTest {
  private static final int AGENTS = 10;
  private static final Quadratics COSTS = Quadratics.random(AGENTS, 3, 5);
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.start("partitions");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static List<Double> run(Engine engine, Plan plan) {
    List<Double> estimates = new ArrayList<>();
    try (Coordinator cells = engine.open(plan)) {
      cells.start(List.of(new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1, 0.6))));
      cells.superstep(new Superstep(1, 5, false, false));
      cells.superstep(new Superstep(6, 5, false, false));
      for (CellEstimates cell : cells.ask(CellReport.estimates(), null)) {
        Arrays.stream(cell.estimates()).forEach(estimates::add);
      }
    }
    return estimates;
  }

  /** Costs of one agent each, a partition for each cell. */
  private static JavaRDD<LocalObjective> costs(CellPartition partition) {
    Quadratics all = COSTS;
    return spark
        .parallelize(
            IntStream.range(0, partition.cells()).mapToObj(partition::agentsOf).toList(),
            partition.cells())
        .map(all::load);
  }

  @Test
  void partitionsGiveTheBitsOfRowsThatAreLoaded() {
    Plan loaded = Setup.of(COSTS).cells(3).plan();
    Plan plan = Under.sharing(loaded, 1, "p");
    PartitionShards partitions = PartitionShardsTest::costs;

    List<Double> fed = run(new GraphxEngine(spark), plan.over(partitions));

    assertThat(fed).isEqualTo(run(new LocalEngine(1), plan)).hasSize(3 * AGENTS);
    assertThat(fed).as("without the mechanism").isNotEqualTo(run(new LocalEngine(1), loaded));
  }

  @Test
  void otherEnginesSayWhatToDo() {
    PartitionShards partitions = PartitionShardsTest::costs;
    Plan plan = Setup.of(COSTS).cells(3).plan().over(partitions);
    assertThatThrownBy(() -> new LocalEngine(1).open(plan))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("engine.name = graphx");
  }

  @Test
  void roomIsWhereCellsStand() {
    long half = Runtime.getRuntime().maxMemory() / 2;
    assertThat(new LocalEngine(2).room()).isEqualTo(half);
    assertThat(new LocalEngine(2).sharesHeap()).isTrue();
    assertThat(new GraphxEngine(spark).room()).as("local[2]").isEqualTo(half);
    assertThat(new GraphxEngine(spark).sharesHeap()).isTrue();
  }
}
