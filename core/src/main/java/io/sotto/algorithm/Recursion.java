package io.sotto.algorithm;

/**
 * A method's recursion, solved for the subgradient: what whoever hears an agent, and all whom it
 * hears, can compute of its updates. The attacks of an audit ask for it; runs do not. The rule for
 * idle agents, the schedule of steps and the weights are public.
 *
 * <p>{@link Steps} have a step between mix and message, {@link Exact} methods a sum over earlier
 * ticks, {@link Links} say something else on each link, {@link Sums} say nothing of one agent.
 */
public sealed interface Recursion {

  /** True if what an agent says first is its estimate, as its set leaves it. */
  boolean saysEstimate();

  /**
   * Active agents step along a subgradient g from the mix v of what they heard; idle ones say v, or
   * the same as before:
   *
   * <pre>
   *   active:  x := v - alpha g(point),   mix:  x := v,   hold:  x stays
   * </pre>
   *
   * <p>If {@link #saysEstimate}, x is then projected onto its set, which hides what of g is normal
   * to it. If not, x is no estimate: the point is projected, and nothing is hidden.
   */
  non-sealed interface Steps extends Recursion {

    /**
     * alpha of an agent that takes it to be tick k, whose clock rings at a rate of p. At p = 1 it
     * is the step that all agents make per tick in the mean.
     */
    double length(double k, double p);

    /**
     * alpha, if what an agent says tells it: 0 if the agent was idle. NaN if nothing tells, so that
     * whoever listens has to see who moved, and to count.
     *
     * @param mix v
     * @param said holds what the agent said, from {@code at} on
     */
    default double told(double[] mix, double[] said, int at) {
      return Double.NaN;
    }

    /**
     * Writes to {@code point} where g was taken.
     *
     * @param before holds what the agent said a tick before, from {@code at} on
     * @param mix v
     */
    void point(double[] before, int at, double[] mix, double[] point);
  }

  /**
   * Gradients come out of all that was said up to their tick, and none of it hangs on a clock: all
   * agents are active at all ticks. What agents say sums up to what holds them apart. Where a set
   * or a penalty holds an agent back, what is normal to it comes out as well.
   */
  non-sealed interface Exact extends Recursion {

    /** Solves for the gradient of each tick that tells one. */
    void solve(Heard heard, Solved to);

    /** l in {@code x(0) - said(1) = l g(x(0))}, where all agents begin at x(0). */
    double first();

    /**
     * Adds to phi, of d coordinates, what a run says of it: {@code sum_j w_ij (phi_i - phi_j)}
     * tends to the gradient of i, where the sum of all gradients is 0.
     */
    void potential(Heard heard, double[] phi);
  }

  /**
   * An agent at x keeps z for each of its links, of what it heard on it last and of what it said,
   * and says q on it. All of this is coordinate by coordinate:
   *
   * <pre>
   *   z := z(x before, q before, heard),   x := x(z, q),   q := q(x, z),
   *   g = rho * sum over links of (z - x),   a subgradient of f_i at x
   * </pre>
   *
   * <p>Agents begin by saying their estimate on all links, and that is z.
   */
  non-sealed interface Links extends Recursion {

    /** rho. */
    double rho();

    /** z of a link, at an update, of the agent's x and q before and of what it heard there. */
    double z(double x, double q, double heard);

    /** x, of z and of what was then said. */
    double x(double z, double q);

    /** q, of x and z. */
    double q(double x, double z);

    /**
     * What stands for q, said by an agent at x under another rho, when all go on with this one: its
     * dual stays.
     */
    double resumed(double x, double q, Links before);

    /** x, of z under another rho, and of what was said once all went on with this one. */
    double xResumed(double z, double q, Links before);

    /**
     * A link's dual, at an end that is at x and says q: g is the sum of them where nothing moves.
     */
    double dual(double x, double q);

    /** An agent says more than its estimate. */
    @Override
    default boolean saysEstimate() {
      return false;
    }
  }

  /**
   * Agents say sums over several of them up a tree, and points that follow from the sum over all
   * down it. A message holds whole numbers of 64 bits as the bits of doubles, but for the point.
   */
  non-sealed interface Sums extends Recursion {

    /** The round that a message is about; 0 for none. */
    long round(double[] said, int at);

    /** Whether a message down the tree asks for a sum: the last one does not. */
    boolean asks(double[] said, int at);

    /** How numbers of the round become whole, by a message down the tree. */
    Scales scales(double[] said, int at);

    /** Where in a message down the tree the d coordinates of the point begin. */
    int point();

    /**
     * Where in a message up the tree the numbers begin that are masked: first how many agents added
     * nothing.
     */
    int masked();

    /**
     * Where in a message up the tree the d coordinates of the sum of gradients begin; below 0 if
     * they are not said.
     */
    int gradient();

    /** What an agent says is not its own estimate. */
    @Override
    default boolean saysEstimate() {
      return false;
    }
  }

  /** What was heard of an agent and of all whom it hears. */
  interface Heard {
    /** The last tick. */
    int ticks();

    /** Holds what the agent said at a tick from 0 on, from {@link #at} on. */
    double[] said(int tick);

    /** Where in {@link #said} the agent's words begin. */
    int at();

    /** d. */
    int dimension();

    /** The mix of a tick from 1 on: of what was said a tick before. Valid until the next call. */
    double[] mix(int tick);
  }

  /** Takes what comes out. */
  @FunctionalInterface
  interface Solved {
    /** At a tick the agent had a subgradient {@code scale * pull}, taken at a point. */
    void add(int tick, double[] point, int pointAt, double scale, double[] pull);
  }
}
