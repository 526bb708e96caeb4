package io.sotto.model;

/**
 * The exponential of floats, to the same bits everywhere: a polynomial of degree 6 on half a binary
 * order each way, then a shift of the exponent. The error is below 2 ulp; below -87 and above 88 it
 * stays what it is there.
 */
final class FloatExponential {
  static final float LEAST = -87f;
  static final float MOST = 88f;
  static final float PER_LN2 = 1.44269504f;

  /** Adding it rounds to a whole number, which then stands in the low bits. */
  static final float ROUND = 12582912f;

  /** ln 2 in two parts, so that the whole part is taken off exactly. */
  static final float LN2_HIGH = -0.693145752f;

  static final float LN2_LOW = -1.42860677e-6f;
  static final float C6 = 1.3888889e-3f;
  static final float C5 = 8.3333333e-3f;
  static final float C4 = 4.1666667e-2f;
  static final float C3 = 0.16666667f;
  static final float C2 = 0.5f;

  private FloatExponential() {}

  static float exp(float of) {
    float x = Math.min(Math.max(of, LEAST), MOST);
    float t = Math.fma(x, PER_LN2, ROUND);
    float n = t - ROUND;
    float r = Math.fma(n, LN2_HIGH, x);
    r = Math.fma(n, LN2_LOW, r);
    float p = Math.fma(C6, r, C5);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << 23));
  }
}
