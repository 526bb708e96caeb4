package io.sotto.config;

import java.util.Optional;

/**
 * What a solution is applied with.
 *
 * @param solution a result, or its {@code solution.json}; empty for that of {@code output.path}
 * @param output a folder; empty for one beside the result
 * @param format of the scores
 */
public record ScoreSettings(Optional<String> solution, Optional<String> output, Format format) {
  /** Nothing is given. */
  static final ScoreSettings DEFAULT =
      new ScoreSettings(Optional.empty(), Optional.empty(), Format.PARQUET);

  /** How scores are written. */
  public enum Format {
    /** Parquet. */
    PARQUET,
    /** RFC 4180 with a header line. */
    CSV
  }
}
