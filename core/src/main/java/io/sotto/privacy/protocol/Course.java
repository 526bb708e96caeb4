package io.sotto.privacy.protocol;

import java.util.List;

/**
 * What was exchanged in a run of a protocol, as who hears it reads it.
 *
 * @param rounds how many there were
 * @param solution the last model
 * @param seen some of the rounds, the last one among them
 * @param local by agent, the model of its rows alone that the server makes of its first message
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Course(int rounds, double[] solution, List<Round> seen, double[][] local) {

  /**
   * One round.
   *
   * @param model that all agents begin with
   * @param server by agent, what the server takes its gradient at this model to be
   * @param client by agent, what it takes the sum of all gradients at this model to be
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record Round(double[] model, double[][] server, double[][] client) {}

  /** The first rounds tell most, so rounds 1, 2, 4, ... are kept. */
  static boolean kept(int round) {
    return Integer.bitCount(round) == 1;
  }
}
