package io.sotto.io;

/** Finite numbers out of text. */
final class Numbers {
  private Numbers() {}

  /** The number, or NaN if the text is no finite number. */
  static double parse(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN; // every caller tells where and what
    }
  }
}
