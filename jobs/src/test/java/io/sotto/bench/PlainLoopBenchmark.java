package io.sotto.bench;

import java.util.List;
import java.util.function.Consumer;

/** What the engine costs beside its arithmetic: one thread against one loop. */
final class PlainLoopBenchmark implements Benchmark {
  private static final int ROUNDS = 7;
  private static final double SECONDS = 1.5;
  private static final int BATCH = 20;

  @Override
  public String id() {
    return "B1";
  }

  @Override
  public String about() {
    return "engine local, one thread, against a plain loop";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    DenseProblem problem = DenseProblem.full();
    PlainLoop plain = new PlainLoop(problem);
    try (LocalTicks local = new LocalTicks(problem, 1)) {
      Rounds.Side value = () -> Rounds.perSecond(local::run, BATCH, SECONDS);
      Rounds.Side baseline = () -> Rounds.perSecond(plain::run, BATCH, SECONDS);
      log.accept("warm-up");
      Rounds.alternating(3, value, baseline, line -> {});
      return List.of(
          new Figure(
              id(),
              "local, 1 thread : plain loop",
              "ticks/s",
              Target.atLeast(0.9),
              Rounds.alternating(ROUNDS, value, baseline, log),
              "1,000 agents x 100 dense rows x 100 features, logistic, 4-regular network, rate 0.5,"
                  + " 4 cells, 1 tick per superstep. The plain loop keeps no averages over ticks"
                  + " and looks for no faults; the engine does both."));
    }
  }
}
