package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Recording;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Wiretap;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.exposure.Exposure;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is recorded of a run is the same in one process and on Spark, and so is exposure. */
class RecordingsAgreeTest {
  private static final int AGENTS = 9;
  private static final int TICKS = 10;
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.start("recordings agree");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  static Stream<Arguments> everyWayOfSaying() {
    return Stream.of(
        Arguments.of(new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1, 0.6)), 1),
        Arguments.of(new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1, 0.6)), 4),
        Arguments.of(AsyncAdmm.of(1), 4));
  }

  private static double[] recorded(
      Plan plan, Algorithm algorithm, Wiretap tap, Coordinator carrier) {
    try (carrier) {
      Runner runner = new Runner(plan, carrier);
      Recording recording = runner.record(tap);
      Setup.run(runner, algorithm, TICKS);
      assertThat(recording.ticks()).isEqualTo(TICKS);
      return IntStream.rangeClosed(0, TICKS)
          .mapToObj(recording::at)
          .flatMapToDouble(Arrays::stream)
          .toArray();
    }
  }

  @ParameterizedTest
  @MethodSource("everyWayOfSaying")
  void bothEnginesRecordTheSame(Algorithm algorithm, int ticksPerSuperstep) {
    Plan plan =
        Setup.of(Quadratics.random(AGENTS, 5, 8))
            .on(Setup.network("regular", AGENTS, Map.of("degree", 4)))
            .cells(3)
            .ticksPerSuperstep(ticksPerSuperstep)
            .plan()
            .by(algorithm);
    Wiretap tap =
        new Adversary.Neighbour(4).tap(plan.network(), plan.perLink(), new int[] {1, 3, 5});

    double[] local = recorded(plan, algorithm, tap, new LocalCoordinator(plan, 2));

    assertThat(recorded(plan, algorithm, tap, new GraphxCoordinator(plan, spark))).isEqualTo(local);
    assertThat(local).hasSize((TICKS + 1) * tap.size() * 5);
  }

  @Test
  void whoIsExposedIsTheSameAsAJob() {
    for (String topology : Stream.of("complete", "star", "ring").toList()) {
      Network network = Setup.network(topology, AGENTS, Map.of());
      Plan plan = Setup.of(Quadratics.random(AGENTS, 2, 8)).on(network).cells(3).plan();

      assertThat(ExposedPairs.of(network, plan.partition(), spark))
          .isEqualTo(Exposure.toNeighbours(network).pairs());
    }
  }
}
