package io.sotto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Network;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a method says that it supports leaves its limit at the optimum of the plain sum: every
 * method x channel x idle rule x ticks per superstep. And what some of them refuse would not.
 */
class ChannelContractTest {
  private static final long SEED = 77;
  private static final int AGENTS = 10;
  private static final Quadratics COSTS = Quadratics.random(AGENTS, 3, SEED);

  /** Channels, by what is wrong with each. */
  private enum Rough {
    LOSS,
    CONSTANT,
    UNIFORM,
    PER_EDGE,
    LINKS,
    OFFLINE,
    SCHEDULE,
    /** Late and with a schedule. */
    BOTH;

    Channel channel() {
      return switch (this) {
        case LOSS -> of(0.2, 1, Schedule.ALWAYS, Delay.NONE, Outages.NONE);
        case CONSTANT -> late(Delay.Model.CONSTANT, 3);
        case UNIFORM -> late(Delay.Model.UNIFORM, 5);
        case PER_EDGE -> late(Delay.Model.PER_EDGE, 5);
        case LINKS -> of(0, 0.7, Schedule.ALWAYS, Delay.NONE, Outages.NONE);
        case OFFLINE ->
            of(0, 1, Schedule.ALWAYS, Delay.NONE, Outages.of(5, 0.2, 5, Map.of(1, 0.4), Map.of()));
        case SCHEDULE -> of(0, 1, turns(), Delay.NONE, Outages.NONE);
        case BOTH -> of(0, 1, turns(), Delay.of(Delay.Model.CONSTANT, 3), Outages.NONE);
      };
    }

    private static Channel late(Delay.Model model, int ticks) {
      return of(0, 1, Schedule.ALWAYS, Delay.of(model, ticks), Outages.NONE);
    }

    private static Channel of(
        double loss, double linkRate, Schedule schedule, Delay delay, Outages outages) {
      return new Channel(5, loss, linkRate, schedule, delay, outages);
    }

    /** Neither half of the ring is connected. */
    private static Schedule turns() {
      return Schedule.of(
          List.of(
              new Schedule.Period(new int[] {0, 1, 2, 3, 4}, new int[] {1, 2, 3, 4, 5}, 10),
              new Schedule.Period(new int[] {5, 6, 7, 8, 9}, new int[] {6, 7, 8, 9, 0}, 15)));
    }

    Set<Condition> asks(int ticksPerSuperstep) {
      Set<Condition> asks =
          switch (this) {
            case LOSS -> EnumSet.of(Condition.LOST_MESSAGES);
            case CONSTANT, UNIFORM, PER_EDGE -> EnumSet.of(Condition.LATE_MESSAGES);
            case LINKS, OFFLINE, SCHEDULE -> EnumSet.of(Condition.CHANGING_LINKS);
            case BOTH ->
                EnumSet.of(
                    Condition.LATE_MESSAGES, Condition.CHANGING_LINKS, Condition.OUTAGES_AND_DELAY);
          };
      if (ticksPerSuperstep > 1) {
        asks.add(Condition.BORDER_DELAY);
        if (channel().lasting()) {
          asks.add(Condition.OUTAGES_AND_DELAY);
        }
      }
      return asks;
    }
  }

  static Stream<Arguments> everyCase() {
    return Algorithms.REGISTRY.entries().stream()
        .flatMap(
            method ->
                Arrays.stream(Rough.values())
                    .flatMap(
                        rough ->
                            Stream.of(IdleRule.values())
                                .flatMap(
                                    idle ->
                                        Stream.of(1, 8, 32)
                                            .filter(
                                                b -> supports(method.makeExample(), rough, idle, b))
                                            .map(b -> Arguments.of(method, rough, idle, b)))));
  }

  private static boolean supports(Method method, Rough rough, IdleRule idle, int ticks) {
    Set<Condition> asks = rough.asks(ticks);
    asks.add(Condition.CONVEX);
    if (idle == IdleRule.HOLD) {
      asks.add(Condition.HOLD);
    }
    boolean ofNoise = method.supports().contains(Condition.NOISY_SUMS); // it finds no optimum
    return method.fails(asks).isEmpty() && !ofNoise;
  }

