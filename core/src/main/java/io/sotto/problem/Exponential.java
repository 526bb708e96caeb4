package io.sotto.problem;

/**
 * {@code e^x} for hot loops: within 2 ulp, the same bits on every machine, in about half the time
 * of {@link StrictMath#exp}. With {@code x = (k / 64) log 2 + r}, {@code e^x} is {@code 2^(k / 64)}
 * times a polynomial of the fifth degree in r (Tang 1989, "Table-driven implementation of the
 * exponential function").
 */
final class Exponential {
  private static final int PARTS = 64;

  /** Outside of this, the power of two would not be a normal number. */
  private static final double LARGEST = 700;

  /** log 2 / 64 in two parts, of which the first has 21 bits, so that k times it is exact. */
  private static final double HIGH = 0x1.62e42p-7;

  private static final double LOW = 0x1.fdf473de6af28p-28;

  /** Added to a number below 2^31 it leaves the nearest integer in the lowest bits. */
  private static final double ROUNDING = 0x1.8p52;

  private static final double[] POWERS = new double[PARTS];

  static {
    for (int k = 0; k < PARTS; k++) {
      POWERS[k] = StrictMath.pow(2, (double) k / PARTS);
    }
  }

  private Exponential() {}

  static double of(double x) {
    if (!(Math.abs(x) < LARGEST)) {
      return StrictMath.exp(x);
    }
    double shifted = x * (1 / (HIGH + LOW)) + ROUNDING;
    int k = (int) Double.doubleToRawLongBits(shifted);
    double whole = shifted - ROUNDING;
    double r = (x - whole * HIGH) - whole * LOW;
    double p = r + r * r * ((1.0 / 2 + r * (1.0 / 6)) + r * r * (1.0 / 24 + r * (1.0 / 120)));
    double power = POWERS[k & (PARTS - 1)];
    double scale = Double.longBitsToDouble((long) ((k >> 6) + Double.MAX_EXPONENT) << 52);
    return (power + power * p) * scale;
  }
}
