package io.sotto.clock;

/**
 * Counter-based randomness: 64 bits that are a function of (seed, agent, tick, purpose) alone, by
 * the finaliser of SplitMix64 (Steele, Lea and Flood 2014) over the tuple. There is no state, so
 * the order of draws does not matter.
 */
public final class Draws {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** What a draw is for: draws for different purposes are independent. */
  public enum Purpose {
    ACTIVATION(1),
    SUBGRADIENT(2),
    DEAL(3),
    LOSS(11),
    LINK(12),
    DELAY(13),
    OFFLINE(14),
    MEASUREMENT(15),
    KEYS(16),
    HELD_OUT(17),

    AUDIT(64);

    private final long salt;

    Purpose(long salt) {
      this.salt = salt;
    }
  }

  private Draws() {}

  /** 64 uniform bits. */
  public static long bits(long seed, long agent, long tick, Purpose purpose) {
    long h = mix(seed + GOLDEN * purpose.salt);
    h = mix(h + GOLDEN * (agent + 1));
    return mix(h + GOLDEN * (tick + 1));
  }

  /** A uniform number in [0, 1), a multiple of 2^-53. */
  public static double uniform(long seed, long agent, long tick, Purpose purpose) {
    return (bits(seed, agent, tick, purpose) >>> 11) * 0x1p-53;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
