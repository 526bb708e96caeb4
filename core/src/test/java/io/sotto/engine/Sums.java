package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.SecureNewton;
import io.sotto.algorithm.SummingRounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Runs of rounds of sums, looked at from everywhere. */
public final class Sums {
  private Sums() {}

  /** Second derivatives of up to so many coordinates. */
  public static Algorithm method(int coordinates) {
    return new SummingRounds(new SecureNewton(coordinates));
  }

  /**
   * What became of a run.
   *
   * @param points by round, the bits of the point that everybody is at
   * @param last the tick at which the last round began at the root; 0 if the rounds did not end
   * @param end where the rounds stand
   * @param waiting for how many agents the last waits
   */
  public record Course(
      Map<Long, List<Long>> points, int last, CellReport.Rounds end, int waiting) {}

  /** Runs so many ticks. */
  public static Course run(Plan any, Algorithm algorithm, int ticks) {
    return run(any.by(algorithm), algorithm, ticks, new Inboxes(), 1);
  }

  static Course run(Plan plan, Algorithm algorithm, int ticks, Exchange exchange, int threads) {
    int root = IntStream.range(0, plan.agents()).filter(i -> plan.parents()[i] < 0).sum();
    Map<Long, List<Long>> points = new TreeMap<>();
    CellReport.Rounds end = new CellReport.Rounds(0, true, new int[0], new int[0]);
    int waiting = 0;
    int last = 0;
    try (Coordinator cells = new LocalCoordinator(plan, threads, exchange)) {
      cells.start(List.of(algorithm));
      int each = plan.ticksPerSuperstep();
      for (int tick = 1; tick <= ticks; tick += each) {
        cells.superstep(new Superstep(tick, each, false, false));
        List<CellReport.Rounds> rounds = cells.ask(CellReport.rounds(), null);
        int cell = plan.partition().cellOf(root);
        CellReport.Rounds now = rounds.get(cell);
        CellEstimates there = cells.ask(CellReport.estimates(), null).get(cell);
        int i = Arrays.binarySearch(there.agents(), root);
        List<Long> bits = new ArrayList<>();
        for (int j = 0; j < there.dimension(); j++) {
          bits.add(Double.doubleToRawLongBits(there.estimates()[i * there.dimension() + j]));
        }
        points.put(now.number(), bits);
        last = end.open() && !now.open() ? tick : last;
        end = now;
        waiting = CellReport.Rounds.waiting(rounds);
      }
    }
    return new Course(points, last, end, waiting);
  }
}
