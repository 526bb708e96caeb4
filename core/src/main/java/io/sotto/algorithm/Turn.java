package io.sotto.algorithm;

/**
 * What an update gets to see of one agent at one tick. The arrays belong to the cell; an update may
 * write to its agent's part of them.
 */
public interface Turn {

  /** Gamma_i: how many updates the agent has made, this one included. */
  long updates();

  /**
   * Gamma_i / p_i, the agent's guess of the tick, which it does not know. In a run that started
   * from an earlier one, the ticks of that run are added.
   */
  double ticks();

  /** The same without the ticks of an earlier run. */
  double ticksHere();

  /**
   * True if agents exchange at this tick, and this one takes part. At other ticks the mix is its
   * own estimate.
   */
  boolean exchanges();

  /** How many of the last coordinates are moved by subgradients, whatever the first step. */
  int direct();

  /** p_i: the rate of the agent's own clock. */
  double rate();

  /** u_i: the share of ticks at which the agent is online. */
  double availability();

  /**
   * Takes what the agent says, from {@link #at} on. On entry it holds the mix of what the agent
   * heard. For a method that speaks per link, it takes one message for each link, one after the
   * other, and holds nothing on entry.
   */
  double[] said();

  /** Where in {@link #said} the agent's vectors begin, one after the other. */
  int at();

  /** The length d of a vector. */
  int dimension();

  /** Holds what the agent said last, from {@link #beforeAt} on, in the layout of {@link #said}. */
  double[] before();

  /** Where in {@link #before} the agent's numbers begin. */
  int beforeAt();

  /** Holds what the agent keeps, from {@link #keptAt} on. */
  double[] kept();

  /** Where in {@link #kept} the agent's numbers begin. */
  int keptAt();

  /**
   * How many neighbours the agent hears, itself not counted; only for methods that speak per link.
   */
  int links();

  /** True if anything is heard on a link at this tick. */
  boolean hears(int link);

  /** Holds what was heard on a link, from {@link #heardAt} on. */
  double[] heard(int link);

  /** Where in {@link #heard} it begins. */
  int heardAt(int link);

  /** Which link leads to the root of the tree; -1 at the root. For methods along a tree. */
  int parent();

  /** N: how many agents there are. */
  int agents();

  /** True if all agents of a method with common sets start at the same point. */
  boolean startsAtCommonPoint();

  /** Where in {@link #kept} begins what only the root keeps. */
  int rootAt();

  /** Says what was said before, and nothing else: what is in {@link #said} does not count. */
  void stay();

  /** f_i at the d coordinates of x from {@code at}. */
  double value(double[] x, int at);

  /** Adds the second derivatives of the smooth part of f_i at x to a packed matrix. */
  void addHessian(double[] x, double[] packed);

  /** The gradient of the smooth part of F's penalty, all of it and not an agent's share. */
  double[] penaltyGradient(double[] x);

  /** True if F has a penalty that is not smooth, or a set: {@link #proxRest} moves points. */
  boolean hasRest();

  /** How finely numbers are rounded to whole ones at the start. */
  Scales scales();

  /** Adds to such numbers the agent's noise of a round, which does not cancel, if there is any. */
  void noise(long round, double[] words, int at, int count);

  /**
   * Adds to whole numbers of 64 bits, kept as the bits of doubles, the agent's masks of a round:
   * those of all agents cancel in the sum.
   */
  void mask(long round, double[] words, int at, int count);

  /** d numbers to write into; what is in them at the start of a turn means nothing. */
  double[] scratch();

  /** A subgradient of f_i at the d coordinates of x from {@code at}; valid until the next call. */
  double[] subgradient(double[] x, int at);

  /**
   * The gradient of the smooth part of f_i, all but its penalty on absolute values, at the d
   * coordinates of x from {@code at}; valid until the next call.
   */
  double[] gradient(double[] x, int at);

  /**
   * Replaces x by a proximal step of what {@link #gradient} leaves out: the penalty or the set X_i
   * (not both).
   *
   * @param step its length
   */
  void proxRest(double[] x, int at, double step);

  /**
   * Replaces the d coordinates of x by the point that f_i is measured from at the start, if f_i
   * brings one.
   */
  void startReference(double[] x, int at);

  /**
   * From here on in this turn, f_i is measured from the point in {@link #kept} that begins there.
   */
  void measureFrom(int keptAt);

  /** Replaces the coefficients among the d coordinates of x by their projection onto X_i. */
  void project(double[] x, int at);

  /**
   * Replaces the d coordinates of x by an approximation of the minimiser over X_i of {@code f_i(x)
   * + proxWeight / 2 |x - target|^2}, which gets better with each turn while target and proxWeight
   * stay. May overwrite target.
   */
  void prox(double[] x, int at, double[] target, double proxWeight);

  /**
   * For a run that starts from an earlier one: sets the duals that {@link #prox} keeps so that a
   * step with that target stays at x, as nearly as possible.
   */
  void startProx(double[] x, int at, double[] target, double proxWeight);
}
