package io.sotto.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that are followed one by one as they are read. */
abstract class FollowedBytes extends FilterInputStream {
  FollowedBytes(InputStream in) {
    super(in);
  }

  /**
   * Takes the next byte that was read.
   *
   * @param b from 0 to 255
   */
  abstract void follow(int b);

  @Override
  public final int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      follow(b);
    }
    return b;
  }

  @Override
  public final int read(byte[] bytes, int from, int length) throws IOException {
    int count = super.read(bytes, from, length);
    for (int i = from; i < from + count; i++) {
      follow(bytes[i] & 0xff);
    }
    return count;
  }

  /** None is read twice. */
  @Override
  public final boolean markSupported() {
    return false;
  }
}
