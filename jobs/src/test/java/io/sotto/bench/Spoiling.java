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
      case LIBSVM -> own ? inserted(text, one(Strange.ENTRIES)) : ofText(text);
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
      case 7, 8 -> inserted(text, one(Strange.TEXTS));
      case 9 -> text.substring(0, from) + "\0".repeat(to - from) + text.substring(to);
      case 10 -> random.nextInt(4) == 0 ? compressed(text) : one(Strange.TEXTS) + text;
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
      case 0, 1, 2 -> replaced(text, NUMBER, one(Strange.NUMBERS));
      case 3 -> replaced(text, NUMBER, one(Strange.TEXTS));
      case 4 -> replaced(text, WORD, one(words(one(others))));
      case 5 -> replaced(text, WORD, one(Strange.TEXTS));
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
      case 10 ->
          inserted(text, one(List.of("x", "9", "\"", ",", "[", "(")).repeat(random.nextInt(LONG)));
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
    return switch (random.nextInt(10)) {
      case 0 -> {
        String open = one(List.of("[", "{ a = ", "${?x", "(", "a.", "a { "));
        yield inserted(text, open.repeat(random.nextInt(1 << random.nextInt(1, 15))));
      }
      case 1 -> replaced(text, VALUE, one(Strange.NUMBERS));
      case 2 -> replaced(text, VALUE, one(Strange.TEXTS));
      case 3 ->
          replaced(text, VALUE, one(List.of("[]", "{}", "[[]]", "null", "true", "\"\"", "[1, x]")));
      case 4 -> {
        lines.add(at(lines), one(Strange.LINES) + "\n");
        yield String.join("", lines);
      }
      default -> text + one(Strange.LINES) + "\n"; // which may be in order, and is then run
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
        yield text.substring(0, at)
            + "\u00ff\u00ff\u00ff\u00ff\u00ff\u000f"
            + text.substring(Math.min(end, at + 6));
      }
    };
  }
}
