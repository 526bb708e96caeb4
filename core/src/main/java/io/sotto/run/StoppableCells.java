package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Request;
import io.sotto.engine.StoredStates;
import io.sotto.engine.Superstep;
import io.sotto.engine.Wiretap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cells that do nothing more once a run is asked to end. What has begun is done to its end, so that
 * they stand where the last superstep left them.
 *
 * @param cells that do the work
 * @param interrupted asked before every superstep and every question
 */
record StoppableCells(Coordinator cells, BooleanSupplier interrupted) implements Coordinator {

  /** Throws if the run is asked to end. */
  static void check(BooleanSupplier interrupted) {
    if (interrupted.getAsBoolean()) {
      throw new InterruptedRunException("The run was interrupted.");
    }
  }

  @Override
  public String name() {
    return cells.name();
  }

  @Override
  public void under(Mechanism mechanism) {
    check(interrupted);
    cells.under(mechanism);
  }

  @Override
  public void record(Wiretap tap) {
    cells.record(tap);
  }

  @Override
  public int lanes() {
    return cells.lanes();
  }

  @Override
  public CellSummary[][] start(List<? extends Algorithm> lanes) {
    check(interrupted);
    return cells.start(lanes);
  }

  @Override
  public CellSummary[] restore(Algorithm algorithm, StoredStates stored) {
    check(interrupted);
    return cells.restore(algorithm, stored);
  }

  @Override
  public void stored(Algorithm algorithm, StoredStates stored) {
    cells.stored(algorithm, stored);
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    check(interrupted);
    return cells.superstep(superstep);
  }

  @Override
  public <R> List<R> ask(Request<R> request, @Nullable Superstep next) {
    check(interrupted);
    return cells.ask(request, next);
  }

  @Override
  public void close() {
    cells.close();
  }
}
