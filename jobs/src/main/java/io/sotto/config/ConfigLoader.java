package io.sotto.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Loads a configuration: the reference, over it the file with what it includes, over that the
 * {@code key=value} of the command line, as if each were a line at the end of the file. Then
 * substitutions ({@code ${key}}) are resolved, environment variables last.
 */
public final class ConfigLoader {
  static final String COMMAND_LINE = "command line";

  private static final Schema SCHEMA = Schema.read();

  private ConfigLoader() {}

  /**
   * A configuration.
   *
   * @param warnings sentences about what was given and is not used, for the caller to print
   */
  public record Loaded(RunConfig config, List<String> warnings) {}

  /**
   * Loads a configuration.
   *
   * @param file its URI or path
   * @param overrides {@code key=value} each, the last of a key wins. For a key of text what follows
   *     the first {@code =} is the text, and two quotes are an empty one; for others it is a HOCON
   *     value
   * @param texts reads the file, and those which it includes
   * @throws BadInputException if any of it is wrong; the message says where
   */
  public static Loaded load(String file, List<String> overrides, Texts texts) {
    return load(file, overrides, texts, Dates.now());
  }

  /**
   * Loads a configuration for a run of some day.
   *
   * @param dates what the calendar says
   */
  public static Loaded load(String file, List<String> overrides, Texts texts, Dates dates) {
    try {
      Config given =
          Includes.parse(texts, file)
              .orElseThrow(
                  () ->
                      new BadInputException(
                          "%s: there is no such file; give a path, or a URI such as file:/home/me/x.conf."
                              .formatted(file)))
              .toConfig();
      for (String override : overrides) {
        given = parse(override, texts).withFallback(given);
      }
      ConfigObject all = Substitutions.resolve(file, given.withFallback(SCHEMA.reference())).root();
      SCHEMA.check(all);
      List<String> warnings = new ArrayList<>();
      ConfigObject filled = dates.filled(new Values(file, SCHEMA, all), warnings);
      RunConfig config = new ConfigReader(new Values(file, SCHEMA, filled), dates, warnings).read();
      return new Loaded(config, List.copyOf(warnings));
    } catch (ConfigException e) {
      throw malformed(file, e);
    } catch (StackOverflowError e) {
      throw new BadInputException(
          "%s: blocks or lists stand in each other too deep; mend the brackets.".formatted(file),
          e);
    }
  }

  private static Config parse(String override, Texts texts) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new BadInputException(
          "%s: '%s' is no key=value; write it like stop.max-ticks=100."
              .formatted(COMMAND_LINE, override));
    }
    String key = override.substring(0, equals).strip();
    String text = override.substring(equals + 1);
    List<String> path = path(key);
    ConfigValue known =
        SCHEMA
            .find(path)
            .orElseThrow(() -> SCHEMA.unknown(COMMAND_LINE, key, text.startsWith("{")));
    Object value =
        known.valueType() == ConfigValueType.STRING && !LanguageReader.isBlock(key, text)
            ? text.equals("\"\"") ? "" : text
            : parse(key, text, new Includes(texts, text));
    for (int i = path.size() - 1; i >= 0; i--) {
      value = Map.of(path.get(i), value);
    }
    return ((ConfigObject) ConfigValueFactory.fromAnyRef(value, COMMAND_LINE)).toConfig();
  }

  private static List<String> path(String key) {
    try {
      return ConfigUtil.splitPath(key);
    } catch (ConfigException.BadPath e) {
      return List.of(key); // no key holds what a path may not
    }
  }

  private static ConfigValue parse(String key, String text, Includes includes) {
    try {
      ConfigObject root = Includes.parse("it = " + text, COMMAND_LINE, includes);
      ConfigValue value = root.get("it");
      if (value == null || root.size() > 1) {
        throw new ConfigException.Generic("more than a value");
      }
      return value;
    } catch (ConfigException e) {
      throw new BadInputException(
          "%s: %s is '%s'; give it one HOCON value, such as 5, true, [a, b] or { a = 1 }."
              .formatted(COMMAND_LINE, key, text),
          e);
    }
  }

  private static BadInputException malformed(String file, ConfigException e) {
    String message = String.valueOf(e.getMessage());
    String place = file;
    if (e.origin() != null) {
      place = Schema.place(e.origin());
      message = message.replace(e.origin().description() + ": ", "").strip();
    }
    String complaint =
        e instanceof ConfigException.UnresolvedSubstitution
            ? "%s: %s; define what it names, or write ${?name} where it may be absent."
            : "%s: this is not HOCON: %s; mend this line or one above it.";
    return new BadInputException(complaint.formatted(place, message), e);
  }
}
