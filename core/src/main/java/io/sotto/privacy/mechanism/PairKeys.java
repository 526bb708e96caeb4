package io.sotto.privacy.mechanism;

import java.io.Serializable;

/** The keys that agents share by pairs. */
public interface PairKeys extends Serializable {
  /** Stands for the bits that belong to no round. */
  long NO_ROUND = -1;

  /**
   * The random bits that two agents both know, from their beginning; the same whoever of the two
   * asks.
   *
   * @param agent who asks
   * @param other with whom it shares them
   */
  default Keystream bits(int agent, int other) {
    return bits(agent, other, NO_ROUND);
  }

  /**
   * The same for one of many rounds, each of which has bits of its own.
   *
   * @param round from 0 to below 2^31; {@link #NO_ROUND} for the bits that are for none
   */
  Keystream bits(int agent, int other, long round);

  /**
   * Keys that follow from one secret, which all agents got from whoever runs them.
   *
   * @param run names all that costs depend on
   */
  static PairKeys derived(Secret secret, String run) {
    byte[] key = secret.key("offsets", run);
    return (agent, other, round) -> stream(key, agent, other, round);
  }

  /** The stream of a pair and a round under a key. */
  static Keystream stream(byte[] key, int agent, int other, long round) {
    return new Keystream(
        key,
        Math.min(agent, other),
        Math.addExact(round, 1) << Integer.SIZE | Math.max(agent, other));
  }
}
