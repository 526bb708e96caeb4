package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Reads the texts in files. */
interface Documents extends Serializable {

  /** Takes texts. */
  interface Taker {
    /** Whether the texts of an agent are wanted. */
    boolean wants(String agent);

    /**
     * A text that was wanted.
     *
     * @param where it stands, for messages
     * @param prompt what stands in front of it and is only read
     * @param begins whether it begins here; a later piece of a longer text does not
     * @param ends whether it ends here; an earlier piece of a longer text does not
     */
    void document(
        String where, String agent, String prompt, String text, boolean begins, boolean ends);
  }

  /**
   * Tells the taker of every text of a file, in their order.
   *
   * @throws BadInputException if the file is not as it should be
   */
  void read(TextPart part, Configuration hadoop, Taker taker) throws IOException;

  /**
   * The same for a task of Spark.
   *
   * @return why the file cannot be used; null if it can. Thrown in a task, it would be tried again
   *     and logged as a failure of Spark
   * @throws IOException if the environment fails
   */
  default @Nullable String refusal(TextPart part, Configuration hadoop, Taker taker)
      throws IOException {
    try {
      read(part, hadoop, taker);
      return null;
    } catch (BadInputException e) {
      return e.getMessage();
    } catch (IOException | UncheckedIOException e) {
      return IoFailure.input(part.file().uri() + " cannot be read", e).getMessage();
    }
  }
}
