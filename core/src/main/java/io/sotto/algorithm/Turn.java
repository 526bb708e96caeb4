package io.sotto.algorithm;

/** One agent at one tick, as its update sees it. The arrays are the cell's own, to write into. */
public interface Turn {

  /** Gamma_i: how many updates the agent has made, this one included. */
  long updates();

  /** p_i: the rate of the agent's own clock. */
  double rate();

  /** Holds what the agent says, from {@link #at} on; on entry, the mix of what it heard. */
  double[] said();

  /** Where in {@link #said} the agent's vectors begin, one after the other. */
  int at();

  /** The length d of a vector. */
  int dimension();

  /** A subgradient of f_i at the d coordinates of x from {@code at}; valid until the next call. */
  double[] subgradient(double[] x, int at);

  /** Replaces the coefficients among the d coordinates of x by their projection onto X_i. */
  void project(double[] x, int at);
}
