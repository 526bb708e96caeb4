package io.sotto.run;

import io.sotto.model.Vocabulary;
import io.sotto.model.task.PromptSource;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Where the prompts of agents are. They are looked at once; cells then take those of their own. */
public interface AgentPrompts {

  /**
   * Looks at the prompts.
   *
   * @param room that a model has for them
   * @throws BadInputException if one of them cannot be answered
   */
  Looked look(Room room) throws IOException;

  /**
   * What a look found; no prompt of a file is among it.
   *
   * @param agents their names, in the order of their indices
   * @param digest tells these prompts from others
   * @param words where they come from; for people
   * @param report what {@code run.json} says of them, by key
   * @param shards where cells take them from
   */
  record Looked(
      List<String> agents,
      String digest,
      String words,
      Map<String, Object> report,
      PromptShards shards) {}

  /** Gives prompts to the process that runs a cell. */
  @FunctionalInterface
  interface PromptShards extends Serializable {
    /**
     * The prompts of some agents. It must return the same each time, also after a fault.
     *
     * @param agents their global indices, ascending
     */
    PromptSource[] load(int[] agents);
  }

  /**
   * What a model can read and write.
   *
   * @param vocabulary of the model
   * @param window how many tokens it was trained for
   * @param longest how many tokens a response has at most, the one that ends it included
   */
  record Room(Vocabulary vocabulary, int window, int longest) implements Serializable {

    /**
     * Refuses a prompt that leaves no room for a response.
     *
     * @param where it stands, for messages
     */
    public void requireRead(String prompt, String where) {
      int read = vocabulary.encode(prompt, where).length;
      if (1 + read + longest > window) {
        throw new BadInputException(
            ("%s has %d tokens, and policy.longest is %d; with the token that begins they are more"
                    + " than the %d that the model was trained for. Take a smaller policy.longest, or"
                    + " a model with a longer model.window.")
                .formatted(where, read, longest, window));
      }
    }

    /**
     * Refuses to ask for more than may be written.
     *
     * @param shortest tokens of the shortest right response, the one that ends it included
     * @param whose it is, for messages
     */
    public void requireWritten(int shortest, String whose) {
      if (shortest > longest) {
        throw new BadInputException(
            ("policy.longest is %d, and the shortest right response %s has %d tokens. Set it to that"
                    + " or more.")
                .formatted(longest, whose, shortest));
      }
    }
  }
}
