package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ladder of a tiny model: what is found, rewards, and samples that are kept. */
class LadderTest {
  @TempDir Path dir;

  @BeforeEach
  void write() {
    Cli.write(
        dir.resolve("tasks.conf"),
        """
        tasks { agents = 2, kinds = [{ task = sums, digits = 1 }, { task = greeting, letters = 2 }] }
        network.topology = complete
        privacy.protect = none
        seed = 4
        """);
    Cli.write(
        dir.resolve("model.conf"),
        """
        model { width = 16, layers = 1, heads = 2, query-latent = 8, latent = 8, rope = 4, experts = 0
                mtp = 0, window = 24, batch = 8, evaluated = 4 }
        """);
    rung(
        "base",
        """
        include "model.conf"
        data { path = "%1$s/web", format = text, make = web, agent = agent, prompt = prompt, text = text }
        web { documents = 200, thoughts = 0.9, right = 1, slip = 0, mixed = 0, tidy = 1 }
        algorithm.step.initial = 1e-2
        stop { max-ticks = 60, check-every = 30 }
        """);
    rung(
        "reward",
        """
        data.format = prompts
        policy { prompts = 2, group = 3, longest = 14, evaluated = 10 }
        stop { max-ticks = 2, check-every = 2 }
        warm-start = "%1$s/out/base"
        """);
    rung(
        "kept",
        """
        include "model.conf"
        data { path = "%1$s/kept", format = text, make = samples, agent = agent, prompt = prompt, text = text }
        samples { of = "%1$s/out/zero", prompts = 40, each = 2, most = 30, longest = 14, accuracy = 0, format = 0
                  language = 0, rewrite = true }
        stop { max-ticks = 2, check-every = 2 }
        warm-start = "%1$s/out/base"
        """);
    Cli.write(
        dir.resolve("ladder.conf"),
        """
        shapes.few = ["policy.group=4"]
        runs = [base, { name = zero, file = reward, settings = ${shapes.few} }, kept]
        rungs = [base, zero, kept]
        students = [{ distilled = kept, own-rl = zero }]
        questions = 20
        longest = 14
        seed = 9
        output = "%s/out"
        tasks.kinds = [{ task = sums, digits = 1 }, { task = greeting, letters = 2 }]
        """
            .formatted(dir));
  }

  private void rung(String name, String text) {
    Cli.write(
        dir.resolve(name + ".conf"),
        "include \"tasks.conf\"\n%soutput { path = \"%s/out/%s\", overwrite = true }\n"
            .formatted(text.formatted(dir), dir, name.equals("reward") ? "zero" : name));
  }

