package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModels;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.problem.Ball;
import io.sotto.problem.Coordinates;
import io.sotto.problem.LocalObjective;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.result.Result.Status;
import io.sotto.result.StoppingRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs by a clock that only their costs make go: a superstep takes a second, F half a second. */
class DeadlineTest {
  private static final long SEED = 5;
  private static final int AGENTS = 10;
  private static final int TICKS = 4;
  private static final long SUBGRADIENT_NANOS = 1_000_000_000L / (AGENTS * TICKS);
  private static final long VALUE_NANOS = 500_000_000L / AGENTS;

  private final AtomicLong nanos = new AtomicLong();
  private final RunClock clock = RunClock.start(nanos::get);
  private final List<Measurement> measured = new ArrayList<>();

  private final Optimization.Observer memory =
      new Optimization.Observer() {
        @Override
        public void ticked(long tick, long supersteps) {}

        @Override
        public void measured(RunState now) {
          measured.add(now.last());
        }
      };

  /** Quadratic costs that take their time. */
  private record Slow(LocalObjective plain, AtomicLong nanos) implements LocalObjective {
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
      nanos.addAndGet(VALUE_NANOS);
      return plain.value(agent, x, at);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      nanos.addAndGet(SUBGRADIENT_NANOS);
      plain.subgradient(agent, key, x, at, out);
    }

    @Override
    public double smoothness(int agent) {
      return plain.smoothness(agent);
    }
  }

  private Plan plan() {
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    return Setup.of(agents -> new Slow(costs.load(agents), nanos), AGENTS, 3)
        .within(new Ball(Coordinates.NONE, 1), Map.of())
        .clock(ActivationModels.always())
        .ticksPerSuperstep(TICKS)
        .plan();
  }

  private static ProjectedSubgradient algorithm(double step) {
    return new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.75));
  }

  private Result run(StoppingRule rule, RunClock by, double reserve) {
    Plan plan = plan();
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      return new Optimization(
              new Runner(plan, carrier), DeadlineTest::algorithm, rule, by, reserve, memory)
          .run(0.5);
    }
  }

  /** Whether the next check is near or far: what is left is too short for another superstep. */
  @ParameterizedTest
  @ValueSource(longs = {TICKS, 5 * TICKS, 1_000_000})
  void aRunStopsEarlyEnoughAndMeasuresWhereItStands(long checkEvery) {
    double deadline = 40;
    double reserve = 7;
    StoppingRule rule = new StoppingRule(1_000_000, 0, 0, checkEvery);
    Result result = run(rule, clock.withDeadline(Duration.ofSeconds((long) deadline)), reserve);
    assertThat(result.status()).isEqualTo(Status.DEADLINE);
    assertThat(result.stopReason()).startsWith("stop.deadline was reached; the gap seems to be ");
    double twoMore = 2 * (1 + 2.25); // two supersteps, and measurements of up to three candidates
    assertThat(clock.seconds()).isBetween(deadline - reserve - twoMore, deadline - reserve);
    assertThat(result.last()).isSameAs(measured.get(measured.size() - 1));
    assertThat(result.last().tick()).isGreaterThan(TICKS);
    assertThat(result.certificate().holds()).as("%s", result.certificate()).isTrue();
    assertThat(result.trace().last().tick()).isEqualTo(result.last().tick());
  }

  @Test
  void theLastRoundsOfTheCertificateAreBoundedByWhatIsLeft() {
    StoppingRule rule = new StoppingRule(TICKS, 0, 0, TICKS);
    Result unhurried = run(rule, clock, 0);
    double measuring = 2.25;
    double rounds = unhurried.seconds() - measured(unhurried);
    assertThat(rounds).as("what all rounds take").isGreaterThan(3);
    double begin = clock.seconds();

    Duration soon = Duration.ofMillis((long) (1e3 * (begin + measured(unhurried) + 3 + measuring)));
    Result hurried = run(rule, clock.withDeadline(soon), 0);
    assertThat(hurried.status()).isEqualTo(Status.MAX_TICKS);
    assertThat(clock.seconds()).isLessThanOrEqualTo(soon.toMillis() / 1e3);
    assertThat(hurried.seconds())
        .as("some rounds, and not all")
        .isGreaterThan(measured(hurried))
        .isLessThan(unhurried.seconds());
    assertThat(hurried.certificate().lowerBound())
        .isLessThanOrEqualTo(unhurried.certificate().lowerBound());
  }

  /** When the last measurement was made. */
  private static double measured(Result result) {
    return result.trace().last().elapsedSeconds();
  }

  /** x(0) is no estimate that is worth a result. */
  @Test
  void beforeTheFirstSuperstepThereIsNothingToReport() {
    StoppingRule rule = new StoppingRule(1_000, 0, 0, TICKS);
    RunClock soon = clock.withDeadline(Duration.ofMillis(300));
    assertThatThrownBy(() -> run(rule, soon, 0))
        .isInstanceOf(DeadlineException.class)
        .hasMessage(
            "stop.deadline of 0.30 s passed before there was an estimate to report (in the phase"
                + " 'start', 0.75 s after the start); nothing was written. Raise stop.deadline.");
    assertThat(measured).as("x(0)").hasSize(1);
  }

  @Test
  void aDeadlineEndsTrialsOfSteps() {
    Plan plan = plan();
    RunClock soon = clock.withDeadline(Duration.ofSeconds(20));
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      StepSearch search = new StepSearch(new Runner(plan, carrier), DeadlineTest::algorithm, soon);
      assertThatThrownBy(search::choose)
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("passed before there was an estimate to report");
    }
    assertThat(clock.seconds()).as("a superstep more at most").isBetween(20.0, 21.1);
  }
}
