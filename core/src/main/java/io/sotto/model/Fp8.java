package io.sotto.model;

/** Numbers of 8 bits, E4M3 (Micikevicius et al., arXiv:2209.05433), with a scale for each tile. */
final class Fp8 {
  /** The largest number, the bits of the mantissa, the least exponent of a normal number. */
  private static final float LARGEST = 448;

  private static final int MANTISSA = 3;
  private static final int LEAST_EXPONENT = -6;

  /** A tile of zeros has the scale of one with this largest number. */
  private static final float LEAST_MAXIMUM = 1e-4f;

  private Fp8() {}

  /** Rounds a tile: its largest number becomes the largest of E4M3, times the scale. */
  static void round(
      float[] from, int at, int stride, float[] to, int toAt, int toStride, int rows, int columns) {
    float most = LEAST_MAXIMUM;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        most = Math.max(most, Math.abs(from[at + i * stride + j]));
      }
    }
    float scale = most / LARGEST;
    float inverse = LARGEST / most;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        to[toAt + i * toStride + j] = rounded(from[at + i * stride + j] * inverse) * scale;
      }
    }
  }

  /** The nearest number of E4M3, ties to even; beyond the largest one, that. */
  static float rounded(float x) {
    float least = Math.scalb(1f, LEAST_EXPONENT - MANTISSA);
    float size = Math.abs(x);
    float spacing =
        size < Math.scalb(1f, LEAST_EXPONENT)
            ? least
            : Float.intBitsToFloat(
                (Float.floatToRawIntBits(size) & 0x7f80_0000) - (MANTISSA << 23));
    float magic = spacing * 0x1.8p23f; // adding it rounds to a multiple of the spacing
    float near = (size + magic) - magic;
    return Math.copySign(Math.min(near, LARGEST), x);
  }
}
