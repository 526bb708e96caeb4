package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Registry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What crosses borders as bytes gives the bits that copied arrays give, for all methods. */
class ExchangeTest {
  private static final long SEED = 77;
  private static final int AGENTS = 12;
  private static final int[] CELLS = {0, 2, 1, 1, 0, 2, 2, 2, 1, 2, 2, 2};
  private static final int SUPERSTEPS = 5;

  static Stream<Arguments> everyCase() {
    Channel late =
        new Channel(
            SEED, 0.1, 0.8, Schedule.ALWAYS, Delay.of(Delay.Model.UNIFORM, 5), Outages.NONE);
    return Algorithms.REGISTRY.entries().stream()
        .flatMap(
            method ->
                Stream.of(IdleRule.values())
                    .flatMap(
                        idle ->
                            Stream.of(Channel.CLEAR, late)
                                .flatMap(
                                    channel ->
                                        Stream.of(1, 3)
                                            .map(
                                                ticks ->
                                                    Arguments.of(method, idle, channel, ticks)))));
  }

  private static Plan plan(IdleRule idle, int ticks) {
    return Setup.of(Quadratics.random(AGENTS, 3, SEED))
        .on(Setup.network("erdos-renyi", AGENTS, Map.of("probability", 0.3)))
        .in(new CellPartition(CELLS))
        .idle(idle)
        .ticksPerSuperstep(ticks)
        .plan()
        .digest(SEED);
  }

  /** All numbers of all summaries, lane by lane, and where agents of lane 0 end. */
  private static List<Long> bits(Coordinator cells, List<Algorithm> lanes, int ticks) {
    List<Long> bits = new ArrayList<>();
    try (cells) {
      add(bits, cells.start(lanes));
      for (int k = 0; k < SUPERSTEPS; k++) {
        add(bits, cells.superstep(new Superstep(1 + (long) k * ticks, ticks, false, true)));
      }
      for (CellEstimates cell : cells.ask(CellReport.estimates(), null)) {
        Arrays.stream(cell.estimates()).forEach(x -> bits.add(Double.doubleToLongBits(x)));
      }
    }
    return bits;
  }

  private static void add(List<Long> bits, CellSummary[][] summaries) {
    for (CellSummary[] lane : summaries) {
      for (CellSummary cell : lane) {
        bits.add((long) cell.active());
        bits.add(cell.updates());
        CellSummary.Sums sums = Objects.requireNonNull(cell.sums());
        Arrays.stream(sums.last()).forEach(x -> bits.add(Double.doubleToLongBits(x)));
        Arrays.stream(sums.current()).forEach(x -> bits.add(Double.doubleToLongBits(x)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void bytesGiveTheSameBits(
      Registry.Entry<Method> method, IdleRule idle, Channel channel, int ticks) {
    List<Algorithm> lanes =
        Stream.of(0.02, 0.1, 0.5)
            .map(step -> method.makeExample().of(idle, new StepSize(step, 0.6)))
            .toList();
    Plan plan = plan(idle, ticks).by(lanes.get(0)).through(channel);
    Wire wire = new Wire();
    List<Long> carried = bits(new LocalCoordinator(plan, 2, wire), lanes, ticks);
    assertThat(carried)
        .as("seed %d", SEED)
        .isEqualTo(bits(new LocalCoordinator(plan, 1), lanes, ticks));
    assertThat(wire.bytes()).isPositive();
  }
}
