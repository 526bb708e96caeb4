package io.sotto.model.task;

/**
 * Which questions are trained on. A hash of the whole question decides, each bit of which depends
 * on each of its characters, so that no digit or pair of digits tells.
 *
 * @param heldOut the share of questions that are not trained on, in (0, 1)
 */
public record Split(double heldOut) implements java.io.Serializable {
  private static final long BASIS = 0xCBF2_9CE4_8422_2325L;
  private static final long PRIME = 0x100_0000_01B3L;

  /** Refuses a split that leaves nothing on one side. */
  public Split {
    if (!(heldOut > 0 && heldOut < 1)) {
      throw new IllegalArgumentException(
          "the share of held-out questions must lie between 0 and 1, not be " + heldOut);
    }
  }

  /** Whether a question is held out. */
  public boolean isHeldOut(String question) {
    return (hash(question, BASIS) >>> 11) * 0x1p-53 < heldOut;
  }

  /** To which of some parts, all of the same size, a question belongs. */
  static int part(String question, int parts) {
    return (int) Long.remainderUnsigned(hash(question, ~BASIS), parts);
  }

  private static long hash(String question, long basis) {
    long hash = basis; // Fowler, Noll and Vo
    for (int k = 0; k < question.length(); k++) {
      hash = (hash ^ question.charAt(k)) * PRIME;
    }
    hash = (hash ^ (hash >>> 30)) * 0xBF58_476D_1CE4_E5B9L; // Stafford, mix 13
    hash = (hash ^ (hash >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return hash ^ (hash >>> 31);
  }
}
