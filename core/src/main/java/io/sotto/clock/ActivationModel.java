package io.sotto.clock;

import java.io.Serializable;

/**
 * Says which agents are active at which tick (whose clocks ring). It is a pure function of (agent,
 * tick). {@link ActivationModels} is the registry; a contract test checks the rate of each model in
 * it.
 */
public interface ActivationModel extends Serializable {

  /** The share p_i of ticks at which the agent is active, in (0, 1]; the agent knows its own. */
  double rate(int agent);

  /** True if the agent makes an optimisation update at this tick; ticks count from 1. */
  boolean active(int agent, long tick);
}
