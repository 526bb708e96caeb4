package io.sotto.bench;

import java.util.List;
import java.util.function.Consumer;

/** What a second thread is good for. */
final class ThreadsBenchmark implements Benchmark {
  private static final int ROUNDS = 7;
  private static final double SECONDS = 1.5;
  private static final int BATCH = 20;

  @Override
  public String id() {
    return "B2";
  }

  @Override
  public String about() {
    return "engine local, two threads against one";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    DenseProblem problem = DenseProblem.full();
    try (LocalTicks one = new LocalTicks(problem, 1);
        LocalTicks two = new LocalTicks(problem, 2)) {
      Rounds.Side value = () -> Rounds.perSecond(two::run, BATCH, SECONDS);
      Rounds.Side baseline = () -> Rounds.perSecond(one::run, BATCH, SECONDS);
      log.accept("warm-up");
      Rounds.alternating(3, value, baseline, line -> {});
      return List.of(
          new Figure(
              id(),
              "local, 2 threads : 1 thread",
              "ticks/s",
              Target.atLeast(1.7),
              Rounds.alternating(ROUNDS, value, baseline, log),
              "The problem of B1. Both cores must be free: what else runs counts against it."));
    }
  }
}
