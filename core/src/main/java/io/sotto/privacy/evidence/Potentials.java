package io.sotto.privacy.evidence;

import io.sotto.algorithm.Recursion;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What disagreement tells. In the long run each method holds its agents apart just so far that
 * mixing undoes what their pulls do: there are vectors phi_j, one for each agent, with
 *
 * <pre>
 *   sum_j w_ij (phi_i - phi_j) = pull of i,
 * </pre>
 *
 * <p>and of whom is heard, phi_j - phi_i can be computed from what it says: of {@link
 * Recursion.Steps} minus that over the step, averaged over time; of {@link Recursion.Exact} methods
 * a sum over time. On {@link Recursion.Links} it is the link's dual, with 1 in place of w_ij.
 *
 * @param agents whose phi it is, ascending; the first is the one they are relative to
 * @param values agents x d
 * @param variance of a coordinate, estimated from how averages over parts of the run differ
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Potentials(int[] agents, double[] values, double variance) {
  private static final int BATCHES = 8;

  /** Those of the agents that are heard; null if there is nothing to compute them of. */
  public static @Nullable Potentials of(Knowledge knowledge, Transcript transcript) {
    return knowledge.setting().recursion() instanceof Recursion.Links
        ? onLinks(knowledge, transcript)
        : said(knowledge, transcript);
  }

  private static @Nullable Potentials said(Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    Voices voices = new Voices(knowledge, transcript);
    int[] agents = voices.heard();
    int d = setting.dimension();
    int last = voices.ticks();
    if (agents.length < 2 || last < 2 * BATCHES) {
      return null;
    }
    if (setting.recursion() instanceof Recursion.Exact exact) {
      double[] values = new double[agents.length * d];
      for (int k = 0; k < agents.length; k++) {
        double[] phi = new double[d];
        exact.potential(voices.of(agents[k], last), phi);
        System.arraycopy(phi, 0, values, k * d, d);
      }
      return new Potentials(agents, relative(values, d), 0);
    }
    return setting.recursion() instanceof Recursion.Steps steps
        ? averaged(steps, d, voices, agents)
        : null;
  }

  /** The mean over the latter half of the run, in parts. */
  private static Potentials averaged(Recursion.Steps steps, int d, Voices voices, int[] agents) {
    int last = voices.ticks();
    int length = (last - last / 2) / BATCHES;
    double[] mean = new double[agents.length * d];
    double[][] parts = new double[BATCHES][agents.length * d];
    for (int b = 0; b < BATCHES; b++) {
      for (int t = last - (b + 1) * length + 1; t <= last - b * length; t++) {
        double by = -1 / steps.length(t, 1) / length;
        for (int k = 0; k < agents.length; k++) {
          Vectors.addScaled(by, voices.said(t), voices.at(agents[k]), parts[b], k * d, d);
        }
      }
      relative(parts[b], d);
      Vectors.addScaled(1.0 / BATCHES, parts[b], 0, mean, 0, mean.length);
    }
    double square = 0;
    for (double[] part : parts) {
      double off = Vectors.distance(part, mean);
      square += off * off;
    }
    int free = BATCHES * (BATCHES - 1) * (agents.length - 1) * d;
    return new Potentials(agents, mean, square / free);
  }

  /** Relative to the first. */
  private static double[] relative(double[] values, int d) {
    double[] first = Arrays.copyOf(values, d);
    for (int at = 0; at < values.length; at += d) {
      Vectors.addScaled(-1, first, 0, values, at, d);
    }
    return values;
  }

  /** Relative to a member: the dual of its link to each neighbour j, at the other end. */
  private static @Nullable Potentials onLinks(Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    Recursion.Links links = (Recursion.Links) setting.recursion(transcript.ticks() + 1);
    int[] members = knowledge.adversary().members();
    if (members.length == 0) {
      return null;
    }
    int hub = members[0];
    int d = setting.dimension();
    int[] offset = setting.network().offset();
    int[] heard = Arrays.copyOfRange(setting.network().heard(), offset[hub], offset[hub + 1]);
    LinkUpdates updates = new LinkUpdates(knowledge, transcript);
    int[] agents = new int[heard.length];
    agents[0] = hub;
    double[] values = new double[heard.length * d];
    int k = 0;
    for (int j : heard) {
      double[][] x = j == hub ? null : updates.estimates(j);
      if (x == null) {
        continue;
      }
      agents[++k] = j;
      double[] end = x[x.length - 1];
      int said = transcript.message(j, hub) * d;
      for (int c = 0; c < d; c++) {
        values[k * d + c] = links.dual(end[c], transcript.at(transcript.ticks())[said + c]);
      }
    }
    return k == 0
        ? null
        : new Potentials(Arrays.copyOf(agents, k + 1), Arrays.copyOf(values, (k + 1) * d), 0);
  }
}
