package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.run.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/**
 * A text for each file.
 *
 * @param pieces into how many agents' pieces of the same number of characters it is cut; 0 for none
 */
record PlainDocuments(int pieces) implements Documents {
  private static final long serialVersionUID = 1;

  /** The part of the memory that a text may be: it is there several times as it is read. */
  private static final int PART = 8;

  private static final char MARK = '\uFEFF';

  @Override
  public void read(TextPart part, Configuration hadoop, Taker taker) throws IOException {
    InputFile file = part.file();
    if (pieces == 0) {
      if (taker.wants(part.agent())) {
        taker.document(file.place(), part.agent(), "", text(file, hadoop), true, true);
      }
      return;
    }
    String text = text(file, hadoop);
    long characters = text.codePointCount(0, text.length());
    if (characters < pieces) {
      throw new BadInputException(
          "data.deal.agents is %d; %s has only %d characters to deal. Ask for fewer agents."
              .formatted(pieces, file.place(), characters));
    }
    int at = 0;
    long dealt = 0;
    for (int piece = 0; piece < pieces; piece++) {
      long until = characters * (piece + 1) / pieces;
      int end = text.offsetByCodePoints(at, (int) (until - dealt));
      String agent = Integer.toString(piece);
      if (taker.wants(agent)) {
        taker.document(
            "%s, from character %d on".formatted(file.place(), dealt + 1),
            agent,
            "",
            text.substring(at, end),
            piece == 0,
            piece == pieces - 1);
      }
      at = end;
      dealt = until;
    }
  }

  /** The text in a file. */
  private static String text(InputFile file, Configuration hadoop) throws IOException {
    byte[] bytes;
    int most = (int) Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / PART);
    try (InputStream in = file.open(hadoop)) {
      bytes = in.readNBytes(most);
    }
    if (bytes.length == most) {
      throw new BadInputException(
          "%s holds %s of text or more, and must be read at once. Split it, or give more memory: --driver-memory, --executor-memory."
              .formatted(file.place(), Text.bytes(most)));
    }
    ByteBuffer left = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(left, text, true);
    if (result.isError()) {
      throw new BadInputException(
          "%s is not UTF-8: byte %d, counted from 0%s, is part of no character. Save it as UTF-8."
              .formatted(
                  file.place(),
                  left.position(),
                  bytes.length == file.bytes() ? "" : " once it is decompressed"));
    }
    text.flip();
    return text.length() > 0 && text.charAt(0) == MARK
        ? text.subSequence(1, text.length()).toString()
        : text.toString();
  }
}
