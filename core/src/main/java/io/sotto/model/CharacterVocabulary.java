package io.sotto.model;

import io.sotto.problem.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A token for each character that occurs, in the order of code points. */
final class CharacterVocabulary extends Vocabulary {
  private static final long serialVersionUID = 1;

  private final int[] points;

  /**
   * @param points ascending
   */
  CharacterVocabulary(int[] points) {
    this.points = points;
  }

  @Override
  public Kind kind() {
    return Kind.CHARACTERS;
  }

  @Override
  public int size() {
    return points.length + 1;
  }

  @Override
  public int[] encode(String text, String where) {
    int[] tokens = new int[text.codePointCount(0, text.length())];
    int line = 1;
    int lineBegins = 0;
    int at = 0;
    for (int k = 0; k < tokens.length; k++) {
      int point = text.codePointAt(at);
      int token = Arrays.binarySearch(points, point);
      if (token < 0) {
        throw unknown(where, line, k - lineBegins + 1, point);
      }
      tokens[k] = token;
      at += Character.charCount(point);
      if (point == '\n') {
        line++;
        lineBegins = k + 1;
      }
    }
    return tokens;
  }

  private static BadInputException unknown(String where, int line, int column, int point) {
    boolean shown = Character.isLetterOrDigit(point) || (point > ' ' && point < 0x7f);
    return new BadInputException(
        ("%s: line %d, character %d is %s, which the vocabulary of the model does not have. Take it"
                + " out, or train a model anew, on texts that have it or with"
                + " model.vocabulary = bytes.")
            .formatted(
                where,
                line,
                column,
                shown
                    ? "'%s' (U+%04X)".formatted(Character.toString(point), point)
                    : "U+%04X".formatted(point)));
  }

  @Override
  public byte[] bytes(int token) {
    return token == points.length
        ? new byte[0]
        : Character.toString(points[token]).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  void put(Map<String, Object> map) {
    map.put("characters", new String(points, 0, points.length));
  }
}
