package io.sotto.privacy.attack;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Recursion;
import io.sotto.network.Channel;
import io.sotto.network.Network;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * What the adversary would have heard in the first ticks if others had {@link LikelyCosts}, and how
 * that changes with their unknowns: the method's recursion, run for all agents outside. What
 * members said is taken from the transcript. Who was active is given by an oracle; all agents are
 * taken to have the adversary's own set, and to begin where it did.
 *
 * <p>Knows {@link Recursion.Links}, and {@link Recursion.Steps} that say the estimate and nothing
 * else; and links that are never gone or late. All that a recursion does to a coordinate is taken
 * to be linear.
 */
final class LikelyNetwork {
  private final Knowledge knowledge;
  private final Setting setting;
  private final Transcript transcript;
  private final LikelyCosts costs;
  private final int[] others;
  private final int ticks;
  private final int d;
  private final double[] start;
  private final ConstraintSet set;
  private final double smoothness;

  /**
   * A message.
   *
   * @param off what was heard less what would have been
   * @param size how long the message is, from the start on
   * @param change of the message with the unknowns; null if not asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Message(double[] off, double size, double @Nullable [][] change) {}

  /** An agent outside. */
  private static final class Agent {
    final double[] x;
    double[][] change;
    final double[][] said;
    final double[][][] saidChange;
    int updates;

    Agent(double[] start, int messages, int unknowns) {
      x = start.clone();
      change = new double[start.length][unknowns];
      said = new double[messages][];
      saidChange = new double[messages][start.length][unknowns];
      Arrays.setAll(said, k -> start.clone());
    }
  }

  private LikelyNetwork(Knowledge knowledge, Transcript transcript, LikelyCosts costs, int ticks) {
    this.knowledge = knowledge;
    this.setting = knowledge.setting();
    this.transcript = transcript;
    this.costs = costs;
    this.others = costs.others();
    this.ticks = ticks;
    this.d = costs.dimension();
    this.start = Arrays.copyOf(transcript.at(0), d);
    this.set =
        setting.sets().isEmpty() || knowledge.sets().isEmpty()
            ? new WholeSpace()
            : knowledge.sets().get(0);
    double most = 0;
    for (int m = 0; knowledge.own() != null && m < knowledge.own().agents(); m++) {
      most += knowledge.own().smoothness(m);
    }
    this.smoothness = most;
  }

  /** All that agents outside said as of a tick. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Said(double[][][] words, double[][][][] changes) {
    static Said by(Agent[] agents) {
      return new Said(
          Arrays.stream(agents).map(a -> a.said.clone()).toArray(double[][][]::new),
          Arrays.stream(agents).map(a -> a.saidChange.clone()).toArray(double[][][][]::new));
    }
  }

  /** Null if the method or the network is none that it knows, or nothing was heard. */
  static @Nullable LikelyNetwork of(
      Knowledge knowledge, Transcript transcript, LikelyCosts costs, int most) {
    Setting setting = knowledge.setting();
    boolean known =
        setting.recursion() instanceof Recursion.Links
            || (setting.recursion() instanceof Recursion.Steps steps
                && steps.saysEstimate()
                && transcript.stride() == costs.dimension());
    int last = setting.later().isEmpty() ? most : Math.min(most, setting.later().firstKey() - 1);
    int ticks = Math.min(last, transcript.ticks());
    if (!known
        || ticks < 1
        || transcript.speakers().length == 0
        || setting.delivered() < 1
        || !setting.links().equals(Channel.CLEAR)) {
      return null;
    }
    int d = costs.dimension();
    for (int k = 1; k < transcript.speakers().length; k++) {
      if (!Arrays.equals(transcript.at(0), 0, d, transcript.at(0), k * d, (k + 1) * d)) {
        return null;
      }
    }
    return new LikelyNetwork(knowledge, transcript, costs, ticks);
  }

  /** All messages of agents outside that members heard, in order, with those unknowns. */
  List<Message> run(double[] theta, boolean changes) {
    return setting.recursion() instanceof Recursion.Links
        ? links(theta, changes)
        : steps((Recursion.Steps) setting.recursion(), theta, changes);
  }

  private int place(int agent) {
    return Arrays.binarySearch(others, agent);
  }

  private int[] around(int agent) {
    Network network = setting.network();
    return Arrays.stream(network.heard(), network.offset()[agent], network.offset()[agent + 1])
        .filter(j -> j != agent)
        .toArray();
  }

