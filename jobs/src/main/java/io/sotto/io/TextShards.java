package io.sotto.io;

import io.sotto.model.Tokens;
import io.sotto.model.Vocabulary;
import io.sotto.problem.BadInputException;
import io.sotto.run.TextSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/** Reads the texts of some agents from the files that hold any of them. */
final class TextShards implements TextSource.TokenShards {
  private static final long serialVersionUID = 1;

  /**
   * A file, and the agents that it holds texts of.
   *
   * @param agents their indices, ascending
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Held(TextPart part, int[] agents) implements java.io.Serializable {

    /**
     * The same files.
     *
     * @param holders the names of those that each file holds something of
     * @param agents the names of all, in the order of their indices
     */
    static List<Held> of(List<TextPart> parts, List<Set<String>> holders, List<String> agents) {
      Map<String, Integer> index = new HashMap<>();
      for (int i = 0; i < agents.size(); i++) {
        index.put(agents.get(i), i);
      }
      return IntStream.range(0, parts.size())
          .mapToObj(
              k ->
                  new Held(
                      parts.get(k),
                      holders.get(k).stream()
                          .mapToInt(name -> index.getOrDefault(name, -1))
                          .sorted()
                          .toArray()))
          .toList();
    }

    /** Whether it holds something of some of them. */
    boolean holdsAny(int[] some) {
      return Arrays.stream(some).anyMatch(agent -> Arrays.binarySearch(agents, agent) >= 0);
    }
  }

  private final List<Held> parts;
  private final Documents documents;
  private final List<String> names;
  private final int[] tokensOf;
  private final Vocabulary vocabulary;
  private final SerializableConfiguration hadoop;

  TextShards(
      List<Held> parts,
      Documents documents,
      List<String> names,
      int[] tokensOf,
      Vocabulary vocabulary,
      Configuration hadoop) {
    this.parts = parts;
    this.documents = documents;
    this.names = names;
    this.tokensOf = tokensOf;
    this.vocabulary = vocabulary;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public Tokens[] load(int[] agents) {
    Map<String, Text> texts = new HashMap<>();
    for (int agent : agents) {
      texts.put(names.get(agent), new Text(tokensOf[agent]));
    }
    try {
      for (Held held : parts) {
        if (held.holdsAny(agents)) {
          documents.read(held.part(), hadoop.value(), new Reading(texts));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Arrays.stream(agents)
        .mapToObj(agent -> text(texts, names.get(agent)).tokens(names.get(agent)))
        .toArray(Tokens[]::new);
  }

  private static Text text(Map<String, Text> texts, String agent) {
    return Objects.requireNonNull(texts.get(agent), agent);
  }

  /** Hands each text on to its agent. */
  private final class Reading implements Documents.Taker {
    private final Map<String, Text> texts;

    Reading(Map<String, Text> texts) {
      this.texts = texts;
    }

    @Override
    public boolean wants(String agent) {
      return texts.containsKey(agent);
    }

    @Override
    public void document(
        String where, String agent, String prompt, String text, boolean begins, boolean ends) {
      Text whose = text(texts, agent);
      if (begins && whose.count == 0) { // later ones have the end of the one before in front
        whose.add(new int[] {vocabulary.end()}, false, where);
      }
      whose.add(vocabulary.encode(prompt, where), true, where);
      whose.add(vocabulary.encode(text, where), false, where);
      if (ends) {
        whose.add(new int[] {vocabulary.end()}, false, where);
      }
    }
  }

  /** The tokens of an agent so far. */
  private static final class Text {
    private final int[] ids;
    private boolean[] silent = new boolean[0];
    private int count;

    Text(int tokens) {
      ids = new int[tokens];
    }

    void add(int[] tokens, boolean read, String where) {
      if (count + tokens.length > ids.length) {
        throw changed(where);
      }
      System.arraycopy(tokens, 0, ids, count, tokens.length);
      if (read && tokens.length > 0) {
        silent = silent.length == 0 ? new boolean[ids.length] : silent;
        Arrays.fill(silent, count, count + tokens.length, true);
      }
      count += tokens.length;
    }

    Tokens tokens(String agent) {
      if (count < ids.length) {
        throw changed("the text of the agent '%s'".formatted(agent));
      }
      return new Tokens(ids, silent);
    }
  }

  /** The complaint that there is something else than when it was scanned. */
  static BadInputException changed(String what) {
    return new BadInputException(
        "%s has changed since the run began. Leave it alone while a run goes on, and run it again."
            .formatted(what));
  }
}
