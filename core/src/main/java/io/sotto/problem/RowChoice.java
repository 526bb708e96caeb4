package io.sotto.problem;

/** Some of the rows of a block of agents. */
@FunctionalInterface
public interface RowChoice {
  /**
   * Whether a row is among them.
   *
   * @param agent which agent of the block
   * @param subject which subject of the agent the row is a part of, counted from 0; the number of
   *     the row, where each is a subject
   */
  boolean holds(int agent, int subject);
}
