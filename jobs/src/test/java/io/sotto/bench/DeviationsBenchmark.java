package io.sotto.bench;

import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.problem.LinearModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * C5: least absolute deviations, for which Spark has no peer, against the linear program by
 * somebody who sees all rows ({@link PooledNewton}), its value certified by a feasible dual.
 */
final class DeviationsBenchmark implements Benchmark {
  private static final int AGENTS = 100;
  private static final int ROWS_EACH = 200;
  private static final int FEATURES = 50;
  private static final int CELLS = 4;
  private static final int THREADS = 2;
  private static final int ROUNDS = 3;
  private static final double GAP = 1e-3;
  private static final double CERTAIN = 1e-9;

  @Override
  public String id() {
    return "C5";
  }

  @Override
  public String about() {
    return "least absolute deviations of 20,000 x 50 to a gap of 1e-3, against the linear program";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    PlantedRows rows = new PlantedRows(AGENTS, ROWS_EACH, FEATURES, Problems.SEED);
    LinearModel all = (LinearModel) rows.load(IntStream.range(0, AGENTS).toArray());
    long started = System.nanoTime();
    PooledNewton.Bracket known = PooledNewton.deviations(all);
    double pooled = (System.nanoTime() - started) / 1e9;
    double width = known.optimum() / known.below() - 1;
    log.accept(
        String.format(
            Locale.ROOT, "F* = %.12f; a feasible dual is %.2e below", known.optimum(), width));
    if (!(width <= CERTAIN)) {
      throw new IllegalStateException("F* is known to %s only".formatted(width));
    }
    Plan plan =
        Problems.plan(Problems.network("regular", AGENTS), rows, FEATURES, CELLS, 1).perLink(true);
    List<Figure> figures = new ArrayList<>();
    for (String clock : List.of("bernoulli 0.5", "always")) {
      boolean always = clock.equals("always");
      Plan timed = always ? Problems.always(plan) : plan;
      List<Round> reached = new ArrayList<>();
      List<Round> seconds = new ArrayList<>();
      String note = "";
      try (Coordinator carrier = new LocalCoordinator(timed, THREADS)) {
        for (int r = 0; r < ROUNDS; r++) {
          GapRun run = GapRun.of(timed, carrier, known.optimum(), GAP, log);
          seconds.add(new Round(run.seconds(), pooled));
          reached.add(new Round(known.optimum() * (1 + run.gap()), known.optimum()));
          note = run.text(clock, AGENTS);
        }
      }
      String name = always ? "C5-always" : "C5";
      figures.add(
          new Figure(
              name,
              "least absolute deviations, 20,000 x 50: F of local : of the linear program",
              "",
              Target.atMost(1 + GAP),
              reached,
              String.format(Locale.ROOT, "%s; F* is certain to %.1e by a dual", note, width)));
      figures.add(
          new Figure(
              name + "-seconds",
              "the same: seconds, trials included : of a pooled interior point method, to 1e-9",
              "s",
              Target.report(),
              seconds,
              ""));
    }
    return figures;
  }
}
