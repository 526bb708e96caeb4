package io.sotto.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Spoils files, in ways in which files get spoilt and in ways in which somebody might do it on
 * purpose. What comes out follows from the random numbers alone.
 */
final class Spoiling {
  private static final int MOST_CHANGES = 4;
  private static final int LONG = 100_000;
  private static final int FOOTER_END = 8; // length of the footer, and PAR1
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern VALUE = Pattern.compile("(?<=[=:] {0,4})[^\\s,}{]+");

  private static final List<String> NUMBERS =
      List.of(
          "NaN", "1e400", "-1e400", "-0", "0", "-1", "1e-320", "4.9e-324", "1e308", "2147483647",
          "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "1e", "--1",
          "0x1p3", "1_000", "Infinity", "1d", "", "99999999999999999999999999999999", "0.1.2");

  /** What has a meaning of its own somewhere; as bytes, one character each. */
  private static final List<String> STRANGE =
      List.of(
          "\u00ef\u00bb\u00bf", "\u00ff\u00fe", "\u00fe\u00ff", "\0", "\0\0\0\0", "\u00c3\u0028",
          "\u00ed\u00a0\u0080", "\u00f8\u0088", "\u00ff", "\u00e2\u0080\u00a8", "\u00e2\u0080\u00ae",
          "\r", "\n", "\t", "\"", "\"\"\"", "'", "\\", ",", ";", "=", ":", "../../x", "/etc/passwd",
          "<script>", "%s%n", "%2e%2e", "{date}", "#", " ", "${x}", "CON", "nan", "null", "\u001b[2J");

  private static final List<String> HOCON =
      List.of(
          "include \"x.conf\"", "include required(file(\"absent.conf\"))", "include file(\"/\")",
          "include url(\"http://127.0.0.1:1/x\")", "include url(\"file:/dev/null\")",
          "include classpath(\"reference.conf\")", "include \"\"", "include",
          "a = ${a}", "seed = ${seed}", "stop = ${stop}", "stop = ${stop} ${clock}",
          "seed = ${HOME}", "seed = ${?HOME}", "data.label = ${PATH}", "problem = ${problem} { l2 = 1 }",
          "x = ${y}, y = ${x}", "data.features += z", "data.features = ${data.features} [b]",
          "data = null", "problem = []", "network = 5", "problem.constraints = { a = 1 }",
          "problem.constraints = [[[]]]", "data.path = [a, b]", "\"\" = 1", "a..b = 1", "data.\"\".x = 1",
          "{", "}", "]", "[", "= 1", "data.agent = who, data.agent = who", "stop.deadline = 1e400 s",
          "stop.deadline = 9223372036854775807 d", "stop.deadline = \"25:61 Nowhere/None\"",
          "checkpoint.every = -1 s", "output.wait = 1e9 d", "zone = \"../../x\"",
          "engine.cells = 2147483647", "engine.cells = 1000000", "engine.ticks-per-superstep = 2147483647",
          "network { topology = regular, degree = 2147483647 }", "network.topology = complete",
          "network { topology = erdos-renyi, probability = 1e-300 }",
          "network { topology = small-world, degree = 2, rewire = 1 }",
          "network.delay { model = random, ticks = 2147483647 }",
          "clock.offline { rate = 1, duration = 2147483647 }", "stop.check-every = 9223372036854775807",
          "stop.max-ticks = 9223372036854775807", "data.min-level = 2147483647",
          "survival { time = a, event = y, intervals = 1000 }", "survival.cuts = [1e400]",
          "data { agent = null, deal.agents = 2147483647 }", "data { agent = null, deal.agents = 6 }",
          "problem.loss = java.lang.Runtime", "problem.loss = \"../../x\"", "problem.objective = x",
          "problem.formula = \"y ~ a ^ 1000 * b\"", "problem.formula = \"y ~ poly(a, 99999)\"",
          "problem.formula = \"((((((((((\"", "problem.formula = \"y ~ ns(a, df = 1e9)\"",
          "selection.by = agent", "selection { by = held-out, share = 1e-300 }", "inference {}",
          "inference.enabled = true", "disclosure {}", "privacy { protect = rows, epsilon = 1e-300 }",
          "privacy { protect = rows, epsilon = 1e300, delta = 0.001 }", "privacy.protect = sums",
          "privacy.scale = 1e308", "privacy.honest = 2147483647", "certificate.max-coordinates = 2147483647",
          "algorithm.name = secure-newton", "algorithm.step.initial = 1e308",
          "algorithm { name = nids, step.initial = -0.0 }", "warm-start = \"/\"",
          "warm-start = \"../{previous}/{previous}\"", "output.permissions = \"rwxrwxrwx\"",
          "data.missing-values = [1e400, \"\u0000\"]", "data.missing = mean", "data.features = [\"\"]");

