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
import java.util.stream.IntStream;

/**
 * What the prompts of some agents cost under a model that answers them: f_i is minus the expected
 * objective of group-relative policy optimisation (DeepSeek-R1, equations 1 to 3) over agent i's
 * own prompts, divided by the number of all agents. A subgradient is that of a few prompts, which
 * the key draws, with responses of the model at that very point: they are never older than the
 * update that they are for. The value is minus the mean reward on prompts that are held out.
 */
public final class PolicyCosts implements LocalObjective {
  private static final long serialVersionUID = 1;

  /** The names of numbers that are measured. */
  public static final String REWARD = "reward";

  /** The share of right answers. */
  public static final String ACCURACY = "accuracy";

  /** The share of responses that have the form that is wanted. */
  public static final String FORMAT = "format";

  /** The share of groups of responses that have more than one reward. */
  public static final String LIVE_GROUPS = "liveGroups";

  /** Of ratios of probabilities in the gradient of the divergence. */
  private static final double LARGEST_LOG_RATIO = 5;

  /** Rewards of a group that differ by less are equal. */
  private static final double SAME = 1e-9;

  private final ModelShape shape;
  private final Policy policy;
  private final Vocabulary vocabulary;
  private final PromptSource[] prompts;
  private final double[] reference;
  private final int all;
  private transient Layout layout;
  private transient Queue<Worker> idle;

