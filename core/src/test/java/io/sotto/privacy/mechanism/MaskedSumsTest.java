package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Scales;
import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Recording;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.StepControl;
import io.sotto.engine.Sums;
import io.sotto.engine.Wiretap;
import io.sotto.network.Links;
import io.sotto.network.Network;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedSumsTest {
  private static final String RUN = "of tests";
  private static final int WORDS = 5_000;

  private static Secret secret() {
    return Secret.of("of tests, and so no secret".getBytes(StandardCharsets.UTF_8));
  }

  private static MaskedSums masks(Network network, boolean fresh) {
    PairKeys keys =
        fresh ? new AgreedKeys(network.agents(), secret(), RUN) : PairKeys.derived(secret(), RUN);
    return new MaskedSums(KeyGraph.of(network), keys, Scales.of(network.agents(), 100, 100, 100));
  }

  private static long[] masked(MaskedSums masks, int agent, long round, int words) {
    double[] all = new double[words + 1];
    masks.mask(agent, round, all, 1, words);
    assertThat(all[0]).isZero();
    return Arrays.stream(all, 1, words + 1).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void masksOfAllAgentsCancelAndThoseOfFewerDoNot(boolean fresh) {
    for (int agents : new int[] {3, 70}) {
      Network network = Setup.network("ring", agents, Map.of());
      MaskedSums masks = masks(network, fresh);
      int words = agents == 3 ? WORDS : 10;
      long[] sum = new long[words];
      for (int i = 0; i < agents; i++) {
        long[] own = masked(masks, i, 7, words);
        Arrays.setAll(sum, k -> sum[k] + own[k]);
        boolean last = i == agents - 1;
        assertThat(Arrays.stream(sum).filter(word -> word == 0).count())
            .isEqualTo(last ? words : 0);
      }
    }
  }

  /** Each bit of a mask is set in half of the words, and no word comes twice. */
  @Test
  void masksLookUniformAndNoTwoRoundsShareAny() {
    Network network = Setup.network("ring", 8, Map.of());
    MaskedSums masks = masks(network, false);
    Set<Long> seen = new HashSet<>();
    for (long round = 1; round <= 3; round++) {
      for (int agent : new int[] {0, 3}) {
        long[] words = masked(masks, agent, round, WORDS);
        for (int bit = 0; bit < Long.SIZE; bit++) {
          long mask = 1L << bit;
          long set = LongStream.of(words).filter(word -> (word & mask) != 0).count();
          assertThat((double) set)
              .as("bit %d, round %d, agent %d", bit, round, agent)
              .isBetween(WORDS / 2.0 - 3 * Math.sqrt(WORDS), WORDS / 2.0 + 3 * Math.sqrt(WORDS));
        }
        LongStream.of(words).forEach(word -> assertThat(seen.add(word)).isTrue());
      }
    }
  }

  /** Offsets draw what they drew before there were rounds. */
  @Test
  void roundsLeaveTheBitsOfOffsetsAsTheyWere() {
    Keystream before = new Keystream(secret().key("offsets", RUN), 2, 5);
    long[] drawn = LongStream.generate(before::next).limit(100).toArray();
    Keystream now = PairKeys.derived(secret(), RUN).bits(5, 2);
    assertThat(LongStream.generate(now::next).limit(100).toArray()).isEqualTo(drawn);
  }

  /** The same bits as one by one, also where they are the patterns that are no number. */
  @Test
  void addingManyIsAddingOneByOne() {
    int many = 5_001;
    double[] sums = new double[many];
    Arrays.fill(sums, Double.longBitsToDouble(0x7ff0000000000001L));
    PairKeys keys = PairKeys.derived(secret(), RUN);
    keys.bits(0, 1, 3).addTo(sums, 0, many, -1);
    Keystream alone = keys.bits(0, 1, 3);
    for (int k = 0; k < many; k++) {
      assertThat(Double.doubleToRawLongBits(sums[k])).isEqualTo(0x7ff0000000000001L - alone.next());
    }
  }

  private static Recording recorded(Plan plan, Algorithm algorithm, int ticks) {
    try (Coordinator cells = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, cells);
      Network tree = plan.network();
      long[] pairs =
          IntStream.range(0, plan.agents())
              .filter(i -> plan.parents()[i] >= 0)
              .mapToLong(i -> (long) i << 32 | plan.parents()[i])
              .toArray();
      Recording recording = runner.record(Wiretap.of(tree, pairs));
      runner.start(algorithm);
      runner.run(
          0, 0, StepControl.fixed(1), new Checks(ticks, ticks), false, Runner.Steering.none());
      return recording;
    }
  }

  /** Masks move all that goes up the tree and nothing that comes of it. */
  @Test
  void whatIsSaidUpTheTreeIsMaskedAndThePointsAreTheSame() {
    Network network = Setup.network("ring", 8, Map.of());
    Plan plain = Setup.of(Quadratics.random(8, 3, 4)).on(network).cells(3).plan();
    Links keys = KeyGraph.of(network);
    Scales scales = Scales.of(8, 100, 100, 100);
    Plan bare = plain.under(new MaskedSums(keys, null, scales));
    Plan masked = plain.under(masks(network, false));
    Algorithm method = Sums.method(500);
    assertThat(Sums.run(masked, method, 300).points())
        .isEqualTo(Sums.run(bare, method, 300).points());

    Recording with = recorded(masked.by(method), method, 300);
    Recording without = recorded(bare.by(method), method, 300);
    int stride = with.stride();
    int compared = 0;
    for (int tick = 1; tick <= 300; tick++) {
      double[] a = with.at(tick);
      double[] b = without.at(tick);
      for (int link = 0; link < a.length / stride; link++) {
        long round = Double.doubleToRawLongBits(a[link * stride]);
        assertThat(round).isEqualTo(Double.doubleToRawLongBits(b[link * stride]));
        for (int k = 1; round > 0 && k < 2 + 1 + 3 + 6; k++) {
          compared++;
          assertThat(Double.doubleToRawLongBits(a[link * stride + k]))
              .isNotEqualTo(Double.doubleToRawLongBits(b[link * stride + k]));
        }
      }
    }
    assertThat(compared).isPositive();
  }

  /**
   * Whoever has no room for its numbers says no zeros under the masks of the sum: else the sum
   * would be that of the others, and the next one less it what this agent has.
   */
  @Test
  void numbersThatDoNotFitAreNoZeros() {
    Network network = Setup.network("ring", 8, Map.of());
    MaskedSums small =
        new MaskedSums(
            KeyGraph.of(network), PairKeys.derived(secret(), RUN), Scales.of(8, 1e-9, 1e-9, 1e-9));
    Plan plan = Setup.of(Quadratics.random(8, 3, 4)).on(network).cells(3).plan().under(small);
    Algorithm method = Sums.method(500);
    Plan run = plan.by(method);
    Recording recording = recorded(run, method, 40);
    int leaves = 0;
    for (int agent = 0; agent < 8; agent++) {
      int leaf = agent;
      int parent = run.parents()[agent];
      if (parent < 0 || IntStream.of(run.parents()).anyMatch(of -> of == leaf)) {
        continue;
      }
      int at = recording.tap().position(agent, parent) * recording.stride();
      int tick = 1;
      while (Double.doubleToRawLongBits(recording.at(tick)[at]) != 1) {
        tick++; // until it has said something of round 1
      }
      double[] said = recording.at(tick);
      long[] mask = masked(small, agent, 1, 1 + 1 + 3 + 6);
      assertThat(Double.doubleToRawLongBits(said[at + 1]) - mask[0]).as("misfits").isEqualTo(1);
      for (int k = 1; k < mask.length; k++) {
        assertThat(Double.doubleToRawLongBits(said[at + 1 + k])).isNotEqualTo(mask[k]);
      }
      leaves++;
    }
    assertThat(leaves).isPositive();
  }

  @Test
  void keysOfAgreedPairsAreTheSameAtBothEndsInEachRound() {
    PairKeys keys = new AgreedKeys(4, secret(), RUN);
    long first = keys.bits(1, 3, 9).next();
    assertThat(keys.bits(3, 1, 9).next()).isEqualTo(first);
    assertThat(keys.bits(1, 3, 10).next()).isNotEqualTo(first);
    assertThat(Stream.of(1L, 2L, 3L).map(round -> keys.bits(0, 2, round).next()).distinct())
        .hasSize(3);
  }
}
