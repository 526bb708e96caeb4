package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModels;
import io.sotto.engine.Coordinator;
import io.sotto.engine.DivergedException;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Table;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.result.Result.Status;
import io.sotto.result.StoppingRule;
import io.sotto.result.Trace;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How runs end, on a ring of twelve with quadratic costs. */
class OptimizationTest {
  private static final long SEED = 5;

  /** Remembers all measurements and ticks. */
  private static final class Memory implements Optimization.Observer {
    final List<Measurement> measured = new ArrayList<>();
    final List<Long> ticks = new ArrayList<>();

    @Override
    public void ticked(long tick, long supersteps) {
      ticks.add(tick);
    }

    @Override
    public void measured(RunState now) {
      measured.add(now.last());
    }
  }

  private static Setup ring() {
    return Setup.of(Quadratics.random(12, 3, SEED)).cells(3);
  }

  private static Result run(Plan plan, double step, StoppingRule rule, Memory memory) {
    return run(plan, step, rule, RunClock.start(), 0, memory);
  }

  private static Result run(
      Plan plan, double step, StoppingRule rule, RunClock clock, double reserve, Memory memory) {
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      return new Optimization(
              new Runner(plan, carrier),
              first -> new ProjectedSubgradient(plan.idle(), new StepSize(first, 0.75)),
              rule,
              clock,
              reserve,
              memory)
          .run(step);
    }
  }

  @Test
  void maxTicksCutsTheLastSuperstep() {
    Memory memory = new Memory();
    StoppingRule rule = new StoppingRule(100, 0, 0, 10);
    Result result = run(ring().ticksPerSuperstep(32).plan(), 0.1, rule, memory);
    assertThat(result.status()).isEqualTo(Status.MAX_TICKS);
    assertThat(result.stopReason()).startsWith("stop.max-ticks was reached; the gap seems to be ");
    assertThat(result.last().tick()).isEqualTo(100);
    assertThat(result.last().superstep()).isEqualTo(4);
    assertThat(memory.ticks).containsExactly(32L, 64L, 96L, 100L);
    assertThat(result.trace().points())
        .extracting(Trace.Point::tick)
        .containsExactly(0L, 32L, 64L, 96L, 100L);
  }

  @Test
  void measuresAtTheFirstEndOfASuperstepFromEachCheckOn() {
    Memory memory = new Memory();
    run(ring().ticksPerSuperstep(8).plan(), 0.1, new StoppingRule(60, 0, 0, 20), memory);
    assertThat(memory.ticks).containsExactly(8L, 16L, 24L, 32L, 40L, 48L, 56L, 60L);
    assertThat(memory.measured).extracting(Measurement::tick).containsExactly(0L, 24L, 40L, 60L);
  }

  @Test
  void settlesAndSaysWhy() {
    Memory memory = new Memory();
    StoppingRule rule = new StoppingRule(50_000, 1e-2, 1e-3, 100);
    Result result = run(ring().plan(), 0.5, rule, memory);
    assertThat(result.status()).as("no penalty, no set").isEqualTo(Status.SETTLED);
    assertThat(result.last().nearbyGap()).as("seed %d", SEED).isLessThanOrEqualTo(1e-2);
    assertThat(result.last().disagreement()).isLessThanOrEqualTo(1e-3);
    assertThat(result.stopReason())
        .startsWith(
            "F seems to be near its least value, but that is not certified: the estimated gap is ")
        .contains("(stop.tolerance 0.0100)", "there is no certificate, because l2 is 0");
    assertThat(result.last().objective()).isLessThan(memory.measured.get(0).objective());
  }

  /** All minimisers are 0, where the run starts: each figure is 0 at tick 0. */
  @Test
  void toleranceZeroIsNever() {
    Plan plan = Setup.of(new Quadratics(new double[][] {{1}, {1}}, new double[2][1])).plan();
    StoppingRule zero = new StoppingRule(50, 0, 1e-3, 10);
    assertThat(run(plan, 0.1, zero, new Memory()).status()).isEqualTo(Status.MAX_TICKS);
    StoppingRule apart = new StoppingRule(50, 1e-3, 0, 10);
    assertThat(run(plan, 0.1, apart, new Memory()).status()).isEqualTo(Status.MAX_TICKS);
    StoppingRule some = new StoppingRule(50, 1e-3, 1e-3, 10);
    Result result = run(plan, 0.1, some, new Memory());
    assertThat(result.status()).isEqualTo(Status.SETTLED);
    assertThat(result.last().tick()).isEqualTo(0);
  }

  /** A loose tolerance holds early, a tight disagreement does not: only mixing can follow. */
  @ParameterizedTest
  @EnumSource
  void settlesByMixingAlone(IdleRule idle) {
    Memory memory = new Memory();
    StoppingRule rule = new StoppingRule(20_000, 0.3, 1e-9, 50);
    Result result = run(ring().idle(idle).plan(), 0.5, rule, memory);
    assertThat(result.status()).as("seed %d, %s", SEED, result).isEqualTo(Status.SETTLED);
    assertThat(result.last().disagreement()).isLessThanOrEqualTo(1e-9);
    Measurement done =
        memory.measured.stream().filter(m -> m.nearbyGap() <= 0.3).findFirst().orElseThrow();
    assertThat(done.disagreement()).as("before it settles").isGreaterThan(1e-3);
    assertThat(result.last().updates()).isEqualTo(done.updates());
    assertThat(result.last().tick()).isGreaterThan(done.tick());
    assertThat(result.last().mean())
        .as("mixing leaves the mean")
        .containsExactly(done.mean(), within(1e-12));
  }

  @Test
  void settlingStopsAtMaxTicks() {
    StoppingRule rule = new StoppingRule(101, 0.3, 1e-300, 50);
    Result result = run(ring().plan(), 0.5, rule, new Memory());
    assertThat(result.status()).isEqualTo(Status.MAX_TICKS);
    assertThat(result.last().tick()).isEqualTo(101);
  }

  /** Only agent 2 has rows: its estimate overflows first, or, before it, the sums that it is in. */
  @ParameterizedTest
  @CsvSource({"1e308, 1", "1e100, 3"})
  void divergenceNamesAgentAndTick(double step, long tick) {
    Table rows = new Table(new double[][][] {{}, {}, {{1}}, {}}, new double[][] {{}, {}, {-3}, {}});
    Plan plan =
        Setup.withIntercept(rows.shards(new Squared(), new Regularizer(0, 0)), 4, 2)
            .clock(ActivationModels.always())
            .plan();
    StoppingRule rule = new StoppingRule(1000, 1e-3, 1e-3, 100);
    assertThatThrownBy(() -> run(plan, step, rule, new Memory()))
        .isInstanceOf(DivergedException.class)
        .hasMessage(
            "the estimate of agent 2 is not finite, or grew without bound, at tick %d"
                .formatted(tick))
        .asInstanceOf(InstanceOfAssertFactories.type(DivergedException.class))
        .returns(2, DivergedException::agent)
        .returns(tick, DivergedException::tick);
  }

  /** It is seen at the next measurement that F grew without bound, though all is finite still. */
  @Test
  void runawayObjectiveIsDivergence() {
    StoppingRule rule = new StoppingRule(1000, 1e-3, 1e-3, 1);
    assertThatThrownBy(() -> run(ring().plan(), 1e6, rule, new Memory()))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching("the objective is not finite, or grew without bound, at tick [12]");
  }
}
