package io.sotto.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves substitutions ({@code ${key}}) of a configuration that stays of a size that a run can
 * hold: thirty lines that each name the line before twice are a text of gigabytes.
 */
final class Substitutions {
  /** So long may a configuration be, in characters. */
  private static final long MOST = 1 << 25;

  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";

  /** A text, in which nothing is replaced; or what is, with its name as the group. */
  private static final Pattern PIECE =
      Pattern.compile("%1$s|\\$\\{\\??((?:%1$s|[^\"}])*+)}".formatted(QUOTED));

  /** A key that nobody has: it stands before each of the values that are merged to one. */
  private static final String KEY = "\u0001";

  private final ConfigObject root;
  private final Map<List<String>, Long> sizes = new HashMap<>();

  private Substitutions(ConfigObject root) {
    this.root = root;
  }

  /**
   * The same without substitutions, environment variables last.
   *
   * @param file for the message
   * @throws BadInputException if it would be too long
   */
  static Config resolve(String file, Config config) {
    new Substitutions(config.root()).require(file);
    return config.resolve();
  }

  private void require(String file) {
    long size = 0;
    for (Map.Entry<String, ConfigValue> entry : root.entrySet()) {
      size += size(List.of(entry.getKey()), entry.getValue());
      if (size > MOST) {
        throw new BadInputException(
            "%s: the configuration is longer than %,d characters once each ${...} in it is replaced, most of all in %s; name other keys there less often."
                .formatted(file, MOST, ConfigUtil.joinPath(entry.getKey())));
      }
    }
  }

  /** How long a value is with all that it names, at most; one above {@link #MOST} if it is more. */
  private long size(List<String> path, ConfigValue value) {
    Long known = sizes.putIfAbsent(path, 0L); // 0 for a cycle, which the library tells
    if (known != null) {
      return known;
    }
    ConfigObject block = block(value);
    long size = block == null ? sizeOfText(path, value) : sizeOfBlock(path, block);
    size = Math.min(size, MOST + 1);
    sizes.put(path, size);
    return size;
  }

  private long sizeOfBlock(List<String> path, ConfigObject block) {
    long size = 0;
    for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
      List<String> inside = new ArrayList<>(path);
      inside.add(entry.getKey());
      size += entry.getKey().length() + size(inside, entry.getValue());
    }
    return size;
  }

  /** Of a text, a list, or several values that are merged: each may name those before it. */
  private long sizeOfText(List<String> path, ConfigValue value) {
    long size = 0;
    String text = value.atKey(KEY).root().render(ConfigRenderOptions.concise());
    for (String next : text.split("\"\\\\u0001\":", -1)) {
      long before = size;
      boolean kept = true;
      size = next.length();
      for (Matcher piece = PIECE.matcher(next); piece.find() && size <= MOST; ) {
        if (piece.group(1) != null) {
          List<String> name = there(ConfigUtil.splitPath(piece.group(1)));
          ConfigValue other = find(name);
          size += name.equals(path) ? before : other == null ? 0 : size(name, other);
          kept &= !name.equals(path) || next.startsWith("{");
        }
      }
      size += kept ? before : 0;
    }
    return size;
  }

  /** What a name is of: one in a file that another includes in a block may be of the root. */
  private List<String> there(List<String> name) {
    return IntStream.range(0, name.size())
        .mapToObj(skipped -> name.subList(skipped, name.size()))
        .filter(path -> find(path) != null)
        .findFirst()
        .orElse(name); // of the environment
  }

  /** The value of a path, or of the first part of it that is no plain block. */
  private @Nullable ConfigValue find(List<String> path) {
    ConfigValue value = root;
    for (String name : path) {
      ConfigObject block = value == null ? null : block(value);
      if (block == null) {
        return value;
      }
      value = block.get(name);
    }
    return value;
  }

  /** A block whose keys are known: not one that substitutions are merged with. */
  private static @Nullable ConfigObject block(ConfigValue value) {
    try {
      return value instanceof ConfigObject block && !block.isEmpty() ? block : null;
    } catch (ConfigException.NotResolved e) {
      return null;
    }
  }
}
