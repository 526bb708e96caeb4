package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs submit.sh as a person would, with the embedded Spark, and reads what Spark notes of it. */
final class Submit {
  /** The root of the repository. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The embedded Spark. */
  static final Path SPARK = ROOT.resolve("jobs/target/spark");

  private static final long SECONDS = 240;

  private Submit() {}

  /** The process, not yet begun: in the root of the repository, both outputs in one. */
  static ProcessBuilder process(List<String> words) {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("submit.sh").toString()));
    command.addAll(words);
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile());
    process.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_CONF_DIR"));
    return process;
  }

  /** Runs it to its end, which has to be exit code 0, and returns what it printed. */
  static String run(Path log, List<String> words) throws IOException, InterruptedException {
    return run(log, words, Map.of());
  }

  /** The same, with these variables in its environment. */
  static String run(Path log, List<String> words, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = process(words).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      assertThat(ended).describedAs("%s ends in %d s%n%s", words, SECONDS, Cli.read(log)).isTrue();
    } finally {
      end(process);
    }
    String printed = Cli.read(log);
    assertThat(process.exitValue()).describedAs("%s%n%s", words, printed).isZero();
    return printed;
  }

  /**
   * The files of a folder that hold some bytes, or what a secret is made of them, as they are, in
   * hex or in base64, at whatever place of three bytes that begins.
   */
  static List<Path> tracesOf(byte[] material, Path folder) throws IOException {
    List<String> traces = new ArrayList<>();
    for (byte[] bytes : List.of(material, sha256(material))) {
      traces.add(new String(bytes, StandardCharsets.ISO_8859_1));
      traces.add(HexFormat.of().formatHex(bytes));
      traces.add(HexFormat.of().withUpperCase().formatHex(bytes));
      for (int skip = 0; skip < 3; skip++) {
        byte[] whole = Arrays.copyOfRange(bytes, skip, skip + (bytes.length - skip) / 3 * 3);
        traces.add(Base64.getEncoder().encodeToString(whole));
        traces.add(Base64.getUrlEncoder().encodeToString(whole));
      }
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (traces.stream().anyMatch(text::contains)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Ends a process and those that it began. */
  static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Options that have Spark write down its events, uncompressed, as one file in a folder. */
  static List<String> eventsTo(Path folder) {
    return Stream.of(
            "enabled=true", "dir=" + folder.toUri(), "rolling.enabled=false", "compress=false")
        .flatMap(setting -> Stream.of("--conf", "spark.eventLog." + setting))
        .toList();
  }

  /** Spark's events of one kind, in their order, from the one file in a folder. */
  static List<JsonNode> events(Path folder, String kind) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> logs = files.filter(file -> !file.toString().endsWith(".crc")).toList();
      assertThat(logs).hasSize(1);
      for (String line : Files.readAllLines(logs.get(0))) {
        JsonNode event = json.readTree(line);
        if (event.path("Event").asText().equals(kind)) {
          events.add(event);
        }
      }
    }
    return events;
  }
}
