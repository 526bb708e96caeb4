package io.sotto.run;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * A problem that agents solve together. {@link RowsProblem} is that of rows with features and a
 * label; a problem over something else implements this, with {@code Shards} of its own.
 */
public interface Problem {

  /**
   * Scans what the agents hold, once, before anything is decided.
   *
   * @param warnings takes sentences about what was left out or is not used
   * @throws io.sotto.problem.BadInputException if something in it is wrong
   */
  Costs look(Consumer<String> warnings) throws IOException;
}
