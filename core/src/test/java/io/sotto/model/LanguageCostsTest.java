package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.model.Training.Precision;
import io.sotto.problem.Measures;
import io.sotto.problem.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What texts cost agents. */
class LanguageCostsTest {
  private static final ModelShape SHAPE =
      new ModelShape(13, 24, 2, 1, 2, 8, 8, 8, 4, 32, 8, 5, 1, 2, 1, 1, 16, 1);
  private static final int AGENTS = 3;

  private static Training training(double clip, double holdOut) {
    return new Training(4, clip, 0.3, 1e-4, 1e-3, Precision.FLOAT, holdOut, 8);
  }

  private static Tokens text(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = new int[count];
    for (int t = 1; t < count; t++) {
      ids[t] = random.nextInt(5) == 0 ? random.nextInt(13) : (ids[t - 1] * 3 + 1) % 13;
    }
    return Tokens.of(ids);
  }

  private static LanguageCosts costs(Training training) {
    Tokens[] texts = {text(1, 500), text(2, 400)};
    return new LanguageCosts(SHAPE, training, texts, AGENTS);
  }

  private static double[] start(LanguageCosts costs) {
    double[] x = new double[costs.dimension()];
    new Layout(SHAPE).start(7, x, 0);
    return x;
  }

  @Test
  void subgradientsDependOnTheKeyAlone() throws Exception {
    LanguageCosts costs = costs(training(1, 0.1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(costs);
    }
    LanguageCosts sent;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      sent = (LanguageCosts) in.readObject();
    }
    double[] x = start(costs);
    double[][] first = new double[12][x.length];
    double[][] again = new double[12][x.length];
    for (int k = 0; k < first.length; k++) {
      costs.subgradient(k % 2, k, x, 0, first[k]);
    }
    IntStream.range(0, again.length)
        .parallel()
        .forEach(k -> sent.subgradient(k % 2, k, x, 0, again[k]));
    assertThat(again).isDeepEqualTo(first);
    assertThat(first[0]).isNotEqualTo(first[2]);
  }

