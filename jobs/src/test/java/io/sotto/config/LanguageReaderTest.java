package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigObject;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import io.sotto.problem.BadInputException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LanguageReaderTest {
  /** The shortest that is valid; two lines. */
  private static final String MINIMAL =
      """
      data { path = texts, format = text }
      output.path = out
      """;

  /** Every key of the block with another value than its default. */
  private static final String FULL =
      """
      data { path = "hdfs://nn:9000/texts.csv", format = text, agent = who, text = t, prompt = p }
      data.make = scribes
      output.path = out
      problem.constraints = [ { set = ball, radius = 50 } ]
      model {
        vocabulary { name = pairs, size = 1024 }, width = 48, layers = 5, dense-layers = 2
        heads = 3, head = 20, query-latent = 40, latent = 24, rope = 8, inner = 100
        expert-inner = 30, experts = 10, shared = 2, active = 3, groups = 5, active-groups = 2
        window = 96, mtp = 2, batch = 4, clip = 0.5, mtp-weight = 0.1, balance-loss = 2e-4
        balance-step = 0, precision = fp8, hold-out = 0.2, evaluated = 10
      }
      """;

  private static RunConfig.Language load(String text, String... overrides) {
    return Sample.load(text, overrides).config().language().orElseThrow();
  }

  @Test
  void defaultsAreThoseOfTheReference() {
    RunConfig.Language language = load(MINIMAL);
    assertThat(language.model().vocabulary()).isEqualTo(Vocabulary.Kind.CHARACTERS);
    assertThat(language.model().shape(65))
        .isEqualTo(
            new ModelShape(65, 128, 4, 1, 4, 32, 64, 32, 16, 352, 64, 8, 1, 2, 1, 1, 128, 1));
    assertThat(language.training())
        .isEqualTo(new Training(8, 1, 0.3, 1e-4, 2e-2, Training.Precision.FLOAT, 0.1, 64));
    assertThat(Sample.load(MINIMAL).warnings()).isEmpty();
    assertThat(Sample.load(MINIMAL).config().rowCost()).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    RunConfig.Language language = load(FULL);
    assertThat(language.model().tokens()).isEqualTo(1024);
    assertThat(language.model().shape(900))
        .isEqualTo(new ModelShape(900, 48, 5, 2, 3, 20, 40, 24, 8, 100, 30, 10, 2, 3, 5, 2, 96, 2));
    assertThat(language.training())
        .isEqualTo(new Training(4, 0.5, 0.1, 2e-4, 0, Training.Precision.FP8, 0.2, 10));
    assertThat(language.column()).contains("t");
    assertThat(language.prompt()).contains("p");
    assertThat(Sample.load(FULL).config().making().map(RunConfig.Making::what))
        .contains(RunConfig.Make.SCRIBES);
    assertThat(Sample.load(FULL).config().data().agent()).contains("who");
  }

  @Test
  void theRecordsHaveTheKeysOfTheReference() {
    ConfigObject model = (ConfigObject) Schema.read().value("model");
    Map<?, ?> written =
        (Map<?, ?>) Objects.requireNonNull(Sample.load(FULL).config().toMap().get("model"));
    assertThat(written.keySet()).isEqualTo(model.keySet());
  }

  static Stream<String> texts() {
    return Stream.of(
        MINIMAL,
        FULL,
        MINIMAL + "model.vocabulary = pairs",
        MINIMAL + "data.deal.agents = 8, model { vocabulary = bytes, experts = 0 }");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatIsWrittenAsJsonLoadsAsAnEqualConfiguration(String text) throws JsonProcessingException {
    RunConfig config = Sample.load(text).config();
    String json = new ObjectMapper().writeValueAsString(config.toMap());
    assertThat(Sample.load(json).config()).isEqualTo(config);
    assertThat(new ObjectMapper().writeValueAsString(Sample.load(json).config().toMap()))
        .isEqualTo(json);
  }

  @Test
  void pairsCanBeGivenOnTheCommandLine() {
    assertThat(load(MINIMAL, "model.vocabulary=bytes").model().vocabulary())
        .isEqualTo(Vocabulary.Kind.BYTES);
    assertThat(load(MINIMAL, "model.vocabulary={ name = pairs, size = 300 }").model().tokens())
        .isEqualTo(300);
    assertThat(load(MINIMAL, "model.vocabulary=pairs").model().tokens()).isEqualTo(512);
  }

  @Test
  void theExampleLoads() {
    ConfigLoader.Loaded loaded =
        ConfigLoader.load(
            "../conf/scribes.conf",
            List.of("algorithm.name=auto"),
            new HadoopTexts(new Configuration()));
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.config().data().path()).isEqualTo("data/scribes");
    assertThat(loaded.config().making().map(RunConfig.Making::what))
        .isEqualTo(Optional.of(RunConfig.Make.SCRIBES));
  }

  @Test
  void whatIsNotUsedIsTold() {
    assertThat(Sample.load(MINIMAL + "model { experts = 0, active = 3, mtp = 0 }").warnings())
        .containsExactly("x.conf:3: model.active is 3, and model.experts = 0 does not use it.");
  }

  /** What is added to the minimal file from line 3 on, and the complaint. */
  static Stream<Arguments> lines() {
    String leave = "that is said of rows, and data.format is text: leave it out.";
    return Stream.of(
        arguments("data.label = y", "x.conf:3: data.label is 'y'; " + leave),
        arguments("data.standardize = false", "x.conf:3: data.standardize is false; " + leave),
        arguments(
            "problem.loss = squared",
            "x.conf:3: problem.loss is 'squared'; that is said of rows, and the loss of texts is"
                + " that of the block model: leave it out."),
        arguments("problem.l1 = 1", "x.conf:3: problem.l1 is 1; that is said of rows,"),
        arguments(
            "problem.constraints = [{ set = simplex, total = 1 }]",
            "x.conf:3: problem.constraints[0].set is 'simplex'; a model of language takes ball and"
                + " box only: choose one of them, or none."),
        arguments(
            "data.agent = who",
            "x.conf:3: data.agent is 'who'; name the column of texts, too, as data.text;"),
        arguments("data.text = t", "x.conf:3: data.text is 't'; name the column that says whose"),
        arguments("data.prompt = p", "x.conf:3: data.prompt is 'p'; name the column of texts,"),
        arguments(
            "data.deal { agents = 3, by = random }",
            "x.conf:3: data.deal.by is 'random'; a text is dealt in contiguous pieces: set it to"
                + " contiguous."),
        arguments("data.deal.by = contiguous", "x.conf: data.deal.agents is missing;"),
        arguments("data.make = scribe", "x.conf:3: data.make is 'scribe'; maybe 'scribes' is"),
        arguments(
            "model.vocabulary = letters",
            "x.conf:3: model.vocabulary is 'letters'; maybe 'bytes' is meant; known: characters,"
                + " bytes, pairs."),
        arguments(
            "model.vocabulary { name = pairs, size = 257 }",
            "x.conf:3: model.vocabulary.size is 257; it must be a whole number from 258 to 65536."),
        arguments(
            "model.vocabulary { name = bytes, size = 300 }", "x.conf:3: model.vocabulary is {"),
        arguments(
            "model.vocabulary { name = pairs,\n sise = 300 }",
            "x.conf:4: unknown key model.vocabulary.sise; maybe model.vocabulary.size is meant."),
        arguments(
            "model.vocabulary { size = 300 }",
            "x.conf:3: model.vocabulary is {\"size\":300}; its name is missing: write { name ="
                + " pairs, size = 512 }."),
        arguments(
            "model.heads = 3",
            "x.conf:3: model.heads is 3; it does not divide model.width, which is 128: give one"
                + " that does, or set model.head."),
        arguments(
            "model { experts = 4,\n active = 5 }",
            "x.conf:4: model.active = 5 is more than model.experts, which is 4."),
        arguments("model.groups = 3", "x.conf:3: model.groups = 3 does not divide model.experts"),
        arguments("model.mtp = 127", "x.conf:3: model.mtp = 127 reaches past the end of a window"),
        arguments("model.rope = 5", "x.conf:3: model.rope = 5 is rotated in pairs:"),
        arguments("model.layers = 0", "x.conf:3: model.layers is 0; it must be a whole number"),
        arguments("model.hold-out = 1", "x.conf:3: model.hold-out is 1; it must be a number above"),
        arguments(
            "model.precision = fp16",
            "x.conf:3: model.precision is 'fp16'; maybe 'fp8' is meant; known: float, fp8."),
        arguments(
            "model.layer = 2", "x.conf:3: unknown key model.layer; maybe model.layers is meant."));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void mistakesAreNamed(String lines, String complaint) {
    assertThatThrownBy(() -> Sample.load(MINIMAL + lines))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(complaint);
  }

  @Test
  void withRowsTheModelIsRefused() {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + "model.width = 64"))
        .hasMessage(
            "x.conf:4: model.width is 64; models of language are of texts, and data.format is csv:"
                + " leave the block model out, or set data.format = text.");
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + "data.text = note"))
        .hasMessageStartingWith("x.conf:4: data.text is 'note'; that is said of texts, and");
  }
}
