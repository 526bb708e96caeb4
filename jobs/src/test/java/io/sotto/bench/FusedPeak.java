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

  /** Twelve chains, so that none waits for another. */
  void run() {
    sink += chains(STEPS);
    if (Float.isNaN(sink)) {
      throw new IllegalStateException("the chains converge to 1e-3");
    }
  }

  private static float chains(int steps) {
    FloatVector a = FloatVector.broadcast(S, 0.999f);
    FloatVector b = FloatVector.broadcast(S, 1e-6f);
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
      c0 = c0.fma(a, b);
      c1 = c1.fma(a, b);
      c2 = c2.fma(a, b);
      c3 = c3.fma(a, b);
      c4 = c4.fma(a, b);
      c5 = c5.fma(a, b);
      c6 = c6.fma(a, b);
      c7 = c7.fma(a, b);
      c8 = c8.fma(a, b);
      c9 = c9.fma(a, b);
      c10 = c10.fma(a, b);
      c11 = c11.fma(a, b);
    }
    FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return low.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }
}
