package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command over figures that are made up. */
class BenchTest {
  private static final List<Round> ROUNDS =
      List.of(new Round(10, 1), new Round(100, 50), new Round(3, 1));
  private static final Figure FAST =
      new Figure("X1-a", "fast : slow", "ticks/s", Target.atLeast(3), ROUNDS, "said aside");
  private static final Figure DEAR =
      new Figure("X1-b", "dear : cheap", "s", Target.atMost(2.5), ROUNDS, "");
  private static final Figure SEEN =
      new Figure("X1-c", "seen", "B", Target.report(), List.of(new Round(1, 4)), "");

  private static final List<Benchmark> MADE_UP =
      List.of(new MadeUp("X0", false), new MadeUp("X1", false), new MadeUp("Z2", true));

  @TempDir Path dir;

  /** Its id is not among the real ones, so a JVM that is asked for it fails. */
  private record MadeUp(String id, boolean onlyByName) implements Benchmark {
    @Override
    public String about() {
      return "about " + id;
    }

    @Override
    public String heap() {
      return "64m";
    }

    @Override
    public List<Figure> run(Consumer<String> log) {
      throw new UnsupportedOperationException("runs in no test");
    }
  }

  private record Said(int code, String out, String err) {}

  private static Said run(Child.Start child, String... words) {
    CommandLine line = new Bench(MADE_UP, child).line();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Said(line.execute(words), out.toString(), err.toString());
  }

  private static Child.Outcome measured(Benchmark benchmark) {
    return new Child.Outcome(0, List.of(FAST, DEAR, SEEN));
  }

  @Test
  void aRatioIsTheMedianOfRatios() {
    assertThat(FAST.value()).isEqualTo(10);
    assertThat(FAST.baseline()).isEqualTo(1);
    assertThat(FAST.ratio()).isEqualTo(3);
    Round[] even = {new Round(1, 1), new Round(2, 1), new Round(4, 1), new Round(9, 1)};
    assertThat(new Figure("X", "", "", Target.report(), List.of(even), "").ratio()).isEqualTo(3);
  }

  @Test
  void whatHasNoRatioIsNoFigure() {
    assertThatThrownBy(() -> new Round(1, 0)).hasMessageContaining("1.0 against 0.0");
    assertThatThrownBy(() -> new Round(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Figure("X9", "", "", Target.report(), List.of(), ""))
        .hasMessageContaining("X9");
  }

  @Test
  void writesATableAndAFile() throws IOException {
    Path file = dir.resolve("made/here/figures.json");
    Said said = run(BenchTest::measured, "--only", "X1", "--json", file.toString());
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .containsPattern("X1-a +fast : slow +10\\.0 +1\\.00 +ticks/s +3\\.000 +>= 3\\.0 +yes")
        .containsPattern("X1-b +dear : cheap .* 3\\.000 +<= 2\\.5 +NO")
        .containsPattern("X1-c +seen .* 0\\.250 +report +-")
        .contains("X1-a: said aside");

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("machine").path("cores").asInt()).isPositive();
    assertThat(json.path("commit").asText()).matches("[0-9a-f]{40}(-dirty)?|unknown");
    assertThat(json.has("failed")).isFalse();
    JsonNode figures = json.path("figures");
    assertThat(figures).hasSize(3);
    JsonNode fast = figures.get(0);
    assertThat(fast.path("id").asText()).isEqualTo("X1-a");
    assertThat(fast.path("title").asText()).isEqualTo("fast : slow");
    assertThat(fast.path("unit").asText()).isEqualTo("ticks/s");
    assertThat(fast.path("value").asDouble()).isEqualTo(10);
    assertThat(fast.path("baseline").asDouble()).isEqualTo(1);
    assertThat(fast.path("ratio").asDouble()).isEqualTo(3);
    assertThat(fast.path("target").asText()).isEqualTo(">= 3.0");
    assertThat(fast.path("holds").booleanValue()).isTrue();
    assertThat(fast.path("note").asText()).isEqualTo("said aside");
    assertThat(fast.path("rounds").get(1).path("value").asDouble()).isEqualTo(100);
    assertThat(fast.path("rounds").get(1).path("baseline").asDouble()).isEqualTo(50);
    assertThat(figures.get(1).path("holds").isBoolean()).isTrue();
    assertThat(figures.get(1).path("holds").booleanValue()).isFalse();
    assertThat(figures.get(2).path("holds").isNull()).isTrue();
    assertThat(figures.get(2).has("note")).isFalse();
    try (Stream<Path> beside = Files.list(file.resolveSibling(""))) {
      assertThat(beside).containsExactly(file);
    }
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Said said = run(BenchTest::measured, "--only", "X1,X7,B1");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("--only names X7, B1; there are X0, X1, Z2.");
    assertThat(said.out()).doesNotContain("X1-a");
  }

  @Test
  void aLetterNamesAllThatAreNotTooLong() {
    List<String> ran = new ArrayList<>();
    Child.Start noting =
        b -> {
          ran.add(b.id());
          return measured(b);
        };
    assertThat(run(noting, "--only", "X").code()).isZero();
    assertThat(ran).containsExactly("X0", "X1");
    ran.clear();
    assertThat(run(noting).code()).isZero();
    assertThat(ran).containsExactly("X0", "X1");
    ran.clear();
    assertThat(run(noting, "--only", "X1,Z2").code()).isZero();
    assertThat(ran).containsExactly("X1", "Z2");
    assertThat(run(noting, "--only", "Y").err()).contains("--only names Y; there are X0, X1, Z2.");
  }

  @Test
  void helpListsTheFigures() {
    assertThat(run(BenchTest::measured, "--help").out())
        .contains("X0    about X0", "X1    about X1");
  }

  @Test
  void aFailureDoesNotTakeTheOthersAlong() throws IOException {
    Path file = dir.resolve("figures.json");
    Said said =
        run(b -> b.id().equals("X0") ? Child.start(b) : measured(b), "--json", file.toString());
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("X0 failed with exit code 2.");
    assertThat(said.out()).contains("X0  failed, exit code 2", "X1-a");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("figures")).hasSize(3);
    assertThat(json.path("failed").path("X0").asInt()).isEqualTo(2);
  }

  @Test
  void figuresComeThroughAFile() throws IOException {
    ObjectMapper json = new ObjectMapper();
    String text = json.writeValueAsString(List.of(FAST, DEAR, SEEN));
    assertThat(json.readValue(text, Figure[].class)).containsExactly(FAST, DEAR, SEEN);
  }
}
