package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigObject;
import io.sotto.model.Policy;
import io.sotto.model.task.Given;
import io.sotto.model.task.Reward;
import io.sotto.model.task.Script;
import io.sotto.problem.BadInputException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PromptsReaderTest {
  /** The shortest that is valid; four lines. */
  private static final String MINIMAL =
      """
      data.format = prompts
      tasks.kinds = [{ task = sums, digits = 2 }]
      warm-start = base
      output.path = out
      """;

  private static final String FULL =
      """
      data.format = prompts
      tasks {
        agents = [
          { agent = north, kinds = [{ task = sums, digits = 2, base = 8, script = letters, weight = 2 }] }
          { agent = south, kinds = [{ task = sorting, length = 4 }, { task = greeting, letters = 3 }] }
        ]
        held-out = 0.1
      }
      policy {
        prompts = 3, group = 4, longest = 20, temperature = 0.9, epochs = 2, epoch-step = 0.2, clip = 0.3
        divergence = 0.01, reference = other, renew = 50, reward { accuracy = 2, format = 0.5, language = 1, preference = 3 }
        preference = likes
        over-deviation = false, mean-over = token, norm = 2, evaluated = 9
      }
      warm-start = base
      output.path = out
      """;

  /** Prompts of files. */
  private static final String FILES =
      """
      data { format = prompts, path = in, check = number }
      tasks.held-out = 0.3
      warm-start = base
      output.path = out
      """;

  private static RunConfig.Prompts load(String text) {
    return Sample.load(text).config().prompts().orElseThrow();
  }

  @Test
  void defaultsAreThoseOfTheReference() {
    RunConfig.Prompts prompts = load(MINIMAL);
    assertThat(prompts.policy())
        .isEqualTo(
            new Policy(
                16,
                16,
                40,
                1,
                1,
                0.1,
                0.2,
                1e-3,
                0,
                new Reward.Weights(1, 1, 0, 1),
                true,
                false,
                1,
                null,
                200));
    assertThat(prompts.tasks().names()).containsExactly("0");
    assertThat(prompts.reference()).isEmpty();
    assertThat(Sample.load(MINIMAL).warnings()).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    RunConfig.Prompts prompts = load(FULL);
    assertThat(prompts.policy())
        .isEqualTo(
            new Policy(
                3,
                4,
                20,
                0.9,
                2,
                0.2,
                0.3,
                0.01,
                50,
                new Reward.Weights(2, 0.5, 1, 3),
                false,
                true,
                2,
                null,
                9));
    assertThat(prompts.tasks().names()).containsExactly("north", "south");
    assertThat(prompts.tasks().source(0).kinds().get(0).script()).isEqualTo(Script.LETTERS);
    assertThat(prompts.tasks().source(1).kinds()).hasSize(2);
    assertThat(prompts.tasks().source(1).parts()).isEqualTo(1);
    assertThat(prompts.reference()).contains("other");
    assertThat(prompts.preference()).contains("likes");
  }

  @Test
  void whatIsNotUsedIsTold() {
    assertThat(Sample.load(MINIMAL + "policy.renew = 5").warnings()).isEmpty();
    assertThat(Sample.load(MINIMAL + "policy { renew = 5, divergence = 0 }").warnings())
        .singleElement()
        .asString()
        .contains("policy.renew is set, and policy.divergence = 0 does not use it.");
  }

  @Test
  void theRecordsHaveTheKeysOfTheReference() {
    for (String block : List.of("tasks", "policy")) {
      ConfigObject known = (ConfigObject) Schema.read().value(block);
      Map<String, Object> map =
          Sample.load(block.equals("tasks") ? MINIMAL : FULL).config().toMap();
      assertThat(((Map<?, ?>) Objects.requireNonNull(map.get(block))).keySet())
          .isEqualTo(known.keySet());
    }
  }

  static Stream<String> texts() {
    return Stream.of(
        MINIMAL,
        FULL,
        MINIMAL + "tasks.agents = 4",
        MINIMAL + "tasks.kinds = [{ task = sums, digits = 2, script = german }]",
        FILES,
        FILES + "data { agent = who, check = exact }");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatIsWrittenAsJsonLoadsAsAnEqualConfiguration(String text) throws JsonProcessingException {
    RunConfig config = Sample.load(text).config();
    String json = new ObjectMapper().writeValueAsString(config.toMap());
    assertThat(Sample.load(json).config()).isEqualTo(config);
  }

  @Test
  void promptsOfFilesNeedNoTasks() {
    RunConfig config = Sample.load(FILES).config();
    RunConfig.Prompts prompts = config.prompts().orElseThrow();
    assertThat(prompts.check()).contains(Given.Check.NUMBER);
    assertThat(prompts.tasks()).isEqualTo(new TaskSet(0, List.of(), List.of(), 0.3));
    assertThat(config.data().path()).isEqualTo("in");
    assertThat(config.data().agent()).isEmpty();
    assertThat(load(FILES + "data { agent = who, check = null }").check())
        .contains(Given.Check.EXACT);
    assertThat(Sample.load(FILES + "data.agent = who").config().data().agent()).contains("who");
    assertThat(load(MINIMAL).check()).isEmpty();
  }

  /** What is added to the file with a path from line 5 on, and the complaint. */
  static Stream<Arguments> linesOfFiles() {
    return Stream.of(
        arguments(
            "data.check = near",
            "data.check is 'near'; maybe 'exact' is meant; known: exact, number"),
        arguments("data.label = y", "data.label is 'y'; data.format is prompts, and data.path has"),
        arguments("data.text = y", "data.text is 'y'; data.format is prompts, and data.path has"),
        arguments("data.agent = answer", "data.agent is 'answer'; that field is the prompt or its"),
        arguments("tasks.agents = 3", "tasks.agents is 3; data.path has the prompts"),
        arguments("tasks.kinds = [{ task = sums, digits = 2 }]", "data.path has the prompts"),
        arguments("warm-start = \"\"", "warm-start is missing"));
  }

  @ParameterizedTest
  @MethodSource("linesOfFiles")
  void badInputOfFilesIsRefusedByKey(String line, String complaint) {
    assertThatThrownBy(() -> Sample.load(FILES + line))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void mixedAreTheScriptsOfAllKinds() {
    assertThat(load(FULL).tasks().scripts()).containsExactly(Script.DIGITS, Script.LETTERS);
    assertThat(
            load(MINIMAL + "tasks.kinds = [{ task = sums, digits = 1, script = english }]")
                .tasks()
                .scripts())
        .containsExactly(Script.ENGLISH);
  }

  /** What is added to the minimal file from line 5 on, and the complaint. */
  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("policy.group = 1", "policy.group is 1; it must be a whole number from 2 on"),
        arguments("policy.temperature = 0", "policy.temperature is 0; it must be a number above 0"),
        arguments("tasks.held-out = 1", "tasks.held-out is 1; it must be a number above 0 and"),
        arguments("tasks.kinds = [{ task = sum }]", "'sum'"),
        arguments("tasks.kinds = [{ task = sums }]", "digits"),
        arguments(
            "tasks.kinds = [{ task = sums, digits = 2, largest = 3 }]",
            "the task sums has no such parameter"),
        arguments("tasks.kinds = [{ digits = 2 }]", "a block with the name of a task"),
        arguments(
            "tasks.kinds = [{ task = sums, digits = 2, script = runes }]", "tasks.kinds[0].script"),
        arguments("tasks.agents = [{ agent = a, kinds = [{ task = sums }] }]", "tasks.kinds"),
        arguments("data.path = here", "tasks.kinds is"),
        arguments("data.agent = who", "data.agent is 'who'; data.format is prompts, and without"),
        arguments(
            "data.check = number", "data.check is 'number'; data.format is prompts, and without"),
        arguments("model.width = 3", "model.width"),
        arguments("warm-start = \"\"", "warm-start is missing"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void badInputIsRefusedByKey(String line, String complaint) {
    assertThatThrownBy(() -> Sample.load(MINIMAL + line))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void promptsAreOfOtherFormatsNot() {
    assertThatThrownBy(
            () ->
                Sample.load(
                    "data { path = texts, format = text }\noutput.path = out\npolicy.group = 4"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("x.conf:3: policy.group is 4; nothing uses the block policy");
    assertThatThrownBy(
            () ->
                Sample.load(
                    "data { path = texts, format = text, check = number }\noutput.path = out"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("data.check is 'number'; that is said of prompts");
  }
}
