package io.sotto.network;

import java.io.Serializable;

/**
 * The weight of a link, from the degrees at its ends; what is left to 1 an agent gives to itself.
 * {@link MixingRules} is the registry; whoever is in it is tested to give a symmetric, doubly
 * stochastic matrix with self weights above 0.
 */
@FunctionalInterface
public interface MixingRule extends Serializable {

  /**
   * The weight, above 0, symmetric in the two degrees.
   *
   * @param degree the number of neighbours at one end, itself not counted
   * @param otherDegree the number at the other
   * @param largestDegree the largest number in the network
   */
  double weight(int degree, int otherDegree, int largestDegree);
}
