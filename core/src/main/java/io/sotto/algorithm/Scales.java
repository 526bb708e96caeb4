package io.sotto.algorithm;

import java.io.Serializable;

/**
 * How numbers become whole ones: x is said as {@code x 2^e}, rounded. There is an exponent for each
 * kind of number. They are such that the sum over all agents fits into 64 bits, as long as nobody
 * has a number beyond {@link #most}, which agents check before they add.
 *
 * @param value e of values of costs
 * @param gradient e of coordinates of gradients
 * @param hessian e of second derivatives
 */
public record Scales(int value, int gradient, int hessian) implements Serializable {
  /** Sums stay below 2^62 in absolute value. */
  private static final int BITS = 62;

  /** How far numbers may grow on the way, in bits. */
  private static final int MARGIN = 16;

  /** So that every power of two is a double. */
  private static final int FARTHEST = 1000;

  /**
   * An agent whose numbers do not fit adds the masks of this round and that of the sum in their
   * place. These cancel in no sum, so that this one, which is not used, does not tell what the
   * others added: else the next one of the same numbers at a coarser scale, less this one, would be
   * what that agent has.
   */
  public static final long MISFITS = 1L << 30;

  private static final int WIDTH = 20;

  /**
   * For numbers that are at most so large in absolute value, and may grow by {@value #MARGIN} bits.
   */
  public static Scales of(int agents, double value, double gradient, double hessian) {
    return new Scales(
        exponent(agents, value), exponent(agents, gradient), exponent(agents, hessian));
  }

  /** The exponent for numbers of so many agents that are at most so large. */
  public static int exact(int agents, double bound) {
    return within(exponent(agents, bound) + MARGIN);
  }

  private static int exponent(int agents, double bound) {
    int size = bound > 0 && bound < Double.POSITIVE_INFINITY ? Math.getExponent(bound) + 1 : 0;
    int many = Integer.SIZE - Integer.numberOfLeadingZeros(agents - 1);
    return within(BITS - MARGIN - many - size);
  }

  private static int within(int exponent) {
    return Math.max(-FARTHEST, Math.min(FARTHEST, exponent));
  }

  /** The same in one word. */
  public long bits() {
    long mask = (1L << WIDTH) - 1;
    return (value & mask) << 2 * WIDTH | (gradient & mask) << WIDTH | (hessian & mask);
  }

  /** The scales that {@link #bits} made a word of. */
  public static Scales of(long bits) {
    return new Scales(part(bits, 2 * WIDTH), part(bits, WIDTH), part(bits, 0));
  }

  private static int part(long bits, int shift) {
    return (int) (bits >> shift << Long.SIZE - WIDTH >> Long.SIZE - WIDTH);
  }

  /**
   * The same, as much coarser as numbers of that size want it: of values that sum up to one, and
   * second derivatives whose traces do. A number that is beyond all the same is noticed.
   */
  Scales fit(int agents, double sumOfValues, double trace) {
    return new Scales(
        Math.min(value, exponent(agents, Math.abs(sumOfValues))),
        gradient,
        Math.min(hessian, exponent(agents, trace)));
  }

  /** The same for numbers that are so many bits larger. */
  public Scales coarser(int by) {
    return new Scales(within(value - by), within(gradient - by), within(hessian - by));
  }

  /** The largest whole number that each of so many agents may add. */
  public static double most(int agents) {
    return (double) ((1L << BITS) / agents);
  }

  /**
   * Writes a number as a whole one.
   *
   * @param most the largest
   * @return false if it is larger; then it is not written
   */
  public static boolean write(double x, int exponent, double most, double[] out, int at) {
    double whole = Math.rint(Math.scalb(x, exponent));
    if (!(Math.abs(whole) <= most)) {
      return false;
    }
    out[at] = Double.longBitsToDouble((long) whole);
    return true;
  }

  /** The number that a sum of whole ones stands for. */
  static double read(double[] sum, int at, int exponent) {
    return Math.scalb((double) Double.doubleToRawLongBits(sum[at]), -exponent);
  }

  /** How far a sum over so many agents may be off, by rounding. */
  static double rounding(int agents, int exponent) {
    return Math.scalb(agents / 2.0, -exponent);
  }
}
