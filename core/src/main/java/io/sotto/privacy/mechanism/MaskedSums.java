package io.sotto.privacy.mechanism;

import io.sotto.algorithm.Scales;
import io.sotto.engine.Mechanism;
import io.sotto.network.Links;
import io.sotto.problem.LocalObjective;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Masks on what agents add to sums. In round t agent i adds, modulo 2^64,
 *
 * <pre>
 *   p_i + sum over j of m_ij(t),   m_ij = -m_ji,
 * </pre>
 *
 * <p>p_i being its part as whole numbers, and j going over the agents with which i shares a key
 * ({@link KeyGraph}). Both draw m_ij from the key and the round: the lower one adds it, the other
 * subtracts it. So all masks cancel in the sum over all agents, to the last bit, and in no other.
 *
 * <p>Guarantee, for any method that says nothing but such sums and what follows from the sum over
 * all. Take an adversary that controls some agents, and knows their keys, and the connected parts
 * of the graph of keys among the others. Given the sums of p_i over each of these parts, all else
 * that it receives is uniform: a sum over agents that are not whole parts has a mask that it does
 * not know. So its view can be simulated from the sums over honest parts at the points y_t, up to
 * the chance of breaking AES. Bonawitz et al. 2017 and Bell et al. 2020 mask sums for a server in
 * this way.
 *
 * <p>Costs stay as they are; so do all results, to the last bit.
 *
 * <p>Cost: for each agent and round as many bytes of a keystream as it says, for each of its keys.
 */
public final class MaskedSums implements Mechanism {
  private static final long serialVersionUID = 1;

  private final Links keys;
  private final @Nullable PairKeys secrets;
  private final Scales scales;

  /**
   * Masks.
   *
   * @param keys who shares a key with whom
   * @param secrets the keys; null to leave sums without masks
   * @param scales how finely agents round what they add
   */
  public MaskedSums(Links keys, @Nullable PairKeys secrets, Scales scales) {
    this.keys = keys;
    this.secrets = secrets;
    this.scales = scales;
  }

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    return costs;
  }

  @Override
  public Scales scales() {
    return scales;
  }

  /** Whether two agents share a key, of which others know nothing. */
  public boolean pair(int agent, int other) {
    if (secrets == null) {
      return false;
    }
    for (int k = 0; k < keys.degree(agent); k++) {
      if (keys.neighbour(agent, k) == other) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes off what some agents know of another's masks, or of one of their own: those that it
   * shares with them, or all.
   *
   * @param members who they are, ascending
   */
  public void unmask(int agent, int[] members, long round, double[] words, int at, int count) {
    boolean own = Arrays.binarySearch(members, agent) >= 0;
    for (int k = 0; secrets != null && k < keys.degree(agent); k++) {
      int other = keys.neighbour(agent, k);
      if (own || Arrays.binarySearch(members, other) >= 0) {
        secrets.bits(agent, other, round).addTo(words, at, count, agent < other ? -1 : 1);
      }
    }
  }

  @Override
  public void mask(int agent, long round, double[] words, int at, int count) {
    if (secrets == null) {
      return;
    }
    for (int k = 0; k < keys.degree(agent); k++) {
      int other = keys.neighbour(agent, k);
      secrets.bits(agent, other, round).addTo(words, at, count, agent < other ? 1 : -1);
    }
  }
}
