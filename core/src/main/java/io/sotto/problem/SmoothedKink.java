package io.sotto.problem;

import org.hipparchus.special.Erf;
import org.jspecify.annotations.Nullable;

/**
 * A loss of two straight pieces that meet at z = y, with its kink smoothed: its mean where the
 * residual has a normal error of deviation {@code width}. It is nowhere below the loss, and nowhere
 * above it by more than {@code 0.4 (below + above) width}. Its second derivative is what a kernel
 * estimates the density of residuals at the kink by, times {@code below + above} (Fernandes, Guerre
 * and Horta, "Smoothing Quantile Regressions", 2021).
 *
 * @param below the loss falls so steeply where z is below y, above 0
 * @param above it rises so steeply where z is above y, above 0
 * @param width in units of the label, above 0
 */
public record SmoothedKink(double below, double above, double width) implements Loss {
  /** So many widths away the smoothed loss and the loss have the same bits. */
  private static final double FAR = 40;

  private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);

  /**
   * A loss with its kink smoothed.
   *
   * @return null if the loss does not have one kink, at the label
   */
  public static @Nullable SmoothedKink of(@Nullable Loss loss, double width) {
    if (loss instanceof Quantile quantile) {
      return new SmoothedKink(quantile.level(), 1 - quantile.level(), width);
    }
    return loss instanceof Absolute ? new SmoothedKink(1, 1, width) : null;
  }

  /** The same with another width. */
  public SmoothedKink of(double other) {
    return new SmoothedKink(below, above, other);
  }

  /** Which quantile of labels is the best constant. */
  public double level() {
    return below / (below + above);
  }

  @Override
  public double value(double z, double y) {
    double r = z - y;
    if (Math.abs(r) >= FAR * width) {
      return r > 0 ? above * r : -below * r;
    }
    return (below + above) * (r * share(r) + width * density(r)) - below * r;
  }

  @Override
  public double derivative(double z, double y) {
    double r = z - y;
    if (Math.abs(r) >= FAR * width) {
      return r > 0 ? above : -below;
    }
    return (below + above) * share(r) - below;
  }

  @Override
  public double second(double z, double y) {
    return (below + above) / width * density(z - y);
  }

  /** How likely the error is below r. */
  private double share(double r) {
    return Erf.erfc(-r / width / Math.sqrt(2)) / 2;
  }

  /** The density of the error at r, times the width. */
  private double density(double r) {
    double t = r / width;
    return Math.abs(t) >= FAR ? 0 : DENSITY * StrictMath.exp(-t * t / 2);
  }

  @Override
  public Labels labels() {
    return Labels.REAL;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  @Override
  public double curvature(double y) {
    return (below + above) * DENSITY / width;
  }
}
