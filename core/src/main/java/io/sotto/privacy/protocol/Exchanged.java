package io.sotto.privacy.protocol;

import io.sotto.privacy.judge.Leak;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Poisson;
import io.sotto.problem.Rows;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much somebody learnt from a protocol, by the measure of audits: of subgradients at the
 * protocol's own solution and along its run, against the blind guess of an adversary who knows the
 * solution and its own rows. (There are no sets.) The server has no rows, and guesses 0 blindly.
 *
 * @param protocol its name
 * @param adversary server or client
 * @param rounds how many there were
 * @param objective F at the end
 * @param leak at the solution, over victims, and over clients; null if nobody could be scored
 * @param alongRun of each victim the median over rounds
 * @param accuracyOnVictim how well the model that the adversary has of the victim's rows alone
 *     predicts these rows: the part of labels that it gets right or, for numbers, the part of their
 *     variance that it explains; null for clients, who have none, and for other costs
 * @param accuracyOfSolution how well the common solution does that
 */
public record Exchanged(
    String protocol,
    String adversary,
    int rounds,
    double objective,
    @Nullable Leak leak,
    @Nullable Leak alongRun,
    @Nullable Leak accuracyOnVictim,
    @Nullable Leak accuracyOfSolution) {

  /** More clients than these tell the same. */
  private static final int CLIENTS = 32;

  /** A blind guess that is off by no more of the truth than this is right already. */
  private static final double KNOWN = 1e-2;

  /**
   * What the server and what clients learn.
   *
   * @param costs of all agents
   * @param shares by agent, its part of all rows
   */
  public static List<Exchanged> of(
      String name, Protocol protocol, LocalObjective costs, double[] shares) {
    Course course = protocol.run(costs, shares);
    int agents = costs.agents();
    int d = costs.dimension();
    double objective = 0;
    for (int i = 0; i < agents; i++) {
      objective += costs.value(i, course.solution(), 0);
    }
    List<double[]> server = new ArrayList<>();
    List<double[]> clients = new ArrayList<>();
    double[] own = new double[d];
    double[][] truth = new double[agents][d];
    for (Course.Round round : course.seen()) {
      for (int i = 0; i < agents; i++) {
        costs.subgradient(i, 0, round.model(), 0, truth[i]);
      }
      double[] leaks = new double[agents];
      for (int v = 0; v < agents; v++) {
        leaks[v] = leak(truth[v], round.server()[v], new double[d]);
      }
      server.add(leaks);
      int curious = Math.min(agents, CLIENTS);
      double[] pairs = new double[curious * agents];
      for (int a = 0; a < curious; a++) {
        costs.subgradient(a, 0, course.solution(), 0, own);
        double[] guess = shared(round.client()[a], truth[a], agents);
        double[] blind = shared(blindSum(truth[a], own, agents), truth[a], agents);
        for (int v = 0; v < agents; v++) {
          pairs[a * agents + v] = v == a ? Double.NaN : leak(truth[v], guess, blind);
        }
      }
      clients.add(pairs);
    }
    Leak[] accuracy = accuracy(costs, course);
    return List.of(
        scored(name, "server", course, objective, server, accuracy[0], accuracy[1]),
        scored(name, "client", course, objective, clients, null, accuracy[1]));
  }

  private static Exchanged scored(
      String name,
      String adversary,
      Course course,
      double objective,
      List<double[]> leaks,
      @Nullable Leak onVictim,
      @Nullable Leak ofSolution) {
    double[] along = new double[leaks.get(0).length];
    for (int k = 0; k < along.length; k++) {
      int victim = k;
      Leak over = Leak.over(leaks.stream().mapToDouble(round -> round[victim]).toArray());
      along[k] = over == null ? Double.NaN : over.median();
    }
    return new Exchanged(
        name,
        adversary,
        course.rounds(),
        objective,
        Leak.over(leaks.get(leaks.size() - 1)),
        Leak.over(along),
        onVictim,
        ofSolution);
  }

  /** Costs of all others are taken to be as curved as the adversary's own. */
  private static double[] blindSum(double[] ownHere, double[] ownAtSolution, int agents) {
    double[] sum = new double[ownHere.length];
    Vectors.addScaled(agents, ownHere, 0, sum, 0, sum.length);
    Vectors.addScaled(-agents, ownAtSolution, 0, sum, 0, sum.length);
    return sum;
  }

  /** What others have, shared equally among them. */
  private static double[] shared(double[] sum, double[] own, int agents) {
    double[] share = new double[sum.length];
    double part = 1.0 / (agents - 1);
    Vectors.addScaled(part, sum, 0, share, 0, share.length);
    Vectors.addScaled(-part, own, 0, share, 0, share.length);
    return share;
  }

  private static double leak(double[] truth, double[] guess, double[] blind) {
    double blindly = Vectors.distance(truth, blind);
    return blindly > KNOWN * Vectors.norm(truth)
        ? Leak.of(Vectors.distance(truth, guess), blindly)
        : Double.NaN;
  }

  /** Of local models, and of the solution. */
  private static @Nullable Leak[] accuracy(LocalObjective costs, Course course) {
    double[] local = new double[costs.agents()];
    double[] solution = new double[costs.agents()];
    Arrays.fill(local, Double.NaN);
    Arrays.fill(solution, Double.NaN);
    if (costs instanceof LinearModel model) {
      for (int i = 0; i < costs.agents(); i++) {
        local[i] = accuracy(model, i, course.local()[i]);
        solution[i] = accuracy(model, i, course.solution());
      }
    }
    return new Leak[] {Leak.over(local), Leak.over(solution)};
  }

  private static double accuracy(LinearModel model, int agent, double[] x) {
    Rows rows = model.rows();
    int n = rows.features();
    double shift = model.intercept() ? x[n] : 0;
    double[] centre = model.centre();
    shift -= centre == null ? 0 : Vectors.dot(centre, 0, x, 0, n);
    int from = rows.first(agent);
    int count = rows.first(agent + 1) - from;
    double right = 0;
    double error = 0;
    double[] labels = new double[count];
    for (int k = 0; k < count; k++) {
      labels[k] = rows.label(from + k);
      double z = rows.dot(from + k, x, 0) + shift + model.block().offset(from + k);
      double said = model.loss() instanceof Poisson ? Math.exp(z) : z;
      right += z * labels[k] > 0 ? 1 : 0;
      error += (said - labels[k]) * (said - labels[k]);
    }
    if (model.loss().labels() == Loss.Labels.BINARY) {
      return right / count;
    }
    double mean = Arrays.stream(labels).average().orElse(0);
    return Leak.of(error, Arrays.stream(labels).map(y -> (y - mean) * (y - mean)).sum());
  }
}
