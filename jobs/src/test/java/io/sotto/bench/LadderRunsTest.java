package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.problem.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the group R is made of. */
class LadderRunsTest {
  @TempDir Path dir;

  private static Set<String> unitDigits(int left) {
    PairSums sums = PairSums.of(new Parameters("kind", Map.of("digits", 3, "left", left)));
    SplittableRandom random = new SplittableRandom(5);
    Set<String> pairs = new HashSet<>();
    for (int n = 0; n < 5_000; n++) {
      String question = sums.question(random);
      pairs.add("" + question.charAt(2) + question.charAt(6));
      List<String> solution = sums.solution(question, 0, random);
      assertThat(sums.isRight(question, solution.get(solution.size() - 1))).isTrue();
    }
    return pairs;
  }

  @Test
  void eachPairOfUnitDigitsIsOnOneSide() {
    Set<String> trained = unitDigits(0);
    Set<String> left = unitDigits(1);
    assertThat(left).hasSize(20).doesNotContainAnyElementsOf(trained);
    assertThat(trained).hasSize(80);
  }

  @Test
  void spreadIsTheMeanAndTheDeviationOfSeeds() {
    ObjectMapper json = new ObjectMapper();
    List<ObjectNode> seeds =
        DoubleStream.of(1, 2, 3).mapToObj(v -> json.createObjectNode().put("a", v)).toList();
    assertThat(LadderRuns.spread(seeds, seed -> seed.path("a").asDouble()))
        .isEqualTo("2.000 +- 1.000");
  }

  @Test
  void figuresOfTheLadderAreThoseOfItsFile() throws IOException {
    String rung =
        """
        {"name": "%s", "accuracy": %s, "greedy": 0.5, "passAt16": 0.5, "format": 0.5, "language": 0.5,
         "other": %s, "length": 10, "cpuSeconds": 100}\
        """;
    Path file = dir.resolve("ladder.json");
    Files.writeString(
        file,
        """
        {"rungs": [%s, %s, %s, %s, %s, %s],
         "students": [{"distilled": %s, "ownRl": %s}, {"distilled": %s, "ownRl": %s}]}
        """
            .formatted(
                rung.formatted("base", 0.1, 0.5),
                rung.formatted("zero", 0.8, 0.5),
                rung.formatted("cold", 0.8, 0.5),
                rung.formatted("reason", 0.6, 0.5),
                rung.formatted("sft", 0.8, 0.75),
                rung.formatted("r1", 0.8, 0.9),
                rung.formatted("small", 0.4, 0.5),
                rung.formatted("small-own", 0.2, 0.5),
                rung.formatted("large", 0.9, 0.5),
                rung.formatted("large-own", 0.2, 0.5)));
    ObjectNode marks = LadderRuns.read(file);
    Map<String, Figure> figures =
        LadderBenchmark.LADDER.figures(List.of(marks, marks)).stream()
            .collect(Collectors.toMap(Figure::id, figure -> figure));
    assertThat(of(figures, "R-ladder-students").value()).as("one size of two").isEqualTo(1);
    assertThat(of(figures, "R-ladder-other").ratio()).isCloseTo(0.9 / 0.8, within(1e-12));
    assertThat(of(figures, "R-ladder-reason").holds()).isFalse();
    assertThat(of(figures, "R-ladder-time").value()).isEqualTo(1_000);
    assertThat(of(figures, "R-ladder-rung-large").value()).isEqualTo(0.9);
    assertThat(of(figures, "R-ladder-rung-zero").rounds()).hasSize(2);
  }

  private static Figure of(Map<String, Figure> figures, String id) {
    return Objects.requireNonNull(figures.get(id), id);
  }
}
