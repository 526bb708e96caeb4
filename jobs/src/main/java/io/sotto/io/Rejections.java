package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one file that could not be read: the first of them, counts of all, and their lines.
 * What it takes is bounded, whatever the file holds.
 */
final class Rejections implements Serializable {
  private static final long serialVersionUID = 1;

  /** So many rows are kept of a file, and of all files of a run. */
  static final int MOST_ROWS = 1000;

  /** So many reasons are counted apart. */
  static final int MOST_REASONS = 50;

  /** Counts the rows of all reasons that are not counted apart. */
  static final String OTHER_REASONS = "other reasons";

  /** Counts the rows whose holder cannot be told; no agent has an empty name. */
  static final String NOBODY = "";

  /** So many names are believed that no good row has borne so far: they may be other fields. */
  private static final int MOST_STRANGERS = 100;

  private static final int MOST_NAME = 1000;
  private static final int MOST_TEXT = 4000;

  private final String file;
  private final boolean shown;
  private int strangers;

  long count;
  final Map<String, Long> reasons = new TreeMap<>();
  final Map<String, Long> holders = new TreeMap<>();
  final SkippedLines lines = new SkippedLines();
  final List<BadRow> rows = new ArrayList<>();

  /**
   * @param file its URI
   * @param shown whether what stands in rows is kept
   */
  Rejections(String file, boolean shown) {
    this.file = file;
    this.shown = shown;
  }

  /**
   * Takes a row down.
   *
   * @param agent what the agent column says; null if that cannot be told
   * @param known the agents that good rows have named so far
   */
  void add(
      long line, @Nullable String agent, Set<String> known, Fault fault, Supplier<String> text) {
    count++;
    lines.add(line);
    boolean apart = reasons.size() < MOST_REASONS || reasons.containsKey(fault.reason());
    reasons.merge(apart ? fault.reason() : OTHER_REASONS, 1L, Long::sum);
    String holder = agent != null && !agent.isBlank() && believed(agent, known) ? agent : null;
    holders.merge(holder == null ? NOBODY : holder, 1L, Long::sum);
    if (rows.size() < MOST_ROWS) {
      rows.add(
          new BadRow(
              file,
              line,
              holder,
              fault.words(shown),
              shown ? Fault.shortened(text.get(), MOST_TEXT) : ""));
    }
  }

  private boolean believed(String agent, Set<String> known) {
    if (known.contains(agent) || holders.containsKey(agent)) {
      return true;
    }
    return agent.length() <= MOST_NAME && strangers++ < MOST_STRANGERS;
  }

  /**
   * Refuses the file if there is any.
   *
   * @param remedy what else may be done than to mend the row, up to the key that skips it
   */
  void requireNone(InputFile of, String remedy) {
    for (BadRow first : rows) {
      throw new BadInputException(
          "%s: %s. Mend the row (what has no value, data.missing-values say), %s = skip to leave such rows out."
              .formatted(of.at(first.line()), first.reason(), remedy));
    }
  }

  /** Keeps the first rows only, and returns how many there are then. */
  int keep(int most) {
    if (rows.size() > most) {
      rows.subList(most, rows.size()).clear();
    }
    return rows.size();
  }
}