  private List<Message> links(double[] theta, boolean changes) {
    int unknowns = changes ? costs.unknowns() : 0;
    Agent[] agents = new Agent[others.length];
    int[][] around = new int[others.length][];
    for (int u = 0; u < agents.length; u++) {
      around[u] = around(others[u]);
      agents[u] = new Agent(start, around[u].length, unknowns);
    }
    Recursion.Links links = (Recursion.Links) setting.recursion();
    List<Message> heard = new ArrayList<>();
    Said exchanged = Said.by(agents);
    for (int t = 1; t <= ticks; t++) {
      Said before = Said.by(agents);
      exchanged = (t - 1) % setting.ticksPerSuperstep() == 0 ? before : exchanged;
      for (int u = 0; u < agents.length; u++) {
        if (around[u].length > 0 && knowledge.oracleActive(others[u], t)) {
          update(u, t, links, agents[u], around, before, exchanged, theta);
        }
        for (int k = 0; k < around[u].length; k++) {
          int message = transcript.message(others[u], around[u][k]);
          if (message >= 0
              && knowledge.adversary().controls(around[u][k])
              && isNews(others[u], around[u][k], t)) {
            heard.add(message(t, message, agents[u].said[k], changes, agents[u].saidChange[k]));
          }
        }
      }
    }
    return heard;
  }

  /** Whether an agent outside said something else in the ticks that another then hears of. */
  private boolean isNews(int speaker, int hearer, int t) {
    int b = near(speaker, hearer) ? 1 : setting.ticksPerSuperstep();
    boolean news = false;
    for (int s = t - b + 1; s <= t && t % b == 0; s++) {
      news |= knowledge.oracleActive(speaker, s);
    }
    return news;
  }

  private boolean near(int i, int j) {
    return setting.ticksPerSuperstep() == 1
        || setting.partition().cellOf(i) == setting.partition().cellOf(j);
  }

  /** As of which tick an agent hears another in a tick. */
  private int asOf(int hearer, int speaker, int t) {
    int b = setting.ticksPerSuperstep();
    return near(hearer, speaker) ? t - 1 : (t - 1) / b * b;
  }

  private Message message(int t, int message, double[] said, boolean changes, double[][] change) {
    double[] off = Arrays.copyOfRange(transcript.at(t), message * d, (message + 1) * d);
    double size = Vectors.distance(off, start);
    Vectors.addScaled(-1, said, 0, off, 0, d);
    return new Message(off, size, changes ? change : null);
  }

  private void update(
      int u,
      int t,
      Recursion.Links links,
      Agent agent,
      int[][] around,
      Said before,
      Said exchanged,
      double[] theta) {
    int n = around[u].length;
    int unknowns = agent.change[0].length;
    double[][] z = new double[n][d];
    double[][][] zChange = new double[n][d][unknowns];
    double[] mean = new double[d];
    double[][] pull = new double[d][unknowns];
    double weight = links.rho() * n;
    for (int k = 0; k < n; k++) {
      int other = place(around[u][k]);
      int back = other < 0 ? -1 : Arrays.binarySearch(around[other], others[u]);
      int message = transcript.message(around[u][k], others[u]) * d;
      int asOf = asOf(others[u], around[u][k], t);
      Said then = near(others[u], around[u][k]) ? before : exchanged;
      for (int j = 0; j < d; j++) {
        double there = other < 0 ? transcript.at(asOf)[message + j] : then.words[other][back][j];
        z[k][j] = links.z(agent.x[j], before.words[u][k][j], there);
        mean[j] += z[k][j] / n;
        double[] change = zChange[k][j];
        Vectors.addScaled(links.z(1, 0, 0), agent.change[j], 0, change, 0, unknowns);
        Vectors.addScaled(links.z(0, 1, 0), before.changes[u][k][j], 0, change, 0, unknowns);
        if (other >= 0) {
          Vectors.addScaled(links.z(0, 0, 1), then.changes[other][back][j], 0, change, 0, unknowns);
        }
        Vectors.addScaled(links.rho(), change, 0, pull[j], 0, unknowns);
      }
    }
    LikelyStep prox =
        new LikelyStep(costs, set, setting.coefficients(), smoothness, u, theta, mean, weight);
    prox.solve(agent.x);
    if (unknowns > 0) {
      costs.addChange(u, agent.x, -1, pull);
      agent.change = prox.change(agent.x, pull);
    }
    for (int k = 0; k < n; k++) {
      double[] q = new double[d];
      double[][] qChange = zChange[k];
      for (int j = 0; j < d; j++) {
        q[j] = links.q(agent.x[j], z[k][j]);
        Vectors.setScaled(links.q(0, 1), qChange[j], 0, qChange[j], 0, unknowns);
        Vectors.addScaled(links.q(1, 0), agent.change[j], 0, qChange[j], 0, unknowns);
      }
      agent.said[k] = q;
      agent.saidChange[k] = qChange;
    }
  }

