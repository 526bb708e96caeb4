package io.sotto.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/**
 * The values of one configuration by full key, read with the type and range that are wanted.
 * Complaints say file, line, key, value and remedy.
 *
 * @param file the configuration file, for complaints about what is missing
 * @param schema the keys and their defaults
 * @param given what was given, resolved
 */
record Values(String file, Schema schema, ConfigObject given) {

  /** What was given for a key, else its default; null counts as not given. */
  ConfigValue at(String path) {
    ConfigValue value = given;
    for (String key : ConfigUtil.splitPath(path)) {
      value = value instanceof ConfigObject block ? block.get(key) : null;
    }
    return value == null || value.valueType() == ConfigValueType.NULL ? schema.value(path) : value;
  }

  /** True if the key was given a value, be it that of its default. */
  boolean given(String path) {
    return at(path) != schema.value(path);
  }

  /** True if the key was given a value other than its default. */
  boolean changed(String path) {
    return !at(path).equals(schema.value(path));
  }

  /** Text that must be given. */
  String text(String path, String remedy) {
    return text(path).orElseThrow(() -> missing(path, remedy));
  }

  /** Text, if it is given and not empty; numbers and booleans are taken as they are written. */
  Optional<String> text(String path) {
    return Optional.of(scalar(path, at(path), "it must be a text")).filter(text -> !text.isEmpty());
  }

  /** A list of distinct texts. */
  List<String> texts(String path) {
    return texts(path, at(path));
  }

  /** A list of distinct texts, of a value that has no default. */
  List<String> texts(String path, ConfigValue value) {
    String remedy = "it must be a list of names, such as [a, b]";
    if (!(value instanceof ConfigList list)) {
      throw bad(path, value, remedy);
    }
    List<String> texts = new ArrayList<>();
    for (ConfigValue one : list) {
      texts.add(scalar(path, one, remedy));
    }
    if (new HashSet<>(texts).size() < texts.size()) {
      throw bad(path, value, "it must not name anything twice");
    }
    return List.copyOf(texts);
  }

  /** One of the constants of an enumeration, written as {@link ConfigWriter#word} says. */
  <E extends Enum<E>> E choice(String path, Class<E> type) {
    return choice(path, at(path), type);
  }

  /** One of the constants of an enumeration, of a value that has no default. */
  <E extends Enum<E>> E choice(String path, ConfigValue value, Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    List<String> words = constants.stream().map(ConfigWriter::word).toList();
    String known = "known: " + String.join(", ", words);
    String text = scalar(path, value, known);
    if (!words.contains(text)) {
      throw bad(
          path, value, "maybe '%s' is meant; %s".formatted(Registry.nearest(text, words), known));
    }
    return constants.get(words.indexOf(text));
  }

  /** Yes or no. */
  boolean flag(String path) {
    String text = scalar(path, at(path), "it must be true or false");
    if (!text.equals("true") && !text.equals("false")) {
      throw bad(path, at(path), "it must be true or false");
    }
    return text.equals("true");
  }

  /**
   * A finite number.
   *
   * @param allowed the range
   * @param what the range in words, such as {@code a number above 0}
   */
  double number(String path, DoublePredicate allowed, String what) {
    return number(path, at(path), allowed, what);
  }

  /** A finite number, of a value that has no default. */
  double number(String path, ConfigValue value, DoublePredicate allowed, String what) {
    double number = decimal(path, value, what).doubleValue();
    if (!Double.isFinite(number) || !allowed.test(number)) {
      throw bad(path, value, "it must be " + what);
    }
    return number;
  }

  /** A whole number in a range. */
  long whole(String path, long low, long high, String what) {
    try {
      long number = decimal(path, at(path), what).longValueExact();
      if (number >= low && number <= high) {
        return number;
      }
    } catch (ArithmeticException e) {
      throw new BadInputException(complaint(path, at(path), "it must be " + what), e);
    }
    throw bad(path, at(path), "it must be " + what);
  }

  /** A whole number from 1 on that must be given. */
  int count(String path, String remedy) {
    if (at(path).valueType() == ConfigValueType.NULL) {
      throw missing(path, remedy);
    }
    return (int) whole(path, 1, Integer.MAX_VALUE, "a whole number from 1 on");
  }

  /** True if a key says {@code auto}. */
  boolean auto(String path) {
    return at(path).unwrapped() instanceof String text && text.equals(ConfigWriter.AUTO);
  }

  /**
   * A time span above 0, with its unit.
   *
   * @param such what follows in the complaint about one that is not, such as examples
   */
  Duration duration(String path, String such) {
    return duration(path, Duration.ofNanos(1), "it must be a time above 0 with its unit" + such);
  }

  /** A time span from 0 on, with its unit. */
  Duration durationFromZero(String path) {
    String remedy = "it must be a time from 0 on with its unit, such as 0s, 90s or 10m";
    return duration(path, Duration.ZERO, remedy);
  }

  private Duration duration(String path, Duration least, String remedy) {
    String text = scalar(path, at(path), remedy);
    Duration duration = Duration.ofNanos(-1);
    if (!text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1))) {
      try {
        duration = at(path).atKey("it").getDuration("it");
      } catch (ConfigException e) {
        throw new BadInputException(complaint(path, at(path), remedy), e);
      }
    }
    if (duration.compareTo(least) < 0) {
      throw bad(path, at(path), remedy);
    }
    return duration;
  }

  /** A complaint about a value; the remedy ends the sentence, without its full stop. */
  BadInputException bad(String path, ConfigValue value, String remedy) {
    return new BadInputException(complaint(path, value, remedy));
  }

  /** The same, with what it comes from. */
  BadInputException bad(String path, ConfigValue value, String remedy, Exception cause) {
    return new BadInputException(complaint(path, value, remedy), cause);
  }

  private String complaint(String path, ConfigValue value, String remedy) {
    return "%s: %s is %s; %s.".formatted(place(value), path, show(value), remedy);
  }

  /** A complaint about a key that must be given. */
  BadInputException missing(String path, String remedy) {
    return new BadInputException("%s: %s is missing; %s.".formatted(file, path, remedy));
  }

  /** What is made of a value; a complaint about it begins with where the value was written. */
  <T> T made(ConfigValue value, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (BadInputException e) {
      throw new BadInputException(place(value) + ": " + e.getMessage(), e);
    }
  }

  /** Where a value was written; for a default, the file that could have given another. */
  String place(ConfigValue value) {
    String place = Schema.place(value.origin());
    return place.startsWith(Schema.NAME) ? file : place;
  }

  /** A value as messages show it. */
  static String show(ConfigValue value) {
    return value.unwrapped() instanceof String text
        ? "'" + text + "'"
        : value.render(ConfigRenderOptions.concise());
  }

  private BigDecimal decimal(String path, ConfigValue value, String what) {
    try {
      return new BigDecimal(scalar(path, value, "it must be " + what));
    } catch (NumberFormatException e) {
      throw new BadInputException(complaint(path, value, "it must be " + what), e);
    }
  }

  /** What is neither block nor list nor null, as it is written. */
  private String scalar(String path, ConfigValue value, String remedy) {
    ConfigValueType type = value.valueType();
    if (!Arrays.asList(ConfigValueType.STRING, ConfigValueType.NUMBER, ConfigValueType.BOOLEAN)
        .contains(type)) {
      throw bad(path, value, remedy);
    }
    return value.atKey("it").getString("it");
  }
}
