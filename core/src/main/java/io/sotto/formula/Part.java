package io.sotto.formula;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What columns of a design are products of: one or more numbers of a row, made of its inputs.
 *
 * @param label of the variable, as R calls it
 * @param kind what it is
 * @param of what it is computed from: of categories and indicators the column
 * @param names of its numbers
 * @param first of splines the inner knots, of polynomials the centres (R's alpha)
 * @param second of splines the outer knots, of polynomials the squared norms (R's norm2)
 */
record Part(
    String label, Kind kind, Node of, List<String> names, List<Double> first, List<Double> second)
    implements Serializable {

  /** What it is. */
  enum Kind {
    /** A number. */
    NUMBER,
    /** For each level of a category 1 or 0. */
    LEVELS,
    /** 1 where a column has no value, else 0. */
    MISSING,
    /** Powers, from the first on. */
    POWERS,
    /** Orthogonal polynomials. */
    POLYNOMIALS,
    /** Natural splines. */
    SPLINES
  }

  static Part number(String label, Node of) {
    return new Part(label, Kind.NUMBER, of, List.of(label), List.of(), List.of());
  }

  /** Names with a number behind. */
  static List<String> numbered(String label, int count) {
    List<String> names = new ArrayList<>();
    for (int k = 1; k <= count; k++) {
      names.add(label + (count == 1 ? "" : "" + k));
    }
    return names;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("term", label);
    map.put("kind", kind.name().toLowerCase(Locale.ROOT));
    map.put("of", of.text());
    map.put("names", names);
    if (kind == Kind.SPLINES) {
      map.put("knots", first);
      map.put("boundary", second);
    } else if (kind == Kind.POLYNOMIALS) {
      map.put("alpha", first);
      map.put("norm2", second);
    }
    return map;
  }

  static Part of(Map<?, ?> map) {
    String kind = String.valueOf(map.get("kind")).toUpperCase(Locale.ROOT);
    for (Kind known : Kind.values()) {
      if (known.name().equals(kind)) {
        boolean splines = known == Kind.SPLINES;
        return new Part(
            String.valueOf(map.get("term")),
            known,
            Parser.read(String.valueOf(map.get("of"))),
            map.get("names") instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of(),
            numbers(map.get(splines ? "knots" : "alpha")),
            numbers(map.get(splines ? "boundary" : "norm2")));
      }
    }
    throw new BadInputException("design.parts names the kind '%s'".formatted(map.get("kind")));
  }

  private static List<Double> numbers(@Nullable Object list) {
    return list instanceof List<?> all
        ? all.stream().map(number -> ((Number) number).doubleValue()).toList()
        : List.of();
  }
}
