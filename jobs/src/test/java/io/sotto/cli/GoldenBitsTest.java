package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs whose bits were recorded once, in {@code golden-bits.txt}: whoever changes the structure
 * finds out here whether results moved. A line is the name of a run and the digest of its figures.
 * After a change that is meant to move bits, take the lines that the failure prints, and say so in
 * CHANGELOG.md.
 */
class GoldenBitsTest {
  private static final String SUBGRADIENT = "algorithm.name=async-projected-subgradient";
  private static final String SYNCHRONOUS = "clock.model=always";
  private static final String FREE = "problem.constraints=[]";
  private static final String GRAPHX = "engine.name=graphx";

  @TempDir Path dir;

  @Test
  void bitsAreThoseThatWereRecorded() throws Exception {
    Map<String, List<String>> runs = runs();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, List<String>> run : runs.entrySet()) {
      lines.add(run.getKey() + " " + digest(run.getKey(), run.getValue()));
    }
    String recorded;
    try (var in = GoldenBitsTest.class.getResourceAsStream("/golden-bits.txt")) {
      assertThat(in).as("golden-bits.txt is among the resources").isNotNull();
      recorded = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(String.join("\n", lines)).isEqualTo(recorded.strip());
  }

  private Map<String, List<String>> runs() throws IOException {
    Path secret = Files.writeString(dir.resolve("secret"), "correct horse battery staple");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String shared = "privacy.secret=" + secret;
    Path sparse = Cli.write(dir.resolve("rows.libsvm"), sparse());
    Map<String, List<String>> runs = new TreeMap<>();
    runs.put("async-admm", List.of());
    runs.put(
        "async-admm-graphx-8-ticks",
        List.of(GRAPHX, "engine.ticks-per-superstep=8", "algorithm.step.initial=90"));
    runs.put("async-admm-free-l1", List.of(FREE, "problem.l1=1e-3", "algorithm.step.initial=90"));
    runs.put("subgradient", List.of(SUBGRADIENT));
    runs.put(
        "subgradient-graphx-late-lost-offline",
        List.of(
            SUBGRADIENT,
            GRAPHX,
            "algorithm.step.initial=30",
            "network.topology=complete",
            "network.loss=0.1",
            "network.link-rate=0.9",
            "network.delay.model=uniform",
            "network.delay.ticks=3"));
    runs.put(
        "subgradient-hold-hinge",
        List.of(SUBGRADIENT, "clock.idle=hold", "problem.loss=hinge", "algorithm.step.initial=30"));
    runs.put(
        "synchronous",
        List.of("algorithm.name=synchronous-subgradient", SYNCHRONOUS, "algorithm.step.initial=9"));
    runs.put(
        "dual-averaging",
        List.of("algorithm.name=dual-averaging", "clock.idle=mix", "algorithm.step.initial=9"));
    runs.put(
        "gradient-tracking",
        List.of("algorithm.name=gradient-tracking", SYNCHRONOUS, FREE, "algorithm.step.initial=3"));
    runs.put("nids", List.of("algorithm.name=nids", SYNCHRONOUS, "algorithm.step.initial=3"));
    runs.put(
        "pg-extra", List.of("algorithm.name=pg-extra", SYNCHRONOUS, "algorithm.step.initial=3"));
    runs.put(
        "subgradient-push",
        List.of("algorithm.name=subgradient-push", FREE, "algorithm.step.initial=9"));
    runs.put(
        "softmax-sparse-group-lasso",
        List.of(
            "data { path = \"" + sparse + "\", format = libsvm, deal.agents = 5 }",
            "problem { loss = softmax, group-lasso { weight = 1e-3, groups = [[\"1\", \"2\"]] } }",
            "network.topology=complete"));
    runs.put(
        "function-sharing",
        List.of("privacy.mechanism=function-sharing", shared, "algorithm.step.initial=90"));
    runs.put(
        "private-steps",
        List.of(
            SUBGRADIENT, "privacy.mechanism=private-steps", shared, "algorithm.step.initial=30"));
    runs.put(
        "differential-privacy",
        List.of(
            SUBGRADIENT,
            "privacy.mechanism=differential-privacy",
            shared,
            "privacy.epsilon=4",
            "data.standardize=false",
            "stop.tolerance=0",
            "algorithm.step.initial=1e-4"));
    runs.put("offsets", List.of("privacy.protect=offsets", shared));
    runs.put(
        "offsets-diagonal-graphx",
        List.of(GRAPHX, "privacy.protect=offsets", "privacy.shape=diagonal", shared));
    runs.put("sums", List.of("privacy.protect=sums", shared, "stop.check-every=10"));
    runs.put(
        "sums-free-l1-graphx",
        List.of(GRAPHX, FREE, "problem.l1=1e-3", "privacy.protect=sums", shared));
    runs.put(
        "offsets-weak-subgradient",
        List.of(SUBGRADIENT, "privacy.protect=offsets", shared, "algorithm.step.initial=30"));
    runs.put("warm-start", List.of("warm-start=" + dir.resolve("async-admm"), "problem.l2=2e-3"));
    return runs;
  }

