package io.sotto.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of the rows mean to the problem: what one needs to read a solution of it.
 *
 * @param features their names, in order
 * @param intercept whether the model has one
 * @param shape the coordinates of x
 * @param labels what the labels mean
 * @param standardization what is done to features
 * @param weight the column that says what a row counts for; null for 1
 * @param offset the column that is added to predictions; null for 0
 */
public record RowSchema(
    List<String> features,
    boolean intercept,
    Objective.Shape shape,
    LabelCode labels,
    Standardization standardization,
    @Nullable String weight,
    @Nullable String offset) {

  /** The number of coordinates of x. */
  public int dimension() {
    return shape.dimension();
  }
}
