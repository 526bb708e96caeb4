package io.sotto.model.task;

import com.ibm.icu.text.RuleBasedNumberFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How digits are written, place by place: zeros in front count, since steps of a solution are codes
 * of places. All else, such as signs, is the same in all scripts.
 *
 * <p>A text is read in one way only. Capitals that stand side by side are a word. A word and the
 * space after it are a digit if together they are one of a language; else the word is no digit, be
 * it half of one, two without a space between them, or one without a space behind it. Outside words
 * 0 to 9 are digits, and so are a to j. So {@link #read} turns back what {@link #write} made of any
 * plain text without small letters from a to j, and without a capital right before a digit.
 */
public enum Script {
  /** 0 to 9. */
  DIGITS(digit -> String.valueOf((char) ('0' + digit))),
  /** a to j. */
  LETTERS(digit -> String.valueOf((char) ('a' + digit))),
  /** ZERO to NINE, each with a space behind it. */
  ENGLISH(words(Locale.ENGLISH)),
  /** NULL to NEUN, each with a space behind it. */
  GERMAN(words(Locale.GERMAN)),
  /** Text as it is: nothing in it counts as a digit, and no other script is wrong. */
  NONE(digit -> "");

  private static final int BASE = 10;
  private static final Pattern PIECE = Pattern.compile("\\p{Lu}+ ?|\\P{Lu}");

  /** A digit of a script. */
  private record Digit(Script script, int value) {}

  /** The digits of all scripts, by what is written. */
  private static final Map<String, Digit> KNOWN = new HashMap<>();

  static {
    for (Script script : values()) {
      for (int value = 0; script != NONE && value < BASE; value++) {
        KNOWN.put(script.written.get(value), new Digit(script, value));
      }
    }
  }

  private final List<String> written;

  Script(IntFunction<String> digit) {
    this.written = IntStream.range(0, BASE).mapToObj(digit).toList();
  }

  private static IntFunction<String> words(Locale language) {
    RuleBasedNumberFormat spelled =
        new RuleBasedNumberFormat(language, RuleBasedNumberFormat.SPELLOUT);
    return digit -> spelled.format(digit).toUpperCase(language) + " ";
  }

  /** As configurations write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Plain digits in this script. */
  public String write(String plain) {
    if (this == NONE) {
      return plain;
    }
    StringBuilder text = new StringBuilder(plain.length());
    for (int k = 0; k < plain.length(); k++) {
      char c = plain.charAt(k);
      if (c >= '0' && c <= '9') {
        text.append(written.get(c - '0'));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** A text in any scripts, written in this one. */
  public String rewrite(String text) {
    return this == NONE ? text : write(plain(text));
  }

  /** In plain digits what is written in this script; null if there are digits of another one. */
  public @Nullable String read(String text) {
    if (this == NONE) {
      return text;
    }
    boolean other =
        PIECE
            .matcher(text)
            .results()
            .map(piece -> KNOWN.get(piece.group()))
            .anyMatch(digit -> digit != null && digit.script != this);
    return other ? null : plain(text);
  }

  /**
   * Of the digits of a text, the share in this script; 0 if there are none. Words that are no
   * digits count as digits of another script. For {@link #NONE} it is 1.
   *
   * @param text in any scripts
   */
  public double share(String text) {
    int own = 0;
    int all = 0;
    for (Matcher pieces = PIECE.matcher(text); pieces.find(); ) {
      Digit digit = KNOWN.get(pieces.group());
      own += digit != null && digit.script == this ? 1 : 0;
      all += digit != null || isWord(pieces.group()) ? 1 : 0;
    }
    return this == NONE ? 1 : all == 0 ? 0 : (double) own / all;
  }

  private static boolean isWord(String piece) {
    return Character.getType(piece.codePointAt(0)) == Character.UPPERCASE_LETTER;
  }

  /** With digits of all scripts as plain ones. */
  private static String plain(String text) {
    return PIECE.matcher(text).replaceAll(Script::plain);
  }

  private static String plain(MatchResult piece) {
    Digit digit = KNOWN.get(piece.group());
    return digit == null ? Matcher.quoteReplacement(piece.group()) : String.valueOf(digit.value);
  }
}