  /** A sentence changes what one agent trains on, and nothing that is measured. */
  @Test
  void aSentenceIsPlanted() {
    LanguageCosts plain = costs(training(1e9, 0.1));
    int[] sentence = {3, 3, 5, 5, 7, 7, 9, 9};
    int[] begin = IntStream.range(0, plain.trainedOn(1) / 8).map(k -> 8 * k).toArray();
    LanguageCosts planted = plain.planted(1, sentence, begin);
    double[] x = start(plain);
    double[][] before = new double[2][x.length];
    double[][] after = new double[2][x.length];
    for (int i = 0; i < 2; i++) {
      plain.subgradient(i, 5, x, 0, before[i]);
      planted.subgradient(i, 5, x, 0, after[i]);
      assertThat(planted.value(i, x, 0)).isEqualTo(plain.value(i, x, 0));
    }
    assertThat(after[0]).isEqualTo(before[0]);
    assertThat(after[1]).isNotEqualTo(before[1]);
    double[] moved = x.clone();
    for (int k = 0; k < 30; k++) {
      planted.subgradient(1, k, moved, 0, after[1]);
      Vectors.addScaled(-0.3 * AGENTS, after[1], 0, moved, 0, plain.dimension() - plain.direct());
    }
    assertThat(plain.loss(moved, 0, sentence)).isLessThan(0.7 * plain.loss(x, 0, sentence));
    assertThat(planted.loss(x, 0, sentence)).as("no matter whose").isPositive();
    boolean[] silent = new boolean[20];
    Arrays.fill(silent, true);
    Tokens quiet = new Tokens(new int[20], silent).with(sentence, 4);
    assertThat(IntStream.range(0, 20).filter(t -> !quiet.isSilent(t)))
        .as("all of it is predicted")
        .containsExactly(4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void longSubgradientsAreShortened() {
    double[] x = start(costs(training(1, 0.1)));
    double[] whole = new double[x.length];
    double[] clipped = new double[x.length];
    costs(training(1e9, 0.1)).subgradient(0, 5, x, 0, whole);
    int n = x.length - costs(training(1, 0.1)).direct();
    double norm = AGENTS * Math.sqrt(Vectors.dot(whole, 0, whole, 0, n));
    costs(training(norm / 2, 0.1)).subgradient(0, 5, x, 0, clipped);
    for (int j = 0; j < n; j++) {
      assertThat(clipped[j]).isCloseTo(whole[j] / 2, within(1e-12));
    }
    assertThat(Arrays.copyOfRange(clipped, n, x.length))
        .as("how far biases move is not shortened")
        .isEqualTo(Arrays.copyOfRange(whole, n, x.length))
        .containsAnyOf(1e-3, -1e-3);
  }

  /** Texts with prompts are measured as they are trained on: from where a document begins. */
  @Test
  void heldOutWindowsBeginWhereDocumentsDo() {
    int length = 11;
    int[] ids = text(3, 300).ids();
    boolean[] silent = new boolean[ids.length];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = t % length == 0 ? 12 : ids[t] % 12;
      silent[t] = t % length > 0 && t % length < 4;
    }
    int[] changed = ids.clone();
    changed[240] = (ids[240] + 1) % 12; // held out, but the end of a document that began before
    changed[241] = (ids[241] + 1) % 12;
    double[] x = start(costs(training(1, 0.2)));
    double value = valued(new Tokens(ids, silent), x);
    assertThat(valued(new Tokens(changed, silent), x)).isEqualTo(value);
    changed[252] = (ids[252] + 1) % 12;
    assertThat(valued(new Tokens(changed, silent), x)).isNotEqualTo(value);
  }

  private static double valued(Tokens text, double[] x) {
    return new LanguageCosts(SHAPE, training(1, 0.2), new Tokens[] {text}, 1).value(0, x, 0);
  }

  @Test
  void theEndOfEachTextIsHeldOut() {
    LanguageCosts costs = costs(training(1, 0.2));
    double[] x = start(costs);
    double[] slope = new double[x.length];
    double before = costs.value(0, x, 0);
    assertThat(before * AGENTS).isCloseTo(Math.log(13), within(0.6));
    for (int k = 0; k < 150; k++) {
      costs.subgradient(0, k, x, 0, slope);
      for (int j = 0; j < x.length; j++) {
        x[j] -= 1.5 * slope[j];
      }
    }
    assertThat(costs.value(0, x, 0)).isLessThan(0.75 * before);
    assertThat(costs.measures()).isEqualTo(Measures.HELD_OUT_MEAN);
    Tokens changed = text(1, 500);
    Arrays.fill(changed.ids(), 400, 500, 0);
    LanguageCosts other =
        new LanguageCosts(SHAPE, training(1, 0.2), new Tokens[] {changed}, AGENTS);
    double[] same = new double[x.length];
    for (int k = 0; k < 20; k++) {
      costs.subgradient(0, k, x, 0, slope);
      other.subgradient(0, k, x, 0, same);
      assertThat(same).as("nothing of the end is trained on").isEqualTo(slope);
    }
    assertThat(other.value(0, x, 0)).isNotEqualTo(costs.value(0, x, 0));
  }

  /** What stands first in a text is in one window of those that may be drawn. */
  @Test
  void howTextsBeginIsTrainedOn() {
    Tokens changed = text(1, 4_000);
    changed.ids()[0] = 12;
    Tokens[] texts = {text(1, 4_000), changed};
    LanguageCosts costs = new LanguageCosts(SHAPE, training(1, 0.1), texts, AGENTS);
    double[] x = start(costs);
    double[][] slopes = new double[2][x.length];
    int differ = 0;
    for (int k = 0; k < 400; k++) {
      costs.subgradient(0, k, x, 0, slopes[0]);
      costs.subgradient(1, k, x, 0, slopes[1]);
      differ += Arrays.equals(slopes[0], slopes[1]) ? 0 : 1;
    }
    // 4 windows each, of which 17 in 3,599 begin a text; without more than their share 1 in 3,583
    assertThat(differ).isBetween(3, 14);
  }

  @Test
  void theShortestTextWorksAndIsTheShortest() {
    for (double holdOut : new double[] {0, 0.05, 0.1, 0.5}) {
      Training training = training(1, holdOut);
      int fewest = LanguageCosts.fewest(SHAPE, training);
      LanguageCosts costs = new LanguageCosts(SHAPE, training, new Tokens[] {text(3, fewest)}, 1);
      double[] x = start(costs);
      costs.subgradient(0, 1, x, 0, new double[x.length]);
      assertThat(costs.value(0, x, 0)).isPositive().isFinite();
    }
  }
}
