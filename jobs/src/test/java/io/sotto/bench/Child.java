package io.sotto.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * One benchmark in a JVM of its own, as a run has one: both ends of it. What others ran before has
 * no say in what is compiled and how.
 */
final class Child {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNKNOWN = 2;

  private Child() {}

  /** How a benchmark is run. */
  @FunctionalInterface
  interface Start {

    /** Runs it to its end. */
    Outcome start(Benchmark benchmark) throws IOException, InterruptedException;
  }

  /**
   * What came of it.
   *
   * @param exitCode of the process, 0 if all went well
   * @param figures what was measured; none after a failure
   */
  record Outcome(int exitCode, List<Figure> figures) {}

  /** Runs a benchmark in a new JVM, which may write progress and complaints to stderr. */
  static Outcome start(Benchmark benchmark) throws IOException, InterruptedException {
    Path result = Files.createTempFile("sotto-bench-", ".json");
    try {
      List<String> command = java();
      command.add("-Xmx" + benchmark.heap());
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.addAll(List.of(Child.class.getName(), benchmark.id(), result.toString()));
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      return new Outcome(
          code, code == 0 ? JSON.readValue(result.toFile(), new TypeReference<>() {}) : List.of());
    } finally {
      Files.delete(result);
    }
  }

  /** The java of this process, with its options but for its memory, and Spark's. */
  static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    return command;
  }

  /** The options of this process but for its memory, and those that Spark gives to its JVMs. */
  static List<String> options() {
    return Stream.concat(
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xm")),
            Stream.of(JavaModuleOptions.defaultModuleOptions().split(" +")))
        .distinct()
        .toList();
  }

  /** The child's end: id and file for the result. */
  public static void main(String[] args) throws Exception {
    // Threads that a failed benchmark leaves behind must not keep the process alive.
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, e) -> {
              e.printStackTrace();
              System.exit(1);
            });
    System.setOut(System.err); // stdout belongs to the table
    for (Benchmark benchmark : Bench.BENCHMARKS) {
      if (benchmark.id().equals(args[0])) {
        List<Figure> figures =
            benchmark.run(line -> System.err.println("  " + benchmark.id() + ": " + line));
        JSON.writeValue(Path.of(args[1]).toFile(), figures);
        System.exit(0);
      }
    }
    System.err.println("there is no benchmark " + args[0]);
    System.exit(UNKNOWN);
  }
}
