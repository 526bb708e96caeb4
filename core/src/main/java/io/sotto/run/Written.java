package io.sotto.run;

import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of a result that is read again, as a JSON parser has it; complaints name the key.
 *
 * @param name of the file, for messages
 */
record Written(String name, Map<String, ?> map) {

  /** Refuses a file that a later version wrote. */
  void requireVersion(int known) {
    Object version = map.get("formatVersion");
    if (version instanceof Number number && number.intValue() > known) {
      throw new BadInputException(
          "%s: formatVersion is %s; this version of Sotto reads up to %d. Use the version that wrote"
                  .formatted(name, number, known)
              + " it, or a later one.");
    }
  }

  /** A block of keys; an empty one if it is not there. */
  Written block(String key) {
    Map<String, Object> inner = new LinkedHashMap<>();
    if (map.get(key) instanceof Map<?, ?> block) {
      block.forEach((k, v) -> inner.put(String.valueOf(k), v));
    }
    return new Written(name + ": " + key, inner);
  }

  /** All of it. */
  Map<String, Object> content() {
    return new LinkedHashMap<>(map);
  }

  /** Text; empty if it is not there. */
  String text(String key) {
    return Objects.toString(map.get(key), "");
  }

  double number(String key) {
    return number(key, map.get(key));
  }

  /** A number, or what stands for it. */
  double number(String key, double absent) {
    return map.get(key) instanceof Number number ? number.doubleValue() : absent;
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(map.get(key));
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (map.get(key) instanceof List<?> list) {
      list.forEach(one -> texts.add(String.valueOf(one)));
    }
    return texts;
  }

  /** A number, an array of them, or an array of such arrays, one after the other. */
  double[] numbers(String key) {
    List<@Nullable Object> all = new ArrayList<>();
    flatten(map.get(key), all);
    return all.stream().mapToDouble(one -> number(key, one)).toArray();
  }

  private static void flatten(@Nullable Object value, List<@Nullable Object> out) {
    if (value instanceof List<?> list) {
      list.forEach(one -> flatten(one, out));
    } else if (value instanceof double[] numbers) {
      Arrays.stream(numbers).forEach(out::add);
    } else if (value != null) {
      out.add(value);
    }
  }

  private double number(String key, @Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new BadInputException(
        "%s: %s holds %s in place of a number; name an output that is complete."
            .formatted(name, key, value));
  }
}
