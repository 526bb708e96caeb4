package io.sotto.model;

import java.io.Serializable;
import java.util.Arrays;

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

  /** The same with other tokens, all to be predicted, from some places on. */
  Tokens with(int[] others, int... begin) {
    int[] changed = ids.clone();
    boolean[] quiet = silent.clone();
    for (int from : begin) {
      System.arraycopy(others, 0, changed, from, others.length);
      if (quiet.length > 0) {
        Arrays.fill(quiet, from, from + others.length, false);
      }
    }
    return new Tokens(changed, quiet);
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
