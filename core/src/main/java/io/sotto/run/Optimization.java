package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.DivergedException;
import io.sotto.engine.Position;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.result.Result.Status;
import io.sotto.result.StoppingRule;
import io.sotto.result.Trace;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs supersteps and measures, until the stopping rule is met or until there is no time left for
 * another superstep, its measurement, and what the caller has to do after that.
 */
public final class Optimization {
  /** An objective this many times the first one is called divergence. */
  private static final double RUNAWAY = 1e10;

  /** How many estimates a measurement may compare; that at x(0) sees one. */
  private static final int CANDIDATES = 3;

  /** A run that settled at some tick waits for a certificate until this many times that tick. */
  private static final int LONGER = 2;

  private static final int COORDINATES = 500;

  private final Runner runner;
  private final Certifier certifier;
  private final DoubleFunction<? extends Algorithm> algorithm;
  private final StoppingRule rule;
  private final RunClock clock;
  private final double reserve;
  private final Observer observer;

  /** What the next superstep and measurement may take, as the last ones did; 0 before there are. */
  private double stepping;

  private double measuring;

  /** Is told about supersteps and measurements. */
  public interface Observer {
    /** After every superstep. */
    void ticked(long tick, long supersteps);

    /** The same, with the step as it stands. */
    default void advanced(long tick, long supersteps, StepControl control) {
      ticked(tick, supersteps);
    }

    /** After every measurement. The state can be stored, and the run continued from it. */
    void measured(RunState now);

    /** An observer that does nothing. */
    static Observer none() {
      return new Observer() {
        @Override
        public void ticked(long tick, long supersteps) {}

        @Override
        public void measured(RunState now) {}
      };
    }
  }

  /**
   * @param runner over loaded cells
   * @param algorithm the algorithm for a first step
   * @param rule when to stop
   * @param coordinates up to how many second derivatives are summed for a certificate
   * @param clock whose deadline ends the run
   * @param reserve seconds before the deadline to leave for what comes after the run
   * @param observer is told
   */
  public Optimization(
      Runner runner,
      DoubleFunction<? extends Algorithm> algorithm,
      StoppingRule rule,
      int coordinates,
      RunClock clock,
      double reserve,
      Observer observer) {
    this.runner = runner;
    this.certifier = new Certifier(runner, rule.tolerance(), coordinates);
    this.algorithm = algorithm;
    this.rule = rule;
    this.clock = clock;
    this.reserve = reserve;
    this.observer = observer;
  }

  /** The same with second derivatives of up to {@value #COORDINATES} coordinates. */
  public Optimization(
      Runner runner,
      DoubleFunction<? extends Algorithm> algorithm,
      StoppingRule rule,
      RunClock clock,
      double reserve,
      Observer observer) {
    this(runner, algorithm, rule, COORDINATES, clock, reserve, observer);
  }

  /** Runs from x(0) to the end; see {@link #start} and {@link #run(RunState)}. */
  public Result run(StepControl control) {
    return run(start(control));
  }

  /** The same with a step that does not change. */
  public Result run(double step) {
    return run(StepControl.fixed(step));
  }

  /** Puts all agents at x(0), and measures there. */
  public RunState start(StepControl control) {
    clock.requireLeft();
    double begin = clock.seconds();
    Position at = runner.start(algorithm.apply(control.step()), control);
    double from = clock.seconds();
    Measurement first = certifier.first(at, rule.checks());
    measuring = CANDIDATES * (clock.seconds() - from);
    return state(control, first, Trace.empty(), Double.POSITIVE_INFINITY, false, 0, begin);
  }

  /**
   * Continues a run from a state to its end. The cells must stand where the state was measured.
   * Runs at least one superstep, unless x(0) is good enough.
   *
   * @throws DivergedException if an estimate or the objective is not finite, or grew without bound
   * @throws io.sotto.problem.BadInputException if no prompt taught anything from the beginning on
   * @throws DeadlineException if the deadline passes before there is an estimate but x(0)
   */
  public Result run(RunState from) {
    return run(from, null);
  }

