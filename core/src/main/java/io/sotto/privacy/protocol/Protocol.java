package io.sotto.privacy.protocol;

import io.sotto.problem.LocalObjective;

/**
 * A protocol in rounds between agents and a server that all of them trust with their messages. In
 * each round the server sends one model to all agents, and each agent answers.
 */
public interface Protocol {

  /**
   * Runs it, from 0, without sets.
   *
   * @param costs of all agents
   * @param shares by agent, its part of all rows; they sum to 1
   * @throws io.sotto.problem.BadInputException if it does not go with these costs
   */
  Course run(LocalObjective costs, double[] shares);
}
