package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which named columns are what, in formats that have names.
 *
 * @param agent names the holder of a row; null if rows are dealt
 * @param label the label
 * @param features in order; empty until {@link #resolve}d
 * @param weight what a row counts for; null for 1
 * @param offset what is added to its prediction; null for 0
 */
record Columns(
    @Nullable String agent,
    String label,
    List<String> features,
    @Nullable String weight,
    @Nullable String offset)
    implements Serializable {

  /**
   * Where they stand among the names of a file.
   *
   * @param agent -1 if there is none
   * @param weight -1 if there is none
   * @param offset -1 if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Positions(int[] features, int label, int agent, int weight, int offset) {

    /** The columns that must hold numbers, by what they are. */
    int[] numbers() {
      return IntStream.concat(
              IntStream.of(features), IntStream.of(weight, offset).filter(at -> at >= 0))
          .toArray();
    }

    /**
     * What is wrong with a row's numbers; null if nothing is.
     *
     * @param number of a column, NaN if it holds no finite one
     * @param text of a column
     * @param values takes those of the features, then the weight and the offset
     */
    @Nullable Fault fault(
        List<String> names, IntToDoubleFunction number, IntFunction<String> text, double[] values) {
      int n = features.length;
      for (int j = 0; j < n; j++) {
        values[j] = number.applyAsDouble(features[j]);
        if (!Double.isFinite(values[j])) {
          return notFinite(features[j], names, text);
        }
      }
      values[n] = weight < 0 ? 1 : number.applyAsDouble(weight);
      values[n + 1] = offset < 0 ? 0 : number.applyAsDouble(offset);
      if (!(values[n] >= 0 && Double.isFinite(values[n]))) {
        return new Fault(
            "'%s' is no weight, a finite number from 0 on".formatted(names.get(weight)),
            text.apply(weight));
      }
      return Double.isFinite(values[n + 1]) ? null : notFinite(offset, names, text);
    }

    private static Fault notFinite(int column, List<String> names, IntFunction<String> text) {
      return new Fault("'%s' is no finite number".formatted(names.get(column)), text.apply(column));
    }
  }

  /** Rows that all count the same, and no offset. */
  Columns(@Nullable String agent, String label, List<String> features) {
    this(agent, label, features, null, null);
  }

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
            .filter(name -> !name.equals(weight) && !name.equals(offset))
            .toList();
    if (found.isEmpty()) {
      throw new BadInputException(
          ("%s: no column but those of label, agent, weight and offset is a number in the first row; name the"
                  + " features in data.features.")
              .formatted(file.uri()));
    }
    return new Columns(agent, label, found, weight, offset);
  }

  /** Where they stand among the names of a file. */
  Positions positions(InputFile file, List<String> names) {
    return new Positions(
        features.stream().mapToInt(f -> position("data.features", f, file, names)).toArray(),
        position("data.label", label, file, names),
        agent == null ? -1 : position("data.agent", agent, file, names),
        weight == null ? -1 : position("data.weight", weight, file, names),
        offset == null ? -1 : position("data.offset", offset, file, names));
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
