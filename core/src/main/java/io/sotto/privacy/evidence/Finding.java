package io.sotto.privacy.evidence;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What an attack says about a victim. */
public sealed interface Finding {

  /**
   * A guess of the victim's subgradient.
   *
   * @param atOptimum at the published solution
   * @param ticks ticks of the run of which it knows more, ascending; may be empty
   * @param points where the victim took its subgradient at each of them, one after the other
   * @param alongRun the guesses of the subgradients there
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Subgradient(double[] atOptimum, int[] ticks, double[] points, double[] alongRun)
      implements Finding {

    /** A guess at the optimum alone. */
    public static Subgradient of(double[] atOptimum) {
      return new Subgradient(atOptimum, new int[0], new double[0], new double[0]);
    }
  }

  /**
   * A model that the victim had fitted to its own rows.
   *
   * @param subgradient what it tells of the victim's subgradients; null if nothing
   */
  @SuppressWarnings("ArrayRecordComponent")
  record LocalModel(double[] x, @Nullable Subgradient subgradient) implements Finding {}

  /**
   * A guess of the ticks at which the victim was active.
   *
   * @param active by tick
   * @param rate of its clock
   */
  record Clock(BitSet active, double rate) implements Finding {}

  /**
   * Guesses of the victim's rows.
   *
   * @param features row after row, as the problem is solved
   * @param labels as many as there are rows
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Rows(double[] features, double[] labels) implements Finding {}
}
