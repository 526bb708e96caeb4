package io.sotto.engine;

/** The run met a number that is not finite, or ran away; the message says who, when and why. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int agent;
  private final long tick;

  /**
   * @param agent whose estimate it was; -1 if it is the objective that is not finite
   * @param tick since when
   */
  public DivergedException(int agent, long tick) {
    super(
        agent < 0
            ? "the objective is not finite, or has run away, at tick " + tick
            : "the estimate of agent %d is not finite, or has run away, at tick %d"
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
