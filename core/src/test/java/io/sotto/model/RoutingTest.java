package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which experts tokens get, against a plain reading of the paper. */
class RoutingTest {
  private static final int TOKENS = 60;

  private static ModelShape shape(int experts, int active, int groups, int activeGroups) {
    return new ModelShape(
        9, 8, 1, 0, 1, 4, 4, 4, 2, 8, 4, experts, 1, active, groups, activeGroups, 10, 0);
  }

  private static double[] numbers(int count, long seed) {
    return new SplittableRandom(seed).doubles(count, 0.05, 0.95).toArray();
  }

  @ParameterizedTest
  @CsvSource({"8,2,1,1", "8,4,4,2", "12,6,3,2", "5,5,1,1", "16,2,8,1"})
  void tokensGetTheBestOfTheBestGroups(int experts, int active, int groups, int activeGroups) {
    ModelShape shape = shape(experts, active, groups, activeGroups);
    double[] scores = numbers(TOKENS * experts, 1);
    double[] bias = numbers(experts, 2);
    Routing routing = new Routing(shape, scores, bias);
    int size = experts / groups;
    for (int n = 0; n < TOKENS; n++) {
      int token = n;
      Comparator<Integer> byScore =
          Comparator.comparingDouble(e -> -scores[token * experts + e] - bias[e]);
      Comparator<Integer> byGroup =
          Comparator.comparingDouble(
              g ->
                  -IntStream.range(g * size, (g + 1) * size)
                      .boxed()
                      .sorted(byScore)
                      .limit(Math.max(1, active / activeGroups))
                      .mapToDouble(e -> scores[token * experts + e] + bias[e])
                      .sum());
      List<Integer> best =
          IntStream.range(0, groups)
              .boxed()
              .sorted(byGroup)
              .limit(activeGroups)
              .flatMap(g -> IntStream.range(g * size, (g + 1) * size).boxed())
              .sorted(byScore)
              .limit(active)
              .toList();
      Set<Integer> chosen =
          Arrays.stream(routing.expert, n * active, (n + 1) * active)
              .boxed()
              .collect(Collectors.toSet());
      assertThat(chosen).isEqualTo(Set.copyOf(best));
      double sum = best.stream().mapToDouble(e -> scores[token * experts + e]).sum();
      for (int a = n * active; a < (n + 1) * active; a++) {
        double unbiased = scores[n * experts + routing.expert[a]] / sum;
        assertThat(routing.weight[a]).isCloseTo(unbiased, within(1e-15));
        assertThat(routing.tokenAt[routing.place[a]]).isEqualTo(n);
        assertThat(routing.place[a])
            .isBetween(routing.begin[routing.expert[a]], routing.begin[routing.expert[a] + 1] - 1);
      }
    }
    assertThat(IntStream.range(0, experts).map(routing::load).sum()).isEqualTo(TOKENS * active);
  }

  @Test
  void biasesChooseButDoNotWeigh() {
    ModelShape shape = shape(4, 1, 1, 1);
    double[] scores = {0.9, 0.5, 0.4, 0.3};
    Routing routing = new Routing(shape, scores, new double[] {0, 0, 0, 0.7});
    assertThat(routing.expert).containsExactly(3);
    assertThat(routing.weight).containsExactly(1);
    assertThat(routing.overload(3)).isEqualTo(1);
    assertThat(routing.overload(0)).isEqualTo(-1);
  }
}
