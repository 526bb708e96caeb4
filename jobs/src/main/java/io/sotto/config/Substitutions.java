package io.sotto.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sotto.problem.BadInputException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves substitutions ({@code ${key}}) of a configuration that stays of a size that a run can
 * read: thirty lines that each name the line before twice are gigabytes, and some that name each
 * other take the library for ever.
 */
final class Substitutions {
  /** So long may a configuration be, in characters. */
  private static final long MOST = 1 << 25;

  private static final long SECONDS = 30;

  private final Map<ConfigValue, Long> sizes = new IdentityHashMap<>();

  private Substitutions() {}

  /**
   * The same without substitutions, environment variables last.
   *
   * @param file for the message
   * @throws BadInputException if it is too long, or takes half a minute
   * @throws ConfigException if a name stands for nothing, or for itself
   */
  static Config resolve(String file, Config config) {
    FutureTask<Config> task = new FutureTask<>(config::resolve);
    Thread thread = new Thread(task, "sotto-substitutions");
    thread.setDaemon(true);
    thread.start();
    try {
      Config resolved = task.get(SECONDS, TimeUnit.SECONDS);
      new Substitutions().require(file, resolved.root());
      return resolved;
    } catch (TimeoutException e) {
      throw new BadInputException(
          "%s: to replace each ${...} takes more than %d seconds; name other keys less often."
              .formatted(file, SECONDS),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConfigException wrong) {
        throw wrong;
      }
      if (e.getCause() instanceof StackOverflowError deep) {
        throw deep;
      }
      if (e.getCause() instanceof OutOfMemoryError) {
        throw new BadInputException(
            "%s: the memory has no room for the configuration once each ${...} is replaced; name other keys less often."
                .formatted(file),
            e);
      }
      throw new IllegalStateException("a configuration could not be resolved", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException(file + ": reading it was interrupted; start again.", e);
    }
  }

  private void require(String file, ConfigObject root) {
    long size = 0;
    for (String key : root.keySet()) { // entrySet() hashes all values, each wherever it stands
      size += size(root.get(key));
      if (size > MOST) {
        throw new BadInputException(
            "%s: the configuration is longer than %,d characters once each ${...} is replaced, most of all in %s; name other keys there less often."
                .formatted(file, MOST, ConfigUtil.joinPath(key)));
      }
    }
  }

  /** Of a value; one that stands in many places is looked at once. Above {@link #MOST} at most. */
  private long size(ConfigValue value) {
    Long known = sizes.get(value);
    if (known != null) {
      return known;
    }
    long size = 1;
    if (value instanceof ConfigObject block) {
      for (String key : block.keySet()) {
        size = Math.min(MOST + 1, size + key.length() + size(block.get(key)));
      }
    } else if (value instanceof ConfigList list) {
      for (ConfigValue one : list) {
        size = Math.min(MOST + 1, size + size(one));
      }
    } else if (value.valueType() == ConfigValueType.STRING) {
      size += ((String) value.unwrapped()).length();
    }
    sizes.put(value, size);
    return size;
  }
}
