package io.sotto.privacy.evidence;

import io.sotto.algorithm.Recursion;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an adversary heard of rounds of sums. */
public final class Rounds {
  private final Recursion.Sums sums;
  private final Summed summed;
  private final Transcript transcript;

  /** By message, whether it goes up the tree. */
  private final boolean[] up;

  /** By number of the round, and by message up the tree, the last tick at which it stood. */
  private final NavigableMap<Long, int[]> ticks = new TreeMap<>();

  private Rounds(Recursion.Sums sums, Summed summed, Transcript transcript) {
    this.sums = sums;
    this.summed = summed;
    this.transcript = transcript;
    int[] speakers = transcript.speakers();
    int[] hearers = transcript.hearers();
    this.up = new boolean[hearers.length];
    for (int k = 0; k < up.length; k++) {
      up[k] = summed.parents()[speakers[k]] == hearers[k];
    }
    for (int t = 0; t <= transcript.ticks(); t++) {
      for (int k = 0; k < up.length; k++) {
        long round = up[k] ? sums.round(transcript.at(t), k * transcript.stride()) : 0;
        if (round > 0) {
          ticks.computeIfAbsent(round, none -> new int[up.length])[k] = t;
        }
      }
    }
  }

  /** Those that an adversary heard; null where messages are no sums of gradients. */
  public static @Nullable Rounds of(Knowledge knowledge, Transcript transcript) {
    Summed summed = knowledge.setting().sums();
    return summed != null
            && knowledge.setting().recursion() instanceof Recursion.Sums sums
            && sums.gradient() >= 0
        ? new Rounds(sums, summed, transcript)
        : null;
  }

  /** True if what an agent says up the tree is heard. */
  public boolean hears(int agent) {
    return summed.parents()[agent] >= 0 && message(agent) >= 0;
  }

  private int message(int agent) {
    return transcript.message(agent, summed.parents()[agent]);
  }

  /**
   * What an agent said of a round up the tree, from the first number that is masked to the end of
   * the gradient; null if nothing was heard.
   *
   * @param d coordinates of the gradient
   */
  public double @Nullable [] said(int agent, long round, int d) {
    int message = message(agent);
    int[] when = ticks.get(round);
    if (when == null || when[message] == 0) {
      return null;
    }
    int at = message * transcript.stride();
    return Arrays.copyOfRange(
        transcript.at(when[message]), at + sums.masked(), at + sums.gradient() + d);
  }

  /** Where in {@link #said} the gradient begins. */
  public int gradient() {
    return sums.gradient() - sums.masked();
  }

  /** All that was heard at a tick, with whole numbers as numbers from -1 to 1. */
  public double[] numbers(double[] heard) {
    double[] numbers = heard.clone();
    int stride = transcript.stride();
    for (int k = 0; k < up.length; k++) {
      int whole = up[k] ? stride : sums.point();
      for (int j = k * stride; j < k * stride + whole; j++) {
        numbers[j] = number(heard[j]);
      }
    }
    return numbers;
  }

  private static double number(double word) {
    return Math.scalb((double) Double.doubleToRawLongBits(word), 1 - Long.SIZE);
  }

  /** What was heard up the tree of each of the first rounds, as numbers from -1 to 1. */
  public SortedMap<Long, double[]> first(int rounds) {
    SortedMap<Long, double[]> first = new TreeMap<>();
    int stride = transcript.stride();
    for (long round = 1; round <= rounds && ticks.containsKey(round); round++) {
      int[] when = ticks.get(round);
      double[] words = new double[up.length * stride];
      for (int k = 0; k < up.length; k++) {
        for (int j = k * stride; when[k] > 0 && j < (k + 1) * stride; j++) {
          words[j] = number(transcript.at(when[k])[j]);
        }
      }
      first.put(round, words);
    }
    return first;
  }
}
