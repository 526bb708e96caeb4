package io.sotto.io;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

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
   * @throws io.sotto.problem.BadInputException if the file is not as it should be
   */
  void read(TextPart part, Configuration hadoop, Taker taker) throws IOException;
}
