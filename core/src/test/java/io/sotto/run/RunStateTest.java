package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Table;
import io.sotto.problem.Ball;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Hinge;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.result.StoppingRule;
import io.sotto.result.Trace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is stopped in the middle, stored and gone on from is the run that was not. */
class RunStateTest {
  private static final long SEED = 91;
  private static final int AGENTS = 6;
  private static final int FEATURES = 3;

  /** What ends a run in the middle. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Stores the state at a tick, and stops the run there. */
  private static final class StopsAt implements Optimization.Observer {
    private final long tick;
    private byte[] stored = {};

    StopsAt(long tick) {
      this.tick = tick;
    }

    @Override
    public void ticked(long now, long supersteps) {}

    @Override
    public void measured(RunState now) {
      if (now.tick() == tick) {
        stored = bytes(now);
        throw new Stopped();
      }
    }
  }

  static Stream<Arguments> everyCase() {
    DoubleFunction<Algorithm> subgradient =
        step -> new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.51));
    DoubleFunction<Algorithm> admm = AsyncAdmm::of;
    StoppingRule toTheEnd = new StoppingRule(400, 0, 0, 20);
    StoppingRule settling = new StoppingRule(5_000, 0.3, 1e-9, 20); // by mixing alone, at the end
    return Stream.of(
        Arguments.of(new Logistic(), 0.01, admm, 20.0, toTheEnd, 200),
        Arguments.of(new Hinge(), 0.01, admm, 20.0, toTheEnd, 200),
        Arguments.of(new Logistic(), 0.0, subgradient, 10.0, toTheEnd, 200),
        Arguments.of(new Hinge(), 0.0, subgradient, 10.0, toTheEnd, 200),
        Arguments.of(new Logistic(), 0.0, subgradient, 10.0, settling, 60));
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void aRunGoesOnToTheSameBits(
      Loss loss,
      double l2,
      DoubleFunction<Algorithm> algorithm,
      double step,
      StoppingRule rule,
      int half)
      throws IOException, ClassNotFoundException {
    Table table = Table.random(AGENTS, 8, FEATURES, loss.labels(), SEED);
    Plan plan =
        Setup.withIntercept(table.shards(loss, new Regularizer(l2, 0)), AGENTS, FEATURES + 1)
            .within(new Ball(Coordinates.NONE, 0.8), Map.of())
            .cells(2)
            .ticksPerSuperstep(4)
            .plan()
            .by(algorithm.apply(1));
    try (Coordinator undisturbed = new LocalCoordinator(plan, 1);
        Coordinator stopped = new LocalCoordinator(plan, 1)) {
      Result whole =
          optimization(plan, undisturbed, algorithm, rule, Optimization.Observer.none()).run(step);
      assertThat(whole.last().tick()).as("seed %d", SEED).isGreaterThan(half);

      StopsAt memory = new StopsAt(half);
      assertThatThrownBy(() -> optimization(plan, stopped, algorithm, rule, memory).run(step))
          .isInstanceOf(Stopped.class);
      RunState loaded = loaded(memory.stored);
      assertThat(bytes(loaded)).as("what is stored again").isEqualTo(memory.stored);
      Result resumed =
          optimization(plan, stopped, algorithm, rule, Optimization.Observer.none()).run(loaded);

      assertThat(figures(resumed)).isEqualTo(figures(whole));
      assertThat(estimates(stopped)).isEqualTo(estimates(undisturbed));
    }
  }

  private static Optimization optimization(
      Plan plan,
      Coordinator carrier,
      DoubleFunction<Algorithm> algorithm,
      StoppingRule rule,
      Optimization.Observer observer) {
    return new Optimization(
        new Runner(plan, carrier), algorithm, rule, RunClock.start(), 0, observer);
  }

  /** All of a result but its seconds. */
  private static List<Object> figures(Result result) {
    Measurement last = result.last();
    List<Object> figures = new ArrayList<>();
    figures.add(result.status());
    figures.add(result.stopReason());
    figures.add(result.certificate());
    figures.add(last.candidate());
    figures.add(last.objective());
    figures.add(Arrays.toString(last.estimate()));
    figures.add(Arrays.toString(last.mean()));
    figures.add(last.updates());
    for (Trace.Point p : result.trace().points()) {
      figures.add(
          List.of(
              p.tick(),
              p.superstep(),
              p.objective(),
              p.disagreement(),
              p.infeasibility(),
              p.stationarity(),
              p.lowerBound(),
              p.active()));
    }
    return figures;
  }

  private static List<String> estimates(Coordinator carrier) {
    List<String> all = new ArrayList<>();
    for (CellEstimates cell : carrier.ask(CellReport.estimates(), null)) {
      all.add(Arrays.toString(cell.estimates()));
    }
    return all;
  }

  private static byte[] bytes(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static RunState loaded(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (RunState) in.readObject();
    }
  }
}
