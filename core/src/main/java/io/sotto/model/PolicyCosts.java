package io.sotto.model;

import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Measures;
import io.sotto.problem.Vectors;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the prompts of some agents cost under a model that answers them: f_i is minus the expected
 * objective of group-relative policy optimisation (DeepSeek-R1, equations 1 to 3) over agent i's
 * own prompts, divided by the number of all agents. A subgradient is that of a few prompts, which
 * the key draws, with responses of the model at that very point: they are never older than the
 * update that they are for. The value is minus the mean reward on prompts that are held out.
 */
public final class PolicyCosts implements LocalObjective {
  private static final long serialVersionUID = 1;

  /**
   * A measurement looks at so many prompts of each agent at least, to tell whether they are live.
   */
  public static final int LEAST_PROMPTS = 50;

  /** The names of numbers that are measured. */
  public static final String REWARD = "reward";

  /** The share of right answers. */
  public static final String ACCURACY = "accuracy";

  /** The share of responses that have the form that is wanted. */
  public static final String FORMAT = "format";

  /** The share of groups of responses that have more than one reward. */
  public static final String LIVE_GROUPS = "liveGroups";

  private final ModelShape shape;
  private final Policy policy;
  private final Vocabulary vocabulary;
  private final PromptSource[] prompts;
  private final double @Nullable [] reference;
  private final int all;
  private transient Layout layout;
  private transient Queue<Worker> idle;

  /**
   * @param prompts those of the agents of a cell
   * @param reference the model from which the divergence is measured at first; null for the one
   *     that an agent starts from
   * @param all how many agents there are in all cells
   */
  public PolicyCosts(
      ModelShape shape,
      Policy policy,
      Vocabulary vocabulary,
      PromptSource[] prompts,
      double @Nullable [] reference,
      int all) {
    this.shape = shape;
    this.policy = policy;
    this.vocabulary = vocabulary;
    this.prompts = prompts.clone();
    this.reference = reference;
    this.all = all;
    this.layout = new Layout(shape);
    this.idle = new ConcurrentLinkedQueue<>();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    layout = new Layout(shape);
    idle = new ConcurrentLinkedQueue<>();
  }

  /** What a thread computes in. */
  private final class Worker {
    private final LanguageModel model;
    private final Rollouts rollouts;

    Worker() {
      Training training = new Training(1, policy.norm(), 0, 0, 0, Training.Precision.FLOAT, 0, 1);
      model = new LanguageModel(layout, training, Kernels.fastest());
      rollouts =
          new Rollouts(
              layout, Kernels.fastest(), policy.prompts() * policy.group(), vocabulary.end());
    }
  }

  /** The bytes that each thread computes in. */
  public static long bytes(ModelShape shape, Policy policy) {
    int responses = policy.prompts() * policy.group();
    Training training =
        new Training(
            Math.min(Answers.AT_ONCE, responses), 1, 0, 0, 0, Training.Precision.FLOAT, 0, 1);
    long cache = 2L * shape.cached() * shape.window() * shape.allLayers() * Float.BYTES;
    return Workspaces.bytes(shape, training) + responses * cache;
  }

  private Worker worker() {
    Worker free = idle.poll();
    return free != null ? free : new Worker();
  }

  private Answers answered(Worker worker, double[] x, int at, Prompt[] asked, long seed) {
    return Answers.write(
        worker.rollouts,
        vocabulary,
        policy.preference(),
        x,
        at,
        asked,
        policy.longest(),
        policy.temperature(),
        seed);
  }

  /** Draws prompts, and answers each of them as often as a group is large. */
  private Answers grouped(
      Worker worker, int agent, int count, SplittableRandom random, double[] x, int at) {
    Prompt[] asked = new Prompt[count * policy.group()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = i % policy.group() == 0 ? prompts[agent].draw(false, random) : asked[i - 1];
    }
    return answered(worker, x, at, asked, random.nextLong());
  }

  /** Such responses, and what an update needs of them. */
  private Rolled rolled(
      Worker worker, int agent, long key, double[] x, int at, double[] from, int fromAt) {
    Answers answered = grouped(worker, agent, policy.prompts(), new SplittableRandom(key), x, at);
    List<Answers.Part> parts = answered.parts();
    List<double[]> ofReference = new ArrayList<>();
    List<double[]> begin = new ArrayList<>();
    for (Answers.Part part : parts) {
      if (policy.divergence() > 0) {
        ofReference.add(worker.model.losses(from, fromAt, part.batch()));
      }
      if (policy.epochs() > 1) {
        begin.add(worker.model.losses(x, at, part.batch()));
      }
    }
    long tokens = Arrays.stream(answered.written()).mapToLong(written -> written.length).sum();
    return new Rolled(
        policy, answered, tokens, parts, policy.advantages(answered.rewards()), ofReference, begin);
  }

