package io.sotto.model.task;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How digits are written. Signs are the same in all scripts. */
public enum Script {
  /** 0 to 9. */
  DIGITS('0'),
  /** a to j. */
  LETTERS('a');

  private static final int BASE = 10;

  private final char zero;

  Script(char zero) {
    this.zero = zero;
  }

  /** As configurations write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Plain digits in this script. */
  public String write(String plain) {
    return moved(plain, '0', zero);
  }

  /** A text in any scripts, written in this one. */
  public String rewrite(String text) {
    String plain = text;
    for (Script script : values()) {
      plain = moved(plain, script.zero, '0');
    }
    return write(plain);
  }

  /** In plain digits what is written in this script; null if there are digits of another one. */
  public @Nullable String read(String written) {
    for (Script other : values()) {
      if (other != this && written.chars().anyMatch(other::has)) {
        return null;
      }
    }
    return moved(written, zero, '0');
  }

  /**
   * Of the digits of a text, the share in this script; 0 if there are none.
   *
   * @param text in any scripts
   */
  public double share(String text) {
    long all = text.chars().filter(Script::isDigit).count();
    return all == 0 ? 0 : (double) text.chars().filter(this::has).count() / all;
  }

  /** Whether a character is a digit of any script. */
  static boolean isDigit(int character) {
    for (Script script : values()) {
      if (script.has(character)) {
        return true;
      }
    }
    return false;
  }

  private boolean has(int character) {
    return character >= zero && character < zero + BASE;
  }

  private static String moved(String text, char from, char to) {
    StringBuilder moved = new StringBuilder(text.length());
    for (int k = 0; k < text.length(); k++) {
      char c = text.charAt(k);
      moved.append(c >= from && c < from + BASE ? (char) (c - from + to) : c);
    }
    return moved.toString();
  }
}
