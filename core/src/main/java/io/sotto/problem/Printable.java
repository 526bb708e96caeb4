package io.sotto.problem;

import java.util.Locale;

/** Text that a terminal and a log can show, whatever stands in it. */
public final class Printable {
  private Printable() {}

  /** The text, with an escape such as {@code \u0000} in place of each character that controls. */
  public static String of(String text) {
    if (text.chars().noneMatch(Printable::controls)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.chars().forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    if (controls(c)) {
      shown.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      shown.append((char) c);
    }
  }

  /** Control characters but the end of a line, and those that turn the direction of text. */
  private static boolean controls(int c) {
    return (Character.isISOControl(c) && c != '\n')
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f
        || c == 0xfeff;
  }
}
