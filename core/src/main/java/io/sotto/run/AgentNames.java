package io.sotto.run;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds agents by the names that settings use. */
public final class AgentNames {
  private final List<String> agents;
  private final Map<String, Integer> index = new HashMap<>();

  /** The names in the order of agents. */
  public AgentNames(List<String> agents) {
    this.agents = agents;
    for (int i = 0; i < agents.size(); i++) {
      index.put(agents.get(i), i);
    }
  }

  /** All names. */
  public List<String> all() {
    return agents;
  }

  /**
   * The agent of that name.
   *
   * @param key the configuration key that names it, for the message
   * @throws BadInputException if there is none
   */
  public int find(String key, String name) {
    Integer agent = index.get(name);
    if (agent == null) {
      throw new BadInputException(
          "%s names the agent '%s', who holds no rows; maybe '%s' is meant."
              .formatted(key, name, Registry.nearest(name, agents)));
    }
    return agent;
  }

  /** The same values by the index of the agent in place of its name. */
  <T> Map<Integer, T> byAgent(String key, Map<String, T> byName) {
    Map<Integer, T> byAgent = new TreeMap<>();
    byName.forEach((name, value) -> byAgent.put(find(key, name), value));
    return byAgent;
  }
}
