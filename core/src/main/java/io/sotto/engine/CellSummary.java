package io.sotto.engine;

import java.io.Serializable;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a cell reports of a superstep, for one lane.
 *
 * @param active how many of its agents were active at the last tick
 * @param updates all updates of its agents so far
 * @param fault the first estimate that is not a finite number, or that grew without bound; null if
 *     there is none
 * @param sums sums over its agents, if asked for
 * @param tape what was said, if it is recorded
 * @param movement how far its agents have moved since they were last compared, if asked for
 */
public record CellSummary(
    int active,
    long updates,
    @Nullable Fault fault,
    @Nullable Sums sums,
    @Nullable Tape tape,
    @Nullable Movement movement)
    implements Serializable {

  /**
   * An estimate that is no finite number, or so large that the cell's sums are not.
   *
   * @param agent whose
   * @param tick since when
   */
  public record Fault(int agent, long tick) implements Serializable {

    /**
     * The sums are not finite as soon as one estimate is not, so looking at them is enough. They
     * may overflow a few ticks before any estimate does: then it is the largest that ran away.
     */
    static Fault of(Cell cell, long tick, double[] estimates, IntUnaryOperator at, int d) {
      int worst = 0;
      double most = -1;
      for (int i = 0; i < cell.agents.length; i++) {
        if (!RestartingAverages.isFinite(estimates, at.applyAsInt(i), d)) {
          return new Fault(cell.agents[i], tick);
        }
        double size = RestartingAverages.largest(estimates, at.applyAsInt(i), d);
        if (size > most) {
          most = size;
          worst = i;
        }
      }
      return new Fault(cell.agents[worst], tick);
    }
  }

  /**
   * Sums of the agents' estimates, of the dimension of x each.
   *
   * @param last at the last tick
   * @param current over the ticks since the last power of two, weighted
   * @param currentWeight the sum of those weights
   * @param finished over the ticks between the last two powers of two, weighted
   * @param finishedWeight the sum of those weights
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares sums
  public record Sums(
      double[] last,
      double[] current,
      double currentWeight,
      double[] finished,
      double finishedWeight)
      implements Serializable {}

  /** Turns summaries by cell and lane into summaries by lane and cell. */
  public static CellSummary[][] byLane(List<CellSummary[]> byCell) {
    CellSummary[][] byLane = new CellSummary[byCell.get(0).length][byCell.size()];
    for (int c = 0; c < byCell.size(); c++) {
      for (int lane = 0; lane < byLane.length; lane++) {
        byLane[lane][c] = byCell.get(c)[lane];
      }
    }
    return byLane;
  }
}
