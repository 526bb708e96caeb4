package io.sotto.model;

import java.io.Serializable;

/** Which tokens there are, and which text each stands for. */
public abstract class Vocabulary implements Serializable {

  /** How many tokens there are, the end of a text included. */
  public abstract int size();

  /** The token that ends a text: the last one. */
  public final int end() {
    return size() - 1;
  }

  /**
   * The tokens of a text.
   *
   * @param where the text comes from, for messages
   * @throws io.sotto.problem.BadInputException if it has characters that are unknown
   */
  public abstract int[] encode(String text, String where);

  /** The text of tokens. */
  public abstract String decode(int[] tokens);
}