  private static final List<String> ENTRIES =
      List.of(
          " 0:1", " -1:1", " 2147483647:1", " 2147483648:1", " 99999999999:1", " 5:1 2:1", " 2:1 2:1",
          " 3:", " :1", " 1:1:1", " qid:1 1:1", " 1:nan", " 1:1e400", " 1e1:1", " +1:+1", "  ", "\t4:1",
          " # 3:4", " 16777216:1", " 1:1,2:2");

  /** What a file is, as far as spoiling it goes. */
  enum Form {
    /** Text with a comma between fields. */
    CSV,
    /** Text in libsvm's format. */
    LIBSVM,
    /** A configuration. */
    HOCON,
    /** A Parquet file. */
    PARQUET,
    /** Anything else. */
    BYTES
  }

  private final Form form;
  private final List<String> others;
  private final SplittableRandom random;

  private Spoiling(Form form, List<String> others, SplittableRandom random) {
    this.form = form;
    this.others = others;
    this.random = random;
  }

  /**
   * Spoils a file.
   *
   * @param valid a file as it should be
   * @param others files of the same kind, from which parts are taken
   */
  static byte[] of(Form form, byte[] valid, List<byte[]> others, SplittableRandom random) {
    List<String> texts = others.stream().map(Spoiling::text).toList();
    Spoiling spoiling = new Spoiling(form, texts, random);
    String text = text(valid);
    int changes = 1 + random.nextInt(random.nextInt(1, MOST_CHANGES + 1));
    for (int k = 0; k < changes; k++) {
      text = spoiling.changed(text);
    }
    return bytes(text);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String changed(String text) {
    boolean own = random.nextInt(5) < 2;
    return switch (form) {
      case PARQUET -> own ? damaged(text) : ofBytes(text);
      case BYTES -> ofBytes(text);
      case HOCON -> own ? configured(text) : random.nextBoolean() ? ofText(text) : ofBytes(text);
      case LIBSVM -> own ? inserted(text, one(ENTRIES)) : ofText(text);
      case CSV -> random.nextBoolean() ? ofText(text) : ofBytes(text);
    };
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** A place in a text, its end among them. */
  private int at(String text) {
    return random.nextInt(text.length() + 1);
  }

  private String inserted(String text, String part) {
    int at = at(text);
    return text.substring(0, at) + part + text.substring(at);
  }

  private String ofBytes(String text) {
    int from = at(text);
    int to = Math.min(text.length(), from + 1 + random.nextInt(1 << random.nextInt(1, 12)));
    String part = text.substring(from, to);
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> flipped(text, 0, text.length());
      case 3 -> text.substring(0, from) + text.substring(to);
      case 4 -> text.substring(0, to) + part.repeat(random.nextInt(1, 20)) + text.substring(to);
      case 5 -> spliced(text);
      case 6 -> text.substring(0, from);
      case 7, 8 -> inserted(text, one(STRANGE));
      case 9 -> text.substring(0, from) + "\0".repeat(to - from) + text.substring(to);
      case 10 -> random.nextInt(4) == 0 ? compressed(text) : one(STRANGE) + text;
      default -> inserted(text, noise(1 + random.nextInt(16)));
    };
  }

  private String flipped(String text, int from, int to) {
    if (from >= to) {
      return text;
    }
    int at = random.nextInt(from, to);
    int bits = random.nextBoolean() ? 1 << random.nextInt(8) : 1 + random.nextInt(255);
    return text.substring(0, at) + (char) (text.charAt(at) ^ bits) + text.substring(at + 1);
  }

  private String noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return text(bytes);
  }

