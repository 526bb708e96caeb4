package io.sotto.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The engine against what the machine can do at most. */
final class RooflineBenchmark implements Benchmark {
  private static final int ROUNDS = 7;
  private static final int BATCH = 20;

  @Override
  public String id() {
    return "B3";
  }

  @Override
  public String about() {
    return "engine local, one thread, against the roofline of this machine";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    DenseProblem problem = DenseProblem.full();
    double bytes = bytes(problem);
    double flops = flops(problem);
    Ceiling.Meter meter = new Ceiling.Meter();
    List<Ceiling> ceilings = new ArrayList<>();
    try (LocalTicks local = new LocalTicks(problem, 1)) {
      Rounds.Side value = () -> Rounds.fastest(Ceiling.RUNS, local::run, BATCH, Ceiling.SECONDS);
      Rounds.Side baseline =
          () -> {
            Ceiling ceiling = meter.measure();
            log.accept(ceiling.toString());
            ceilings.add(ceiling);
            return 1 / ceiling.seconds(bytes, flops);
          };
      log.accept("warm-up");
      Rounds.alternating(3, value, baseline, line -> {});
      ceilings.clear();
      List<Round> rounds = Rounds.alternating(ROUNDS, value, baseline, log);
      Ceiling middle = middle(ceilings, bytes, flops);
      return List.of(
          new Figure(
              id(),
              "local, 1 thread : roofline",
              "ticks/s",
              Target.atLeast(0.5),
              rounds,
              String.format(
                  Locale.ROOT,
                  "The problem of B1. A tick takes %.1f MB (rows of active agents once, states"
                      + " read and written) and %.1f Mflop (4 for each entry of those rows, 2 d"
                      + " for each link end). The bound is %s: %s (24 bytes for each element)."
                      + " Both sides: the best of %d runs of %s s.",
                  bytes / 1e6,
                  flops / 1e6,
                  middle.limit(bytes, flops),
                  middle,
                  Ceiling.RUNS,
                  Ceiling.SECONDS)));
    }
  }

  private static Ceiling middle(List<Ceiling> ceilings, double bytes, double flops) {
    List<Ceiling> sorted = new ArrayList<>(ceilings);
    sorted.sort(Comparator.comparingDouble(c -> c.seconds(bytes, flops)));
    return sorted.get(sorted.size() / 2);
  }

  /** Of a mean tick: labels and rows of active agents, and every estimate once in and once out. */
  static double bytes(DenseProblem p) {
    double active = DenseProblem.RATE * p.agents();
    return 8 * (active * p.rowsEach() * (p.features() + 1) + 2.0 * p.agents() * p.features());
  }

  /** Of a mean tick. */
  static double flops(DenseProblem p) {
    double active = DenseProblem.RATE * p.agents();
    return 4 * active * p.rowsEach() * p.features()
        + 2.0 * p.features() * p.network().heard().length;
  }
}
