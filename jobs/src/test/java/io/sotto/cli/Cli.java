package io.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs commands in this process, each in a Spark of its own, and listens to what they say. */
final class Cli {
  static final Path HOSPITALS = Path.of("../data/hospitals.csv");

  private static final Map<String, String> SPARK =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.log.level", "ERROR",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1");

  static {
    keepSecret(Path.of(System.getProperty("user.home")));
  }

  private Cli() {}

  /** The secret of offsets, for the same bits in all runs of the tests. */
  private static void keepSecret(Path home) {
    try {
      Path folder = Files.createDirectories(home.resolve(".sotto"));
      Files.writeString(folder.resolve("secret"), "of all tests, and so no secret");
      Files.setPosixFilePermissions(
          folder.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command came to. */
  record Outcome(int code, String out, String err) {
    /** What it wrote to stderr, line by line. */
    /** All but what tells of progress, which a slow machine says more often. */
    List<String> complaints() {
      return err.lines().filter(line -> !line.startsWith("tick ")).toList();
    }

    @Override
    public String toString() {
      return "exit code %d%n%s%n%s".formatted(code, out, err);
    }
  }

  /** Runs a command line; nothing else in this process may write to stdout or stderr meanwhile. */
  static Outcome run(List<String> words) {
    return run(words.toArray(String[]::new));
  }

  /** Runs a command line. */
  static Outcome run(String... words) {
    SPARK.forEach(System::setProperty);
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(words);
      return new Outcome(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Optimizes with {@code key=value} words after the configuration. */
  static Outcome optimize(Path conf, String... overrides) {
    List<String> words = new ArrayList<>(List.of("optimize", conf.toString()));
    words.addAll(List.of(overrides));
    return run(words);
  }

  /** Writes a file, and returns it. */
  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a file. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads JSON of a result. */
  static JsonNode json(Path folder, String name) {
    try {
      return new ObjectMapper().readTree(folder.resolve(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Spark for the test itself; to be stopped before a command is run. */
  static SparkSession spark() {
    SPARK.forEach(System::setProperty);
    return SparkSession.builder().getOrCreate();
  }

  /** Reads a table of a result. */
  static List<Row> table(Path folder) {
    SparkSession spark = spark();
    try {
      return spark.read().parquet(folder.toString()).collectAsList();
    } finally {
      spark.stop();
    }
  }

  /** An array of numbers. */
  static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int j = 0; j < numbers.length; j++) {
      numbers[j] = array.get(j).doubleValue();
    }
    return numbers;
  }
}