  /** From the reference that these costs bring; if they bring none, from the model itself. */
  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    if (reference == null) {
      subgradient(agent, key, x, at, x, at, out);
    } else {
      subgradient(agent, key, x, at, reference, 0, out);
    }
  }

  @Override
  public void startReference(int agent, double[] x, int at) {
    if (reference != null) {
      System.arraycopy(reference, 0, x, at, dimension());
    }
  }

  @Override
  public void subgradient(
      int agent, long key, double[] x, int at, double[] from, int fromAt, double[] out) {
    Worker worker = worker();
    Rolled rolled = rolled(worker, agent, key, x, at, from, fromAt);
    double[] y = Arrays.copyOfRange(x, at, at + dimension());
    double[] part = new double[dimension()];
    double[] all = new double[dimension()];
    Arrays.fill(out, 0, dimension(), 0);
    for (int epoch = 0; epoch < policy.epochs(); epoch++) {
      Arrays.fill(all, 0);
      for (int p = 0; p < rolled.parts().size(); p++) {
        int number = p;
        Batch batch = rolled.parts().get(p).batch();
        worker.model.gradient(y, 0, batch, false, losses -> rolled.weights(number, losses), part);
        Vectors.addScaled(1, part, 0, all, 0, dimension());
      }
      Vectors.addScaled(1, all, 0, out, 0, dimension());
      Vectors.addScaled(-policy.epochStep(), all, 0, y, 0, dimension());
    }
    idle.add(worker);
    LanguageCosts.shorten(out, layout.coefficients(), policy.norm(), this.all);
  }

  /**
   * Minus the objective of responses that a model wrote, at another model. The gradient with
   * respect to that, at the model that wrote, is what {@link #subgradient} gives if it makes one
   * step.
   *
   * @param x the model that writes
   * @param y the other one
   * @param from the reference
   */
  double lossOfResponses(int agent, long key, double[] x, double[] y, double[] from) {
    Worker worker = worker();
    Rolled rolled = rolled(worker, agent, key, x, 0, from, 0);
    double sum = 0;
    for (int p = 0; p < rolled.parts().size(); p++) {
      Batch batch = rolled.parts().get(p).batch();
      double[] losses = worker.model.losses(y, 0, batch);
      sum += rolled.loss(p, losses, worker.model.losses(x, 0, batch));
    }
    idle.add(worker);
    return sum / all;
  }

  @Override
  public int agents() {
    return prompts.length;
  }

  @Override
  public int dimension() {
    return layout.dimension();
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public double smoothness(int agent) {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public int direct() {
    return layout.dimension() - layout.coefficients();
  }

  @Override
  public Measures measures() {
    return new Measures(
        List.of(REWARD, ACCURACY, FORMAT, "language", "length", "divergence", LIVE_GROUPS), -1);
  }

  /** Responses to an agent's held-out prompts. */
  private Answers heldOut(Worker worker, int agent, SplittableRandom random, double[] x, int at) {
    Prompt[] asked = new Prompt[policy.evaluated()];
    Arrays.setAll(asked, i -> prompts[agent].draw(true, random));
    return answered(worker, x, at, asked, random.nextLong());
  }

  /** From the reference that these costs bring; if they bring none, from the model itself. */
  @Override
  public double[] measure(int agent, double[] x, int at) {
    return reference == null ? measure(agent, x, at, x, at) : measure(agent, x, at, reference, 0);
  }

  /**
   * What an agent's model makes of its held-out prompts, and of some that it is trained on. These
   * are the same prompts and draws each time, in whatever cell the agent is.
   */
  @Override
  public double[] measure(int agent, double[] x, int at, double[] from, int fromAt) {
    SplittableRandom random = new SplittableRandom(0);
    Worker worker = worker();
    Answers answered = heldOut(worker, agent, random, x, at);
    int count = Math.max(policy.prompts(), LEAST_PROMPTS);
    double live = policy.liveGroups(grouped(worker, agent, count, random, x, at).rewards());
    double divergence = 0;
    long tokens = 0;
    for (Answers.Part part : answered.parts()) {
      double[] now = worker.model.losses(x, at, part.batch());
      double[] then = worker.model.losses(from, fromAt, part.batch());
      for (int k = 0; k < now.length; k++) {
        if (answered.place(part.response(k), k % part.batch().length()) >= 0) {
          double log = now[k] - then[k];
          divergence += StrictMath.exp(log) - log - 1;
          tokens++;
        }
      }
    }
    idle.add(worker);
    List<Reward> rewards = List.of(answered.rewards());
    return new double[] {
      reward(answered),
      rewards.stream().mapToDouble(Reward::accuracy).average().orElseThrow(),
      rewards.stream().mapToDouble(Reward::format).average().orElseThrow(),
      rewards.stream().mapToDouble(Reward::language).average().orElseThrow(),
      (double) tokens / policy.evaluated(),
      divergence / tokens,
      live
    };
  }

  /** The mean over responses. */
  private double reward(Answers answered) {
    return Arrays.stream(answered.rewards())
        .mapToDouble(reward -> reward.sum(policy.weights()))
        .average()
        .orElseThrow();
  }

  /** Of the responses of which {@link #measure} says more. */
  @Override
  public double value(int agent, double[] x, int at) {
    Worker worker = worker();
    double reward = reward(heldOut(worker, agent, new SplittableRandom(0), x, at));
    idle.add(worker);
    return -reward / all;
  }
}
