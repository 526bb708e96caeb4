package io.sotto.privacy.attack;

import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.Scales;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Rounds;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Summed;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sums over parts of a tree. What is heard on its links cuts the tree into regions, and differences
 * of what is heard, with the sum over all agents, which is granted, are sums over regions. From the
 * sum over the victim's region the adversary takes its members' own parts, and the masks that they
 * know. If numbers are then as large as those agents can have, it is the sum of their gradients:
 * the victim's, where the victim is alone, else shared out by rows.
 *
 * <p>If they are not, there are masks on them that cancel over more agents only: the region is
 * joined with all those that share keys with it. That is a sum over whole honest parts, all that
 * masked sums let out. If numbers are too large even so, it says the blind guess.
 *
 * <p>At the optimum it is the sum of the last round, carried on as the blind guess is. Along the
 * run it claims what messages tell: not what the sum over all agents does, which is granted. That
 * it says without a message.
 */
record SubtreeSums() implements Attack {
  @Override
  public boolean reads(Recursion recursion) {
    return recursion instanceof Recursion.Sums;
  }

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Rounds rounds = Rounds.of(knowledge, transcript);
    if (rounds == null) {
      return null;
    }
    Setting setting = knowledge.setting();
    Summed summed = Objects.requireNonNull(setting.sums(), "there are rounds");
    Cut cut = new Cut(knowledge, rounds, summed.parents());
    boolean[] alone = cut.regions(victim, false);
    boolean[] joined = cut.regions(victim, true);
    Samples samples = new Samples(setting.dimension());
    List<Integer> claims = new ArrayList<>();
    summed
        .rounds()
        .forEach(
            (number, round) -> {
              double[] g = cut.gradient(victim, alone, number, round);
              boolean told = g != null ? cut.isPart(alone) : cut.isPart(joined);
              g = g == null ? cut.gradient(victim, joined, number, round) : g;
              if (g != null) {
                if (told || transcript.ticks() == 0) {
                  claims.add(samples.size());
                }
                samples.add(round.tick(), round.point(), 0, 1, g);
              }
            });
    BlindGuess blind = new BlindGuess(knowledge);
    if (samples.size() == 0) {
      return Finding.Subgradient.of(blind.atOptimum(victim));
    }
    int d = setting.dimension();
    int at = samples.at(samples.size() - 1);
    double[] guess = Arrays.copyOfRange(samples.pulls(), at, at + d);
    double[] point = Arrays.copyOfRange(samples.points(), at, at + d);
    Vectors.addScaled(1, blind.atOptimum(victim), 0, guess, 0, d);
    Vectors.addScaled(-1, blind.at(victim, point), 0, guess, 0, d);
    return samples.finding(guess, claims.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The regions into which what is heard cuts the tree. */
  private static final class Cut {
    private final Knowledge knowledge;
    private final Rounds rounds;
    private final int[] parents;

    /** By agent, the one in its region that is nearest to the root. */
    private final int[] top;

    Cut(Knowledge knowledge, Rounds rounds, int[] parents) {
      this.knowledge = knowledge;
      this.rounds = rounds;
      this.parents = parents;
      this.top = new int[parents.length];
      for (int i = 0; i < top.length; i++) {
        top[i] = i;
        while (parents[top[i]] >= 0 && !rounds.hears(top[i])) {
          top[i] = parents[top[i]];
        }
      }
    }

    /** True if a sum over some agents tells more than that over all who are honest; or of one. */
    boolean isPart(boolean[] in) {
      boolean all = IntStream.range(0, in.length).allMatch(i -> in[i] || !honest(i));
      return !all || IntStream.range(0, in.length).filter(this::honest).count() == 1;
    }

    /** The agents of a victim's region; joined with all that masks join it with, if asked for. */
    boolean[] regions(int victim, boolean joined) {
      boolean[] tops = new boolean[top.length];
      tops[top[victim]] = true;
      boolean more = joined;
      while (more) {
        more = false;
        for (int i = 0; i < top.length; i++) {
          for (int j = 0; j < top.length && tops[top[i]]; j++) {
            if (!tops[top[j]] && honest(i) && honest(j) && knowledge.sharesMasks(i, j)) {
              tops[top[j]] = true;
              more = true;
            }
          }
        }
      }
      boolean[] agents = new boolean[top.length];
      for (int i = 0; i < agents.length; i++) {
        agents[i] = tops[top[i]];
      }
      return agents;
    }

    private boolean honest(int agent) {
      return !knowledge.adversary().controls(agent);
    }

    /** The victim's gradient by the sum over regions; null if that is not heard, or masked. */
    double @Nullable [] gradient(int victim, boolean[] in, long number, Summed.Round round) {
      Setting setting = knowledge.setting();
      int d = setting.dimension();
      double[] rest = new double[d];
      setting
          .regularizer()
          .addPenalty(1.0 / setting.agents(), round.point(), 0, rest, setting.coefficients());
      double[] words = words(in, number, round, rest);
      int many = (int) IntStream.range(0, in.length).filter(i -> in[i]).count();
      if (words == null || !plausible(words, many)) {
        return null;
      }
      int[] members = knowledge.adversary().members();
      int[] others = IntStream.range(0, in.length).filter(i -> !in[i] || !honest(i)).toArray();
      int left = setting.agents() - others.length;
      double share = left == 1 ? 1 : setting.share(victim, others);
      double[] own = knowledge.ownSubgradient(round.point(), m -> in[members[m]]);
      int owned = many - left;
      double[] penalty = knowledge.penalty(round.point());
      double[] g = new double[d];
      for (int j = 0; j < d; j++) {
        double sum =
            Math.scalb((double) word(words, rounds.gradient() + j), -round.scales().gradient());
        sum -= own[j] - owned * rest[j];
        g[j] = rest[j] + penalty[j] + share * (sum - left * penalty[j]);
      }
      return g;
    }

    /** The sum over regions, without masks that members know; null if not all of it is heard. */
    private double @Nullable [] words(
        boolean[] in, long number, Summed.Round round, double[] rest) {
      int d = rest.length;
      double[] sum = new double[rounds.gradient() + d];
      for (int i = 0; i < top.length; i++) {
        int times = (in[i] ? 1 : 0) - (parents[i] >= 0 && in[parents[i]] ? 1 : 0);
        if (top[i] != i || times == 0) {
          continue;
        }
        double[] said = parents[i] < 0 ? all(round, rest) : rounds.said(i, number, d);
        if (said == null) {
          return null;
        }
        for (int k = 0; k < sum.length; k++) {
          sum[k] = Double.longBitsToDouble(word(sum, k) + times * word(said, k));
        }
      }
      for (int i = 0; i < top.length; i++) {
        if (in[i]) {
          knowledge.unmask(i, number, sum, 0, sum.length);
        }
      }
      return sum;
    }

    /** The sum over all agents, as whole numbers. */
    private double[] all(Summed.Round round, double[] rest) {
      int d = rest.length;
      double[] words = new double[rounds.gradient() + d];
      for (int j = 0; j < d; j++) {
        double smooth = round.gradient()[j] - top.length * rest[j];
        long whole = (long) Math.rint(Math.scalb(smooth, round.scales().gradient()));
        words[rounds.gradient() + j] = Double.longBitsToDouble(whole);
      }
      return words;
    }

    /** Whether a sum over so many agents is as large as it can be, and nobody added nothing. */
    private boolean plausible(double[] words, int agents) {
      long absent = word(words, 0);
      if (absent >= 1 && absent <= agents) {
        return false;
      }
      double most = agents * Scales.most(top.length);
      for (int k = rounds.gradient(); k < words.length; k++) {
        if (!(Math.abs((double) word(words, k)) <= most)) {
          return false;
        }
      }
      return true;
    }

    private static long word(double[] words, int k) {
      return Double.doubleToRawLongBits(words[k]);
    }
  }
}
