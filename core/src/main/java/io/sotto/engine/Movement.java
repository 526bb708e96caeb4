package io.sotto.engine;

import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How far agents have moved since the last comparison: squared distances, summed over links.
 *
 * @param estimates the squared moves of the estimate at this cell's end of each link
 * @param duals the squared moves of each link's dual
 */
public record Movement(double estimates, double duals) implements Serializable {

  /** The sum with another cell's. */
  Movement plus(Movement other) {
    return new Movement(estimates + other.estimates, duals + other.duals);
  }

  /** Where the agents of a cell stood, and the duals of their links. */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Since(double[] estimates, double[] duals) implements Serializable {

    /** As they stand now. */
    static Since of(Cell cell, CellState state) {
      int d = state.dimension;
      double[] estimates = new double[cell.agents.length * d];
      for (int i = 0; i < cell.agents.length; i++) {
        System.arraycopy(state.estimates(), state.estimateAt(i), estimates, i * d, d);
      }
      double[] duals = new double[Math.multiplyExact(cell.slots(), d)];
      for (int i = 0; i < cell.agents.length; i++) {
        for (int slot = cell.slot(i); slot < cell.slot(i + 1); slot++) {
          state.duals(i, slot, duals);
        }
      }
      return new Since(estimates, duals);
    }

    /** From there to another one. */
    Movement to(Cell cell, Since now, int d) {
      double ofEstimates = 0;
      double ofDuals = 0;
      for (int i = 0; i < cell.agents.length; i++) {
        int links = cell.slot(i + 1) - cell.slot(i);
        ofEstimates += links * square(estimates, now.estimates, i * d, d);
        ofDuals += square(duals, now.duals, cell.slot(i) * d, links * d);
      }
      return new Movement(ofEstimates, ofDuals);
    }

    private static double square(double[] from, double[] to, int at, int n) {
      double[] move = Arrays.copyOfRange(to, at, at + n);
      Vectors.addScaled(-1, from, at, move, 0, n);
      return Vectors.dot(move, 0, move, 0, n);
    }
  }
}
