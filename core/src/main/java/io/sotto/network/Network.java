package io.sotto.network;

import java.io.Serializable;

/**
 * The mixing matrix W of N agents in compressed rows: agent i hears {@code heard[offset[i]] ...
 * heard[offset[i + 1] - 1]}, in ascending order and itself included, with the weights beside them.
 *
 * <p>Made only by {@link #of}, which refuses what the convergence proofs exclude: rows or columns
 * that do not sum to 1 within {@value #STOCHASTIC}, a weight below 0, an agent that does not hear
 * itself, a network in two parts (Nedic and Ozdaglar 2009, assumptions 1 to 3).
 *
 * @param offset N + 1 positions
 * @param heard indices of agents
 * @param weight as many weights
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares networks
public record Network(int[] offset, int[] heard, double[] weight) implements Serializable {
  /** How far from 1 a row or column may sum. */
  public static final double STOCHASTIC = 1e-12;

  /** The number of agents. */
  public int agents() {
    return offset.length - 1;
  }
}
