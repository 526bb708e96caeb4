package io.sotto.result;

import io.sotto.engine.Question;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;

/**
 * A linear function {@code slope.y + constant} that is nowhere above F without its penalty. So is
 * every mixture of two.
 *
 * @param slope d coordinates, those without a penalty or a set last
 * @param constant the value at 0
 * @param size the sum of the absolute values that went into constant, of which rounding takes a
 *     part
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record Minorant(double[] slope, double constant, double size) {

  /**
   * The minorant at a point of a convex function.
   *
   * @param value at the point
   * @param size the sum of the absolute values that went into value
   * @param slope a subgradient there
   */
  static Minorant at(double value, double size, double[] slope, double[] point) {
    double inner = Vectors.dot(slope, 0, point, 0, point.length);
    double absolute = 0;
    for (int j = 0; j < point.length; j++) {
      absolute += Math.abs(slope[j] * point[j]);
    }
    return new Minorant(slope, value - inner, size + absolute);
  }

  /**
   * The minorant at x of F without its penalty.
   *
   * @param which of the slopes that were asked for is that at x
   * @param value of F at x
   * @param n the number of coefficients, to which the penalty applies
   */
  static Minorant of(Question.Minorants given, int which, double[] x, double value, int n) {
    Regularizer penalty = given.penalty();
    double penalised = given.share() * penalty.value(x, 0, n);
    double[] own = given.slopes()[which].clone();
    for (int j = 0; j < n; j++) {
      own[j] -= given.share() * penalty.l2() * penalty.unit(j) * penalty.unit(j) * x[j];
    }
    return at(value - penalised, Math.abs(value) + penalised, own, x);
  }

  /** {@code (1 - share) this + share other}, for a share between 0 and 1. */
  Minorant mixed(Minorant other, double share) {
    double[] mixed = new double[slope.length];
    Vectors.setScaled(1 - share, slope, 0, mixed, 0, mixed.length);
    Vectors.addScaled(share, other.slope, 0, mixed, 0, mixed.length);
    return new Minorant(
        mixed,
        (1 - share) * constant + share * other.constant,
        (1 - share) * size + share * other.size);
  }

  /**
   * The mixture with another one that does not depend on the last coordinate, which nothing bounds.
   *
   * @param other rises along that coordinate where this falls, or falls where it rises
   */
  Minorant level(Minorant other) {
    int last = slope.length - 1;
    Minorant mixed = mixed(other, slope[last] / (slope[last] - other.slope[last]));
    mixed.slope[last] = 0;
    return mixed;
  }

  /** True if all its numbers are finite. */
  boolean isFinite() {
    double sum = constant * 0 + size * 0;
    for (double s : slope) {
      sum += s * 0; // 0, or NaN for what is not finite
    }
    return sum == 0;
  }
}