  private List<Message> steps(Recursion.Steps steps, double[] theta, boolean changes) {
    int unknowns = changes ? costs.unknowns() : 0;
    Agent[] agents = new Agent[others.length];
    Arrays.setAll(agents, u -> new Agent(start, 0, unknowns));
    List<Message> heard = new ArrayList<>();
    double[] one = {1};
    double[] none = {0};
    double[] share = new double[1];
    steps.point(one, 0, none, share); // how much of a point is what was said before; else the mix
    Stood exchanged = Stood.of(agents);
    for (int t = 1; t <= ticks; t++) {
      Stood before = Stood.of(agents);
      exchanged = (t - 1) % setting.ticksPerSuperstep() == 0 ? before : exchanged;
      for (int u = 0; u < agents.length; u++) {
        boolean active = knowledge.oracleActive(others[u], t);
        if (active || setting.idle() == IdleRule.MIX) {
          double[][] change = new double[d][unknowns];
          double[] v = mix(others[u], t, before, exchanged, change);
          if (active) {
            step(steps, u, agents[u], v, change, share[0], theta);
          }
          RealMatrix along =
              active
                  ? LikelyStep.projection(set, setting.coefficients(), v)
                  : MatrixUtils.createRealIdentityMatrix(d);
          System.arraycopy(
              active ? set.projected(v, setting.coefficients()) : v, 0, agents[u].x, 0, d);
          agents[u].change =
              unknowns == 0
                  ? change
                  : along.multiply(new Array2DRowRealMatrix(change, false)).getData();
        }
        int message = transcript.message(others[u]);
        boolean exchange = t % setting.ticksPerSuperstep() == 0;
        int agent = others[u];
        boolean fresh =
            Arrays.stream(knowledge.adversary().members())
                .filter(m -> setting.weight(m, agent) != 0)
                .anyMatch(m -> exchange || near(agent, m));
        if (message >= 0 && fresh) {
          heard.add(message(t, message, agents[u].x, changes, agents[u].change));
        }
      }
    }
    return heard;
  }

  /** Where agents outside stood as of a tick. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Stood(double[][] x, double[][][] changes) {
    static Stood of(Agent[] agents) {
      return new Stood(
          Arrays.stream(agents).map(a -> a.x.clone()).toArray(double[][]::new),
          Arrays.stream(agents).map(a -> a.change).toArray(double[][][]::new));
    }
  }

  private double[] mix(int i, int t, Stood before, Stood exchanged, double[][] change) {
    Network network = setting.network();
    double[] v = new double[d];
    for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
      int u = place(network.heard()[e]);
      double w = network.weight()[e];
      if (u < 0) {
        int at = transcript.message(network.heard()[e]) * d;
        Vectors.addScaled(w, transcript.at(asOf(i, network.heard()[e], t)), at, v, 0, d);
        continue;
      }
      Stood then = near(i, network.heard()[e]) ? before : exchanged;
      Vectors.addScaled(w, then.x[u], 0, v, 0, d);
      for (int j = 0; j < d; j++) {
        Vectors.addScaled(w, then.changes[u][j], 0, change[j], 0, change[j].length);
      }
    }
    return v;
  }

  /** From the mix, along the gradient at the point. */
  private void step(
      Recursion.Steps steps,
      int u,
      Agent agent,
      double[] v,
      double[][] change,
      double share,
      double[] theta) {
    double rate = knowledge.oracleRate(others[u]);
    double length = steps.length(++agent.updates / rate, rate);
    double[] point = new double[d];
    double[][] pointChange = new double[d][];
    for (int j = 0; j < d; j++) {
      point[j] = share * agent.x[j] + (1 - share) * v[j];
      pointChange[j] = new double[change[j].length];
      Vectors.addScaled(share, agent.change[j], 0, pointChange[j], 0, change[j].length);
      Vectors.addScaled(1 - share, change[j], 0, pointChange[j], 0, change[j].length);
    }
    double[] g = new double[d];
    costs.gradient(u, theta, point, g);
    Vectors.addScaled(-length, g, 0, v, 0, d);
    if (change[0].length > 0) {
      double[][] bend =
          costs
              .curvature(u, theta, point)
              .multiply(new Array2DRowRealMatrix(pointChange, false))
              .getData();
      for (int j = 0; j < d; j++) {
        Vectors.addScaled(-length, bend[j], 0, change[j], 0, change[j].length);
      }
      costs.addChange(u, point, -length, change);
    }
  }
}
