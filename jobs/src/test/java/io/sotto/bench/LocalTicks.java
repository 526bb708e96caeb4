package io.sotto.bench;

import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Superstep;
import java.util.List;

/** A problem on the engine {@code local}, driven as a session does between measurements. */
final class LocalTicks implements AutoCloseable {
  private final DenseProblem problem;
  private final Coordinator carrier;
  private long tick;

  /** At x(0), before tick 1. */
  LocalTicks(DenseProblem problem, int threads) {
    this.problem = problem;
    this.carrier = new LocalCoordinator(problem.plan(), threads);
    carrier.start(List.of(problem.algorithm()));
  }

  /** Runs so many ticks, a superstep each. */
  void run(int ticks) {
    for (int k = 0; k < ticks; k++) {
      tick++;
      for (CellSummary cell : carrier.superstep(new Superstep(tick, 1, false, false))[0]) {
        if (cell.fault() != null) {
          throw new IllegalStateException("diverged: " + cell.fault());
        }
      }
    }
  }

  /** Agents x features, as they stand. */
  double[] estimates() {
    int d = problem.features();
    double[] all = new double[problem.agents() * d];
    for (CellEstimates cell : carrier.ask(CellReport.estimates(), null)) {
      for (int i = 0; i < cell.agents().length; i++) {
        System.arraycopy(cell.estimates(), i * d, all, cell.agents()[i] * d, d);
      }
    }
    return all;
  }

  @Override
  public void close() {
    carrier.close();
  }
}
