package io.sotto.model;

import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Measures;
import io.sotto.problem.Vectors;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
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
    private final LanguageModel other;
    private final Rollouts rollouts;

    Worker() {
      Training training = new Training(1, policy.norm(), 0, 0, 0, Training.Precision.FLOAT, 0, 1);
      model = new LanguageModel(layout, training, Kernels.fastest());
      other = new LanguageModel(layout, training, Kernels.fastest());
      rollouts =
          new Rollouts(
              layout, Kernels.fastest(), policy.prompts() * policy.group(), vocabulary.end());
    }
  }

  private Worker worker() {
    Worker free = idle.poll();
    return free != null ? free : new Worker();
  }

  /**
   * Responses to prompts.
   *
   * @param prompts one for each response
   * @param read the tokens of each prompt
   * @param written the tokens of each response
   * @param rewards of each response
   */
  @SuppressWarnings("ArrayRecordComponent") // a value on its way; nobody compares these
  record Answered(Prompt[] prompts, int[][] read, int[][] written, Reward[] rewards) {

    /** The token of a response that a place of its window predicts; -1 if it predicts none. */
    int place(int response, int token) {
      int at = token - read[response].length;
      return at >= 0 && at < written[response].length ? at : -1;
    }
  }

  private Answered answered(Worker worker, double[] x, int at, Prompt[] asked, long seed) {
    int[][] read = new int[asked.length][];
    for (int i = 0; i < asked.length; i++) {
      boolean again = i > 0 && asked[i] == asked[i - 1];
      read[i] = again ? read[i - 1] : vocabulary.encode(asked[i].text(), asked[i].text());
    }
    int[][] written =
        worker.rollouts.write(x, at, read, policy.longest(), policy.temperature(), seed);
    Reward[] rewards = new Reward[asked.length];
    for (int i = 0; i < asked.length; i++) {
      rewards[i] = Reward.of(asked[i], text(written[i]));
    }
    return new Answered(asked, read, written, rewards);
  }

  /** What was written; null if it was cut. */
  private @Nullable String text(int[] written) {
    return written[written.length - 1] == vocabulary.end() ? vocabulary.decode(written) : null;
  }

  /** A window for each response: the token that begins, the prompt, the response, and filling. */
  private Batch batch(Answered answered) {
    int length = 0;
    for (int i = 0; i < answered.read.length; i++) {
      length = Math.max(length, answered.read[i].length + answered.written[i].length);
    }
    int n = answered.read.length * length;
    int[] read = new int[n];
    int[] targets = new int[n];
    double[] weights = new double[n];
    Arrays.fill(read, vocabulary.end());
    Arrays.fill(targets, vocabulary.end());
    for (int i = 0; i < answered.read.length; i++) {
      int[] before = answered.read[i];
      int[] after = answered.written[i];
      System.arraycopy(before, 0, read, i * length + 1, before.length);
      System.arraycopy(after, 0, read, i * length + 1 + before.length, after.length - 1);
      System.arraycopy(after, 0, targets, i * length + before.length, after.length);
      Arrays.fill(
          weights, i * length + before.length, i * length + before.length + after.length, 1);
    }
    return new Batch(
        answered.read.length, length, read, new int[][] {targets}, new double[][] {weights});
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
   * @param batch what was read and written
   * @param advantages of each response
   * @param ofReference the losses of the reference; empty if the divergence does not count
   * @param begin those when the responses were written; empty if they serve one step only
   */
  @SuppressWarnings("ArrayRecordComponent") // a value on its way; nobody compares these
  record Rolled(
      Answered answered, Batch batch, double[] advantages, double[] ofReference, double[] begin) {}

  /** Draws prompts, and answers each of them as often as a group is large. */
  private Answered grouped(Worker worker, int agent, SplittableRandom random, double[] x, int at) {
    Prompt[] asked = new Prompt[policy.prompts() * policy.group()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = i % policy.group() == 0 ? prompts[agent].draw(false, random) : asked[i - 1];
    }
    return answered(worker, x, at, asked, random.nextLong());
  }

  /** Such responses, and what an update needs of them. */
  private Rolled rolled(Worker worker, int agent, long key, double[] x, int at) {
    Answered answered = grouped(worker, agent, new SplittableRandom(key), x, at);
    Batch batch = batch(answered);
    return new Rolled(
        answered,
        batch,
        advantages(answered.rewards()),
        policy.divergence() > 0 ? worker.other.losses(reference, 0, batch) : new double[0],
        policy.epochs() > 1 ? worker.other.losses(x, at, batch) : new double[0]);
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    Worker worker = worker();
    Rolled rolled = rolled(worker, agent, key, x, at);
    double[] y = Arrays.copyOfRange(x, at, at + dimension());
    double[] part = new double[dimension()];
    Arrays.fill(out, 0, dimension(), 0);
    for (int epoch = 0; epoch < policy.epochs(); epoch++) {
      worker.model.gradient(y, 0, rolled.batch(), false, losses -> weights(rolled, losses), part);
      Vectors.addScaled(1, part, 0, out, 0, dimension());
      Vectors.addScaled(-policy.epochStep(), part, 0, y, 0, dimension());
    }
    idle.add(worker);
    double norm = Math.sqrt(Vectors.dot(out, 0, out, 0, layout.coefficients()));
    double scale = norm > policy.norm() ? policy.norm() / norm / all : 1.0 / all;
    for (int j = 0; j < layout.coefficients(); j++) {
      out[j] *= scale;
    }
  }

  /**
   * Minus the objective of responses that a model wrote, at another model; for tests.
   *
   * @param x the model that writes
   * @param y the other one
   */
  double lossOfResponses(int agent, long key, double[] x, double[] y) {
    Worker worker = worker();
    Rolled rolled = rolled(worker, agent, key, x, 0);
    double[] losses = worker.model.losses(y, 0, rolled.batch());
    idle.add(worker);
    double sum = 0;
    for (int k = 0; k < losses.length; k++) {
      double share = share(rolled, k);
      if (share > 0) {
        double a = rolled.advantages()[k / rolled.batch().length()];
        double begin = rolled.begin().length == 0 ? Double.NaN : rolled.begin()[k];
        double ratio = Math.exp(begin - losses[k]);
        double clipped = Math.max(1 - policy.clip(), Math.min(1 + policy.clip(), ratio));
        sum -= share * Math.min(ratio * a, clipped * a);
        if (rolled.ofReference().length > 0) {
          double log = losses[k] - rolled.ofReference()[k];
          sum += share * policy.divergence() * (Math.exp(log) - log - 1);
        }
      }
    }
    return sum / all;
  }

  /** What the token that a place predicts counts for; 0 if it is none of a response. */
  private double share(Rolled rolled, int place) {
    int i = place / rolled.batch().length();
    int[][] written = rolled.answered().written();
    if (rolled.answered().place(i, place % rolled.batch().length()) < 0) {
      return 0;
    }
    return policy.byToken()
        ? 1.0 / Arrays.stream(written).mapToLong(w -> w.length).sum()
        : 1.0 / written.length / written[i].length;
  }

  /**
   * What the losses of tokens count for, so that their weighted sum has the gradient of minus the
   * objective.
   *
   * @param losses of the tokens: minus the logarithms of their probabilities
   */
  private double[] weights(Rolled rolled, double[] losses) {
    double[] weights = new double[losses.length];
    for (int k = 0; k < losses.length; k++) {
      double share = share(rolled, k);
      if (share > 0) {
        double a = rolled.advantages()[k / rolled.batch().length()];
        double ratio =
            rolled.begin().length == 0 ? 1 : StrictMath.exp(rolled.begin()[k] - losses[k]);
        boolean clipped = a > 0 ? ratio > 1 + policy.clip() : ratio < 1 - policy.clip();
        double weight = clipped ? 0 : ratio * a;
        if (rolled.ofReference().length > 0) {
          double log = Math.min(losses[k] - rolled.ofReference()[k], LARGEST_LOG_RATIO);
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
    Answered answered = answered(worker, x, at, asked, random.nextLong());
    Batch batch = batch(answered);
    double[] now = worker.model.losses(x, at, batch);
    double[] then = worker.other.losses(reference, 0, batch);
    double live = liveGroups(grouped(worker, agent, random, x, at));
    idle.add(worker);
    double divergence = 0;
    long tokens = 0;
    for (int k = 0; k < now.length; k++) {
      if (answered.place(k / batch.length(), k % batch.length()) >= 0) {
        double log = now[k] - then[k];
        divergence += StrictMath.exp(log) - log - 1;
        tokens++;
      }
    }
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
  private double liveGroups(Answered answered) {
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
