package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents train a small model of their texts, as users have it done. */
class LanguageRunTest {
  private static final List<String> PEOPLE = List.of("ann", "bo", "cy", "dee", "eve");

  @TempDir Path dir;
  private Path conf = Path.of("");

  @BeforeEach
  void write() throws IOException {
    Path texts = Files.createDirectory(dir.resolve("texts"));
    SplittableRandom random = new SplittableRandom(1);
    for (String name : PEOPLE) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 4_000) {
        int bed = random.nextInt(10);
        text.append(name).append(" saw bed ").append(bed).append(bed % 2 == 0 ? " twice" : " once");
        text.append(".\n");
      }
      Files.writeString(texts.resolve(name + ".txt"), text);
    }
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", format = text }
            model {
              width = 48, layers = 2, heads = 3, head = 16, query-latent = 24, latent = 16, rope = 8
              inner = 64, expert-inner = 16, experts = 5, active = 2, window = 24, batch = 4
              evaluated = 4
            }
            network.topology = star
            algorithm { name = async-adam, step.initial = 8e-3 }
            privacy.protect = none
            stop { max-ticks = 40, check-every = 20 }
            engine { name = local, cells = 3 }
            seed = 7
            """
                .formatted(texts));
  }

  private Path run(String name, String... more) {
    outcome(name, more);
    return dir.resolve(name);
  }

  private Cli.Outcome outcome(String name, String... more) {
    String[] words = new String[more.length + 1];
    System.arraycopy(more, 0, words, 0, more.length);
    words[more.length] = "output.path=" + dir.resolve(name);
    Cli.Outcome outcome = Cli.optimize(conf, words);
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    return outcome;
  }

  private static byte[] weights(Path output) throws IOException {
    return Files.readAllBytes(output.resolve("model/weights.safetensors"));
  }

  @Test
  void fiveAgentsOnAStarLearn() {
    Path output = run("out", "stop.max-ticks=150", "stop.check-every=50");
    JsonNode record = Cli.json(output, "run.json");
    assertThat(record.path("status").asText()).isEqualTo("max-ticks");
    assertThat(record.path("heldOutLossByAgent").size()).isEqualTo(PEOPLE.size());
    List<Row> trace = Cli.table(output.resolve("trace"));
    double first = Double.NaN;
    double last = Double.NaN;
    for (Row row : trace) {
      long tick = row.getLong(row.fieldIndex("tick"));
      double loss = row.getDouble(row.fieldIndex("heldOutLoss"));
      double sum = 0;
      for (String name : PEOPLE) {
        sum += row.getDouble(row.fieldIndex("heldOutLoss_" + name));
      }
      assertThat(sum / PEOPLE.size()).isCloseTo(loss, within(1e-9));
      first = tick == 0 ? loss : first;
      last = tick == 150 ? loss : last;
    }
    assertThat(first).isGreaterThan(2.5);
    assertThat(last).isLessThan(0.6 * first);
  }

  @Test
  void whichExpertsEachHasIsPrintedOnBothEngines() {
    List<String> printed = routing(outcome("local", "model.dense-layers=1"));
    assertThat(printed.get(0))
        .startsWith("layers.1: per cent")
        .endsWith("(each token has 2 of 5 experts; equal shares are 40.0)");
    assertThat(printed).hasSize(PEOPLE.size() + 2);
    for (int i = 0; i < PEOPLE.size(); i++) {
      String[] words = printed.get(i + 1).strip().split(" +", -1);
      assertThat(words).hasSize(6);
      assertThat(words[0]).isEqualTo(PEOPLE.get(i));
      double sum = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).sum();
      assertThat(sum).as("two experts for each token").isBetween(197.0, 203.0);
    }
    JsonNode layer = Cli.json(dir.resolve("local"), "run.json").at("/routing/layers.1");
    double most = 0;
    for (int e = 0; e < 5; e++) {
      double mean = 0;
      for (String name : PEOPLE) {
        mean += layer.at("/sharesByAgent/" + name + "/" + e).asDouble() / PEOPLE.size();
      }
      assertThat(layer.at("/shares/" + e).asDouble()).isCloseTo(mean, within(1e-9));
      most = Math.max(most, mean);
    }
    assertThat(layer.path("maxVio").asDouble()).isCloseTo(most / 0.4 - 1, within(1e-9));
    assertThat(printed.get(6)).startsWith("  MaxVio %.2f (".formatted(most / 0.4 - 1));

    assertThat(routing(outcome("graphx", "model.dense-layers=1", "engine.name=graphx")))
        .isEqualTo(printed);
    assertThat(routing(outcome("dense", "model.experts=0"))).isEmpty();
    assertThat(Cli.json(dir.resolve("dense"), "run.json").has("routing")).isFalse();
  }

  private static List<String> routing(Cli.Outcome outcome) {
    return outcome.out().lines().dropWhile(line -> !line.startsWith("layers.")).toList();
  }

  @Test
  void enginesGiveTheSameBits() throws IOException {
    byte[] expected = weights(run("local"));
    assertThat(weights(run("graphx", "engine.name=graphx"))).isEqualTo(expected);
    assertThat(weights(run("again", "engine.cells=1"))).isEqualTo(expected);
    String[] late = {"network.delay.model=uniform", "network.delay.ticks=2", "network.loss=0.1"};
    byte[] lateExpected = weights(run("late", late));
    assertThat(lateExpected).isNotEqualTo(expected);
    String[] lateOnSpark = {late[0], late[1], late[2], "engine.name=graphx"};
    assertThat(weights(run("late-graphx", lateOnSpark))).isEqualTo(lateExpected);
  }

  /** The sentence stands in half of what its holder trains on: its neighbours can tell. */
  @Test
  void anAuditPlaysOnOneSentence() {
    Cli.Outcome outcome =
        Cli.run(
            "audit",
            conf.toString(),
            "output.path=" + dir.resolve("told"),
            "audit.games=8",
            "audit.ticks=60",
            "stop.max-ticks=100",
            "audit.copies=75");
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.LEAK);
    assertThat(outcome.out())
        .contains("attacks of an audit are of generalised linear models, and are left out")
        .contains("one sentence of 24 tokens in a text of ann, 75 times; 8 games of 60 ticks")
        .contains("last-heard         8 of 8     0.63 to 1.00")
        .contains("A leak of at least ");
    JsonNode figures = Cli.json(dir.resolve("told-audit"), "audit.json");
    assertThat(figures.at("/attacks").size()).isZero();
    assertThat(figures.at("/limits/inversion").asText()).startsWith("left out");
    assertThat(figures.at("/ticks").intValue()).isEqualTo(60);
    JsonNode game = figures.at("/sentenceGame");
    assertThat(game.at("/victim").asText()).isEqualTo("ann");
    assertThat(game.at("/curious/0").asText()).isEqualTo("bo");
    assertThat(game.at("/guesses").size()).isEqualTo(4);
    for (JsonNode guess : game.at("/guesses")) {
      assertThat(guess.at("/games").intValue()).isEqualTo(8);
      assertThat(guess.at("/low").doubleValue())
          .isLessThanOrEqualTo(guess.at("/right").intValue() / 8.0);
      assertThat(guess.at("/control").isInt()).isTrue();
    }
    assertThat(dir.resolve("told")).doesNotExist();
  }

  @Test
  void whatCannotBeIsRefused() {
    refused("model.window=4000", "The text of agent 'ann' has 4", "model.window");
    refused("model.active=9", "model.active = 9 is more than model.experts, which is 5.");
    refused("model.groups=2", "model.groups = 2 does not divide model.experts, which is 5.");
    refused("model.rope=7", "model.rope = 7");
    refused("model.mtp=30", "model.mtp = 30 reaches past the end of a window");
    refused("stop.tolerance=1e-3", "stop.tolerance", "not convex");
    refused("privacy.protect=offsets", "privacy.protect", "not convex");
    refused("algorithm.name=nids", "nids");
  }

  private void refused(String setting, String... words) {
    Cli.Outcome outcome = Cli.optimize(conf, "output.path=" + dir.resolve("refused"), setting);
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(2);
    assertThat(String.join("\n", outcome.complaints())).contains(words);
    assertThat(Files.exists(dir.resolve("refused"))).isFalse();
  }
}
