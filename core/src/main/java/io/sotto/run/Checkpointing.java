package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Coordinator;
import io.sotto.engine.StepControl;
import io.sotto.engine.StoredStates;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes checkpoints of a run at the ends of supersteps, when they are due, and when the run is
 * asked to end. If it is not said how often, the first is due {@value #FIRST} seconds after the
 * start, and each next one after {@value #PAUSE} seconds, or {@value #TIMES} times as long as the
 * last one took, if that is more: so they take less than a twentieth of the time.
 */
final class Checkpointing implements Optimization.Observer {
  private static final double FIRST = 120;
  private static final double PAUSE = 60;
  private static final double TIMES = 25;

  private final Checkpoints to;
  private final Optional<Duration> every;
  private final Coordinator cells;
  private final DoubleFunction<? extends Algorithm> algorithm;
  private final StepSearch.Choice step;
  private final RunClock clock;
  private final Optimize.Listener listener;

  private Optimization.Observer next;
  private Supplier<double[]> looked = () -> new double[0];
  private @Nullable RunState measured;
  private @Nullable StepControl control;
  private long tick;
  private long superstep;
  private double due;
  private double took;

  /**
   * @param to keeps them
   * @param every how often; empty for as it costs little
   * @param cells of the run, also when it is asked to end
   * @param algorithm for a step
   * @param step the first step
   */
  Checkpointing(
      Checkpoints to,
      Optional<Duration> every,
      Coordinator cells,
      DoubleFunction<? extends Algorithm> algorithm,
      StepSearch.Choice step,
      RunClock clock,
      Optimize.Listener listener) {
    this.to = to;
    this.every = every;
    this.cells = cells;
    this.algorithm = algorithm;
    this.step = step;
    this.clock = clock;
    this.listener = listener;
    this.next = listener;
    this.due = every.map(Checkpointing::seconds).orElse(FIRST);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /** The observer in front of the one that looks whether there is an optimum. */
  Optimization.Observer before(NoOptimum watch) {
    next = watch;
    looked = watch::looked;
    return this;
  }

  /** Called when a run goes on from where it stood. */
  void resumed(SavedRun from) {
    measured = from.state();
    stands(from.tick(), from.superstep(), from.control());
    wait(clock.seconds());
  }

  private void wait(double now) {
    due = now + every.map(Checkpointing::seconds).orElse(Math.max(PAUSE, TIMES * took));
  }

  private void stands(long nowTick, long nowSuperstep, StepControl now) {
    tick = nowTick;
    superstep = nowSuperstep;
    control = now;
  }

  @Override
  public void ticked(long nowTick, long supersteps) {
    next.ticked(nowTick, supersteps);
  }

  @Override
  public void advanced(long nowTick, long supersteps, StepControl now) {
    next.advanced(nowTick, supersteps, now);
    stands(nowTick, supersteps, now);
    if (clock.seconds() >= due) {
      save();
    }
  }

  @Override
  public void measured(RunState now) {
    next.measured(now);
    measured = now;
    stands(now.tick(), now.superstep(), now.control());
  }

  /** Where no checkpoint can be written the run goes on, and tries again when the next is due. */
  private void save() {
    double from = clock.seconds();
    try {
      Optional<StoredStates> stored = to.save(run(), false, cells);
      stored.ifPresent(
          states -> cells.stored(algorithm.apply(Objects.requireNonNull(control).step()), states));
    } catch (IOException e) {
      listener.warned(
          "No checkpoint could be written at tick %s; the run goes on. %s"
              .formatted(Text.count(tick), e.getMessage()));
    }
    took = clock.seconds() - from;
    wait(clock.seconds());
  }

  private SavedRun run() {
    RunState state = Objects.requireNonNull(measured);
    return new SavedRun(
        step,
        tick,
        superstep,
        Objects.requireNonNull(control),
        state.control(),
        state.last(),
        state.trace().points(),
        state.mixing(),
        state.settled(),
        looked.get());
  }

  /** Saves where the run stands before it ends, and says where that is. */
  String interrupted() throws IOException {
    if (measured == null) {
      to.interrupted();
      return "before tick 1";
    }
    try {
      to.save(run(), true, cells);
    } catch (IOException e) {
      listener.warned(
          "No checkpoint could be written at tick %s; the one before stays. %s"
              .formatted(Text.count(tick), e.getMessage()));
      to.interrupted();
    }
    return "at tick " + Text.count(tick);
  }
}
