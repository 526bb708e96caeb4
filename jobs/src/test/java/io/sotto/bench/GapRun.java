package io.sotto.bench;

import io.sotto.algorithm.AsyncAdmm;
import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Position;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A run to a relative gap of F at the mean, the choice of its penalty included.
 *
 * @param first 1 / rho at the start
 * @param last 1 / rho at the end
 * @param changes how often it changed
 * @param seconds of all
 * @param ticks of the run
 * @param megabytes that agents said in the run
 * @param gap that was reached
 */
record GapRun(
    double first,
    double last,
    int changes,
    double seconds,
    long ticks,
    double megabytes,
    double gap) {
  private static final long MOST_TICKS = 20_000;

  /** As stop.check-every = auto has it. */
  private static final int CHECKS_PER_TRIAL = 3;

  /** A run over a plan for asynchronous ADMM, to F at most {@code optimum * (1 + gap)}. */
  static GapRun of(
      Plan plan, Coordinator carrier, double optimum, double gap, Consumer<String> log) {
    int every = AsyncAdmm.of(1).trialTicks() / CHECKS_PER_TRIAL;
    return of(plan, carrier, optimum, gap, every, log);
  }

  /** The same, measured at every so many ticks. */
  static GapRun of(
      Plan plan, Coordinator carrier, double optimum, double gap, int every, Consumer<String> log) {
    long begin = System.nanoTime();
    Runner runner = new Runner(plan, carrier);
    StepSearch.Choice step = new StepSearch(runner, AsyncAdmm::of, RunClock.start()).begin();
    return of(runner, step.control(plan), optimum, gap, every, MOST_TICKS, begin, log);
  }

  /** The same with a step, or with one that changes. */
  static GapRun of(
      Runner runner,
      StepControl control,
      double optimum,
      double gap,
      int every,
      long most,
      long begin,
      Consumer<String> log) {
    Plan plan = runner.plan();
    Checks checks = new Checks(every, most);
    Certifier certifier = new Certifier(runner);
    Position at = runner.start(AsyncAdmm.of(control.step()), control);
    Measurement now = certifier.first(at, checks);
    StringBuilder path = new StringBuilder();
    double decade = 0.1;
    double size = Math.abs(optimum);
    while (now.objective() > optimum + size * gap && now.tick() < most) {
      at =
          runner.run(
              now.tick(), now.superstep(), at.control(), checks, false, Runner.Steering.none());
      now = certifier.measure(at, now, checks);
      for (; now.objective() <= optimum + size * decade && decade > gap; decade /= 10) {
        path.append(String.format(Locale.ROOT, " %.0e at %d", decade, now.tick()));
      }
    }
    double links = plan.network().heard().length - plan.agents();
    GapRun run =
        new GapRun(
            control.step(),
            at.control().step(),
            at.control().changes(),
            (System.nanoTime() - begin) / 1e9,
            now.tick(),
            8e-6 * plan.dimension() * now.updates() * links / plan.agents(),
            (now.objective() - optimum) / size);
    log.accept(
        String.format(
            Locale.ROOT,
            "step %.4g, after %d changes %.4g;%s; %d ticks, %.2f s, gap %.2e",
            run.first,
            run.changes,
            run.last,
            path,
            run.ticks,
            run.seconds,
            run.gap));
    return run;
  }

  /** For a note. */
  String text(String clock, int agents) {
    return String.format(
        Locale.ROOT,
        "clock %s, %d agents, %,d ticks, the penalty changed %d times, %,.1f MB said, gap %.2e",
        clock,
        agents,
        ticks,
        changes,
        megabytes,
        gap);
  }
}
