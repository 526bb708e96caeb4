package io.sotto.problem;

/** All points: no constraint. */
public record WholeSpace() implements ConstraintSet {
  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    // Every point is a member.
  }

  @Override
  public ConstraintSet in(Coordinates units) {
    return this;
  }
}
