package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Superstep;
import java.util.List;

/** A run that is taken some supersteps further at a time. No measurements are made in it. */
final class Supersteps implements AutoCloseable {
  private final Coordinator carrier;
  private final int ticks;
  private long tick;

  /** Puts all agents at their start; closes the carrier with itself. */
  Supersteps(Plan plan, Coordinator carrier) {
    this.carrier = carrier;
    this.ticks = plan.ticksPerSuperstep();
    Algorithm algorithm = Problems.algorithm(plan.agents());
    carrier.start(List.of(algorithm));
  }

  /** Runs so many supersteps; the milliseconds that each took on average. */
  double millis(int count) {
    long begin = System.nanoTime();
    for (int k = 0; k < count; k++) {
      carrier.superstep(new Superstep(tick + 1, ticks, false, false));
      tick += ticks;
    }
    return (System.nanoTime() - begin) / 1e6 / count;
  }

  @Override
  public void close() {
    carrier.close();
  }
}
