package io.sotto.privacy.mechanism;

/**
 * Whole numbers k with probability proportional to exp(-k^2 / (2 s^2)), s a whole number: the
 * discrete Gaussian distribution, drawn exactly, from whole numbers alone.
 *
 * <p>A normal number in floating point has gaps in its last digits that depend on what it was added
 * to, and give that away (Mironov 2012). These have none: noise and what it hides are whole
 * numbers.
 *
 * <p>By rejection from the discrete Laplace distribution of the same scale, whose coins of odds
 * exp(-a / b) are tossed by whole numbers below b k: Canonne, Kamath and Steinke 2020
 * (arXiv:2004.00010), algorithms 1 to 3. Some fifteen random words a number.
 *
 * @param scale s, from 1 to {@link #LARGEST}
 */
record DiscreteGaussian(long scale) {
  /** Above this, squares of numbers that may occur do not fit 64 bits. */
  static final long LARGEST = 1L << 24;

  DiscreteGaussian {
    if (scale < 1 || scale > LARGEST) {
      throw new IllegalArgumentException("a scale of " + scale);
    }
  }

  /** The next number. */
  long next(Keystream bits) {
    while (true) {
      long k = laplace(bits);
      long gap = Math.abs(k) - scale;
      if (coin(bits, Math.multiplyExact(gap, gap), 2 * scale * scale)) {
        return k;
      }
    }
  }

  /** With probability proportional to exp(-|k| / s). */
  private long laplace(Keystream bits) {
    while (true) {
      long rest = bits.below(scale);
      if (!coin(bits, rest, scale)) {
        continue;
      }
      long size = rest;
      while (coin(bits, 1, 1)) {
        size += scale;
      }
      boolean negative = bits.next() < 0;
      if (size != 0 || !negative) { // 0 would count twice
        return negative ? -size : size;
      }
    }
  }

  /** True with probability exp(-a / b). */
  private static boolean coin(Keystream bits, long a, long b) {
    long left = a;
    for (; left > b; left -= b) {
      if (!shortCoin(bits, b, b)) {
        return false;
      }
    }
    return shortCoin(bits, left, b);
  }

  /** The same where a is at most b: by the signs of the exponential series. */
  private static boolean shortCoin(Keystream bits, long a, long b) {
    long k = 1;
    while (bits.below(Math.multiplyExact(b, k)) < a) {
      k++;
    }
    return k % 2 == 1;
  }
}
