package io.sotto.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import io.sotto.run.RunSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that are known, with their defaults: the reference file. A key whose default is text is
 * a key of text; an empty block takes any names.
 *
 * @param reference the parsed file
 */
record Schema(ConfigObject reference) {
  static final String NAME = "sotto-reference.conf";

  private static final String CONSTRAINTS = "problem.constraints";

  /** What a constraint may say; which set takes which parameter is the registry's to know. */
  private static final List<String> CONSTRAINT_KEYS =
      List.of(
          "set", "agents", "units", "center", "radius", "lower", "upper", "total", "normal",
          "offset", "matrix");

  /** Reads the resource of the jar. */
  static Schema read() {
    try (InputStream in = Schema.class.getResourceAsStream("/" + NAME)) {
      if (in == null) {
        throw new IllegalStateException(NAME + " is not on the classpath");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Schema(Includes.parse(text, NAME, new Includes(uri -> Optional.empty(), text)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The default of a key. */
  ConfigValue value(String path) {
    return find(ConfigUtil.splitPath(path))
        .orElseThrow(() -> new IllegalArgumentException(path + " is not in " + NAME));
  }

  /** The default of a key, or the empty block that takes its name; nothing if unknown. */
  Optional<ConfigValue> find(List<String> path) {
    ConfigValue value = reference;
    for (String key : path) {
      if (!(value instanceof ConfigObject block)) {
        return Optional.empty();
      }
      if (block.isEmpty()) {
        return Optional.of(block);
      }
      value = block.get(key);
    }
    return Optional.ofNullable(value);
  }

  /**
   * Refuses keys that are not known, and blocks that are none.
   *
   * @throws BadInputException for the first in the order of lines
   */
  void check(ConfigObject given) {
    check("", reference, given);
  }

  private void check(String prefix, ConfigObject known, ConfigObject given) {
    for (Map.Entry<String, ConfigValue> entry : inOrder(given)) {
      String path = prefix + ConfigUtil.joinPath(entry.getKey());
      ConfigValue value = entry.getValue();
      ConfigValue expected = known.get(entry.getKey());
      if (expected == null) {
        throw unknown(place(value.origin()), path, value instanceof ConfigObject);
      }
      if (path.equals(CONSTRAINTS) && value instanceof List<?> constraints) {
        checkConstraints(constraints);
      } else if (expected instanceof ConfigObject block) {
        if (value instanceof ConfigObject inner && !block.isEmpty()) {
          check(path + ".", block, inner);
        } else if (!(value instanceof ConfigObject) && value.valueType() != ConfigValueType.NULL) {
          throw new BadInputException(
              "%s: %s is %s; it must be a block in braces%s."
                  .formatted(
                      place(value.origin()),
                      path,
                      Values.show(value),
                      block.isEmpty() ? "" : " of " + String.join(", ", keys(block))));
        }
      }
    }
  }

  /** A set of the user's own, a class, has parameters that only it knows. */
  private static boolean isOwn(ConfigObject constraint) {
    ConfigValue set = constraint.get("set");
    return set != null && set.unwrapped() instanceof String name && name.contains(".");
  }

  private static void checkConstraints(List<?> constraints) {
    for (int i = 0; i < constraints.size(); i++) {
      if (constraints.get(i) instanceof ConfigObject constraint) {
        for (Map.Entry<String, ConfigValue> entry : inOrder(constraint)) {
          if (!isOwn(constraint) && !CONSTRAINT_KEYS.contains(entry.getKey())) {
            String prefix = RunSettings.Constraint.key(i) + ".";
            throw unknown(
                place(entry.getValue().origin()),
                prefix + ConfigUtil.joinPath(entry.getKey()),
                prefix + Registry.nearest(entry.getKey(), CONSTRAINT_KEYS));
          }
        }
      }
    }
  }

  /**
   * A complaint about a key that is not in the reference. It names a key of the same last name, if
   * there is one in another block, else the nearest.
   *
   * @param block whether it holds a block; then the nearest block is named
   */
  BadInputException unknown(String place, String path, boolean block) {
    List<String> known = new ArrayList<>();
    collect("", reference, block, known);
    String name = path.substring(path.lastIndexOf('.') + 1);
    List<String> namesakes =
        known.stream().filter(key -> ("." + key).endsWith("." + name)).toList();
    return unknown(place, path, Registry.nearest(path, namesakes.isEmpty() ? known : namesakes));
  }

  private static BadInputException unknown(String place, String path, String nearest) {
    return new BadInputException(
        "%s: unknown key %s; maybe %s is meant.".formatted(place, path, nearest));
  }

  private static void collect(
      String prefix, ConfigObject from, boolean blocks, Collection<String> paths) {
    for (Map.Entry<String, ConfigValue> entry : inOrder(from)) {
      String path = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject == blocks) {
        paths.add(path);
      }
      if (entry.getValue() instanceof ConfigObject inner) {
        collect(path + ".", inner, blocks, paths);
      }
    }
  }

  private static List<String> keys(ConfigObject block) {
    return inOrder(block).stream().map(Map.Entry::getKey).toList();
  }

  private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject block) {
    return block.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, ConfigValue> e) -> e.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .toList();
  }

  /** Where a value was written: {@code conf/x.conf:12}, or the command line. */
  static String place(ConfigOrigin origin) {
    // What was joined of two values is named for the second.
    String description = origin.description().replaceFirst("^merge of .*,", "");
    return description.startsWith(ConfigLoader.COMMAND_LINE)
        ? ConfigLoader.COMMAND_LINE
        : description.replaceFirst(": (\\d+)(-\\d+)?$", ":$1");
  }
}
