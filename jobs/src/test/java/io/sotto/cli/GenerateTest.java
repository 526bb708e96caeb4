package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trains small models, lets them write, and trains them further. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenerateTest {
  private static final String BODY = "Bett %d: ruhig, schläft. Bett %d: wach, isst.\n";

  private Path dir;
  private Path conf;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    dir = temporary;
    Files.createDirectory(dir.resolve("texts"));
    for (int ward = 1; ward <= 3; ward++) {
      StringBuilder text = new StringBuilder();
      for (int day = 0; day < 40; day++) {
        text.append(String.format(BODY, ward, (day * 7 + ward) % 10));
      }
      Cli.write(dir.resolve("texts/ward-%d.txt".formatted(ward)), text.toString());
    }
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", format = text }
            model { width = 16, layers = 2, heads = 2, query-latent = 8, latent = 8, rope = 4
                    experts = 4, active = 2, shared = 1, window = 16, batch = 4, mtp = 1 }
            privacy.protect = none
            stop { max-ticks = 40, check-every = 20 }
            output.overwrite = true
            seed = 3
            """
                .formatted(dir.resolve("texts")));
    optimized(run("first"));
  }

  private Path out(String name) {
    return dir.resolve("out-" + name);
  }

  private Cli.Outcome run(String name, String... more) {
    List<String> words = new ArrayList<>(List.of("output.path=" + out(name)));
    words.addAll(List.of(more));
    return Cli.optimize(conf, words.toArray(String[]::new));
  }

  private static void optimized(Cli.Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
  }

  private Cli.Outcome generate(String name, String... more) {
    List<String> words = new ArrayList<>(List.of("generate", out(name).toString()));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  @Test
  void theTextAloneIsOnStandardOutput() {
    Cli.Outcome text = generate("first", "--prompt", "Bett 7: ", "--tokens", "60", "--stats");
    assertThat(text.code()).as("%s", text).isZero();
    assertThat(text.out().codePointCount(0, text.out().length())).isEqualTo(60);
    assertThat(text.err().strip().lines())
        .singleElement()
        .asString()
        .matches(
            "60 tokens in .* s \\(.* tokens/s\\); [0-9]+ passes after the prompt, of .* tokens"
                + " each; of [0-9]+ tokens predicted ahead [0-9]+ were taken \\(.* %\\)");
    Cli.Outcome whole = generate("first");
    assertThat(whole.code()).as("%s", whole).isZero();
    assertThat(whole.out()).isNotEmpty();
    assertThat(whole.err().strip()).isEmpty();
  }

  @Test
  void theSameSeedIsTheSameText() {
    for (String temperature : List.of("0", "1")) {
      String[] options = {"--temperature=" + temperature, "--tokens=90", "--seed=5"};
      String text = generate("first", options).out();
      assertThat(generate("first", options).out()).isEqualTo(text);
      String[] plain = {"--temperature=" + temperature, "--tokens=90", "--seed=5", "--plain"};
      assertThat(generate("first", plain).out()).isEqualTo(text);
    }
    String hot = generate("first", "--temperature=1", "--tokens=90", "--seed=5").out();
    assertThat(generate("first", "--temperature=1", "--tokens=90", "--seed=6").out())
        .isNotEqualTo(hot);
    assertThat(generate("first", "--temperature=1", "--top-p=1e-9", "--seed=6").out())
        .isEqualTo(generate("first", "--temperature=0").out());
  }

  @Test
  void anUnknownCharacterIsRefusedByItsPlace() {
    Cli.Outcome unknown = generate("first", "--prompt", "Bett Q");
    assertThat(unknown.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.complaints())
        .singleElement()
        .asString()
        .startsWith("--prompt: line 1, character 6 is 'Q' (U+0051), which the vocabulary")
        .endsWith("It has: \\n ,.0123456789:Bacefghilrstuwä");
  }

  @ParameterizedTest
  @CsvSource({
    "--tokens=0, --tokens is 0; it must be a whole number from 1 on.",
    "--temperature=-1, --temperature is -1.0; it must be a number from 0 on.",
    "--temperature=NaN, --temperature is NaN; it must be a number from 0 on.",
    "--top-p=0, --top-p is 0.0; it must be above 0 and at most 1.",
    "--top-p=1.5, --top-p is 1.5; it must be above 0 and at most 1.",
    "--prompt=\uFFFD, --prompt holds characters that did not arrive",
    "--tokens=many, Invalid value for option '--tokens'"
  })
  void wrongOptionsAreRefused(String option, String complaint) {
    Cli.Outcome refused = generate("first", option);
    assertThat(refused.code()).as("%s", refused).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith(complaint);
  }

  @Test
  void whatIsNoModelIsRefused() {
    Cli.Outcome nothing = generate("nothing");
    assertThat(nothing.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(nothing.complaints()).singleElement().asString().startsWith("RESULT is '");
  }

  /** Characters of several bytes come whole. */
  @Test
  void aModelOfBytesWritesUtf8() {
    optimized(run("bytes", "model.vocabulary=bytes", "stop.max-ticks=2"));
    Cli.Outcome text = generate("bytes", "--temperature=2", "--tokens=200");
    assertThat(text.code()).as("%s", text).isZero();
    assertThat(text.out()).isNotEmpty();
    assertThat(generate("bytes", "--prompt=schläft 東", "--tokens=3").code()).isZero();
  }

  @Test
  void partsOfCharactersWaitForTheRest() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TextStream stream = new TextStream(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    byte[] all = "aä東\uD83D\uDE00".getBytes(StandardCharsets.UTF_8);
    List<String> seen = new ArrayList<>();
    for (byte one : all) {
      stream.write(new byte[] {one});
      seen.add(bytes.toString(StandardCharsets.UTF_8));
    }
    assertThat(seen).contains("a", "aä", "aä東", "aä東\uD83D\uDE00").doesNotContain("a\uFFFD");
    assertThat(bytes.toByteArray()).isEqualTo(all);
    stream.write(new byte[] {(byte) 0xC3, 'b', (byte) 0xE6, (byte) 0x9D});
    stream.end();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("aä東\uD83D\uDE00\uFFFDb\uFFFD");
    assertThat(stream.endsLine()).isFalse();
  }

  @Test
  void theSolutionNamesTheFileOfWeights() {
    JsonNode solution = Cli.json(out("first"), "solution.json");
    assertThat(solution.path("weights").asText()).isEqualTo("model/weights.safetensors");
    assertThat(out("first").resolve("model/weights.safetensors")).exists();
    assertThat(solution.has("estimate")).isFalse();
    assertThat(solution.path("agents").asInt()).isEqualTo(3);
    assertThat(solution.path("objective").isNumber()).isTrue();
    assertThat(Cli.read(out("first").resolve("solution.json")).length()).isLessThan(1_000);
  }

  /** Pre-training on plain texts, then on answers to prompts, which are read only. */
  @Test
  void aModelIsTrainedFurtherOnPromptsAndAnswers() {
    StringBuilder table = new StringBuilder("ward,question,answer\n");
    for (int k = 0; k < 120; k++) {
      table.append("ward-%d,\"Bett %d: \",\"wach.\"\n".formatted(k % 4 + 1, k % 10));
    }
    String[] tuning = {
      "data.path=" + Cli.write(dir.resolve("answers.csv"), table.toString()),
      "data.agent=ward",
      "data.prompt=question",
      "data.text=answer"
    };
    List<String> warm = new ArrayList<>(List.of(tuning));
    warm.add("warm-start=" + out("first"));
    warm.add("stop.max-ticks=200");
    optimized(run("tuned", warm.toArray(String[]::new)));
    JsonNode tuned = Cli.json(out("tuned"), "run.json");
    assertThat(tuned.at("/warmStart/agents").asInt()).isEqualTo(3);
    assertThat(tuned.at("/warmStart/newAgents").asInt()).isEqualTo(1);
    assertThat(tuned.at("/warmStart/ticks").asInt()).isEqualTo(40);
    assertThat(Cli.read(out("tuned").resolve("model/vocabulary.json")))
        .isEqualTo(Cli.read(out("first").resolve("model/vocabulary.json")));
    Cli.Outcome answer = generate("tuned", "--prompt=Bett 4: ", "--temperature=0", "--tokens=200");
    assertThat(answer.out()).as("%s", answer).startsWith("wach.").hasSizeLessThan(200);

    // it begins where the other ended, and not at random
    optimized(run("same", "warm-start=" + out("first"), "stop.max-ticks=1"));
    double before = Cli.json(out("first"), "run.json").path("heldOutLoss").asDouble();
    double after = Cli.json(out("same"), "run.json").path("heldOutLoss").asDouble();
    assertThat(after).isLessThan(before + 0.1);

    // without estimates all begin at the weights
    optimized(run("whole", "output.per-agent=false", "stop.max-ticks=2"));
    optimized(run("more", "warm-start=" + out("whole"), "stop.max-ticks=2", "model.window=12"));
    assertThat(Cli.json(out("more"), "run.json").at("/warmStart/newAgents").asInt()).isEqualTo(3);
  }

  @Test
  void anotherShapeOrAlphabetIsRefused() throws IOException {
    String warm = "warm-start=" + out("first");
    refused(
        run("x", warm, "model.layers=3"),
        "model.layers is 3; that of the model in warm-start is 2. Set it to 2, or leave");
    refused(
        run("x", warm, "model.vocabulary=bytes"),
        "model.vocabulary is bytes; that of the model in warm-start is characters.");
    String pairs = "model.vocabulary={ name = pairs, size = %d }";
    optimized(run("pairs", pairs.formatted(264), "stop.max-ticks=1"));
    optimized(run("all-pairs", pairs.formatted(9000), "stop.max-ticks=1"));
    warm = "warm-start=" + out("pairs");
    refused(
        run("x", warm, pairs.formatted(270)),
        "model.vocabulary.size is 270; that of the model in warm-start is 264. Set it to 264, or");
    optimized(run("x", warm, pairs.formatted(264), "stop.max-ticks=1"));
    warm = "warm-start=" + out("all-pairs");
    optimized(run("x", warm, pairs.formatted(9000), "stop.max-ticks=1"));
    refused(run("x", warm, pairs.formatted(264)), "model.vocabulary.size is 264; that of the");
    warm = "warm-start=" + out("first");
    Path other = Files.createDirectory(dir.resolve("other"));
    for (String ward : List.of("a", "b", "c")) {
      Cli.write(other.resolve(ward), "Bett 1: ruhig.\n".repeat(20) + "Zimmer");
    }
    refused(
        run("x", warm, "data.path=" + other), "line 21, character 1 is 'Z' (U+005A), which the");
    Files.createDirectories(out("empty"));
    refused(run("x", "warm-start=" + out("empty")), "warm-start is '");
  }

  private static void refused(Cli.Outcome outcome, String complaint) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains(complaint);
  }
}
