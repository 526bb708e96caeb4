package io.sotto.io;

import io.sotto.model.Vocabulary;
import io.sotto.model.WordCounts;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** What one pass over a file of texts finds: counts, and characters or words; no text. */
final class TextScan implements Documents.Taker, Serializable {
  private static final long serialVersionUID = 1;

  /** Of one agent in one file. */
  static final class Counts implements Serializable {
    private static final long serialVersionUID = 1;

    long documents;
    long characters;
    long tokens;

    /** Whether there is one more token in front of the agent's first text: it begins here. */
    boolean begins;

    void add(Counts other) {
      documents += other.documents;
      characters += other.characters;
      tokens += other.tokens;
      begins |= other.begins;
    }

    /** How many tokens, with the one in front. */
    long allTokens() {
      return tokens + (begins ? 1 : 0);
    }
  }

  final TextPart part;
  private final Vocabulary.Kind kind;
  private final @Nullable Vocabulary vocabulary;
  final Map<String, Counts> byAgent = new TreeMap<>();

  /** The characters that occur, if those are tokens. */
  final BitSet alphabet = new BitSet();

  /** The words that occur, if pairs are to be learnt from them; the driver gets no such scan. */
  final WordCounts words = new WordCounts();

  String checksum = "";

  /** Why the file cannot be used; null if it can. */
  @Nullable String refusal;

  private TextScan(TextPart part, Vocabulary.Kind kind, @Nullable Vocabulary vocabulary) {
    this.part = part;
    this.kind = kind;
    this.vocabulary = vocabulary;
  }

  /**
   * Reads a file; never throws {@link BadInputException}.
   *
   * @param kind of tokens that are counted; pairs can be counted with a vocabulary only
   * @param vocabulary that all texts must be written in; null if it is made of them
   */
  static TextScan of(
      TextPart part,
      Documents documents,
      Vocabulary.Kind kind,
      @Nullable Vocabulary vocabulary,
      Configuration hadoop)
      throws IOException {
    TextScan scan = new TextScan(part, kind, vocabulary);
    scan.refusal = documents.refusal(part, hadoop, scan);
    if (scan.refusal == null) {
      scan.checksum = part.file().checksum(hadoop);
    }
    return scan;
  }

  @Override
  public boolean wants(String agent) {
    return true;
  }

  @Override
  public void document(
      String where, String agent, String prompt, String text, boolean begins, boolean ends) {
    if (text.isEmpty()) {
      throw new BadInputException(
          "%s: there is no text. Put one there, or take it out.".formatted(where));
    }
    Counts counts = byAgent.computeIfAbsent(agent, name -> new Counts());
    counts.documents++;
    counts.begins |= begins;
    counts.tokens += ends ? 1 : 0;
    add(where, prompt, counts);
    add(where, text, counts);
  }

  private void add(String where, String text, Counts counts) {
    int characters = text.codePointCount(0, text.length());
    counts.characters += characters;
    if (vocabulary != null) {
      counts.tokens += vocabulary.encode(text, where).length;
      return;
    }
    switch (kind) {
      case CHARACTERS -> {
        text.codePoints().forEach(alphabet::set);
        counts.tokens += characters;
      }
      case BYTES -> counts.tokens += text.getBytes(StandardCharsets.UTF_8).length;
      case PAIRS -> words.add(text);
      default -> throw new IllegalStateException(kind.word());
    }
  }
}