  private String spliced(String text) {
    String other = one(others);
    return text.substring(0, at(text)) + other.substring(at(other));
  }

  private static String compressed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text(bytes.toByteArray());
  }

  private String ofText(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("(?<=\n)")));
    int line = random.nextInt(lines.size());
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> replaced(text, NUMBER, one(NUMBERS));
      case 3 -> replaced(text, NUMBER, one(STRANGE));
      case 4 -> replaced(text, WORD, one(words(one(others))));
      case 5 -> replaced(text, WORD, one(STRANGE));
      case 6 -> {
        lines.remove(line);
        yield String.join("", lines);
      }
      case 7 -> {
        lines.addAll(at(lines), lines.subList(line, line + 1));
        yield String.join("", lines);
      }
      case 8 -> {
        lines.add(at(lines), one(lines(one(others))));
        yield String.join("", lines);
      }
      case 9 -> text.replace("\n", random.nextBoolean() ? "\r\n" : "\r");
      case 10 -> inserted(text, one(List.of("x", "9", "\"", ",", "[", "(")).repeat(random.nextInt(LONG)));
      default -> inserted(text, "\"");
    };
  }

  private int at(List<String> lines) {
    return random.nextInt(lines.size() + 1);
  }

  private static List<String> lines(String text) {
    return Stream.concat(text.lines().map(line -> line + "\n"), Stream.of("\n")).toList();
  }

  private static List<String> words(String text) {
    return Stream.concat(WORD.matcher(text).results().map(r -> r.group()), Stream.of("x")).toList();
  }

  /** With something else in place of one of the parts that a pattern finds. */
  private String replaced(String text, Pattern pattern, String by) {
    List<int[]> places = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      places.add(new int[] {matcher.start(), matcher.end()});
    }
    if (places.isEmpty()) {
      return inserted(text, by);
    }
    int[] place = one(places);
    return text.substring(0, place[0]) + by + text.substring(place[1]);
  }

  private String configured(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("(?<=\n)")));
    return switch (random.nextInt(6)) {
      case 0 -> {
        String open = one(List.of("[", "{ a = ", "${?x", "(", "a.", "a { "));
        yield inserted(text, open.repeat(random.nextInt(1 << random.nextInt(1, 15))));
      }
      case 1 -> replaced(text, VALUE, one(NUMBERS));
      case 2 -> replaced(text, VALUE, one(STRANGE));
      case 3 -> replaced(text, VALUE, one(List.of("[]", "{}", "[[]]", "null", "true", "\"\"", "[1, x]")));
      default -> {
        lines.add(at(lines), one(HOCON) + "\n");
        yield String.join("", lines);
      }
    };
  }

  /** Parquet, with changes where they do most: in the footer, its length, and heads of pages. */
  private String damaged(String text) {
    int end = text.length() - FOOTER_END;
    if (end <= 0) {
      return ofBytes(text);
    }
    int footer = 0;
    for (int k = 3; k >= 0; k--) {
      footer = footer << 8 | text.charAt(end + k);
    }
    int begin = footer > 0 && footer < end ? end - footer : 0;
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> flipped(text, begin, end);
      case 3 -> flipped(text, end, text.length());
      case 4 -> flipped(text, 0, Math.max(1, begin));
      default -> {
        int at = begin + random.nextInt(end - begin);
        yield text.substring(0, at) + "\u00ff\u00ff\u00ff\u00ff\u00ff\u000f" + text.substring(Math.min(end, at + 6));
      }
    };
  }
}
