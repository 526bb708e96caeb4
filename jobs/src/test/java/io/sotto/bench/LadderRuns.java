package io.sotto.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A ladder run once for each seed: the command {@code ladder} in a JVM and a working folder of its
 * own. With the environment variable {@code SOTTO_WORK} these folders are kept there, and what is
 * complete in them is not run again; ladders that share rungs then share their runs.
 */
final class LadderRuns {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What {@code ladder.json} says of a rung, all of which is told. */
  private static final List<String> MARKS =
      List.of(
          "accuracy", "greedy", "passAt16", "format", "language", "other", "length", "cpuSeconds");

  private LadderRuns() {}

  /** What looks at the folder of a seed, whose runs lie in {@code out/r1}, once they are done. */
  @FunctionalInterface
  interface Look {
    /** Looks, and may add to the marks. */
    void at(Path folder, ObjectNode marks) throws Exception;
  }

  /**
   * Runs it, and tells the marks of each seed.
   *
   * @param ladder the folder of its configurations, seen from the root of the checkout
   * @param seeds how many, from 1 on
   * @return by seed, the marks by rung; students are rungs, too
   */
  static List<ObjectNode> marks(String ladder, int seeds, Look look, Consumer<String> log)
      throws Exception {
    String kept = System.getenv("SOTTO_WORK");
    Path work = kept == null ? Files.createTempDirectory("sotto-bench-") : Path.of(kept);
    try {
      List<ObjectNode> all = new ArrayList<>();
      for (int seed = 1; seed <= seeds; seed++) {
        Path folder = Files.createDirectories(work.resolve("seed-" + seed));
        run(ladder, folder, seed);
        ObjectNode marks = read(folder.resolve("out/r1/ladder.json"));
        look.at(folder, marks);
        log.accept("seed %d: %s".formatted(seed, marks));
        all.add(marks);
      }
      return all;
    } finally {
      if (kept == null) {
        try (Stream<Path> files = Files.walk(work)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static void run(String ladder, Path folder, int seed)
      throws IOException, InterruptedException {
    List<String> command = Child.java();
    command.addAll(List.of("-Xmx2g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "ladder"));
    command.add(Machine.home().resolve(ladder).toAbsolutePath().normalize().toString());
    command.add("seed=" + seed);
    Path said = folder.resolve("said");
    int code =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IllegalStateException(
          "%s ended with exit code %d:%n%s"
              .formatted(String.join(" ", command), code, Files.readString(said)));
    }
  }

  /** The marks by rung of a {@code ladder.json}, and under {@code students} its pairs. */
  static ObjectNode read(Path file) throws IOException {
    JsonNode ladder = JSON.readTree(file.toFile());
    ObjectNode marks = JSON.createObjectNode();
    ladder.path("rungs").forEach(rung -> marks.set(rung.path("name").asText(), rung));
    for (JsonNode student : ladder.path("students")) {
      for (String side : List.of("distilled", "ownRl")) {
        marks.set(student.path(side).path("name").asText(), student.path(side));
      }
    }
    marks.set("students", ladder.path("students"));
    return marks;
  }

  /**
   * For each rung a figure that is only reported: its accuracy, and in the note all its marks, each
   * with the standard deviation over the seeds.
   *
   * @param group in front of the ids
   */
  static List<Figure> rungs(String group, List<ObjectNode> marks) {
    List<Figure> figures = new ArrayList<>();
    Map<String, JsonNode> names = new LinkedHashMap<>();
    marks.get(0).properties().forEach(rung -> names.put(rung.getKey(), rung.getValue()));
    names.remove("students");
    for (String name : names.keySet()) {
      List<String> all = new ArrayList<>();
      for (String mark : MARKS) {
        if (marks.get(0).path(name).has(mark)) {
          all.add(mark + " " + spread(marks, seed -> seed.path(name).path(mark).asDouble()));
        }
      }
      figures.add(
          new Figure(
              group + "-rung-" + name,
              name + ": right answers at temperature 1 : all",
              "share",
              Target.report(),
              rounds(marks, seed -> seed.path(name).path("accuracy").asDouble(), seed -> 1),
              String.join(", ", all)));
    }
    return figures;
  }

  /** A round for each seed. */
  static List<Round> rounds(
      List<ObjectNode> marks,
      ToDoubleFunction<JsonNode> value,
      ToDoubleFunction<JsonNode> baseline) {
    return marks.stream()
        .map(seed -> new Round(value.applyAsDouble(seed), baseline.applyAsDouble(seed)))
        .toList();
  }

  /** The mean over seeds, and the standard deviation. */
  static String spread(List<ObjectNode> marks, ToDoubleFunction<JsonNode> value) {
    double[] all = marks.stream().mapToDouble(value).toArray();
    double mean = 0;
    for (double one : all) {
      mean += one / all.length;
    }
    double square = 0;
    for (double one : all) {
      square += (one - mean) * (one - mean);
    }
    double deviation = all.length == 1 ? 0 : Math.sqrt(square / (all.length - 1));
    return String.format(
        Locale.ROOT, Math.abs(mean) < 10 ? "%.3f +- %.3f" : "%.1f +- %.1f", mean, deviation);
  }
}
