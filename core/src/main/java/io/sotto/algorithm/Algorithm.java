package io.sotto.algorithm;

import java.io.Serializable;

/**
 * A distributed method, from the perspective of one agent. The engine mixes, the algorithm updates:
 * all that a method may ask of its neighbours is the weighted sum of what they say.
 *
 * <p>The first vector that an agent says is its estimate.
 */
public interface Algorithm extends Serializable {

  /** How many vectors of the dimension of x an agent says at each tick. */
  int says();

  /** An active agent: given the mix of what it heard, writes what it says next, in place. */
  void update(Turn turn);

  /** The weight of tick k in averages over ticks. */
  double averagingWeight(long tick);
}
