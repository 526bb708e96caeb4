package io.sotto.run;

import io.sotto.formula.Design;
import io.sotto.problem.Coordinates;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinates of x mean in the columns of rows.
 *
 * @param features the names of the columns, in order
 * @param intercept whether there is a constant
 * @param sparse whether rows are sparse (libsvm): columns have numbers for names, and a column that
 *     no row has does not exist
 * @param vectors whether a feature is a slot of a vector of Spark MLlib, and no column
 * @param shape the coordinates of x
 * @param labels what the labels mean
 * @param standardization from the columns to the units in which the problem is solved
 * @param standardized whether it was computed from sums over all rows
 * @param weight the column of weights; null for none
 * @param offset the column that is added to predictions; null for none
 * @param leftOut all other columns, and why they are not used
 * @param design how columns become features; null if they are taken as they are
 * @param cuts where intervals of time end, which the last features stand for; none without time
 */
public record Schema(
    List<String> features,
    boolean intercept,
    boolean sparse,
    boolean vectors,
    Objective.Shape shape,
    LabelCode labels,
    Standardization standardization,
    boolean standardized,
    @Nullable String weight,
    @Nullable String offset,
    Map<String, String> leftOut,
    @Nullable Design design,
    Coordinates cuts)
    implements Serializable {

  /** Of rows without time. */
  public Schema(
      List<String> features,
      boolean intercept,
      boolean sparse,
      boolean vectors,
      Objective.Shape shape,
      LabelCode labels,
      Standardization standardization,
      boolean standardized,
      @Nullable String weight,
      @Nullable String offset,
      Map<String, String> leftOut,
      @Nullable Design design) {
    this(
        features,
        intercept,
        sparse,
        vectors,
        shape,
        labels,
        standardization,
        standardized,
        weight,
        offset,
        leftOut,
        design,
        Coordinates.NONE);
  }
}
