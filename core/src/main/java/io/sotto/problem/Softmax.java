package io.sotto.problem;

/**
 * Multinomial logistic regression for K classes: {@code -log p_y} with {@code p_k = e^z_k / sum_l
 * e^z_l} and a prediction z_k = w_k.a + b_k for each class. Adding one number to all predictions
 * changes nothing, so that without l2 there are many solutions, and intercepts are free up to that.
 */
public record Softmax() implements Objective {

  @Override
  public Loss.Labels labels() {
    return Loss.Labels.CLASSES;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  @Override
  public Shape shape(int features, int classes, boolean intercept) {
    return Shape.linear(classes, features, intercept);
  }

  @Override
  public boolean offsets() {
    return false;
  }

  @Override
  public LocalObjective over(Block block) {
    return new SoftmaxModel(block);
  }

  /** The loss at K predictions, which become the probabilities p. */
  static double loss(double[] z, int label) {
    double top = Double.NEGATIVE_INFINITY;
    for (double one : z) {
      top = Math.max(top, one);
    }
    double sum = 0;
    double ofLabel = top - z[label];
    for (int k = 0; k < z.length; k++) {
      z[k] = StrictMath.exp(z[k] - top);
      sum += z[k];
    }
    for (int k = 0; k < z.length; k++) {
      z[k] /= sum;
    }
    return StrictMath.log(sum) + ofLabel;
  }

  /** The conjugate of the loss at u = p - e_y, the label's p lessened by 1: {@code sum p log p}. */
  static double conjugate(double[] u, int at, int classes, int label) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += Logistic.xLogX(Math.max(0, u[at + k] + (k == label ? 1 : 0)));
    }
    return sum;
  }
}
