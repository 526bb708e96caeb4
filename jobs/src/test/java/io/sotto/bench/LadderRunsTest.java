package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.problem.Parameters;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What the group R is made of. */
class LadderRunsTest {
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
}
