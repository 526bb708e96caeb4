package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModel;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.network.Network;
import io.sotto.network.SpanningTree;
import io.sotto.problem.Constraints;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * All that a run depends on, except for the step. It is sent to where cells are compiled, and
 * nowhere else.
 *
 * @param dimension coordinates of x, the intercept included
 * @param coefficients how many of them, from the first, the sets and the regularizer apply to
 * @param network the mixing matrix
 * @param partition which cell each agent stands in
 * @param constraints the sets X_i
 * @param clock the activation masks
 * @param idle what idle agents do
 * @param seed of the randomness of subgradients
 * @param ticksPerSuperstep ticks between two exchanges across cell borders, at least 1
 * @param shards where the rows are
 * @param mechanism what stands between rows and methods
 * @param perLink whether agents say something else to each neighbour
 * @param channel what becomes of messages on their way
 * @param origin where agents start; null for 0
 * @param digest identifies the run: borders of another run are refused
 * @param parents by agent, its neighbour on the way to the root, -1 for the root, where the network
 *     is a tree along which a method runs; else empty
 * @param exchangeEvery agents exchange at every so many ticks, from the first one on
 * @param convex whether costs are known to be convex; if not, nobody looks for a bound of F*
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares plans
public record Plan(
    int dimension,
    int coefficients,
    Network network,
    CellPartition partition,
    Constraints constraints,
    ActivationModel clock,
    IdleRule idle,
    long seed,
    int ticksPerSuperstep,
    Shards shards,
    Mechanism mechanism,
    boolean perLink,
    Channel channel,
    @Nullable Origin origin,
    long digest,
    int[] parents,
    int exchangeEvery,
    boolean convex)
    implements Serializable {

  /**
   * A plan without a mechanism, for methods that say the same to all neighbours, who hear all of it
   * at once.
   */
  public Plan(
      int dimension,
      int coefficients,
      Network network,
      CellPartition partition,
      Constraints constraints,
      ActivationModel clock,
      IdleRule idle,
      long seed,
      int ticksPerSuperstep,
      Shards shards) {
    this(
        dimension,
        coefficients,
        network,
        partition,
        constraints,
        clock,
        idle,
        seed,
        ticksPerSuperstep,
        shards,
        Mechanism.none(),
        false,
        Channel.CLEAR,
        null,
        0,
        new int[0],
        1,
        true);
  }

  /** The same for a method: per link or not, and along a tree or on the network as it is. */
  public Plan by(Algorithm algorithm) {
    Plan links = perLink(algorithm.perLink());
    return algorithm.alongTree() ? links.along(SpanningTree.of(network)) : links;
  }

  /** The same along a spanning tree of the network. */
  public Plan along(SpanningTree tree) {
    return new Plan(
        dimension,
        coefficients,
        tree.network(),
        partition,
        constraints,
        clock,
        idle,
        seed,
        ticksPerSuperstep,
        shards,
        mechanism,
        perLink,
        channel,
        origin,
        digest,
        tree.parents(),
        exchangeEvery,
        convex);
  }

  /** The same for a method that may say something else on each link. */
  public Plan perLink(boolean other) {
    return with(shards, mechanism, other, channel, origin, digest);
  }

  /** The same with messages that pass through another channel. */
  public Plan through(Channel other) {
    return with(shards, mechanism, perLink, other, origin, digest);
  }

  /** The same from where an earlier run ended; null for 0. */
  public Plan from(@Nullable Origin other) {
    return with(shards, mechanism, perLink, channel, other, digest);
  }

  /** The same over other costs. */
  public Plan over(Shards other) {
    return with(other, mechanism, perLink, channel, origin, digest);
  }

  /** The same under another mechanism. */
  public Plan under(Mechanism other) {
    return with(shards, other, perLink, channel, origin, digest);
  }

  /** The same plan with another digest. */
  public Plan digest(long other) {
    return with(shards, mechanism, perLink, channel, origin, other);
  }

  private Plan with(
      Shards otherShards,
      Mechanism otherMechanism,
      boolean otherAddressed,
      Channel otherChannel,
      @Nullable Origin otherOrigin,
      long otherDigest) {
    return new Plan(
        dimension,
        coefficients,
        network,
        partition,
        constraints,
        clock,
        idle,
        seed,
        ticksPerSuperstep,
        otherShards,
        otherMechanism,
        otherAddressed,
        otherChannel,
        otherOrigin,
        otherDigest,
        parents,
        exchangeEvery,
        convex);
  }

  /** The same with ticks between exchanges at which agents are alone. */
  public Plan exchanging(int every) {
    return with(every, convex);
  }

  /** The same for costs that are not convex, or are. */
  public Plan convex(boolean are) {
    return with(exchangeEvery, are);
  }

  private Plan with(int every, boolean are) {
    return new Plan(
        dimension,
        coefficients,
        network,
        partition,
        constraints,
        clock,
        idle,
        seed,
        ticksPerSuperstep,
        shards,
        mechanism,
        perLink,
        channel,
        origin,
        digest,
        parents,
        every,
        are);
  }

  /** The number of agents N. */
  public int agents() {
    return network.agents();
  }

  /**
   * The bytes that cross borders between cells in a superstep, if all agents changed.
   *
   * @param says how many numbers an agent says
   */
  public long borderBytes(int says) {
    long said = perLink ? partition.borderLinks(network) : partition.borderPairs(network);
    return 8L * says * said;
  }
}
