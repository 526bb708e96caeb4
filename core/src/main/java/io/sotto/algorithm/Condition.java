package io.sotto.algorithm;

/** A property of a run that some methods do not support, and what to change to do without it. */
public enum Condition {
  /** Agents that are idle at some ticks. */
  IDLE_AGENTS("agents that are idle at some ticks", "set clock.model = always"),
  /** Idle agents that do nothing. */
  HOLD("idle agents that hold still", "set clock.idle = mix"),
  /** Several ticks between exchanges across borders. */
  BORDER_DELAY("messages that are late at borders", "set engine.ticks-per-superstep = 1"),
  /** Messages that arrive late. */
  LATE_MESSAGES("messages that arrive late", "set network.delay.model = none"),
  /** Messages that are lost. */
  LOST_MESSAGES("messages that are lost", "set network.loss = 0"),
  /** Links that come and go. */
  CHANGING_LINKS(
      "links that come and go",
      "set network.link-rate = 1 and clock.offline.rate = 0, and remove network.schedule and"
          + " clock.offline.intervals"),
  /** Links or agents that are gone for several ticks together, and messages that are late. */
  OUTAGES_AND_DELAY(
      "links or agents that are gone for several ticks while messages are late",
      "set engine.ticks-per-superstep = 1 and network.delay.model = none"),
  /** Links in one direction. */
  DIRECTED("directed links", "set network.directed = false"),
  /** Links in both directions. */
  UNDIRECTED("links in both directions", "set network.directed = true"),
  /** A constraint set. */
  SETS("constraint sets", "remove problem.constraints"),
  /** Sets that bind some agents only. */
  OWN_SETS(
      "sets that bind some agents only", "remove the key 'agents' of each of problem.constraints"),
  /** A loss that is not smooth. */
  NONSMOOTH("a loss that is not smooth", "choose a smooth problem.loss, such as huber"),
  /** Costs that are convex. */
  CONVEX("costs that are convex", "set algorithm.name = async-projected-subgradient"),
  /** Costs that are not. */
  NONCONVEX(
      "costs that are not convex",
      "set algorithm.name = async-adam or async-projected-subgradient"),
  /** Ticks at which agents take steps and do not exchange. */
  LOCAL_STEPS("steps between exchanges", "set algorithm.local-steps = 1"),
  /** A cost that gives estimates of its subgradients, such as those of a few rows each time. */
  STOCHASTIC(
      "a cost whose subgradients are estimates",
      "set algorithm.name = async-projected-subgradient, or take a problem.objective whose exact()"
          + " is true"),
  /** A penalty that is not smooth. */
  L1("a penalty that is not smooth", "set problem.l1 = 0 and problem.group-lasso.weight = 0"),
  /** That penalty and a set. */
  L1_IN_SETS(
      "a penalty that is not smooth within constraint sets",
      "set problem.l1 = 0 and problem.group-lasso.weight = 0, or remove problem.constraints"),
  /** Random steps; they must shrink. */
  PRIVATE_STEPS(
      "private steps",
      "set algorithm.name = async-projected-subgradient or privacy.protect = offsets"),
  /** Masks, which cancel in the sum over all agents and in nothing else. */
  MASKED_SUMS(
      "sums over all agents",
      "set algorithm.name = auto or secure-newton, or privacy.protect = offsets"),
  /** The same of clipped gradients with noise. */
  NOISY_SUMS(
      "sums with noise",
      "set algorithm.name = auto or secure-gradient, or privacy.protect = offsets"),
  /** Clipped subgradients with noise; steps must shrink, one subgradient an update. */
  DIFFERENTIAL_PRIVACY(
      "differential privacy",
      "set algorithm.name = async-projected-subgradient or privacy.protect = offsets");

  private final String words;
  private final String remedy;

  Condition(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** The condition in words, for messages. */
  public String words() {
    return words;
  }

  /** What to change in a configuration so that this condition does not hold. */
  public String remedy() {
    return remedy;
  }
}
