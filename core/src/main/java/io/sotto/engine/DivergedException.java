package io.sotto.engine;

/**
 * An estimate or the objective is not a finite number, or grew without bound. The message says
 * which, at which tick and why.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int agent;
  private final long tick;

  /**
   * @param agent whose estimate it was; -1 if it is the objective that is not finite
   * @param tick the first tick at which it was seen
   */
  public DivergedException(int agent, long tick) {
    super(
        agent < 0
            ? "the objective is not finite, or grew without bound, at tick " + tick
            : "the estimate of agent %d is not finite, or grew without bound, at tick %d"
                .formatted(agent, tick));
    this.agent = agent;
    this.tick = tick;
  }

  /** The agent, or -1. */
  public int agent() {
    return agent;
  }

  /** The tick. */
  public long tick() {
    return tick;
  }
}
