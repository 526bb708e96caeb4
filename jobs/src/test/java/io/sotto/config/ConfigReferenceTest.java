package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReferenceTest {

  @Test
  void everyKeyOfTheReferenceHasAComment() {
    Map<String, List<String>> comments = new TreeMap<>();
    visit(
        "",
        Schema.read().reference(),
        (path, value) -> comments.put(path, value.origin().comments()));
    assertThat(comments).hasSizeGreaterThan(50);
    assertThat(comments)
        .allSatisfy((path, lines) -> assertThat(lines).describedAs(path).isNotEmpty());
  }

  /** What the kinds that the full sample chooses do not use, and is not written. */
  private static final List<String> UNUSED =
      List.of(
          "data.key", // of tables: NamedTableTest
          "network.attach",
          "network.degree",
          "network.probability",
          "network.rewire",
          "network.schedule",
          "problem.formula", // in place of a label: FormulaRunTest
          "survival", // in place of a loss: PathsTest
          "survival.cuts",
          "survival.event",
          "survival.intervals",
          "survival.time",
          "problem.parameters",
          "problem.quantile-level");

  @Test
  void theReferenceAndTheRecordsHaveTheSameKeys() {
    Set<String> known = new TreeSet<>();
    visit("", Schema.read().reference(), (path, value) -> known.add(path));
    known.removeIf(path -> path.matches("model(\\..*)?")); // of texts: LanguageReaderTest
    known.removeIf(
        path -> path.matches("(tasks|policy|web|samples|planted)(\\..*)?")); // PromptsReaderTest
    known.removeAll(List.of("data.text", "data.prompt", "data.make", "data.check"));
    Set<String> written = new TreeSet<>();
    paths("", Sample.load(Sample.FULL).config().toMap(), written);
    written.removeIf(path -> path.matches("clock\\.(offline\\.)?(rates|intervals)\\..*"));
    written.removeIf(path -> path.startsWith("problem.parameters."));
    written.removeIf(path -> path.startsWith("problem.class-weights."));
    written.removeIf(path -> path.startsWith("data.reference."));
    written.add("problem.objective"); // a loss is given in its place
    written.add("data.agent"); // deal is given in its place
    written.add("privacy.protect"); // a mechanism is given in its place
    written.addAll(UNUSED);
    assertThat(written).isEqualTo(known);
  }

  static Stream<String> texts() throws IOException {
    return Stream.of(
        Sample.MINIMAL, Sample.FULL, Files.readString(Path.of("../conf/hospitals.conf")));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatIsWrittenAsJsonLoadsAsAnEqualConfiguration(String text) throws JsonProcessingException {
    ConfigLoader.Loaded loaded = Sample.load(text);
    String json = new ObjectMapper().writeValueAsString(loaded.config().toMap());
    assertThat(Sample.load(json).config()).isEqualTo(loaded.config());
    assertThat(Sample.load(json).warnings()).hasSizeLessThanOrEqualTo(loaded.warnings().size());
    assertThat(new ObjectMapper().writeValueAsString(Sample.load(json).config().toMap()))
        .isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"PT4H, 4h", "PT24H, 1d", "PT90M, 90m", "PT0.25S, 250ms", "PT0.000000001S, 1ns"})
  void durationsAreWrittenInTheGreatestUnitThatFits(String iso, String text) {
    Duration duration = Duration.parse(iso);
    assertThat(ConfigWriter.text(duration)).isEqualTo(text);
    assertThat(
            Sample.load(Sample.MINIMAL, "stop.deadline=" + text)
                .config()
                .settings()
                .stop()
                .deadline())
        .isEqualTo(duration);
  }

  private static void visit(
      String prefix, ConfigObject block, BiConsumer<String, ConfigValue> visitor) {
    block.forEach(
        (key, value) -> {
          visitor.accept(prefix + key, value);
          if (value instanceof ConfigObject inner) {
            visit(prefix + key + ".", inner, visitor);
          }
        });
  }

  private static void paths(String prefix, Map<?, ?> map, Set<String> paths) {
    map.forEach(
        (key, value) -> {
          paths.add(prefix + key);
          if (value instanceof Map<?, ?> inner) {
            paths(prefix + key + ".", inner, paths);
          }
        });
  }
}
