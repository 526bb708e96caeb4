package io.sotto.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * How often each word occurs in texts: what pairs of bytes are learnt from. Words are counted where
 * texts are, and counts are added, so what is learnt does not depend on who holds which text.
 */
public final class WordCounts implements Serializable {
  private static final long serialVersionUID = 1;

  /** The fewest tokens of a vocabulary of pairs: the bytes, a pair, and the end of a text. */
  public static final int FEWEST = PairVocabulary.BYTES + 2;

  /** Words are cut here, so that a text without blanks costs no more than others. */
  private static final int LONGEST = 64;

  /** A pair that occurs less often is not worth a token, and a word is not worth being counted. */
  public static final long SELDOM = 2;

  private final HashMap<String, Long> words = new HashMap<>(); // a char is a byte

  /** Counts the words of a text. */
  public void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int next;
    for (int at = 0; at < bytes.length; at = next) {
      next = wordEnd(bytes, at);
      words.merge(new String(bytes, at, next - at, StandardCharsets.ISO_8859_1), 1L, Long::sum);
    }
  }

  /**
   * Adds a count.
   *
   * @param word as {@link #counts} writes it
   */
  public void add(String word, long count) {
    words.merge(word, count, Long::sum);
  }

  /** The counts by word, each character of which is a byte of UTF-8. */
  public Map<String, Long> counts() {
    return Map.copyOf(words);
  }

  /**
   * Where the word ends that begins at a byte: a run of letters, digits, signs or blanks. One space
   * in front belongs to the word after it.
   */
  static int wordEnd(byte[] bytes, int begin) {
    int at = isBefore(bytes, begin) ? begin + 1 : begin;
    int kind = kind(bytes[at]);
    at++;
    while (at < bytes.length
        && at - begin < LONGEST
        && kind(bytes[at]) == kind
        && !isBefore(bytes, at)) {
      at++;
    }
    return at;
  }

  /** Whether a byte is a space in front of a word. */
  private static boolean isBefore(byte[] bytes, int at) {
    return bytes[at] == ' ' && at + 1 < bytes.length && kind(bytes[at + 1]) != 0;
  }

  private static int kind(byte b) {
    if (b == ' ' || (b >= '\t' && b <= '\r')) {
      return 0;
    }
    if (b < 0 || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')) {
      return 1;
    }
    return b >= '0' && b <= '9' ? 2 : 3;
  }

  /** The bytes of a word as tokens. */
  static int[] tokens(byte[] bytes, int from, int to) {
    int[] tokens = new int[to - from];
    for (int k = 0; k < tokens.length; k++) {
      tokens[k] = bytes[from + k] & 0xff;
    }
    return tokens;
  }

  /** The same tokens with each pair of these two replaced by one token. */
  static int[] join(int[] tokens, int left, int right, int both) {
    int[] joined = new int[tokens.length];
    int count = 0;
    for (int k = 0; k < tokens.length; k++) {
      if (k + 1 < tokens.length && tokens[k] == left && tokens[k + 1] == right) {
        joined[count++] = both;
        k++; // both are used
      } else {
        joined[count++] = tokens[k];
      }
    }
    return Arrays.copyOf(joined, count);
  }

  /** A pair as one number; pairs are ordered as their numbers are. */
  static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }

  /**
   * Learns pairs: over and over the most frequent one becomes a token; of those of one count, that
   * of the earliest tokens.
   *
   * @param size how many tokens there are to be; fewer if no pair is left that occurs twice
   */
  public Vocabulary learn(int size) {
    if (size < FEWEST) {
      throw new IllegalArgumentException(size + " tokens are fewer than " + FEWEST);
    }
    return new PairVocabulary(Vocabulary.Kind.PAIRS, new Learning(words).merges(size - FEWEST + 1));
  }

  /** A pair and how often it occurred when it was last counted. */
  private record Counted(long pair, long count) {}

  /** The words as tokens so far, and their pairs. */
  private static final class Learning {
    private static final Comparator<Counted> ORDER =
        Comparator.comparingLong(Counted::count).reversed().thenComparingLong(Counted::pair);

    private final List<int[]> words = new ArrayList<>();
    private final List<Long> often = new ArrayList<>();
    private final Map<Long, Long> counts = new HashMap<>();
    private final Map<Long, Set<Integer>> holders = new HashMap<>();
    private final PriorityQueue<Counted> queue = new PriorityQueue<>(ORDER);

    Learning(Map<String, Long> counted) {
      counted.forEach(
          (word, count) -> {
            byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
            words.add(tokens(bytes, 0, bytes.length));
            often.add(count);
            count(words.size() - 1, 1, new HashSet<>());
          });
      counts.forEach((pair, count) -> queue.add(new Counted(pair, count)));
    }

    /** Adds the pairs of a word, or takes them away. */
    private void count(int word, int sign, Set<Long> changed) {
      int[] tokens = words.get(word);
      for (int k = 0; k + 1 < tokens.length; k++) {
        long pair = pair(tokens[k], tokens[k + 1]);
        counts.merge(pair, sign * often.get(word), Long::sum);
        holders.computeIfAbsent(pair, p -> new HashSet<>()).add(word);
        changed.add(pair);
      }
    }

    int[] merges(int most) {
      int[] merges = new int[2 * most];
      int learnt = 0;
      while (learnt < most && !queue.isEmpty()) {
        Counted best = queue.remove();
        if (counts.getOrDefault(best.pair(), 0L) != best.count()) {
          continue; // it has been counted again
        }
        if (best.count() < SELDOM) {
          break;
        }
        int left = (int) (best.pair() >> 32);
        int right = (int) best.pair();
        merges[2 * learnt] = left;
        merges[2 * learnt + 1] = right;
        Set<Long> changed = new HashSet<>();
        for (int word : holders.getOrDefault(best.pair(), Set.of()).toArray(Integer[]::new)) {
          count(word, -1, changed);
          words.set(word, join(words.get(word), left, right, PairVocabulary.BYTES + learnt));
          count(word, 1, changed);
        }
        holders.remove(best.pair());
        for (long pair : changed) {
          queue.add(new Counted(pair, counts.getOrDefault(pair, 0L)));
        }
        learnt++;
      }
      return Arrays.copyOf(merges, 2 * learnt);
    }
  }
}
