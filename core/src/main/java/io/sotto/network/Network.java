package io.sotto.network;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The mixing matrix W of N agents in compressed rows: agent i hears {@code heard[offset[i]] ...
 * heard[offset[i + 1] - 1]}, in ascending order and itself included, with the weights beside them.
 *
 * <p>In a directed network an entry says which share of what it has an agent passes on to another:
 * columns sum to 1, rows need not, and there is a way from every agent to every other.
 *
 * <p>Networks for which the convergence proofs do not hold are refused: rows or columns that do not
 * sum to 1 within {@value #STOCHASTIC}, a weight that is not above 0, an agent that does not hear
 * itself (a self weight up to {@value #STOCHASTIC} may be rounding, and counts as none), a network
 * in two parts (Nedic and Ozdaglar 2009, assumptions 1 to 3). The makers below give symmetric ones.
 *
 * @param offset N + 1 positions
 * @param heard indices of agents
 * @param weight as many weights
 * @param directed whether columns alone have to sum to 1
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares networks
public record Network(int[] offset, int[] heard, double[] weight, boolean directed)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** How far from 1 a row or column may sum. */
  public static final double STOCHASTIC = 1e-12;

  /**
   * Checks the conditions above.
   *
   * @throws BadInputException if it does not hold; agents go by their numbers
   * @throws IllegalArgumentException if these are no compressed rows
   */
  public Network {
    Assumptions.require(offset, heard, weight, directed, Integer::toString);
  }

  /** A network that is not directed. */
  public Network(int[] offset, int[] heard, double[] weight) {
    this(offset, heard, weight, false);
  }

  /** Links with the weights of a rule; agents go by their numbers in messages. */
  public static Network of(Links links, MixingRule rule) {
    return of(links, rule, Integer::toString);
  }

  /**
   * Links with the weights of a rule.
   *
   * @param name what an agent is called in messages
   * @throws BadInputException if the links are in parts
   */
  public static Network of(Links links, MixingRule rule, IntFunction<String> name) {
    int largest = 0;
    for (int i = 0; i < links.agents(); i++) {
      largest = Math.max(largest, links.degree(i));
    }
    double[] weight = new double[2 * links.count()];
    for (int i = 0; i < links.agents(); i++) {
      int degree = links.degree(i);
      for (int k = 0; k < degree; k++) {
        int other = links.degree(links.neighbour(i, k));
        weight[links.start(i) + k] = rule.weight(degree, other, largest);
      }
    }
    return withSelves(links, weight, name);
  }

  /**
   * Pairs that carry their weights. Each is a link both ways; given more than once, in either
   * direction, its weights must agree. A loop may be given, and must then be what the others leave.
   *
   * @param agents how many agents there are
   * @param a one end of each pair, 0 ... agents - 1
   * @param b the other end
   * @param weights their weights, above 0
   * @param name what an agent is called in messages
   * @throws BadInputException if weights disagree, leave nothing for an agent itself, or the
   *     network is in parts
   * @throws IllegalArgumentException if the lengths differ or an end is no agent
   */
  public static Network of(
      int agents, int[] a, int[] b, double[] weights, IntFunction<String> name) {
    if (weights.length != a.length) {
      throw new IllegalArgumentException(
          "%d weights of %d pairs".formatted(weights.length, a.length));
    }
    Links links = Links.of(agents, a, b);
    double[] weight = new double[2 * links.count()]; // 0 where none was given yet
    double[] loop = new double[agents];
    for (int e = 0; e < a.length; e++) {
      double given = weights[e];
      double before = a[e] == b[e] ? loop[a[e]] : weight[links.position(a[e], b[e])];
      if (!(given > 0 && given < Double.POSITIVE_INFINITY)
          || (before != 0 && Math.abs(given - before) > STOCHASTIC)) {
        throw new BadInputException(
            "The weight between agent %s and agent %s is %s; %s."
                .formatted(
                    name.apply(a[e]),
                    name.apply(b[e]),
                    given,
                    before == 0
                        ? "it must be above 0, so leave out who does not hear each other"
                        : "it was given as " + before + " before, so make both the same"));
      }
      if (a[e] == b[e]) {
        loop[a[e]] = given;
      } else if (before == 0) {
        weight[links.position(a[e], b[e])] = given;
        weight[links.position(b[e], a[e])] = given;
      }
    }
    for (int i = 0; i < agents; i++) {
      double rest = Assumptions.rest(weight, links.start(i), links.start(i + 1));
      if (loop[i] != 0 && Math.abs(loop[i] - rest) > STOCHASTIC) {
        throw Assumptions.notOne("of agent " + name.apply(i), 1 - rest + loop[i]);
      }
    }
    return withSelves(links, weight, name);
  }

  /** Puts each agent, with the weight that is left for it, among those it hears. */
  private static Network withSelves(Links links, double[] linkWeight, IntFunction<String> name) {
    int agents = links.agents();
    int[] offset = new int[agents + 1];
    int[] heard = new int[agents + linkWeight.length];
    double[] weight = new double[heard.length];
    Arrays.setAll(offset, i -> links.start(i) + i);
    for (int i = 0; i < agents; i++) {
      int start = links.start(i);
      int self = -1 - links.position(i, i);
      for (int e = start; e < links.start(i + 1); e++) {
        int at = e + i + (e < self ? 0 : 1);
        heard[at] = links.neighbour(i, e - start);
        weight[at] = linkWeight[e];
      }
      heard[self + i] = i;
      weight[self + i] = Assumptions.rest(linkWeight, start, links.start(i + 1));
    }
    Assumptions.require(offset, heard, weight, false, name);
    return new Network(offset, heard, weight);
  }

  /**
   * Links in one direction: each speaker gives those who hear it, and itself, equal shares of what
   * it has, 1 / (1 + as many as hear it). Pairs given twice count once, loops are left out.
   *
   * @param agents how many agents there are
   * @param speaker who speaks, 0 ... agents - 1
   * @param hearer who hears it
   * @param name what an agent is called in messages
   * @throws BadInputException if not everybody can reach everybody
   */
  public static Network directed(
      int agents, int[] speaker, int[] hearer, IntFunction<String> name) {
    // hearer and speaker in one long, so that sorting makes rows
    long[] links =
        LongStream.concat(
                IntStream.range(0, agents).mapToLong(i -> Channel.link(i, i)),
                IntStream.range(0, speaker.length)
                    .mapToLong(e -> Channel.link(hearer[e], speaker[e])))
            .sorted()
            .distinct()
            .toArray();
    int[] offset = new int[agents + 1];
    int[] shares = new int[agents];
    for (long link : links) {
      offset[(int) (link >>> 32) + 1]++;
      shares[(int) link]++;
    }
    Arrays.parallelPrefix(offset, Integer::sum);
    int[] heard = Arrays.stream(links).mapToInt(link -> (int) link).toArray();
    double[] weight = Arrays.stream(heard).mapToDouble(j -> 1.0 / shares[j]).toArray();
    Assumptions.require(offset, heard, weight, true, name);
    return new Network(offset, heard, weight, true);
  }

  /** The number of links: pairs that hear each other, or in a directed one, that hear one way. */
  public int links() {
    return (heard.length - agents()) / (directed ? 1 : 2);
  }

  /** The number of agents. */
  public int agents() {
    return offset.length - 1;
  }
}
