package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sotto.config.ConfigLoader;
import io.sotto.config.RunConfig;
import io.sotto.model.Vocabulary;
import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.model.task.Split;
import io.sotto.problem.BadInputException;
import io.sotto.run.AgentPrompts;
import io.sotto.run.RowSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts with answers, as JSON lines. */
class PromptFilesTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.characters("0123456789+=<>[],.-abcdefghijklmnopqrstuvwxyz Ü".chars());
  private static final AgentPrompts.Room ROOM = new AgentPrompts.Room(VOCABULARY, 24, 12);

  private static JavaSparkContext spark;

  @TempDir Path dir;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("PromptFilesTest")
                .set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.serializer", JavaSerializer.class.getName()));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private Path write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private AgentPrompts.Looked look(AgentPrompts.Room room, String path, String... lines)
      throws IOException {
    String conf =
        """
        data { path = "%s", format = prompts }
        tasks.held-out = 0.5
        warm-start = base
        output.path = out
        """
                .formatted(dir.resolve(path))
            + String.join("\n", lines);
    RunConfig config =
        ConfigLoader.load(
                "x.conf", List.of(), name -> Optional.of(conf).filter(c -> name.equals("x.conf")))
            .config();
    RunConfig.Prompts prompts = config.prompts().orElseThrow();
    return new PromptFiles(
            config.data(), prompts.check().orElseThrow(), prompts.tasks().heldOut(), spark)
        .look(room);
  }

  /** Sums of one digit and something. */
  private static String sums(int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int a = from; a < to; a++) {
      for (int b = 0; b < 10; b++) {
        lines.append("{\"prompt\": \"%d+%d=\", \"answer\": \"%d\"}\n".formatted(a, b, a + b));
      }
    }
    return lines.toString();
  }

  private static AgentPrompts.PromptShards carried(AgentPrompts.PromptShards shards)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(shards);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (AgentPrompts.PromptShards) in.readObject();
    }
  }

  private static Set<String> drawn(PromptSource source, boolean heldOut) {
    SplittableRandom random = new SplittableRandom(1);
    Set<String> drawn = new TreeSet<>();
    for (int n = 0; n < 2_000; n++) {
      Prompt prompt = source.draw(heldOut, random);
      assertThat(prompt.worked()).matches("<>\\[[0-9]+\\]");
      drawn.add(prompt.text());
    }
    return drawn;
  }

  @Test
  void entriesOfAFolderAreAgents() throws Exception {
    write("in/south/b.jsonl", "\uFEFF" + sums(3, 4));
    write("in/south/a.jsonl", "\n" + sums(2, 3) + "  \n");
    write("in/_hidden", "zzz");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(dir.resolve("in/north.jsonl.gz")))) {
      out.write(sums(0, 2).getBytes(StandardCharsets.UTF_8));
    }
    try (OutputStream out =
        new BZip2CompressorOutputStream(Files.newOutputStream(dir.resolve("in/east.bz2")))) {
      out.write(sums(4, 5).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }
    AgentPrompts.Looked looked = look(ROOM, "in");
    assertThat(looked.agents()).containsExactly("east", "north", "south");
    assertThat(looked.report()).containsEntry("prompts", 50).containsKey("heldOutPrompts");
    assertThat(looked.report().get(RowSource.INPUTS))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(4);
    assertThat(looked.words())
        .matches("50 prompts of 3 agents, [0-9]+ of them held out, read from 4 files");
    AgentPrompts.PromptShards shards = carried(looked.shards());
    Split split = new Split(0.5);
    int[] heldOut = {0};
    PromptSource[] sources = shards.load(new int[] {0, 2});
    for (PromptSource source : sources) {
      Set<String> held = drawn(source, true);
      Set<String> trained = drawn(source, false);
      assertThat(held).isNotEmpty().allMatch(split::isHeldOut);
      assertThat(trained).isNotEmpty().noneMatch(split::isHeldOut);
      assertThat(held.size() + trained.size()).isEqualTo(source == sources[0] ? 10 : 20);
      heldOut[0] += held.size();
    }
    heldOut[0] += drawn(shards.load(new int[] {1})[0], true).size();
    assertThat(looked.report()).containsEntry("heldOutPrompts", heldOut[0]);
    assertThat(look(ROOM, "in").digest()).isEqualTo(looked.digest());
    assertThat(look(ROOM, "in", "data.check = number").digest()).isNotEqualTo(looked.digest());
    write("in/south/b.jsonl", sums(3, 4).replace("12", "13"));
    assertThat(look(ROOM, "in").digest()).isNotEqualTo(looked.digest());
    write("in/south/b.jsonl", sums(3, 5));
    assertThatThrownBy(() -> shards.load(new int[] {2}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'south' has changed since the run began");
  }

  @Test
  void aFieldCanSayWhoseAPromptIs() throws Exception {
    write("all.jsonl", whose(sums(0, 2), "ann") + whose(sums(2, 3), " bob "));
    AgentPrompts.Looked looked = look(ROOM, "all.jsonl", "data.agent = who");
    assertThat(looked.agents()).containsExactly("ann", "bob");
    PromptSource bob = carried(looked.shards()).load(new int[] {1})[0];
    assertThat(drawn(bob, true)).allMatch(prompt -> prompt.startsWith("2+"));
    assertThatThrownBy(() -> look(ROOM, "all.jsonl"))
        .hasMessageContaining("which is one file")
        .hasMessageContaining("data.agent");
  }

  private static String whose(String lines, String agent) {
    return lines.replace("{", "{\"more\": [{\"prompt\": 1}], \"who\": \"" + agent + "\", ");
  }

  private Reward reward(String answer, String check, String response) throws Exception {
    write(
        "one/a.jsonl",
        "{\"prompt\": \"a\", \"answer\": %s}\n{\"prompt\": \"b\", \"answer\": %s}\n"
            .formatted(answer, answer));
    PromptSource source =
        look(ROOM, "one", "data.check = " + check, "tasks.held-out = " + halves("a", "b"))
            .shards()
            .load(new int[] {0})[0];
    return Reward.of(source.draw(true, new SplittableRandom(1)), response, null);
  }

  /** A share that holds one of both out. */
  private static double halves(String one, String other) {
    double share = 0.01;
    while (new Split(share).isHeldOut(one) == new Split(share).isHeldOut(other)) {
      share += 0.01;
    }
    return share;
  }

  @Test
  void answersAreCheckedAsTheyStand() throws Exception {
    assertThat(reward("\" 1,000 \"", "exact", "<a>[1,000]")).isEqualTo(new Reward(1, 1, 1, 0));
    assertThat(reward("\"1,000\"", "exact", "<a>[1000]")).isEqualTo(new Reward(0, 1, 1, 0));
    assertThat(reward("1.50", "exact", "<a>[1.50]").accuracy()).isEqualTo(1);
    assertThat(reward("1.50", "exact", "<a>[1.5]").accuracy()).isZero();
    assertThat(reward("\"Ü eins\"", "exact", "<a>[Ü eins]").accuracy()).isEqualTo(1);
    assertThat(reward("\"big\"", "exact", "<a>[big]").accuracy()).isEqualTo(1);
    assertThat(reward("\"big\"", "exact", "<big>[bi]").accuracy()).isZero();
    assertThat(reward("\"big\"", "exact", "<[big]>").accuracy()).isZero();
    assertThat(reward("\"big\"", "exact", "[big][big]").accuracy()).isZero();
  }

  @Test
  void answersAreCheckedAsNumbers() throws Exception {
    for (String right : List.of("1000", "1,000", "1000.0", "+1,000.00", " 1000 ", "01000")) {
      assertThat(reward("\"1,000\"", "number", "<a>[" + right + "]").accuracy())
          .as(right)
          .isEqualTo(1);
    }
    for (String wrong :
        List.of(
            "", "1,00", "1,000,", "1 000", "1e3", "-1000", "1000.1", "1000,1000", "1000.", "a")) {
      assertThat(reward("1000", "number", "<a>[" + wrong + "]").accuracy()).as(wrong).isZero();
    }
    assertThat(reward("-2.50", "number", "<a>[-2.5]").accuracy()).isEqualTo(1);
    assertThat(reward("0", "number", "<a>[-0.0]").accuracy()).isEqualTo(1);
  }

  @Test
  void ofAPromptThatStandsTwiceEitherAnswerIsRight() throws Exception {
    String twice = sums(0, 1) + sums(0, 1).replaceAll("\"answer\": \"", "\"answer\": \"0");
    write("two/a.jsonl", twice);
    AgentPrompts.Looked looked = look(ROOM, "two");
    assertThat(looked.report()).containsEntry("prompts", 20);
    Prompt prompt = looked.shards().load(new int[] {0})[0].draw(true, new SplittableRandom(1));
    String sum = prompt.text().substring(2, 3);
    for (String answer : List.of(sum, "0" + sum)) {
      assertThat(Reward.of(prompt, "[" + answer + "]", null).accuracy()).isEqualTo(1);
    }
    assertThat(Reward.of(prompt, "[00" + sum + "]", null).accuracy()).isZero();
  }

  /** The second line of a file, and the complaint. */
  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("{\"prompt\": \"a\"}", "no text in the field 'answer'. Put one there, such as {"),
        arguments("{\"answer\": \"a\"}", "no text in the field 'prompt'"),
        arguments("{\"prompt\": \"a\", \"answer\": null}", "no text in the field 'answer'"),
        arguments("{\"prompt\": \"a\", \"answer\": \" \"}", "no text in the field 'answer'"),
        arguments("{\"prompt\": [\"a\"], \"answer\": \"1\"}", "no text in the field 'prompt'"),
        arguments("2+2=4", "is not JSON, seen at character "),
        arguments("\"a\"", "is not one JSON object. Write a prompt on each line, such as {"),
        arguments("[{\"prompt\": \"a\", \"answer\": \"1\"}]", "is not one JSON object"),
        arguments("{\"prompt\": \"a\", \"answer\": \"1\"} 2", "is not one JSON object"),
        arguments("{\"prompt\": \"a\", \"answer\": \"1\"", "is not JSON, seen at character"),
        arguments("{\"prompt\": \"a\", \"answer\": 1, \"answer\": 2}", "is not JSON, seen at"),
        arguments(
            "{\"prompt\": \"a?\", \"answer\": \"1\"}",
            "the prompt: line 1, character 2 is '?' (U+003F), which the vocabulary of the model does"),
        arguments(
            "{\"prompt\": \"a\", \"answer\": \"1ß\"}",
            "the answer: line 1, character 2 is 'ß' (U+00DF), which the vocabulary of the model does"),
        arguments("{\"prompt\": \"a\", \"answer\": \"[1]\"}", "the answer has one of < > [ ]"),
        arguments(
            "{\"prompt\": \"abcdefghijkl\", \"answer\": \"1\"}",
            "the prompt has 12 tokens, and policy.longest is 12; with the token that begins they"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void badLinesAreRefusedByFileAndLine(String line, String complaint) throws IOException {
    write("bad/a.jsonl", sums(0, 1));
    Path file = write("bad/b.jsonl", sums(0, 1).lines().findFirst().orElseThrow() + "\n" + line);
    assertThatThrownBy(() -> look(ROOM, "bad"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ":2: ")
        .hasMessageContaining(complaint);
  }

  @Test
  void badFilesAreRefused() throws IOException {
    Path file = write("bad/a.jsonl", sums(0, 1));
    refused("bad", "'who'", "data.agent = who");
    write("bad/a.jsonl", "{\"prompt\": \"a\", \"answer\": \"one\"}");
    refused(
        "bad", file + ":1: data.check is number, and the answer is none", "data.check = number");
    write("bad/a.jsonl", "\n\n");
    refused("bad", file + " holds no prompt. Write one on each line, such as {");
    write("bad/a.jsonl", "");
    refused("bad", file + " holds no prompt");
    Files.write(
        file, "{\"prompt\": \"\u00dc\", \"answer\": \"1\"}".getBytes(StandardCharsets.ISO_8859_1));
    refused("bad", file + ":1: the line is not UTF-8. Save the file as UTF-8.");
    write("bad/a.jsonl", "{\"prompt\": \"a\", \"answer\": \"1\"}");
    refused("bad", "of the 1 prompts of agent 'a' out; at least one", "tasks.held-out = 0.5");
    write("bad/a.jsonl", sums(0, 1));
    refused("bad", "tasks.held-out is 1.0E-9, which holds 0 of the 10", "tasks.held-out = 1e-9");
    refused("bad", "tasks.held-out is 0.999999, which holds 10 of", "tasks.held-out = 0.999999");
    refused("nowhere", "there is nothing at");
    Files.createDirectories(dir.resolve("empty/a"));
    refused("empty", "holds no prompts of the agent 'a'");
    assertThatThrownBy(() -> look(new AgentPrompts.Room(VOCABULARY, 24, 3), "bad"))
        .hasMessage(
            "policy.longest is 3, and the shortest right response to a prompt of agent 'a' has 4"
                + " tokens. Set it to that or more.");
    Vocabulary digits = Vocabulary.characters("0123456789+=".chars());
    assertThatThrownBy(() -> look(new AgentPrompts.Room(digits, 24, 12), "bad"))
        .hasMessageContaining(
            "the form <thought>[answer] of responses: line 1, character 1 is '<'");
  }

  private void refused(String path, String complaint, String... lines) {
    assertThatThrownBy(() -> look(ROOM, path, lines))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(complaint);
  }
}