  private static double miss(
      String name, Network network, Channel channel, IdleRule idle, int ticksPerSuperstep) {
    Method method = Algorithms.REGISTRY.make("algorithm.name", name, new Parameters("", Map.of()));
    boolean idles = method.supports().contains(Condition.IDLE_AGENTS);
    ActivationModel clock =
        idles ? new Bernoulli(SEED, 0.5, Map.of(2, 0.1, 5, 1.0)) : ActivationModels.always();
    Plan plan =
        Setup.of(COSTS)
            .on(network)
            .cells(3)
            .clock(clock)
            .idle(idle)
            .ticksPerSuperstep(ticksPerSuperstep)
            .through(channel)
            .plan();
    boolean exact = List.of("gradient-tracking", "nids", "pg-extra").contains(name);
    double exponent = name.equals("dual-averaging") ? 0.51 : 0.75;
    Algorithm algorithm = method.of(idle, new StepSize(exact ? 0.05 : 1, exponent));
    boolean few = exact || name.equals("async-admm");
    return Vectors.distance(
        Setup.run(plan, algorithm, few ? 8_000 : 40_000).estimate(), COSTS.optimum());
  }

  private static Network ring() {
    return Setup.network("ring", AGENTS, Map.of());
  }

  /** A ring one way with six more links; agents 0 and 7 pass very unequal shares on. */
  private static Network oneWay() {
    return Network.directed(
        AGENTS,
        new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 4, 8, 2},
        new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 5, 3, 7, 1, 2, 9},
        Integer::toString);
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void limitIsTheOptimumOfThePlainSum(
      Registry.Entry<Method> method, Rough rough, IdleRule idle, int ticksPerSuperstep) {
    // dual averaging is behind by t^(exponent - 1), the subgradient methods are noisy
    double bound =
        switch (method.name()) {
          case "async-admm", "gradient-tracking" -> 1e-6;
          case "dual-averaging" -> 5e-2;
          default -> 2.5e-2;
        };
    assertThat(miss(method.name(), ring(), rough.channel(), idle, ticksPerSuperstep))
        .as("seed %d", SEED)
        .isLessThan(bound);
  }

  @ParameterizedTest
  @CsvSource({"1", "8", "32"})
  void pushFindsItOnADirectedNetwork(int ticksPerSuperstep) {
    for (Channel channel :
        List.of(Channel.CLEAR, Rough.CONSTANT.channel(), Rough.UNIFORM.channel())) {
      assertThat(miss("subgradient-push", oneWay(), channel, IdleRule.MIX, ticksPerSuperstep))
          .as("seed %d, %s", SEED, channel.delay().model())
          .isLessThan(2.5e-2);
    }
  }

  /** What is refused is refused with reason. */
  @ParameterizedTest
  @CsvSource({
    "async-projected-subgradient, BOTH, MIX, 1",
    "async-projected-subgradient, BOTH, HOLD, 1",
    "async-projected-subgradient, SCHEDULE, MIX, 32",
    "async-projected-subgradient, SCHEDULE, HOLD, 32",
    "synchronous-subgradient, SCHEDULE, MIX, 32",
    "dual-averaging, SCHEDULE, MIX, 32",
    "gradient-tracking, LOSS, MIX, 1",
    "gradient-tracking, UNIFORM, MIX, 1",
    "nids, LOSS, MIX, 1",
    "nids, UNIFORM, MIX, 1",
    "pg-extra, LOSS, MIX, 1",
    "pg-extra, UNIFORM, MIX, 1"
  })
  void whatIsRefusedWouldMissIt(String name, Rough rough, IdleRule idle, int ticksPerSuperstep) {
    Method method = Algorithms.REGISTRY.make("algorithm.name", name, new Parameters("", Map.of()));
    assertThat(supports(method, rough, idle, ticksPerSuperstep)).isFalse();
    assertThat(miss(name, ring(), rough.channel(), idle, ticksPerSuperstep))
        .as("seed %d", SEED)
        .isGreaterThan(4e-2);
  }
}
