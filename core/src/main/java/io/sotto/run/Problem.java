package io.sotto.run;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * What some agents have to solve together. {@link RowsProblem} is that of rows with features and a
 * label; a problem over something else implements this, with {@code Shards} of its own.
 */
public interface Problem {

  /**
   * Looks at what the agents hold, once, before anything is decided.
   *
   * @param warnings takes sentences about what was left out or is not used
   * @throws io.sotto.problem.BadInputException if something is not what it should be
   */
  Costs look(Consumer<String> warnings) throws IOException;
}
