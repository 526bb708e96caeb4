package io.sotto.model;

import java.io.Serializable;

/**
 * The text of an agent.
 *
 * @param ids its tokens
 * @param silent by token, whether it is only read and never to be predicted; empty if all are to be
 *     predicted
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares texts
public record Tokens(int[] ids, boolean[] silent) implements Serializable {

  /** A text whose tokens are all to be predicted. */
  public static Tokens of(int... ids) {
    return new Tokens(ids, new boolean[0]);
  }

  /** How many tokens. */
  public int count() {
    return ids.length;
  }

  /** True if a token is only read. */
  public boolean isSilent(int at) {
    return silent.length > 0 && silent[at];
  }
}
