package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.InputStream;

/**
 * Ends the reading of a text at a line that is too long to be one. A small file that is compressed
 * may hold a line that fits into no memory.
 */
final class LineBound extends FollowedBytes {
  /** The most bytes of a line. */
  static final int MOST_BYTES = 1 << 26;

  private final InputFile file;
  private long line = 1;
  private long length;

  LineBound(InputFile file, InputStream text) {
    super(text);
    this.file = file;
  }

  @Override
  void follow(int b) {
    if (b == '\n') {
      line++;
      length = 0;
    } else if (++length > MOST_BYTES) {
      throw new BadInputException(
          "%s: the line is longer than %d MB. Mend the file, or check data.format."
              .formatted(file.at(line), MOST_BYTES >> 20));
    }
  }
}
