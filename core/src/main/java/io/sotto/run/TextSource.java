package io.sotto.run;

import io.sotto.model.Tokens;
import io.sotto.model.Vocabulary;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Where the texts of agents are. They are looked at once; cells then read those of their own. */
public interface TextSource {

  /**
   * Looks at all texts: counts, and what the vocabulary is made of.
   *
   * @param warnings takes sentences about what was left out
   * @throws io.sotto.problem.BadInputException if a file or text is not what it should be
   */
  ScannedTexts scan(Consumer<String> warnings) throws IOException;

  /**
   * What a look at all texts found; no text is among it.
   *
   * @param agents their names, in the order of their indices
   * @param tokensOf how many tokens each agent holds
   * @param vocabulary of all of them
   * @param digest tells these texts, read this way, from others
   * @param words where they were read from; for people
   * @param report what {@code run.json} says of them, by key
   * @param shards where cells read them
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record ScannedTexts(
      List<String> agents,
      int[] tokensOf,
      Vocabulary vocabulary,
      String digest,
      String words,
      Map<String, Object> report,
      TokenShards shards) {}

  /** Reads texts in the process that runs a cell. */
  @FunctionalInterface
  interface TokenShards extends Serializable {
    /**
     * The texts of some agents. It must return the same each time, also after a fault.
     *
     * @param agents their global indices, ascending
     */
    Tokens[] load(int[] agents);
  }
}
