package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
  private static final double[] LOGITS = {0.3, -1, 2, 2, 0.9, -4, 1.1};
  private static final int DRAWS = 20_000;

  /** By token, how often it is drawn: at many places of one seed, or at one of many seeds. */
  private static int[] counts(double temperature, double topP, boolean places, long from) {
    int[] counts = new int[LOGITS.length];
    for (int k = 0; k < DRAWS; k++) {
      Sampler sampler = new Sampler(temperature, topP, places ? from : from + k);
      counts[sampler.choose(LOGITS, places ? k : 11)]++;
    }
    return counts;
  }

  /** The probabilities of the tokens of a nucleus. */
  private static double[] expected(double temperature, int[] nucleus) {
    double[] p = new double[LOGITS.length];
    for (int token : nucleus) {
      p[token] = Math.exp(LOGITS[token] / temperature);
    }
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(one -> one / sum).toArray();
  }

  private static double chiSquare(int[] counts, double[] p) {
    return IntStream.range(0, p.length)
        .filter(k -> p[k] > 0)
        .mapToDouble(k -> (counts[k] - DRAWS * p[k]) * (counts[k] - DRAWS * p[k]) / (DRAWS * p[k]))
        .sum();
  }

  /** 22.46 is passed once in a thousand times with six degrees of freedom. */
  @ParameterizedTest
  @CsvSource({"1, true, 1", "1, false, 1", "0.5, true, 2", "0.5, false, -70000", "3, true, 9"})
  void drawsHaveTheProbabilitiesOfTheModel(double temperature, boolean places, long seed) {
    double[] p = expected(temperature, IntStream.range(0, LOGITS.length).toArray());
    assertThat(chiSquare(counts(temperature, 1, places, seed), p)).isLessThan(22.46);
    assertThat(chiSquare(counts(temperature * 1.2, 1, places, seed), p)).isGreaterThan(22.46);
  }

  /** At temperature 1 the tokens 2 and 3 have 0.32 each, 6 has 0.13, 4 has 0.11, 0 has 0.06. */
  @Test
  void ofTheLeastLikelyTokensNoneIsDrawn() {
    assertThat(counts(1, 0.7, true, 3)).satisfies(counts -> drawn(counts, 2, 3, 6));
    assertThat(chiSquare(counts(1, 0.7, true, 3), expected(1, new int[] {2, 3, 6})))
        .isLessThan(13.8); // two degrees
    assertThat(counts(1, 0.85, true, 3)).satisfies(counts -> drawn(counts, 2, 3, 4, 6));
    assertThat(counts(1, 1e-9, true, 3))
        .as("tokens as likely as the last one that is needed are in")
        .satisfies(counts -> drawn(counts, 2, 3));
  }

  private static void drawn(int[] counts, int... tokens) {
    assertThat(IntStream.range(0, counts.length).filter(k -> counts[k] > 0).toArray())
        .containsExactly(tokens);
  }

  @Test
  void temperatureZeroIsTheFirstOfTheMostLikely() {
    assertThat(Sampler.greedy().choose(LOGITS, 5)).isEqualTo(2);
    assertThat(new Sampler(0, 0.1, 99).choose(LOGITS, 6)).isEqualTo(2);
    double[] cold = {1, 1 + 1e-3, 0};
    assertThat(IntStream.range(0, 100).map(k -> new Sampler(1e-300, 1, k).choose(cold, k)))
        .containsOnly(1);
  }

  @Test
  void drawsAreThoseOfSeedAndPlace() {
    Sampler one = new Sampler(1, 1, 5);
    int[] first = IntStream.range(0, 50).map(k -> one.choose(LOGITS, k)).toArray();
    int[] again = IntStream.range(0, 50).map(k -> one.choose(LOGITS, k)).toArray();
    int[] other = IntStream.range(0, 50).map(k -> new Sampler(1, 1, 6).choose(LOGITS, k)).toArray();
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    assertThatThrownBy(() -> new Sampler(-1, 1, 0)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampler(Double.NaN, 1, 0)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampler(1, 0, 0)).hasMessageContaining("top-p");
    assertThatThrownBy(() -> new Sampler(1, 1.1, 0)).hasMessageContaining("top-p");
  }
}
