package io.sotto.network;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Links between agents that are named one by one: both ways or, in a directed network, one way: dst
 * hears src. If links have weights, these are the mixing weights; else a rule gives them. Several
 * lists may be used one after the other.
 */
public final class EdgeList {
  /** The longest delay of a link, in ticks: as many copies of what is said are kept. */
  public static final int MOST_DELAY = 100_000;

  private final List<String> agents;
  private final Map<String, Integer> index = new HashMap<>();
  private final List<int[]> pairs = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private final List<Integer> delays = new ArrayList<>();

  /** How many pairs there are at the end of each list. */
  private final List<Integer> ends = new ArrayList<>();

  private final boolean[] named;
  private final String where;

  /**
   * A list without links.
   *
   * @param agents the names of all agents, in their order
   * @param where the links come from, for messages, such as {@code network.path is 'edges.csv'}
   */
  public EdgeList(List<String> agents, String where) {
    this.agents = agents;
    this.where = where;
    this.named = new boolean[agents.size()];
    for (int i = 0; i < agents.size(); i++) {
      index.put(agents.get(i), i);
    }
  }

  /**
   * Adds a link.
   *
   * @param place where it stands, for messages
   * @param src the name of an agent, who is heard
   * @param dst the name of an agent, who hears
   * @param weight its mixing weight, in (0, 1]; NaN if it has none
   * @param delay in whole ticks, from 0 to {@link #MOST_DELAY}; NaN if it has none
   * @throws BadInputException if an agent is not known, or a number is not what it should be
   */
  public void add(String place, String src, String dst, double weight, double delay) {
    pairs.add(new int[] {agent(place, src), agent(place, dst)});
    if (!Double.isNaN(weight)) {
      if (!(weight > 0 && weight <= 1)) {
        throw new BadInputException(
            "%s: the weight is '%s'; it must be a number above 0 and at most 1."
                .formatted(place, plain(weight)));
      }
      weights.add(weight);
    }
    if (!Double.isNaN(delay)) {
      if (!(delay >= 0 && delay <= MOST_DELAY && delay == Math.rint(delay))) {
        throw new BadInputException(
            "%s: the delay is '%s'; it must be a whole number of ticks from 0 to %d."
                .formatted(place, plain(delay), MOST_DELAY));
      }
      delays.add((int) delay);
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /** Ends one list; what is added from now on belongs to the next. */
  public void endList() {
    ends.add(pairs.size());
  }

  private int agent(String place, String name) {
    Integer agent = index.get(name);
    if (agent == null) {
      throw new BadInputException(
          "%s: agent '%s' holds no rows; maybe '%s' is meant, or its rows are missing."
              .formatted(place, name, Registry.nearest(name, agents)));
    }
    named[agent] = true;
    return agent;
  }

  /**
   * Checks all links together.
   *
   * @throws BadInputException if an agent has no link, or only some links have weights or delays
   */
  public EdgeList checked() {
    for (int i = 0; i < named.length; i++) {
      if (!named[i] && named.length > 1) {
        throw new BadInputException(
            "%s; agent '%s' holds rows and has no link in it. Add one."
                .formatted(where, agents.get(i)));
      }
    }
    someOnly(weights.size(), "weights");
    someOnly(delays.size(), "delays");
    return this;
  }

  private void someOnly(int given, String what) {
    if (given != 0 && given != pairs.size()) {
      throw new BadInputException(
          "%s; some of its files have %s and some do not. Give all or none."
              .formatted(where, what));
    }
  }

  /**
   * All links together, both ways.
   *
   * @param rule gives the weights if the links have none
   * @throws BadInputException if they make no network
   */
  public Network network(MixingRule rule) {
    double[] weight = weights.stream().mapToDouble(Double::doubleValue).toArray();
    return made(
        () ->
            weights.isEmpty()
                ? Network.of(Links.of(agents.size(), ends(0), ends(1)), rule, agents::get)
                : Network.of(agents.size(), ends(0), ends(1), weight, agents::get));
  }

  /**
   * All links together, one way.
   *
   * @throws BadInputException if they make no network, or have weights
   */
  public Network directed() {
    if (!weights.isEmpty()) {
      throw new BadInputException(
          "%s, and network.directed is true, where each agent passes equal shares on. Take the column"
                  .formatted(where)
              + " weight out of the edge list.");
    }
    return made(() -> Network.directed(agents.size(), ends(0), ends(1), agents::get));
  }

  private Network made(Supplier<Network> network) {
    try {
      return network.get();
    } catch (BadInputException e) {
      throw new BadInputException("%s: %s".formatted(where, e.getMessage()), e);
    }
  }

  /** The lists one after the other, each for so many ticks. */
  public Schedule schedule(List<Long> ticks) {
    List<Schedule.Period> periods = new ArrayList<>();
    int from = 0;
    for (int list = 0; list < ticks.size(); list++) {
      int to = ends.get(list);
      periods.add(
          new Schedule.Period(
              Arrays.copyOfRange(ends(0), from, to),
              Arrays.copyOfRange(ends(1), from, to),
              ticks.get(list)));
      from = to;
    }
    return Schedule.of(periods);
  }

  /** True if the links have delays. */
  public boolean hasDelays() {
    return !delays.isEmpty();
  }

  /**
   * The delays of links, of those both ways the same both ways.
   *
   * @throws BadInputException if a link has two
   */
  public Delay delay(boolean directed) {
    Map<Long, Integer> byLink = new TreeMap<>();
    for (int e = 0; e < pairs.size(); e++) {
      int[] pair = pairs.get(e);
      put(byLink, pair[0], pair[1], delays.get(e));
      if (!directed) {
        put(byLink, pair[1], pair[0], delays.get(e));
      }
    }
    return Delay.given(byLink);
  }

  private void put(Map<Long, Integer> byLink, int speaker, int hearer, int delay) {
    Integer before = byLink.put(Delay.link(speaker, hearer), delay);
    if (before != null && before != delay) {
      throw new BadInputException(
          "%s; the delay between agent %s and agent %s is %d and %d. Make both the same."
              .formatted(where, agents.get(speaker), agents.get(hearer), before, delay));
    }
  }

  /** One end of each link. */
  private int[] ends(int which) {
    return pairs.stream().mapToInt(pair -> pair[which]).toArray();
  }
}
