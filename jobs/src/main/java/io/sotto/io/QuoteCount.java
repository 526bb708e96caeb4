package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the quotes of a csv file as it is read: in a file that is whole their number is even. A
 * quote that is opened and never closed makes the rest of the file one cell, which a reader of csv
 * takes for data.
 */
final class QuoteCount extends FilterInputStream {
  private boolean odd;

  QuoteCount(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    odd ^= b == '"';
    return b;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = super.read(bytes, from, length);
    for (int i = from; i < from + count; i++) {
      odd ^= bytes[i] == '"';
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /**
   * Refuses a file that ended within quotes.
   *
   * @param line where its last row begins
   */
  void requireEven(InputFile file, long line) {
    if (odd) {
      throw new BadInputException(
          "%s: a quote is opened in this row or above and never closed. Close it, or double it."
              .formatted(file.at(line)));
    }
  }
}
