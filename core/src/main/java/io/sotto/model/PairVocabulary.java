package io.sotto.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A token for each byte, then one for each pair of earlier tokens that was joined, in the order in
 * which pairs are joined. Pairs are joined within words only.
 */
final class PairVocabulary extends Vocabulary {
  private static final long serialVersionUID = 1;

  /** How many bytes there are. */
  static final int BYTES = 256;

  private final Kind kind;
  private final int[] merges;
  private final byte[][] texts;
  private final HashMap<Long, Integer> joined = new HashMap<>();

  /**
   * @param merges the left and the right token of each pair
   */
  PairVocabulary(Kind kind, int[] merges) {
    this.kind = kind;
    this.merges = merges;
    this.texts = new byte[size()][];
    for (int b = 0; b < BYTES; b++) {
      texts[b] = new byte[] {(byte) b};
    }
    for (int k = 0; k < merges.length / 2; k++) {
      byte[] left = texts[merges[2 * k]];
      byte[] right = texts[merges[2 * k + 1]];
      byte[] both = Arrays.copyOf(left, left.length + right.length);
      System.arraycopy(right, 0, both, left.length, right.length);
      texts[BYTES + k] = both;
      joined.put(WordCounts.pair(merges[2 * k], merges[2 * k + 1]), BYTES + k);
    }
    texts[end()] = new byte[0];
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public int size() {
    return BYTES + merges.length / 2 + 1;
  }

  @Override
  public int[] encode(String text, String where) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    int count = 0;
    Map<String, int[]> known = new HashMap<>();
    int next;
    for (int at = 0; at < bytes.length; at = next) {
      next = merges.length == 0 ? bytes.length : WordCounts.wordEnd(bytes, at);
      int[] word;
      if (merges.length == 0) {
        word = WordCounts.tokens(bytes, at, next);
      } else {
        String key = new String(bytes, at, next - at, StandardCharsets.ISO_8859_1);
        word = known.get(key);
        if (word == null) {
          word = join(WordCounts.tokens(bytes, at, next));
          known.put(key, word);
        }
      }
      System.arraycopy(word, 0, tokens, count, word.length);
      count += word.length;
    }
    return Arrays.copyOf(tokens, count);
  }

  /** Joins the pairs of a word, the earliest learnt first. */
  private int[] join(int[] word) {
    int[] tokens = word;
    while (true) {
      int best = Integer.MAX_VALUE;
      for (int k = 0; k + 1 < tokens.length; k++) {
        best = Math.min(best, joined(tokens[k], tokens[k + 1]));
      }
      if (best == Integer.MAX_VALUE) {
        return tokens;
      }
      int merge = 2 * (best - BYTES);
      tokens = WordCounts.join(tokens, merges[merge], merges[merge + 1], best);
    }
  }

  private int joined(int left, int right) {
    return joined.getOrDefault(WordCounts.pair(left, right), Integer.MAX_VALUE);
  }

  @Override
  public byte[] bytes(int token) {
    return texts[token].clone();
  }

  @Override
  void put(Map<String, Object> map) {
    if (kind == Kind.PAIRS) {
      List<List<Integer>> pairs = new ArrayList<>();
      for (int k = 0; k < merges.length; k += 2) {
        pairs.add(List.of(merges[k], merges[k + 1]));
      }
      map.put("pairs", pairs);
    }
  }
}
