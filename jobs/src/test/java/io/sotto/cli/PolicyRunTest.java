package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.config.ConfigLoader;
import io.sotto.config.HadoopTexts;
import io.sotto.model.task.Task;
import io.sotto.problem.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A small model learns sums of two digits from worked ones, and then from rewards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyRunTest {
  private static final List<String> MEASURES =
      List.of("reward", "accuracy", "format", "language", "length", "divergence", "liveGroups");

  private Path dir = Path.of("");
  private Path conf = Path.of("");

  @BeforeAll
  void train(@TempDir Path temporary) {
    dir = temporary;
    base("base", 90, "", "width=16");
    conf =
        Cli.write(
            dir.resolve("policy.conf"),
            """
            data.format = prompts
            tasks { agents = 3, kinds = [{ task = sums, digits = 1 }] }
            policy { prompts = 2, group = 4, longest = 13, evaluated = 10 }
            warm-start = "%s"
            stop { max-ticks = 6, check-every = 2 }
            engine { name = local, cells = 2 }
            seed = 5
            """
                .formatted(dir.resolve("base")));
  }

  /** Trains on worked sums. */
  private void base(String name, int ticks, String more, String shape) {
    StringBuilder table = new StringBuilder("agent,prompt,text\n");
    for (int k = 0; k < 200; k++) {
      int a = k % 10;
      int b = k / 10 % 10;
      table.append(
          "%d,%d+%d=,\"<%d%d0%02d>[%d]%s\"\n".formatted(k % 3, a, b, a, b, a + b, a + b, more));
    }
    Path texts = Cli.write(dir.resolve(name + ".csv"), table.toString());
    Path of =
        Cli.write(
            dir.resolve(name + ".conf"),
            """
            data { path = "%s", format = text, agent = agent, prompt = prompt, text = text }
            model { %s, layers = 1, heads = 2, query-latent = 8, latent = 8, rope = 4, experts = 0
                    mtp = 0, window = 24, batch = 8, evaluated = 4 }
            algorithm.step.initial = 1e-2
            privacy.protect = none
            stop { max-ticks = %d, check-every = %d }
            output.path = "%s"
            seed = 3
            """
                .formatted(texts, shape, ticks, ticks, dir.resolve(name)));
    Cli.Outcome outcome = Cli.optimize(of);
    assertThat(outcome.code()).as("%s", outcome).isZero();
  }

  private Cli.Outcome run(String name, String... more) {
    List<String> words = new ArrayList<>(List.of("output.path=" + dir.resolve(name)));
    words.addAll(List.of(more));
    return Cli.optimize(conf, words.toArray(String[]::new));
  }

  private byte[] weights(String name, String... more) throws IOException {
    Cli.Outcome outcome = run(name, more);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return Files.readAllBytes(dir.resolve(name).resolve("model/weights.safetensors"));
  }

  @Test
  void enginesAndCellsGiveTheSameBits() throws IOException {
    String[] renewed = {"policy.renew=2", "policy.divergence=0.5"};
    byte[] expected = weights("local", renewed);
    assertThat(weights("graphx", with("engine.name=graphx", renewed))).isEqualTo(expected);
    assertThat(weights("one", with("engine.cells=1", renewed))).isEqualTo(expected);
    assertThat(weights("never", "policy.divergence=0.5")).isNotEqualTo(expected);
    assertThat(expected)
        .isNotEqualTo(Files.readAllBytes(dir.resolve("base/model/weights.safetensors")));
    JsonNode measures = Cli.json(dir.resolve("local"), "run.json").get("measuresByAgent");
    for (String name : List.of("graphx", "one")) {
      assertThat(Cli.json(dir.resolve(name), "run.json").get("measuresByAgent"))
          .isEqualTo(measures);
    }
  }

  private static String[] with(String one, String... more) {
    return Stream.concat(Stream.of(one), Stream.of(more)).toArray(String[]::new);
  }

  /** Alone, so that the mean is the agent's own model. */
  @Test
  void theReferenceIsWhereAnAgentStartsAndIsRenewed() {
    List<Double> kept = divergences("kept", "0");
    assertThat(kept.get(0)).isZero();
    assertThat(kept.subList(1, 3)).allMatch(divergence -> divergence > 0);

    List<Double> renewed = divergences("renewed", "8");
    assertThat(renewed.subList(0, 2)).as("before the renewal").isEqualTo(kept.subList(0, 2));
    assertThat(renewed.get(2)).as("at it").isLessThan(kept.get(2) / 2);
  }

  private List<Double> divergences(String name, String renew) {
    Cli.Outcome outcome =
        run(
            name,
            "tasks.agents=1",
            "engine.cells=1",
            "engine.ticks-per-superstep=1",
            "clock.model=always",
            "policy.renew=" + renew,
            "stop.max-ticks=8",
            "stop.check-every=4");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return Cli.table(dir.resolve(name).resolve("trace")).stream()
        .map(row -> row.<Double>getAs("divergence"))
        .toList();
  }

  @Test
  void whatIsMeasuredIsWrittenByAgentAndPrinted() {
    Cli.Outcome outcome = run("out");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    JsonNode record = Cli.json(dir.resolve("out"), "run.json");
    assertThat(record.has("heldOutLoss")).isFalse();
    JsonNode all = record.get("measures");
    assertThat(all.fieldNames()).toIterable().containsExactlyElementsOf(MEASURES);
    assertThat(all.get("reward").doubleValue())
        .isCloseTo(-record.get("objective").doubleValue(), within(1e-12))
        .isCloseTo(
            all.get("accuracy").doubleValue() + all.get("format").doubleValue(), within(1e-12));
    assertThat(all.get("length").doubleValue()).isBetween(1.0, 13.0);
    assertThat(all.get("divergence").doubleValue()).isPositive();
    assertThat(outcome.out())
        .contains("reward = %.4g, accuracy = ".formatted(all.get("reward").doubleValue()))
        .contains(
            "the model which it changes wrote at the same tick: they are 0 ticks old",
            "ticks that what neighbours said is old in that model, at most: "
                + record.get("ticksPerSuperstep").intValue()
                + System.lineSeparator(),
            "live groups: the share of prompts whose responses differ in reward",
            "max-ticks: stop.max-ticks was reached; the mean reward of responses")
        .doesNotContain("F = ");

    List<Row> trace = Cli.table(dir.resolve("out/trace"));
    assertThat(trace).hasSize(4);
    Row last = trace.get(3);
    for (String name : MEASURES) {
      double mean = 0;
      for (int agent = 0; agent < 3; agent++) {
        double own = last.<Double>getAs(name + "_" + agent);
        assertThat(record.at("/measuresByAgent/" + agent + "/" + name).doubleValue())
            .isEqualTo(own);
        mean += own / 3;
      }
      assertThat(last.<Double>getAs(name)).as(name).isCloseTo(mean, within(1e-9));
      assertThat(last.<Double>getAs(name)).isEqualTo(all.get(name).doubleValue());
    }
  }

  /** Sums for three agents, in files. */
  private Path files(String name) throws IOException {
    Path folder = Files.createDirectories(dir.resolve(name));
    for (int agent = 0; agent < 3; agent++) {
      StringBuilder lines = new StringBuilder();
      for (int k = agent; k < 100; k += 3) {
        lines.append(
            "{\"prompt\": \"%d+%d=\", \"answer\": %d}\n"
                .formatted(k / 10, k % 10, k / 10 + k % 10));
      }
      Cli.write(folder.resolve(agent + ".jsonl"), lines.toString());
    }
    return folder;
  }

  private static String[] of(Path folder, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "data.path=" + folder,
                "data.check=number",
                "tasks.agents=1",
                "tasks.kinds=[]",
                "tasks.held-out=0.3"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void promptsOfFilesGiveTheSameBitsOnBothEngines() throws IOException {
    Path folder = files("asked");
    byte[] expected = weights("files", of(folder));
    assertThat(weights("files-graphx", of(folder, "engine.name=graphx"))).isEqualTo(expected);
    JsonNode record = Cli.json(dir.resolve("files"), "run.json");
    assertThat(record.at("/configuration/data/check").asText()).isEqualTo("number");
    assertThat(record.at("/configuration/tasks").size()).isEqualTo(1);
    assertThat(record.get("measures").get("language").doubleValue()).isEqualTo(1);
    assertThat(record.get("measures").get("accuracy").doubleValue()).isPositive();
    assertThat(record.get("measuresByAgent").size()).isEqualTo(3);
    assertThat(Cli.json(dir.resolve("files-graphx"), "run.json").get("measuresByAgent"))
        .isEqualTo(record.get("measuresByAgent"));
    String inputs = record.toString();
    assertThat(inputs).contains("asked/2.jsonl", "sha256", "heldOutPrompts").doesNotContain("3+4=");
  }

  @Test
  void badFilesOfPromptsAreRefusedAndNothingIsWritten() throws IOException {
    Path folder = files("bad");
    Cli.write(folder.resolve("1.jsonl"), "{\"prompt\": \"1+1=\"}\n");
    Cli.Outcome outcome = run("refused", of(folder));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.complaints())
        .singleElement()
        .asString()
        .contains(folder.resolve("1.jsonl") + ":1: there is no text in the field 'answer'.");
    assertThat(dir.resolve("refused")).doesNotExist();
  }

  @Test
  void numberWordsAreMadeAndLearnt() {
    String tasks =
        "tasks { agents = 2, kinds = [{ task = sums, digits = 1, script = english }"
            + ", { task = sums, digits = 1, script = german }] }\n";
    Path of =
        Cli.write(
            dir.resolve("words.conf"),
            tasks
                + """
                data { path = "%s", format = text, make = web, agent = agent, prompt = prompt, text = text }
                web { documents = 200, thoughts = 0.8 }
                model { width = 16, layers = 1, heads = 2, query-latent = 8, latent = 8, rope = 4, experts = 0
                        mtp = 0, window = 64, batch = 8, evaluated = 4 }
                algorithm.step.initial = 1e-2
                privacy.protect = none
                stop { max-ticks = 20, check-every = 20 }
                output.path = "%s"
                seed = 3
                """
                    .formatted(dir.resolve("web"), dir.resolve("words")));
    Cli.Outcome base = Cli.optimize(of);
    assertThat(base.code()).as("%s", base).isZero();
    List<String> texts = Cli.read(dir.resolve("web/0.csv")).lines().skip(1).toList();
    assertThat(texts).hasSize(200).allMatch(text -> text.matches("0,(([A-ZÜ]+ [+=])+),.*"));
    assertThat(texts).noneMatch(text -> text.substring(2).matches(".*[0-9a-j].*"));
    assertThat(texts).anyMatch(text -> text.contains("=,<FÜNF ") || text.contains("=,\"<FÜNF "));
    assertThat(texts)
        .as("thoughts mix scripts")
        .anyMatch(text -> text.matches(".*(EIGHT|SEVEN|THREE) .*[+=]+.*(ACHT|SIEBEN|DREI) .*"));
    Path policy =
        Cli.write(
            dir.resolve("words-policy.conf"),
            tasks
                + """
                data.format = prompts
                policy { prompts = 2, group = 4, longest = 46, evaluated = 10, reward.language = 1 }
                warm-start = "%s"
                stop { max-ticks = 4, check-every = 2 }
                engine.name = local
                output.path = "%s"
                """
                    .formatted(dir.resolve("words"), dir.resolve("words-policy")));
    Cli.Outcome learnt = Cli.optimize(policy);
    assertThat(learnt.code()).as("%s", learnt).isZero();
    JsonNode record = Cli.json(dir.resolve("words-policy"), "run.json");
    assertThat(record.get("measures").get("length").doubleValue()).isBetween(1.0, 46.0);
    assertThat(record.at("/configuration/tasks/kinds/1/script").asText()).isEqualTo("german");
  }

  @Test
  void thoughtAndAnswerAreShownBesideTheText() {
    base("taught", 400, "", "width=16");
    String out = dir.resolve("taught").toString();
    Cli.Outcome text = Cli.run("generate", out, "--prompt", "3+4=", "--temperature", "0");
    assertThat(text.code()).as("%s", text).isZero();
    assertThat(text.out()).matches("<[0-9,]+>\\[[0-9]+\\]");
    String thought = text.out().substring(1, text.out().indexOf('>'));
    String answer = text.out().substring(text.out().indexOf('[') + 1, text.out().length() - 1);
    assertThat(text.err().strip().lines())
        .containsExactly("thought: " + thought, "answer: " + answer);
    Cli.Outcome cut =
        Cli.run("generate", out, "--prompt", "3+4=", "--temperature", "0", "--tokens", "8");
    assertThat(text.out()).startsWith(cut.out());
    assertThat(cut.err().strip().lines())
        .containsExactly(
            "thought: " + thought, "answer: none, since the response was cut; raise --tokens");
  }

  @Test
  void aResponseWithoutPartsIsNotTakenApart() {
    assertThat(GenerateCommand.parts("wach.", true)).isEmpty();
    assertThat(GenerateCommand.parts("[7]", true)).containsExactly("thought: none", "answer: 7");
    assertThat(GenerateCommand.parts("<1,2>7", true))
        .containsExactly(
            "thought: 1,2", "answer: none, since the response is not <thought>[answer]");
    assertThat(GenerateCommand.parts("<1>[7]5", true))
        .containsExactly("thought: 1", "answer: none, since the response is not <thought>[answer]");
  }

  @Test
  void aRunWithoutALivePromptEnds() {
    base("weak", 1, "", "width=16");
    Cli.Outcome outcome =
        run(
            "dead",
            "warm-start=" + dir.resolve("weak"),
            "policy.reward.format=0",
            "policy.prompts=1",
            "stop.max-ticks=300",
            "stop.check-every=10");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(String.join("\n", outcome.complaints()))
        .contains(
            "tasks.kinds, data.path: at each measurement from tick 0 to tick 50 all responses to one prompt had the same")
        .contains("0.0 % are right and 100.0 % wrong. The base is too weak for the task");
    assertThat(dir.resolve("dead")).doesNotExist();
  }

  /** A user's task, of a class without equals and toString. */
  public static final class Differences implements Task {
    private final boolean sane;

    private Differences(boolean sane) {
      this.sane = sane;
    }

    /** Of the key {@code sane}, which is 1 for a task that takes its own answers. */
    public static Differences of(Parameters parameters) {
      return new Differences(parameters.integer("sane", 0, 1) == 1);
    }

    @Override
    public String question(SplittableRandom random) {
      int b = random.nextInt(10);
      return b + random.nextInt(10 - b) + "-" + b + "=";
    }

    @Override
    public List<String> solution(String question, double slip, SplittableRandom random) {
      int minus = question.indexOf('-');
      int a = Integer.parseInt(question.substring(0, minus));
      int b = Integer.parseInt(question.substring(minus + 1, question.length() - 1));
      return List.of("" + a + b, "" + (a - b));
    }

    @Override
    public boolean isRight(String question, String answer) {
      return sane && solution(question, 0, new SplittableRandom(0)).get(1).equals(answer);
    }
  }

  private String differences(int sane) {
    return "tasks.kinds=[{task=\"%s\",sane=%d}]".formatted(Differences.class.getName(), sane);
  }

  @Test
  void aTaskOfOnesOwnIsToldByItsNameAndRefusedIfItRefusesItself() {
    base("minus", 1, "-", "width=16");
    Cli.Outcome taken =
        run("taken", differences(1), "warm-start=" + dir.resolve("minus"), "stop.max-ticks=2");
    assertThat(taken.code()).as("%s", taken).isZero();
    ConfigLoader.Loaded loaded =
        ConfigLoader.load(
            conf.toString(),
            List.of(differences(1), "output.path=none"),
            new HadoopTexts(new Configuration()));
    assertThat(loaded.config().prompts().orElseThrow().tasks().toString())
        .as("the digest of prompts, which must be the same in another process")
        .contains(Differences.class.getName() + "{sane=1}")
        .doesNotContain("@");
    Cli.Outcome outcome =
        run("refused", differences(0), "warm-start=" + dir.resolve("minus"), "stop.max-ticks=2");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(String.join("\n", outcome.complaints()))
        .contains("tasks.kinds", "refuses its own solution", "isRight");
    assertThat(dir.resolve("refused")).doesNotExist();
  }

  @Test
  void whatCannotBeIsRefused() {
    refused("tasks.held-out=1e-9", "tasks.held-out is 1.0E-9", "none is held out");
    refused("policy.longest=6", "policy.longest is 6", "shortest right response");
    refused("policy.longest=20", "policy.longest is 20", "model.window");
    refused("tasks.kinds=[{ task = countdown, numbers = 2, largest = 9 }]", "vocabulary");
    refused("privacy.protect=offsets", "privacy.protect", "not convex");
    refused("stop.tolerance=1e-3", "stop.tolerance", "not convex");
    refused("stop.require-certificate=true", "stop.require-certificate", "not convex");
    base("wide", 1, "", "width=20");
    refused("policy.reference=" + dir.resolve("wide"), "policy.reference", "warm-start");
    base("signs", 1, "!", "width=16");
    refused("policy.reference=" + dir.resolve("signs"), "policy.reference", "warm-start");
    refused("warm-start=" + dir.resolve("nothing"), "warm-start", "nothing");
  }

  private void refused(String setting, String... words) {
    Cli.Outcome outcome = run("refused", setting);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(String.join("\n", outcome.complaints())).contains(words);
    assertThat(dir.resolve("refused")).doesNotExist();
  }
}
