package io.sotto.cli;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Writes a text that comes in parts of UTF-8. A character whose bytes come in several parts is
 * written when it is whole; bytes that are no UTF-8 become U+FFFD.
 */
final class TextStream {
  private static final int ROOM = 64;

  private final PrintStream out;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final CharBuffer characters = CharBuffer.allocate(ROOM);
  private ByteBuffer left = ByteBuffer.allocate(0);
  private char last = '\n';

  TextStream(PrintStream out) {
    this.out = out;
  }

  /** Writes what is whole, at once. */
  void write(byte[] bytes) {
    ByteBuffer all = ByteBuffer.allocate(left.remaining() + bytes.length).put(left).put(bytes);
    left = all.flip();
    decode(false);
    out.flush();
  }

  /** Writes what is left. */
  void end() {
    decode(true);
    decoder.flush(characters);
    put();
    out.flush();
  }

  private void decode(boolean end) {
    while (decoder.decode(left, characters, end).isOverflow()) {
      put();
    }
    put();
  }

  private void put() {
    characters.flip();
    if (characters.hasRemaining()) {
      last = characters.get(characters.limit() - 1);
      byte[] encoded = characters.toString().getBytes(StandardCharsets.UTF_8);
      out.write(encoded, 0, encoded.length);
    }
    characters.clear();
  }

  /** True if the last character that was written ends a line, or none was written. */
  boolean endsLine() {
    return last == '\n';
  }

  /** True if nobody reads it any more. */
  boolean isClosed() {
    return out.checkError();
  }
}
