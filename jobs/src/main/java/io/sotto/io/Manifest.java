package io.sotto.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.problem.BadInputException;
import io.sotto.run.RunIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manifest.json} of a checkpoint says. A last field, {@code checksum}, is the SHA-256
 * of all that stands before it.
 *
 * @param formatVersion of the checkpoint
 * @param status running or interrupted
 * @param tick the last tick
 * @param written when, as ISO 8601 has it
 * @param versions of what wrote it
 * @param digest see {@link RunIdentity}
 * @param secretMark see {@link RunIdentity}
 * @param freshSecret whether that secret was made for the run alone
 * @param configuration see {@link RunIdentity}
 * @param inputs see {@link RunIdentity}
 * @param operator what the operator knows; null if the run had not begun
 * @param cells the state of each cell, in their order
 */
record Manifest(
    int formatVersion,
    String status,
    long tick,
    String written,
    Map<String, Object> versions,
    String digest,
    String secretMark,
    boolean freshSecret,
    Map<String, String> configuration,
    Map<String, String> inputs,
    @Nullable StateFile operator,
    List<StateFile> cells) {

  /** Refuses what lacks a part: a reader of JSON makes an IOException of it. */
  Manifest {
    Stream.of(status, digest, secretMark, configuration, inputs)
        .forEach(part -> Objects.requireNonNull(part, "a part is missing"));
    Stream.of(configuration, inputs)
        .flatMap(map -> map.values().stream())
        .forEach(value -> Objects.requireNonNull(value, "a value is missing"));
    cells = List.copyOf(cells);
  }

  /** Its name. */
  static final String NAME = "manifest.json";

  static final String RUNNING = "running";
  static final String INTERRUPTED = "interrupted";

  /** The version that is written today. */
  static final int FORMAT_VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder() // a long run has a long trace
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final String BEFORE = ",\n  \"checksum\" : \"";
  private static final String AFTER = "\"\n}\n";
  private static final int HEX = 64;
  private static final Pattern CHECKSUM =
      Pattern.compile(Pattern.quote(BEFORE) + "(\\p{XDigit}{64})" + Pattern.quote(AFTER));

  /**
   * Of a run as it stands now.
   *
   * @param run null if it was interrupted before it was known what it would be
   */
  static Manifest of(
      String status,
      long tick,
      Map<String, Object> versions,
      @Nullable RunIdentity run,
      @Nullable StateFile operator,
      List<StateFile> cells) {
    return new Manifest(
        FORMAT_VERSION,
        status,
        tick,
        Instant.now().toString(),
        versions,
        run == null ? "" : run.digest(),
        run == null ? "" : run.secretMark(),
        run != null && run.fresh().isPresent(),
        run == null ? Map.of() : run.configuration(),
        run == null ? Map.of() : run.inputs(),
        operator,
        cells);
  }

  /** Whether it says which run it is of. */
  boolean isOfKnownRun() {
    return !digest.isEmpty();
  }

  /** The same state of a run that was interrupted now. */
  Manifest interrupted() {
    return new Manifest(
        formatVersion,
        INTERRUPTED,
        tick,
        Instant.now().toString(),
        versions,
        digest,
        secretMark,
        freshSecret,
        configuration,
        inputs,
        operator,
        cells);
  }

  /** Whether the secret that was made for its run is not the one that was found for this one. */
  boolean lostSecret(RunIdentity now) {
    return freshSecret && now.fresh().isPresent() && !secretMark.equals(now.secretMark());
  }

  /** All files that it names. */
  List<StateFile> files() {
    List<StateFile> files = new ArrayList<>(cells);
    if (operator != null) {
      files.add(operator);
    }
    return files;
  }

  /** As it is written. */
  byte[] bytes() throws IOException {
    String text = JSON.writeValueAsString(this).replace("\r\n", "\n");
    return signed(text.substring(0, text.lastIndexOf("\n}"))).getBytes(StandardCharsets.UTF_8);
  }

  /** All of it, of what stands before the checksum. */
  static String signed(String body) {
    return body + BEFORE + checksum(body.getBytes(StandardCharsets.UTF_8)) + AFTER;
  }

  private static String checksum(byte[] body) {
    return HexFormat.of().formatHex(StateFile.digest().digest(body));
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is not as it was written
   * @throws BadInputException if it is of another version of the format
   */
  static Manifest read(byte[] bytes) throws IOException {
    int end = Math.max(0, bytes.length - HEX - BEFORE.length() - AFTER.length());
    Matcher last =
        CHECKSUM.matcher(new String(bytes, end, bytes.length - end, StandardCharsets.ISO_8859_1));
    if (!last.matches() || !last.group(1).equals(checksum(Arrays.copyOf(bytes, end)))) {
      throw new IOException(NAME + " is not as it was written");
    }
    JsonNode tree = JSON.readTree(bytes);
    int version = tree.path("formatVersion").asInt();
    if (version != FORMAT_VERSION) {
      throw new BadInputException(
          "it is of version %d of the format, and this program reads version %d"
              .formatted(version, FORMAT_VERSION));
    }
    return JSON.treeToValue(tree, Manifest.class);
  }
}
