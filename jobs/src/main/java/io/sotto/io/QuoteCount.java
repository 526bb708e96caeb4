package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.InputStream;

/**
 * Follows the quotes of a csv file as it is read. A quote counts at the beginning of a field only;
 * a quote that is opened and never closed makes the rest of the file one field, which a reader of
 * csv takes for data.
 */
final class QuoteCount extends FollowedBytes {
  private static final int MARK_BYTES = 3; // of the longest byte order mark

  /** Where in a field the next byte is. */
  private enum At {
    START,
    PLAIN,
    QUOTED,
    CLOSED
  }

  private final boolean blanks;
  private At at = At.START;
  private long position;
  private long line = 1;
  private long opened;
  private long broken;
  private int last;

  QuoteCount(InputStream in) {
    this(in, false);
  }

  /**
   * @param blanks whether there may be blanks around quotes
   */
  QuoteCount(InputStream in, boolean blanks) {
    super(in);
    this.blanks = blanks;
  }

  @Override
  void follow(int b) {
    boolean mark = position++ < MARK_BYTES && b > 0x7f;
    if (mark || b == 0) {
      return; // or half of a character in UTF-16
    }
    boolean end = b == '\n' || b == '\r';
    if (b == '\r' || (b == '\n' && last != '\r')) {
      line++;
    }
    last = b;
    if (at == At.QUOTED) {
      at = b == '"' ? At.CLOSED : At.QUOTED;
    } else if (end || b == ',') {
      at = At.START;
    } else if (at == At.START && b == '"') {
      at = At.QUOTED;
      opened = line;
    } else if (at == At.CLOSED && b == '"') {
      at = At.QUOTED; // a quote in quotes is doubled
    } else if (!(blanks && b == ' ' && at != At.PLAIN)) {
      if (at == At.CLOSED && broken == 0) {
        broken = opened;
      }
      at = At.PLAIN;
    }
  }

  /**
   * The line that is to blame if the file is no csv.
   *
   * @param read the line of the last row that could be read
   */
  long blamed(long read) {
    if (broken > 0) {
      return broken;
    }
    return at == At.QUOTED ? opened : read;
  }

  /** Refuses a file that ended within quotes. */
  void requireClosed(InputFile file) {
    if (at == At.QUOTED) {
      throw new BadInputException(
          "%s: a quote is opened in this line and never closed. Close it, or double it."
              .formatted(file.at(opened)));
    }
  }
}
