package io.sotto.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.sotto.problem.BadInputException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the include statements of one text: from the same file system as the text, relative to its
 * folder. The library's own includer passes over a missing file in silence and knows no hdfs.
 */
final class Includes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final Pattern FILE_SYSTEM = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?");

  /** So many files may one include, with those that they include. */
  private static final int MOST = 1_000;

  private final Texts texts;
  private final List<String> chain;
  private final String text;
  private final AtomicInteger files;

  /** For a text that is no file: its includes start at the working directory. */
  Includes(Texts texts, String text) {
    this(texts, List.of(), text, new AtomicInteger());
  }

  private Includes(Texts texts, List<String> chain, String text, AtomicInteger files) {
    this.texts = texts;
    this.chain = chain;
    this.text = text;
    this.files = files;
  }

  /**
   * Reads a file and all that it includes; substitutions stay open.
   *
   * @return nothing if there is no such file
   */
  static Optional<ConfigObject> parse(Texts texts, String uri) {
    return parse(texts, List.of(), uri, new AtomicInteger());
  }

  private static Optional<ConfigObject> parse(
      Texts texts, List<String> chain, String uri, AtomicInteger files) {
    if (files.getAndIncrement() > MOST) {
      throw new BadInputException(
          "%s: more than %,d files are included, some of them many times; include fewer."
              .formatted(chain.isEmpty() ? ConfigLoader.COMMAND_LINE : chain.get(0), MOST));
    }
    Optional<String> text;
    try {
      text = texts.read(uri);
    } catch (IOException e) {
      throw new BadInputException(
          "%s cannot be read: %s; mend that, or give another file.".formatted(uri, e.getMessage()),
          e);
    }
    List<String> longer = new ArrayList<>(chain);
    longer.add(uri);
    return text.map(t -> parse(t, uri, new Includes(texts, longer, t, files)));
  }

  /** Parses a text; complaints name the source. */
  static ConfigObject parse(String text, String source, Includes includes) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(source)
            .setIncluder(includes);
    return ConfigFactory.parseString(text, options).root();
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    String uri = chain.isEmpty() ? what : resolve(chain.get(chain.size() - 1), what);
    if (chain.contains(uri)) {
      throw new BadInputException(
          "%s: %s includes itself: %s -> %s; take out one of these includes."
              .formatted(place(what), uri, String.join(" -> ", chain), uri));
    }
    String remedy = "give its path from the folder of the including file, or an absolute one";
    return parse(texts, chain, uri, files)
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s: the included file %s is missing; %s."
                        .formatted(place(what), uri, remedy)));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return include(context, what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return include(context, what.toString());
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw new BadInputException(
        "%s: classpath(\"%s\") cannot be included; include a file.".formatted(place(what), what));
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this; // whoever falls back to the library's own includer misses missing files
  }

  /** The text and, where it can be found, the line of the include: the library does not tell it. */
  private String place(String what) {
    if (chain.isEmpty()) {
      return ConfigLoader.COMMAND_LINE;
    }
    Pattern statement =
        Pattern.compile("(?:(?!#|//).)*\\binclude\\b.*\"" + Pattern.quote(what) + "\".*");
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (statement.matcher(lines.get(i)).matches()) {
        return chain.get(chain.size() - 1) + ":" + (i + 1);
      }
    }
    return chain.get(chain.size() - 1);
  }

  /**
   * Where an include leads: a URI stays; an absolute path is one of the including file's file
   * system; a relative one starts at its folder. Written the shortest way, so that cycles show.
   */
  static String resolve(String including, String what) {
    if (FILE_SYSTEM.matcher(what).lookingAt()) {
      return what;
    }
    Matcher matcher = FILE_SYSTEM.matcher(including);
    String fileSystem = matcher.lookingAt() ? matcher.group() : "";
    String folder =
        what.startsWith("/")
            ? ""
            : including.substring(
                fileSystem.length(), Math.max(fileSystem.length(), including.lastIndexOf('/') + 1));
    return fileSystem + shortest(folder + what);
  }

  private static String shortest(String path) {
    String start = path.startsWith("/") ? "/" : "";
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..") && !names.isEmpty() && !names.getLast().equals("..")) {
        names.removeLast();
      } else if (!name.isEmpty() && !name.equals(".") && !(name.equals("..") && !start.isEmpty())) {
        names.addLast(name);
      }
    }
    return start + String.join("/", names);
  }
}
