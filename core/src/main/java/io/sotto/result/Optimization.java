package io.sotto.result;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Measurement;
import io.sotto.engine.Session;
import io.sotto.result.Result.Status;
import java.util.function.BooleanSupplier;

/** Runs a session until its stopping rule is met. */
public final class Optimization {
  private final Session session;
  private final StoppingRule rule;
  private final Observer observer;
  private final long begin = System.nanoTime();
  private final Trace trace = new Trace();

  /** Is told how a run goes on. */
  public interface Observer {
    /** After every superstep. */
    void ticked(long tick, long supersteps);

    /** After every measurement. */
    void measured(Measurement now);

    /** Nobody is told anything. */
    static Observer none() {
      return new Observer() {
        @Override
        public void ticked(long tick, long supersteps) {}

        @Override
        public void measured(Measurement now) {}
      };
    }
  }

  /**
   * @param session with loaded cells
   * @param rule when to stop
   * @param observer is told
   */
  public Optimization(Session session, StoppingRule rule, Observer observer) {
    this.session = session;
    this.rule = rule;
    this.observer = observer;
  }

  /**
   * Runs from x(0) to the end; after at least one superstep, unless x(0) is good enough.
   *
   * @throws io.sotto.engine.DivergedException if an estimate or the objective is not finite
   */
  public Result run(Algorithm algorithm) {
    Measurement now = record(session.start(algorithm, rule.checks()));
    trace.relativeTo(session.stationarityAtZero());
    while (true) {
      if (algorithm.settlesByMixing()
          && rule.isDone(trace, now)
          && rule.isFeasible(now)
          && !rule.agrees(now)) {
        now = settle(now);
      }
      if (rule.isDone(trace, now) && rule.isFeasible(now) && rule.agrees(now)) {
        return result(Status.CONVERGED, rule.converged(trace, now), now);
      }
      if (now.tick() >= rule.maxTicks()) {
        return result(
            Status.MAX_TICKS, rule.unfinished("stop.max-ticks was reached", trace, now), now);
      }
      if (now.superstep() > 0 && expired().getAsBoolean()) {
        return result(
            Status.DEADLINE, rule.unfinished("stop.deadline was reached", trace, now), now);
      }
      now = advance(false);
    }
  }

  /**
   * Mixing alone shrinks the disagreement geometrically and leaves the mean where it is: goes on
   * while the pace so far promises to get there within the ticks that are left.
   */
  private Measurement settle(Measurement now) {
    while (!rule.agrees(now) && now.tick() < rule.maxTicks() && !expired().getAsBoolean()) {
      Measurement next = advance(true);
      double blocks =
          Math.log(rule.disagreement() / next.disagreement())
              / Math.log(next.disagreement() / now.disagreement());
      boolean hopeless =
          !(next.disagreement() < now.disagreement())
              || blocks * (next.tick() - now.tick()) > rule.maxTicks() - next.tick();
      now = next;
      if (hopeless) {
        break;
      }
    }
    return now;
  }

  private Measurement advance(boolean mixOnly) {
    return record(
        session.run(mixOnly, expired(), tick -> observer.ticked(tick, session.supersteps())));
  }

  private Measurement record(Measurement now) {
    trace.add(now, seconds());
    observer.measured(now);
    return now;
  }

  private BooleanSupplier expired() {
    return () -> System.nanoTime() - begin > rule.deadline().toNanos();
  }

  private double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  private Result result(Status status, String reason, Measurement now) {
    Measurement last = status == Status.DEADLINE ? now : session.certified(now);
    return new Result(status, reason, last, trace, seconds());
  }
}
