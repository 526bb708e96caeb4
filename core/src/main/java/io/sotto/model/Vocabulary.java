package io.sotto.model;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which tokens there are, and which text each stands for. The last one ends a text, and stands in
 * front of the first one of an agent; so it is before each text.
 */
public abstract class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1;

  /** What tokens stand for. */
  public enum Kind {
    /** The characters that occur, one for each. */
    CHARACTERS,
    /** The 256 bytes of UTF-8. */
    BYTES,
    /** Bytes, and pairs of tokens that are frequent (BPE, Sennrich et al. 2016). */
    PAIRS;

    /** As configurations and {@code vocabulary.json} write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Vocabulary() {}

  /** A token for each of these characters. */
  public static Vocabulary characters(IntStream codePoints) {
    return new CharacterVocabulary(codePoints.sorted().distinct().toArray());
  }

  /** A token for each byte. */
  public static Vocabulary ofBytes() {
    return new PairVocabulary(Kind.BYTES, new int[0]);
  }

  /** What tokens stand for. */
  public abstract Kind kind();

  /** How many tokens there are, the end of a text included. */
  public abstract int size();

  /** The token that ends a text: the last one. */
  public final int end() {
    return size() - 1;
  }

  /**
   * The tokens of a text, without one that ends it.
   *
   * @param where the text comes from, for messages
   * @throws BadInputException if it has characters that are unknown
   */
  public abstract int[] encode(String text, String where);

  /** The text of a token, in UTF-8: maybe a part of a character. Empty for the end of a text. */
  public abstract byte[] bytes(int token);

  /** The text of tokens. Bytes that are no UTF-8 become U+FFFD; the end of a text is left out. */
  public final String decode(int[] tokens) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(tokens.length);
    for (int token : tokens) {
      all.writeBytes(bytes(token));
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Puts what {@link #of} makes the same vocabulary of. */
  abstract void put(Map<String, Object> map);

  /** The vocabulary as values by key, as JSON has them. */
  public final Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", kind().word());
    map.put("size", size());
    put(map);
    return map;
  }

  /**
   * Reads what {@link #toMap} wrote.
   *
   * @param where it stands, for messages
   * @throws BadInputException if it is not whole
   */
  public static Vocabulary of(Map<String, ?> map, String where) {
    Object word = map.get("kind");
    List<String> words = Arrays.stream(Kind.values()).map(Kind::word).toList();
    if (!(word instanceof String name) || !words.contains(name)) {
      throw new BadInputException(
          "%s: kind is %s; it must be one of %s, such as '%s'. Fetch the file again."
              .formatted(
                  where,
                  word instanceof String text ? "'" + text + "'" : word,
                  String.join(", ", words),
                  Registry.nearest(String.valueOf(word), words)));
    }
    Vocabulary read =
        switch (Kind.values()[words.indexOf(name)]) {
          case CHARACTERS -> new CharacterVocabulary(alphabet(map, where));
          case BYTES -> ofBytes();
          case PAIRS -> new PairVocabulary(Kind.PAIRS, merges(map, where));
        };
    if (!(map.get("size") instanceof Integer size) || size != read.size()) {
      throw damaged(
          where, "size is %s, and there are %d tokens".formatted(map.get("size"), read.size()));
    }
    return read;
  }

  private static int[] alphabet(Map<String, ?> map, String where) {
    if (!(map.get("characters") instanceof String text)) {
      throw damaged(where, "characters is no text");
    }
    int[] points = text.codePoints().toArray();
    for (int k = 1; k < points.length; k++) {
      if (points[k] <= points[k - 1]) {
        throw damaged(where, "characters are not in ascending order, each once");
      }
    }
    return points;
  }

  private static int[] merges(Map<String, ?> map, String where) {
    if (!(map.get("pairs") instanceof List<?> pairs)) {
      throw damaged(where, "pairs is no list");
    }
    List<Integer> flat = new ArrayList<>();
    for (Object pair : pairs) {
      int known = PairVocabulary.BYTES + flat.size() / 2;
      if (!(pair instanceof List<?> two && two.size() == 2)) {
        throw damaged(where, "pairs holds %s, which is no pair".formatted(pair));
      }
      for (Object token : two) {
        if (!(token instanceof Integer id && id >= 0 && id < known)) {
          throw damaged(where, "a pair holds %s, which is no earlier token".formatted(token));
        }
        flat.add(id);
      }
    }
    return flat.stream().mapToInt(Integer::intValue).toArray();
  }

  private static BadInputException damaged(String where, String what) {
    return new BadInputException(
        "%s: %s. The file is damaged; fetch it again.".formatted(where, what));
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Vocabulary vocabulary && toMap().equals(vocabulary.toMap());
  }

  @Override
  public final int hashCode() {
    return toMap().hashCode();
  }

  @Override
  public final String toString() {
    return kind().word() + ", " + size() + " tokens";
  }
}
