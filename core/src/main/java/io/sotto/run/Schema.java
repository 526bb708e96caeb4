package io.sotto.run;

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
 * @param sparse whether columns are numbered, and one that no row has is not there
 * @param shape the coordinates of x
 * @param labels what the labels mean
 * @param standardization from the columns to the units in which the problem is solved
 * @param standardized whether that was made from sums over the rows
 * @param weight the column of weights; null for none
 * @param offset the column that is added to predictions; null for none
 * @param leftOut the columns that are nothing of this, and why
 */
public record Schema(
    List<String> features,
    boolean intercept,
    boolean sparse,
    Objective.Shape shape,
    LabelCode labels,
    Standardization standardization,
    boolean standardized,
    @Nullable String weight,
    @Nullable String offset,
    Map<String, String> leftOut)
    implements Serializable {}
