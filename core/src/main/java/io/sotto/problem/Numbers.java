package io.sotto.problem;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finite numbers out of text. */
public final class Numbers {
  private static final Set<String> NOT_FINITE = Set.of("nan", "inf", "infinity");

  private Numbers() {}

  /** The number, written in decimal digits, or NaN if the text is no finite number. */
  public static double parse(String text) {
    if (!hasPartsOnly(text)) {
      return Double.NaN; // so are NaN itself, and Java's own 1d, 2f and 0x3p4
    }
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN; // every caller tells where and what
    }
  }

  /** The number with all its digits; null if the text is none. */
  static @Nullable BigDecimal exact(String text) {
    if (!hasPartsOnly(text)) {
      return null;
    }
    try {
      return new BigDecimal(text.trim());
    } catch (NumberFormatException e) {
      return null; // then it is text
    }
  }

  private static boolean hasPartsOnly(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPart(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPart(char c) {
    return (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '+'
        || c == 'e'
        || c == 'E'
        || c == ' '
        || (c >= '\t' && c <= '\r'); // and no other control character
  }

  /** True for what programs write in place of a number that is not finite: NaN, -inf, Infinity. */
  public static boolean isNotFinite(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    boolean signed = word.startsWith("-") || word.startsWith("+");
    return NOT_FINITE.contains(signed ? word.substring(1) : word);
  }
}
