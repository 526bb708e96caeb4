package io.sotto.privacy.mechanism;

import java.io.Serializable;

/** The keys that agents share by pairs. */
public interface PairKeys extends Serializable {

  /**
   * The random bits that two agents both know, from their beginning; the same whoever of the two
   * asks.
   *
   * @param agent who asks
   * @param other with whom it shares them
   */
  Keystream bits(int agent, int other);

  /**
   * Keys that follow from one secret, which all agents got from whoever runs them.
   *
   * @param run names all that costs depend on
   */
  static PairKeys derived(Secret secret, String run) {
    byte[] key = secret.key("offsets", run);
    return (agent, other) -> new Keystream(key, Math.min(agent, other), Math.max(agent, other));
  }
}
