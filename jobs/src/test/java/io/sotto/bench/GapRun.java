package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Measurement;
import io.sotto.engine.Plan;
import io.sotto.engine.Session;
import io.sotto.engine.StepSearch;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What it took to come to a relative gap: trials for the penalty and a run, as the optimize command
 * has them.
 *
 * @param trials their number
 * @param trialTicks their ticks
 * @param trialSeconds their seconds
 * @param step 1 / rho, which they chose
 * @param seconds of all
 * @param ticks of the run
 * @param megabytes that agents said in the run
 * @param gap that was reached
 */
record GapRun(
    int trials,
    int trialTicks,
    double trialSeconds,
    double step,
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
    Session session = new Session(plan, carrier);
    StepSearch.Choice step = new StepSearch(session, AsyncAdmm::of).choose();
    double trials = (System.nanoTime() - begin) / 1e9;
    Algorithm algorithm = AsyncAdmm.of(step.initial());
    Measurement now = session.start(algorithm, new Checks(every, MOST_TICKS));
    StringBuilder path = new StringBuilder();
    double decade = 0.1;
    while (now.objective() > optimum * (1 + gap) && now.tick() < MOST_TICKS) {
      now = session.run(false, () -> false, tick -> {});
      for (; now.objective() <= optimum * (1 + decade) && decade > gap; decade /= 10) {
        path.append(String.format(Locale.ROOT, " %.0e at %d", decade, now.tick()));
      }
    }
    double links = plan.network().heard().length - plan.agents();
    GapRun run =
        new GapRun(
            step.trials().size(),
            step.trials().stream().mapToInt(StepSearch.Trial::ticks).sum(),
            trials,
            step.initial(),
            (System.nanoTime() - begin) / 1e9,
            now.tick(),
            8e-6 * plan.dimension() * now.updates() * links / plan.agents(),
            now.objective() / optimum - 1);
    log.accept(
        String.format(
            Locale.ROOT,
            "%d trials of %d ticks in all in %.2f s, step %.4g;%s; %d ticks, %.2f s in all, gap %.2e",
            run.trials,
            run.trialTicks,
            run.trialSeconds,
            run.step,
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
        "clock %s, %d agents, %d ticks of trials, then %,d ticks and %,.1f MB said, gap %.2e",
        clock,
        agents,
        trialTicks,
        ticks,
        megabytes,
        gap);
  }
}
