package io.sotto.clock;

import java.io.Serializable;

/**
 * Whose clock rings at which tick: the activation mask, a pure function of (agent, tick). {@link
 * ActivationModels} is the registry; whoever is in it is tested to ring at its stated rate.
 */
public interface ActivationModel extends Serializable {

  /** The share p_i of ticks at which the agent is active, in (0, 1]; the agent knows its own. */
  double rate(int agent);

  /** True if the agent makes an optimisation update at this tick; ticks count from 1. */
  boolean active(int agent, long tick);
}
