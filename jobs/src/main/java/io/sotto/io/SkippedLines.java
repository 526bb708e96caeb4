package io.sotto.io;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The lines of a file that are left out, in few bytes: the distance to the next run of them and how
 * long it is, each number in groups of seven bits.
 */
final class SkippedLines implements Serializable {
  private static final long serialVersionUID = 1;

  /** For all files together. They go to every cell. */
  static final int MOST_BYTES = 1 << 24;

  private byte[] runs = new byte[0];
  private int size;

  /** The line after the last run that is written. */
  private long end;

  /** The run that is not written yet: its first line, and the line after it. */
  private long first;

  private long next;

  /** Adds a line, which comes after those that were added before. */
  void add(long line) {
    if (line < next) {
      throw new IllegalArgumentException("line %d after line %d".formatted(line, next - 1));
    }
    if (line > next || next == first) {
      putRun();
      first = line;
    }
    next = line + 1;
  }

  /** Writes down the last run, and lets go of what is not needed; called when all are there. */
  void close() {
    putRun();
    runs = Arrays.copyOf(runs, size);
  }

  private void putRun() {
    if (next > first) {
      put(first - end);
      put(next - first);
      end = next;
      first = next;
    }
  }

  private void put(long number) {
    long rest = number;
    do {
      if (size == runs.length) {
        runs = Arrays.copyOf(runs, Math.max(16, size + size / 2));
      }
      runs[size++] = (byte) (rest & 0x7f | (rest > 0x7f ? 0x80 : 0));
      rest >>>= 7;
    } while (rest > 0);
  }

  /** How many bytes they take. */
  int bytes() {
    return size;
  }

  /** Goes along the lines. */
  Cursor cursor() {
    return new Cursor();
  }

  /** Is asked of lines in ascending order. */
  final class Cursor {
    private int at;
    private long from;
    private long to;

    private Cursor() {}

    /** Whether a line is left out. */
    boolean holds(long line) {
      while (line >= to && at < size) {
        from = to + take();
        to = from + take();
      }
      return line >= from && line < to;
    }

    private long take() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte group = runs[at++];
        number |= (long) (group & 0x7f) << shift;
        if (group >= 0) {
          return number;
        }
      }
    }
  }
}