  /** Fifty rows of six features and three classes, by arithmetic. */
  private static String sparse() {
    StringBuilder rows = new StringBuilder();
    for (int r = 0; r < 50; r++) {
      rows.append(r * r % 3);
      for (int j = 1; j <= 6; j++) {
        if ((r + j) % 4 != 0) {
          rows.append(' ').append(j).append(':').append((r * 7 + j * 13) % 11 / 4.0 - 1);
        }
      }
      rows.append('\n');
    }
    return rows.toString();
  }

  private String digest(String name, List<String> settings) throws NoSuchAlgorithmException {
    Path conf = dir.resolve(name + ".conf");
    List<String> overrides =
        new ArrayList<>(settings.stream().filter(s -> !s.contains("{")).toList());
    if (overrides.stream().noneMatch(s -> s.startsWith("privacy."))) {
      overrides.add("privacy.protect=none");
    }
    String hospitals =
        """
        data { path = "%s", label = diagnosis, agent = hospital }
        problem { loss = logistic, l2 = 1e-3, constraints = [ { set = ball, radius = 2 } ] }
        network.topology = ring
        """
            .formatted(Cli.HOSPITALS);
    List<String> blocks = settings.stream().filter(s -> s.contains("{")).toList();
    Cli.write(
        conf,
        """
        %s
        clock { model = bernoulli, rate = 0.5 }
        engine { cells = 4, ticks-per-superstep = 1 }
        stop { max-ticks = 60, check-every = 20, tolerance = 1e-6 }
        seed = 7
        output.path = "%s"
        """
            .formatted(
                blocks.isEmpty() ? hospitals : String.join("\n", blocks), dir.resolve(name)));
    Cli.Outcome outcome = Cli.optimize(conf, overrides.toArray(String[]::new));
    assertThat(outcome.code()).as("%s: %s", name, outcome).isZero();
    return digest(
        Cli.json(dir.resolve(name), "solution.json"), Cli.json(dir.resolve(name), "run.json"));
  }

  private static String digest(JsonNode solution, JsonNode run) throws NoSuchAlgorithmException {
    StringBuilder figures = new StringBuilder();
    for (String key : List.of("estimate", "intercept", "solvedEstimate", "solvedIntercept")) {
      figures.append(key).append(bits(solution.path(key)));
    }
    for (String key : List.of("ticks", "supersteps", "updates", "objective", "disagreement")) {
      figures.append(key).append(bits(run.path(key)));
    }
    figures.append(bits(run.at("/certificate/lowerBound"))).append(bits(run.at("/step/initial")));
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(figures.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8);
  }

  private static String bits(JsonNode node) {
    if (node.isArray()) {
      List<String> all = new ArrayList<>();
      node.forEach(one -> all.add(bits(one)));
      return all.stream().collect(Collectors.joining(",", "[", "]"));
    }
    return Long.toHexString(Double.doubleToLongBits(node.asDouble(Double.NaN)));
  }
}