  /**
   * The same from a superstep after that measurement.
   *
   * @param at where the cells stand; null where the state was measured
   */
  Result run(RunState from, @Nullable Position at) {
    double begin = clock.seconds() - from.trace().last().elapsedSeconds();
    boolean agrees = algorithm.apply(from.control().step()).agreesByMixing();
    RunState now = from;
    if (at != null && at.superstep() > from.superstep()) {
      boolean mixing = agrees && rule.wantsMixing(from.trace(), from.last(), from.mixing());
      now = measure(from, reached(from, at, mixing), mixing, begin);
    }
    while (true) {
      Measurement last = now.last();
      if (now.settled() > 0 && (rule.isCertain(last) || waited(now))) {
        return result(Status.SETTLED, rule.settled(now.trace(), last), now, begin);
      }
      String ended = Rewards.ended(now.trace());
      if (ended != null) {
        return result(Status.SETTLED, ended, now, begin);
      }
      if (last.tick() >= rule.maxTicks()) {
        return result(Status.MAX_TICKS, unfinished("stop.max-ticks", now), now, begin);
      }
      if (last.superstep() == 0) {
        clock.requireLeft();
      } else if (clock.expired(stepping + measuring + reserve)) {
        return result(Status.DEADLINE, unfinished("stop.deadline", now), now, begin);
      }
      boolean mixing = agrees && rule.wantsMixing(now.trace(), last, now.mixing());
      now = advance(now, mixing, begin);
    }
  }

  /** True if a run that has settled has waited long enough for a better bound. */
  private boolean waited(RunState now) {
    Measurement last = now.last();
    return rule.isDone(now.trace(), last)
        && rule.isFeasible(last)
        && rule.agrees(last)
        && (Double.isNaN(last.gap()) || last.tick() >= LONGER * now.settled());
  }

  private String unfinished(String key, RunState now) {
    String limit = key + " was reached";
    String rewarded = Rewards.unfinished(limit, now.trace());
    return rewarded != null ? rewarded : rule.unfinished(limit, now.trace(), now.last());
  }

  private RunState advance(RunState now, boolean mixing, double begin) {
    return measure(now, run(now.tick(), now.superstep(), now.control(), mixing), mixing, begin);
  }

  private Position run(long tick, long superstep, StepControl control, boolean mixing) {
    return runner.run(tick, superstep, control, rule.checks(), mixing, new TimedSteering());
  }

  /** From a superstep after a measurement to the next check. */
  private Position reached(RunState before, Position at, boolean mixing) {
    return at.tick() >= rule.checks().after(before.tick())
        ? at
        : run(at.tick(), at.superstep(), at.control(), mixing);
  }

  private RunState measure(RunState before, Position at, boolean mixing, double begin) {
    double from = clock.seconds();
    Measurement next = certifier.measure(at, before.last(), rule.checks());
    measuring = clock.seconds() - from;
    double first = before.trace().first().objective();
    return state(at.control(), next, before.trace(), first, mixing, before.settled(), begin);
  }

  private RunState state(
      StepControl control,
      Measurement now,
      Trace before,
      double first,
      boolean mixing,
      long settled,
      double begin) {
    if (!(Math.abs(now.objective()) <= RUNAWAY * Math.max(1, Math.abs(first)))) {
      throw new DivergedException(-1, now.tick());
    }
    Trace trace = before.with(now, clock.seconds() - begin);
    boolean done = rule.isDone(trace, now) && rule.isFeasible(now) && rule.agrees(now);
    long since = settled > 0 ? settled : done ? Math.max(1, now.tick()) : 0;
    RunState state = new RunState(control, now, trace, mixing, since);
    observer.measured(state);
    return state;
  }

  /**
   * Makes the result, with the best lower bound that can be found; after a deadline, with the one
   * that is known already. Whatever ended it, a run whose gap is certified to be within the
   * tolerance has converged.
   */
  private Result result(Status status, String reason, RunState end, double begin) {
    Measurement last =
        status == Status.DEADLINE
            ? end.last()
            : certifier.certified(end.last(), () -> clock.expired(measuring + reserve));
    boolean certain = rule.isCertain(last);
    return new Result(
        certain ? Status.CONVERGED : status,
        certain ? rule.converged(last) : reason,
        last,
        end.trace(),
        end.control(),
        clock.seconds() - begin);
  }

  /**
   * Times supersteps. The last one before the deadline is the one after which there would be no
   * time for another: it is measured, and so needs as long as a superstep and a measurement.
   */
  private final class TimedSteering implements Runner.Steering {
    private double from;

    @Override
    public boolean last() {
      from = clock.seconds();
      return clock.expired(2 * stepping + measuring + reserve);
    }

    @Override
    public void ticked(long tick, long supersteps, StepControl control) {
      // one that came along with a question takes no time, and the next will
      stepping = Math.max(clock.seconds() - from, stepping / 2);
      observer.advanced(tick, supersteps, control);
    }
  }
}
