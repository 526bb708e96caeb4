package io.sotto.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** How many fused multiply-adds of floats one core can do, in registers alone. */
final class FusedPeak {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int STEPS = 1000;
  private static final int CHAINS = 12;

  /** What a call of {@link #run} does, a multiplication and an addition counting two. */
  static final double FLOPS = 2.0 * CHAINS * STEPS * S.length();

  private float sink;

  /** Twelve chains, so that none waits for another. Each adds products up, as a matrix's does. */
  void run() {
    sink += chains(STEPS);
    if (Float.isNaN(sink)) {
      throw new IllegalStateException("the sums are finite");
    }
  }

  private static float chains(int steps) {
    FloatVector a = FloatVector.broadcast(S, 1e-3f);
    FloatVector b = FloatVector.broadcast(S, 1e-3f);
    FloatVector c0 = b;
    FloatVector c1 = b;
    FloatVector c2 = b;
    FloatVector c3 = b;
    FloatVector c4 = b;
    FloatVector c5 = b;
    FloatVector c6 = b;
    FloatVector c7 = b;
    FloatVector c8 = b;
    FloatVector c9 = b;
    FloatVector c10 = b;
    FloatVector c11 = b;
    for (int i = 0; i < steps; i++) {
      c0 = a.fma(b, c0);
      c1 = a.fma(b, c1);
      c2 = a.fma(b, c2);
      c3 = a.fma(b, c3);
      c4 = a.fma(b, c4);
      c5 = a.fma(b, c5);
      c6 = a.fma(b, c6);
      c7 = a.fma(b, c7);
      c8 = a.fma(b, c8);
      c9 = a.fma(b, c9);
      c10 = a.fma(b, c10);
      c11 = a.fma(b, c11);
    }
    FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return low.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }
}
