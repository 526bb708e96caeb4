package io.sotto.config;

import java.io.IOException;
import java.util.Optional;

/** Where configuration files are read from. */
public interface Texts {
  /**
   * The whole text of a file.
   *
   * @param uri a URI, or a path, which starts at the working directory unless absolute
   * @return nothing if there is no such file
   * @throws IOException if there is, and it cannot be read; the message says why
   */
  Optional<String> read(String uri) throws IOException;
}
