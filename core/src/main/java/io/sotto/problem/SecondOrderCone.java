package io.sotto.problem;

/**
 * The second-order (ice cream) cone: all (u, t) with {@code |u| <= t}, t being the last coefficient
 * and u the others. A point outside moves to the ray of the cone's edge that is nearest, or to 0 if
 * it is below the cone of the other side:
 *
 * <pre>
 *   (1 + t / |u|) / 2 (u, |u|)   if |t| &lt; |u|,      0   if |u| &lt;= -t
 * </pre>
 */
public record SecondOrderCone() implements ConstraintSet {

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    int last = at + n - 1;
    double t = x[last];
    double length = Math.sqrt(Vectors.dot(x, at, x, at, n - 1));
    if (length <= t) {
      return;
    }
    double share = length <= -t ? 0 : (1 + t / length) / 2;
    Vectors.setScaled(share, x, at, x, at, n - 1);
    x[last] = share * length;
  }
}