  /**
   * @param prompts those of the agents of a cell
   * @param reference the model from which the divergence is measured
   * @param all how many agents there are in all cells
   */
  public PolicyCosts(
      ModelShape shape,
      Policy policy,
      Vocabulary vocabulary,
      PromptSource[] prompts,
      double[] reference,
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

  /**
   * How much better each response is than those to the same prompt [A]; 0 where a group has one
   * reward.
   */
  private double[] advantages(Reward[] rewards) {
    int size = policy.group();
    double[] advantages = new double[rewards.length];
    for (int from = 0; from < rewards.length; from += size) {
      double mean = 0;
      for (int i = from; i < from + size; i++) {
        advantages[i] = rewards[i].sum(policy.weights());
        mean += advantages[i] / size;
      }
      double square = 0;
      for (int i = from; i < from + size; i++) {
        advantages[i] -= mean;
        square += advantages[i] * advantages[i] / size;
      }
      double deviation = Math.sqrt(square);
      for (int i = from; i < from + size; i++) {
        advantages[i] =
            deviation < SAME ? 0 : advantages[i] / (policy.overDeviation() ? deviation : 1);
      }
    }
    return advantages;
  }

  /**
   * Responses that an update is made from.
   *
   * @param tokens of all of them
   * @param parts of them
   * @param advantages of each response
   * @param ofReference by part, the losses of the reference; empty if the divergence does not count
   * @param begin those when the responses were written; empty if they serve one step only
   */
  @SuppressWarnings("ArrayRecordComponent") // a value on its way; nobody compares these
  record Rolled(
      Answers answered,
      long tokens,
      List<Answers.Part> parts,
      double[] advantages,
      List<double[]> ofReference,
      List<double[]> begin) {}

  /** Draws prompts, and answers each of them as often as a group is large. */
  private Answers grouped(Worker worker, int agent, SplittableRandom random, double[] x, int at) {
    Prompt[] asked = new Prompt[policy.prompts() * policy.group()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = i % policy.group() == 0 ? prompts[agent].draw(false, random) : asked[i - 1];
    }
    return answered(worker, x, at, asked, random.nextLong());
  }

  /** Such responses, and what an update needs of them. */
  private Rolled rolled(Worker worker, int agent, long key, double[] x, int at) {
    Answers answered = grouped(worker, agent, new SplittableRandom(key), x, at);
    List<Answers.Part> parts = answered.parts();
    List<double[]> ofReference = new ArrayList<>();
    List<double[]> begin = new ArrayList<>();
    for (Answers.Part part : parts) {
      if (policy.divergence() > 0) {
        ofReference.add(worker.model.losses(reference, 0, part.batch()));
      }
      if (policy.epochs() > 1) {
        begin.add(worker.model.losses(x, at, part.batch()));
      }
    }
    long tokens = Arrays.stream(answered.written()).mapToLong(written -> written.length).sum();
    return new Rolled(answered, tokens, parts, advantages(answered.rewards()), ofReference, begin);
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    Worker worker = worker();
    Rolled rolled = rolled(worker, agent, key, x, at);
    double[] y = Arrays.copyOfRange(x, at, at + dimension());
    double[] part = new double[dimension()];
    double[] all = new double[dimension()];
    Arrays.fill(out, 0, dimension(), 0);
    for (int epoch = 0; epoch < policy.epochs(); epoch++) {
      Arrays.fill(all, 0);
      for (int p = 0; p < rolled.parts().size(); p++) {
        int number = p;
        Batch batch = rolled.parts().get(p).batch();
        worker.model.gradient(y, 0, batch, false, losses -> weights(rolled, number, losses), part);
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
   */
  double lossOfResponses(int agent, long key, double[] x, double[] y) {
    Worker worker = worker();
    Rolled rolled = rolled(worker, agent, key, x, 0);
    double sum = 0;
    for (int p = 0; p < rolled.parts().size(); p++) {
      Answers.Part part = rolled.parts().get(p);
      double[] losses = worker.model.losses(y, 0, part.batch());
      double[] begin = worker.model.losses(x, 0, part.batch());
      for (int k = 0; k < losses.length; k++) {
        double share = share(rolled, part, k);
        if (share > 0) {
          double a = rolled.advantages()[part.response(k)];
          double ratio = Math.exp(begin[k] - losses[k]);
          double clipped = Math.max(1 - policy.clip(), Math.min(1 + policy.clip(), ratio));
          sum -= share * Math.min(ratio * a, clipped * a);
          if (!rolled.ofReference().isEmpty()) {
            double log = losses[k] - rolled.ofReference().get(p)[k];
            sum += share * policy.divergence() * (Math.exp(log) - log - 1);
          }
        }
      }
    }
    idle.add(worker);
    return sum / all;
  }

  /** What the token that a place predicts counts for; 0 if it is none of a response. */
  private double share(Rolled rolled, Answers.Part part, int place) {
    int i = part.response(place);
    int[][] written = rolled.answered().written();
    if (rolled.answered().place(i, place % part.batch().length()) < 0) {
      return 0;
    }
    return policy.byToken() ? 1.0 / rolled.tokens() : 1.0 / written.length / written[i].length;
  }

  /**
   * What the losses of tokens count for, so that their weighted sum has the gradient of minus the
   * objective.
   *
   * @param number of the part
   * @param losses of its tokens: minus the logarithms of their probabilities
   */
  private double[] weights(Rolled rolled, int number, double[] losses) {
    Answers.Part part = rolled.parts().get(number);
    double[] weights = new double[losses.length];
    for (int k = 0; k < losses.length; k++) {
      double share = share(rolled, part, k);
      if (share > 0) {
        double a = rolled.advantages()[part.response(k)];
        double ratio =
            rolled.begin().isEmpty()
                ? 1
                : StrictMath.exp(rolled.begin().get(number)[k] - losses[k]);
        boolean clipped = a > 0 ? ratio > 1 + policy.clip() : ratio < 1 - policy.clip();
        double weight = clipped ? 0 : ratio * a;
        if (!rolled.ofReference().isEmpty()) {
          double log = Math.min(losses[k] - rolled.ofReference().get(number)[k], LARGEST_LOG_RATIO);
          weight += policy.divergence() * (StrictMath.exp(log) - 1);
        }
        weights[k] = share * weight;
      }
    }
    return weights;
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

  /**
   * What an agent's model makes of its held-out prompts, and of a few that it is trained on. These
   * are the same prompts and draws each time, in whatever cell the agent is.
   */
  @Override
  public double[] measure(int agent, double[] x, int at) {
    SplittableRandom random = new SplittableRandom(0);
    Prompt[] asked = new Prompt[policy.evaluated()];
    Arrays.setAll(asked, i -> prompts[agent].draw(true, random));
    Worker worker = worker();
    Answers answered = answered(worker, x, at, asked, random.nextLong());
    double live = liveGroups(grouped(worker, agent, random, x, at));
    double divergence = 0;
    long tokens = 0;
    for (Answers.Part part : answered.parts()) {
      double[] now = worker.model.losses(x, at, part.batch());
      double[] then = worker.model.losses(reference, 0, part.batch());
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
      rewards.stream().mapToDouble(r -> r.sum(policy.weights())).average().orElseThrow(),
      rewards.stream().mapToDouble(Reward::accuracy).average().orElseThrow(),
      rewards.stream().mapToDouble(Reward::format).average().orElseThrow(),
      rewards.stream().mapToDouble(Reward::language).average().orElseThrow(),
      (double) tokens / asked.length,
      divergence / tokens,
      live
    };
  }

  /** The share of groups that have more than one reward. */
  private double liveGroups(Answers answered) {
    double[] advantages = advantages(answered.rewards());
    int size = policy.group();
    return IntStream.range(0, policy.prompts())
            .filter(g -> Arrays.stream(advantages, g * size, (g + 1) * size).anyMatch(a -> a != 0))
            .count()
        / (double) policy.prompts();
  }

  @Override
  public double value(int agent, double[] x, int at) {
    return -measure(agent, x, at)[0] / all;
  }
}
