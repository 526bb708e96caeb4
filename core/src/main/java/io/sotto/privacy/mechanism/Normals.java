package io.sotto.privacy.mechanism;

/**
 * Standard normal numbers out of a {@link Keystream}, by the ziggurat method: Marsaglia and Tsang
 * 2000, in the form of Doornik 2005, with 256 layers. Nearly all numbers take one multiplication;
 * the rest are decided by {@link StrictMath}. So two machines draw the same bits from one key,
 * which the generators of the JDK and of libraries do not promise: they use {@link Math}, whose
 * last bit may differ between processors, and two numbers that differ there would not cancel.
 */
final class Normals {
  private static final int LAYERS = 256;

  /** Where the last layer ends, and the area of each, from Doornik's paper. */
  private static final double END = 3.6541528853610088;

  private static final double AREA = 0.00492867323399;

  /** By layer: how far it reaches, and what part of that is under the curve all along. */
  private static final double[] REACH = new double[LAYERS + 1];

  private static final double[] INNER = new double[LAYERS];

  static {
    double height = density(END);
    REACH[0] = AREA / height;
    REACH[1] = END;
    for (int k = 2; k < LAYERS; k++) {
      REACH[k] = StrictMath.sqrt(-2 * StrictMath.log(AREA / REACH[k - 1] + height));
      height = density(REACH[k]);
    }
    REACH[LAYERS] = 0;
    for (int k = 0; k < LAYERS; k++) {
      INNER[k] = REACH[k + 1] / REACH[k];
    }
  }

  private final Keystream stream;

  /** Those of a stream, from its next bits on. */
  Normals(Keystream stream) {
    this.stream = stream;
  }

  private static double density(double x) {
    return StrictMath.exp(-0.5 * x * x);
  }

  /** The next one. */
  double next() {
    while (true) {
      long bits = stream.next();
      int layer = (int) bits & (LAYERS - 1);
      double u = (bits >> 11) * 0x1p-52; // uniform in [-1, 1), of other bits than the layer
      double x = u * REACH[layer];
      if (Math.abs(u) < INNER[layer]) {
        return x;
      }
      if (layer == 0) {
        return u < 0 ? -tail() : tail();
      }
      double above = density(REACH[layer]);
      double below = density(REACH[layer + 1]);
      if (above + uniform() * (below - above) < density(x)) {
        return x;
      }
    }
  }

  /** Beyond the last layer (Marsaglia 1964). */
  private double tail() {
    while (true) {
      double x = -StrictMath.log(uniform()) / END;
      double y = -StrictMath.log(uniform());
      if (2 * y > x * x) {
        return END + x;
      }
    }
  }

  /** Uniform in (0, 1]. */
  private double uniform() {
    return ((stream.next() >>> 11) + 1) * 0x1p-53;
  }
}