  private Cli.Outcome ladder(String... more) {
    return Cli.run(
        Stream.concat(Stream.of("ladder", dir.toString()), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void rungsAreRunMarkedAndNotRunAgain() throws IOException {
    Cli.Outcome first = ladder();
    assertThat(first.code()).as("%s", first).isZero();
    JsonNode marks = Cli.json(dir.resolve("out"), "ladder.json");
    assertThat(marks.get("rungs").findValuesAsText("name")).containsExactly("base", "zero", "kept");
    for (JsonNode rung : marks.get("rungs")) {
      for (String part : List.of("accuracy", "greedy", "passAt16", "format", "language", "other")) {
        assertThat(rung.get(part).doubleValue()).as(part).isBetween(0.0, 1.0);
      }
      double other = rung.get("other").doubleValue();
      assertThat(rung.get("otherError").doubleValue())
          .as("of a share of 20 answers")
          .isCloseTo(Math.sqrt(other * (1 - other) / 20), within(1e-12));
      assertThat(rung.get("length").doubleValue()).isBetween(1.0, 14.0);
      assertThat(rung.get("cpuSeconds").doubleValue()).isPositive();
    }
    assertThat(marks.get("students").get(0).get("parameters").longValue()).isPositive();
    assertThat(marks.get("students").get(0).get("distilled").get("name").asText())
        .isEqualTo("kept");
    assertThat(Files.readAllLines(dir.resolve("kept/0.csv")).get(0)).isEqualTo("agent,prompt,text");

    assertThat(first.out())
        .contains("pass@16, of 5 of them those of which one of 16 answers is right");

    Path weights = dir.resolve("out/zero/model/weights.safetensors");
    FileTime written = Files.getLastModifiedTime(weights);
    Cli.Outcome again = ladder();
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("base: complete in", "zero: complete in", "kept: complete in");
    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
    assertThat(Cli.json(dir.resolve("out"), "ladder.json")).isEqualTo(marks);

    Path plan = dir.resolve("ladder.conf");
    Cli.write(plan, Cli.read(plan).replace(", { task = greeting, letters = 2 }]", "]"));
    Cli.Outcome alone = ladder();
    assertThat(alone.code()).as("%s", alone).isZero();
    assertThat(
            Cli.json(dir.resolve("out"), "ladder.json").get("rungs").get(0).get("other").isNull())
        .as("no task without thoughts is asked")
        .isTrue();

    Cli.Outcome other = ladder("policy.group=5");
    assertThat(other.code()).as("a key of prompts in a rung of texts").isEqualTo(2);
    Cli.Outcome longer = ladder("algorithm.step.initial=2e-3");
    assertThat(longer.out()).doesNotContain("complete in");
    String anew =
        "data.path was made with other settings, or by another model, so it is made first";
    assertThat(longer.out().split(anew, -1))
        .as("of three rungs the samples of a model that is another one now: %s", longer)
        .hasSize(2);
    Path kept = dir.resolve("kept.conf");
    Cli.write(kept, Cli.read(kept).replace("prompts = 40", "prompts = 41"));
    assertThat(ladder("algorithm.step.initial=2e-3").out())
        .contains("base: complete in", "zero: complete in", anew);
  }

  @Test
  void whatIsWrongIsToldBeforeAnythingRuns() {
    Cli.write(dir.resolve("reward.conf"), "data.format = prompt\n");
    Cli.Outcome outcome = ladder();
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("reward.conf:1: data.format is 'prompt'");
    assertThat(dir.resolve("out")).doesNotExist();
    assertThat(dir.resolve("web")).doesNotExist();

    Cli.write(dir.resolve("ladder.conf"), "rung = []\n");
    assertThat(ladder().err()).contains("ladder.conf: unknown key rung; there are");
  }

  @ParameterizedTest
  @CsvSource({
    "questions = 20, questions = 0, questions is 0; it must be 1 or more.",
    "longest = 14, longest = -3, longest is -3; it must be 1 or more.",
    "'[base, {', '[base, base, {', runs has the name 'base' twice.",
    "'{ task = sums, digits = 1 }, ', '', tasks.kinds has no task that needs a thought",
    "seed = 9, 'seed = 9, tasks.held-out = 0.3', 'tasks.held-out is 0.3, and 0.2 for the run'"
  })
  void aPlanThatCannotBeIsToldBeforeAnythingRuns(String from, String to, String message) {
    Path plan = dir.resolve("ladder.conf");
    Cli.write(plan, Cli.read(plan).replace(from, to));
    Cli.Outcome outcome = ladder();
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("ladder.conf: " + message);
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @Test
  void anotherSplitIsAlsoThatOfTheQuestions() {
    Cli.Outcome outcome = ladder("tasks.held-out=1e-9");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err())
        .as("what base is trained on is there; what zero is asked is not")
        .contains("tasks.held-out is 1.0E-9", "none is held out", "nearer to 0.5")
        .doesNotContain("for the run");
  }

  @Test
  void aRungThatIsNotRunIsTold() {
    Path plan = dir.resolve("ladder.conf");
    Cli.write(plan, Cli.read(plan).replace("own-rl = zero", "own-rl = one"));
    Cli.Outcome outcome = ladder();
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("ladder.conf: 'one' is no name in runs; there are base, zero, kept.");
    assertThat(dir.resolve("out")).doesNotExist();
  }
}
