package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Standardization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was written is read again, whichever version wrote it. */
class WrittenResultsTest {

  private static Solution solution(int outputs, double[] estimate, double[] intercepts) {
    int dimension = estimate.length + intercepts.length;
    List<String> labels = outputs > 1 ? List.of("a", "b", "c") : List.of();
    return new Solution(
        "squared",
        estimate,
        intercepts,
        List.of("p", "q"),
        estimate,
        intercepts,
        Standardization.none(2),
        outputs,
        0.25,
        Map.of("kind", "none", "reason", "none is known"),
        4,
        dimension,
        labels,
        null,
        null,
        null,
        null);
  }

  @Test
  void solutionsOfOneOrSeveralOrNoPredictionsAreReadAgain() {
    for (Solution one :
        List.of(
            solution(1, new double[] {1, 2}, new double[] {3}),
            solution(3, new double[] {1, 2, 3, 4, 5, 6}, new double[] {7, 8, 9}),
            solution(0, new double[] {1, 2, 3}, new double[] {4, 5}))) {
      Solution again = Solution.of(one.toMap());
      assertThat(again).usingRecursiveComparison().isEqualTo(one);
      assertThat(again.hasIntercept()).isTrue();
    }
  }

  /** The keys that version 0.1.0 wrote, as far as a warm start reads them. */
  @Test
  void resultsOfTheFirstVersionAreRead() {
    Map<String, Object> old = new LinkedHashMap<>();
    old.put("ticks", 100);
    old.put("warmStart", Map.of("path", "out/before", "ticks", 40.0));
    old.put("loss", "logistic");
    old.put("step", Map.of("initial", 88.4, "auto", true));
    old.put("algorithm", Map.of("name", "async-admm", "reason", "fewest ticks"));
    old.put("privacy", Map.of("mechanism", "function-sharing", "termsMark", "0a1b"));
    old.put(
        "configuration",
        Map.of(
            "data",
            Map.of("standardize", true),
            "algorithm",
            Map.of("name", "async-admm", "step", Map.of("initial", 88.4, "exponent", 0.51))));
    RunRecord record = RunRecord.of(old);
    assertThat(record.ticks()).isEqualTo(140);
    assertThat(record.loss()).isEqualTo("logistic");
    assertThat(record.method()).isEqualTo("async-admm");
    assertThat(record.exponent()).isEqualTo(0.51);
    assertThat(record.standardized()).isTrue();
    assertThat(record.step()).isEqualTo(88.4);
    assertThat(record.termsMark()).isEqualTo("0a1b");
    assertThat(record.digest()).isEmpty();

    Map<String, Object> solution = new LinkedHashMap<>();
    solution.put("estimate", List.of(1.0, 2));
    solution.put("intercept", 3);
    solution.put("features", List.of("p", "q"));
    solution.put("solvedEstimate", List.of(1.0, 2.0));
    solution.put("solvedIntercept", 3.0);
    solution.put("standardization", Map.of("mean", List.of(0, 0), "deviation", List.of(1, 1)));
    solution.put("objective", 0.5);
    solution.put("agents", 8);
    solution.put("dimension", 3);
    solution.put("labels", Map.of("positive", "malignant", "negative", "benign"));
    Solution read = Solution.of(solution);
    assertThat(read.positive()).isEqualTo("malignant");
    assertThat(read.toMap()).containsEntry("labels", List.of("benign", "malignant"));
    solution.put("labels", List.of("benign", "malignant"));
    assertThat(Solution.of(solution).labels()).isEqualTo(read.labels());
    assertThat(read.coefficients()).containsEntry("p", 1.0).containsEntry("q", 2.0);
    assertThat(read.intercepts()).containsExactly(3);
  }

  @Test
  void whatALaterVersionWroteIsRefused() {
    assertThatThrownBy(() -> RunRecord.of(Map.of("formatVersion", 99)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("run.json", "99", "up to 2");
    Map<String, Object> later = new LinkedHashMap<>();
    later.putAll(Map.of("formatVersion", 99, "estimate", List.of()));
    assertThatThrownBy(() -> Solution.of(later)).hasMessageContaining("solution.json");
  }

  @Test
  void whatIsNoNumberIsRefusedByItsKey() {
    Map<String, Object> broken = new LinkedHashMap<>();
    broken.put("estimate", List.of("a"));
    assertThatThrownBy(() -> Solution.of(broken))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("solution.json", "estimate", "'a'".replace("'", ""));
  }
}
