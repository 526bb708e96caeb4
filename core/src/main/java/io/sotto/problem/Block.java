package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The private rows of a group of agents, and what all agents have in common. An {@link Objective}
 * makes the costs of these agents, a {@link LocalObjective}, from it.
 *
 * @param rows the rows and their labels
 * @param weights by row, as configured; null if all are 1
 * @param offsets by row, what is added to its predictions; null if all are 0
 * @param rowWeight 1 divided by the sum of the weights of all agents' rows
 * @param agentWeight 1 divided by the number of all agents: each one's share of the regularizer
 * @param regularizer on the coefficients
 * @param intercept whether predictions have one
 * @param centre what is subtracted from every row, d numbers; null for nothing
 * @param classes how many classes the labels have; 0 if they are numbers
 * @param subjects by row, which subject of its agent it is a part of, counted from 0, where a
 *     subject has several rows, one after the other; null if each row is a subject
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares blocks
public record Block(
    Rows rows,
    double @Nullable [] weights,
    double @Nullable [] offsets,
    double rowWeight,
    double agentWeight,
    Regularizer regularizer,
    boolean intercept,
    double @Nullable [] centre,
    int classes,
    int @Nullable [] subjects)
    implements Serializable {

  /** Rows that are each a subject. */
  public Block(
      Rows rows,
      double @Nullable [] weights,
      double @Nullable [] offsets,
      double rowWeight,
      double agentWeight,
      Regularizer regularizer,
      boolean intercept,
      double @Nullable [] centre,
      int classes) {
    this(
        rows,
        weights,
        offsets,
        rowWeight,
        agentWeight,
        regularizer,
        intercept,
        centre,
        classes,
        null);
  }

  /** The same rows with another penalty. */
  public Block with(Regularizer other) {
    return new Block(
        rows,
        weights,
        offsets,
        rowWeight,
        agentWeight,
        other,
        intercept,
        centre,
        classes,
        subjects);
  }

  /** The same rows, of which those that are not chosen count nothing. */
  Block only(RowChoice chosen) {
    double[] kept = new double[rows.first(rows.agents())];
    for (int agent = 0; agent < rows.agents(); agent++) {
      for (int row = rows.first(agent); row < rows.first(agent + 1); row++) {
        double own = weights == null ? 1 : weights[row];
        kept[row] = chosen.holds(agent, subject(agent, row)) ? own : 0;
      }
    }
    return new Block(
        rows,
        kept,
        offsets,
        rowWeight,
        agentWeight,
        regularizer,
        intercept,
        centre,
        classes,
        subjects);
  }

  /** Which subject of its agent a row is a part of. */
  int subject(int agent, int row) {
    return subjects == null ? row - rows.first(agent) : subjects[row];
  }

  /** The factor of a row's loss in F: its weight times {@code rowWeight}. */
  public double weight(int row) {
    return weights == null ? rowWeight : rowWeight * weights[row];
  }

  /** What is added to a row's predictions. */
  public double offset(int row) {
    return offsets == null ? 0 : offsets[row];
  }

  /** The inner product of each row and the centre; empty without one. */
  double[] centreDots() {
    if (centre == null) {
      return new double[0];
    }
    double[] dots = new double[rows.first(rows.agents())];
    Arrays.setAll(dots, r -> rows.dot(r, centre, 0));
    return dots;
  }

  /** The square of the norm of each row, the centre taken away. */
  double[] squares(double[] centreDots) {
    double[] square = new double[rows.first(rows.agents())];
    double[] row = new double[rows.features()];
    double centreSquare = centre == null ? 0 : Vectors.dot(centre, 0, centre, 0, centre.length);
    for (int r = 0; r < square.length; r++) {
      rows.addScaled(r, 1, row, 0);
      square[r] = rows.dot(r, row, 0);
      rows.addScaled(r, -1, row, 0);
      if (centre != null) {
        square[r] = Math.max(0, square[r] - 2 * centreDots[r] + centreSquare);
      }
    }
    return square;
  }
}
