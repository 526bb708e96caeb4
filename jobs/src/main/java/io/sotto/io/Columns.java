package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which named columns are what, in formats that have names.
 *
 * @param agent names the holder of a row; null if rows are dealt
 * @param label the label
 * @param features in order; empty until {@link #resolve}d
 */
record Columns(@Nullable String agent, String label, List<String> features)
    implements Serializable {

  /** With no features named: all other columns whose first value is a number. */
  Columns resolve(InputFile file, List<String> names, List<Boolean> numeric) {
    if (!features.isEmpty()) {
      return this;
    }
    List<String> found =
        IntStream.range(0, names.size())
            .filter(c -> numeric.get(c))
            .mapToObj(names::get)
            .filter(name -> !name.equals(agent) && !name.equals(label))
            .toList();
    if (found.isEmpty()) {
      throw new BadInputException(
          ("%s: no column but those of label and agent is a number in the first row; name the"
                  + " features in data.features.")
              .formatted(file.uri()));
    }
    return new Columns(agent, label, found);
  }

  /** Where the features stand among the names of a file. */
  int[] featurePositions(InputFile file, List<String> names) {
    return features.stream().mapToInt(f -> position("data.features", f, file, names)).toArray();
  }

  int labelPosition(InputFile file, List<String> names) {
    return position("data.label", label, file, names);
  }

  /** Where the agent's name stands; -1 if there is none. */
  int agentPosition(InputFile file, List<String> names) {
    return agent == null ? -1 : position("data.agent", agent, file, names);
  }

  private static int position(String key, String column, InputFile file, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new BadInputException(
            "%s: two columns are named '%s'; rename one.".formatted(file.at(1), name));
      }
    }
    int at = names.indexOf(column);
    if (at < 0) {
      throw new BadInputException(
          "%s names the column '%s', which %s does not have; maybe '%s' is meant. It has: %s."
              .formatted(
                  key,
                  column,
                  file.uri(),
                  names.isEmpty() ? "" : Registry.nearest(column, names),
                  String.join(", ", names)));
    }
    return at;
  }
}
