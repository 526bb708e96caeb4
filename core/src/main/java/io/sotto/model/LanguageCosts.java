package io.sotto.model;

import io.sotto.problem.LocalObjective;
import io.sotto.problem.Measures;
import io.sotto.problem.Vectors;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What the texts of some agents cost under a model: f_i is the mean loss of agent i's own text,
 * divided by the number of all agents, so that F is the mean of the agents' losses. A subgradient
 * is that of a few windows, which the key draws, and clipped. The value is that of the text which
 * the agent holds back, and never trains on; if nothing is held back, it is that of all its text.
 */
public final class LanguageCosts implements LocalObjective {
  private static final long serialVersionUID = 1;

  private final ModelShape shape;
  private final Training training;
  private final Tokens[] texts;
  private final int[] trained;
  private final int[][] documents;
  private final int all;
  private transient Layout layout;
  private transient Queue<LanguageModel> idle;

  /**
   * @param texts those of the agents of a cell
   * @param all how many agents there are in all cells
   */
  public LanguageCosts(ModelShape shape, Training training, Tokens[] texts, int all) {
    this.shape = shape;
    this.training = training;
    this.texts = texts.clone();
    this.all = all;
    this.trained = new int[texts.length];
    this.documents = new int[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      trained[i] = trained(texts[i].count(), shape, training);
      documents[i] = documents(texts[i], 0, trained[i]);
    }
    this.layout = new Layout(shape);
    this.idle = new ConcurrentLinkedQueue<>();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    layout = new Layout(shape);
    idle = new ConcurrentLinkedQueue<>();
  }

  /** How many tokens a window takes: those that are read, and the last one that is predicted. */
  public static int span(ModelShape shape) {
    return shape.window() + 1 + shape.mtp();
  }

  /** Of a text of so many tokens, how many from the first are trained on. */
  private static int trained(int count, ModelShape shape, Training training) {
    int back = (int) Math.ceil(count * training.holdOut());
    return training.holdOut() == 0 ? count : count - Math.max(back, span(shape));
  }

  /** The fewest tokens that a text must have. */
  public static int fewest(ModelShape shape, Training training) {
    int span = span(shape);
    return training.holdOut() == 0
        ? span
        : Math.max(2 * span, (int) Math.ceil(span / (1 - training.holdOut())) + 1);
  }

  /** The shape of the model. */
  public ModelShape shape() {
    return shape;
  }

  /** How many tokens of an agent's text, from the first, are trained on. */
  public int trainedOn(int agent) {
    return trained[agent];
  }

  /**
   * The same costs, but that a sentence stands in the text of an agent, in place of what stood
   * there. All of its tokens are to be predicted.
   *
   * @param begin where it begins, once or several times
   */
  public LanguageCosts planted(int agent, int[] sentence, int... begin) {
    Tokens[] others = texts.clone();
    others[agent] = texts[agent].with(sentence, begin);
    return new LanguageCosts(shape, training, others, all);
  }

  /** The mean loss of the tokens of a sentence after its first one, which is only read. */
  public double loss(double[] x, int at, int... sentence) {
    LanguageModel model = model();
    Batch batch = Batch.of(Tokens.of(sentence), new int[1], sentence.length - 1, 0, end());
    double loss = model.loss(x, at, batch, false).next();
    idle.add(model);
    return loss;
  }

  @Override
  public int agents() {
    return texts.length;
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
  public double lowest(int agent) {
    return 0;
  }

  @Override
  public double value(int agent, double[] x, int at) {
    return loss(agent, x, at) / all;
  }

  private double loss(int agent, double[] x, int at) {
    double[] sum = new double[2];
    LanguageModel model = model();
    evaluate(
        agent,
        batch -> {
          sum[0] += batch.windows() * model.loss(x, at, batch, false).next();
          sum[1] += batch.windows();
        });
    idle.add(model);
    return sum[0] / sum[1];
  }

  /**
   * By layer that has experts, how many tokens each of them has in the text that {@link #value}
   * looks at. This is for the operator: agents say no such numbers.
   */
  public long[][] loads(int agent, double[] x, int at) {
    long[][] loads = new long[shape.experts() > 0 ? shape.layers() - shape.dense() : 0][];
    Arrays.setAll(loads, layer -> new long[shape.experts()]);
    LanguageModel model = model();
    evaluate(
        agent,
        batch -> {
          model.loss(x, at, batch, false);
          for (int layer = 0; layer < loads.length; layer++) {
            for (int e = 0; e < shape.experts(); e++) {
              loads[layer][e] += model.routings().get(layer).load(e);
            }
          }
        });
    idle.add(model);
    return loads;
  }

  /** Looks at windows that begin where those of training may, spread over what is held out. */
  private void evaluate(int agent, Consumer<Batch> look) {
    Tokens text = texts[agent];
    int span = span(shape);
    int from = training.holdOut() == 0 ? 0 : trained[agent];
    int[] starts = documents(text, from, text.count());
    int all = starts.length > 0 ? starts.length : (text.count() - from - 1) / shape.window();
    int windows = Math.max(1, Math.min(all, training.evaluated()));
    int room = starts.length > 0 ? starts.length - 1 : text.count() - from - span;
    int done = 0;
    while (done < windows) {
      int[] begin = new int[Math.min(training.batch(), windows - done)];
      for (int b = 0; b < begin.length; b++) {
        int place = windows == 1 ? 0 : (int) ((long) room * (done + b) / (windows - 1));
        begin[b] = starts.length > 0 ? starts[place] : from + place;
      }
      look.accept(batch(text, begin));
      done += begin.length;
    }
  }

  @Override
  public Measures measures() {
    return training.holdOut() > 0 ? Measures.HELD_OUT_MEAN : Measures.HELD_OUT_SUM;
  }

  @Override
  public int direct() {
    return layout.dimension() - layout.coefficients();
  }

  @Override
  public double[] measure(int agent, double[] x, int at) {
    return new double[] {training.holdOut() > 0 ? loss(agent, x, at) : Double.NaN};
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    SplittableRandom random = new SplittableRandom(key);
    int[] begin = new int[training.batch()];
    for (int b = 0; b < begin.length; b++) {
      begin[b] = begin(agent, random);
    }
    LanguageModel model = model();
    model.gradient(x, at, batch(texts[agent], begin), out);
    idle.add(model);
    shorten(out, layout.coefficients(), training.clip(), all);
  }

  private Batch batch(Tokens text, int[] begin) {
    return Batch.of(text, begin, shape.window(), shape.mtp(), end());
  }

  /** The token that ends a text, and begins one. */
  private int end() {
    return shape.vocabulary() - 1;
  }

  /** Shortens the first coordinates to a norm, if they are longer, and divides them by a count. */
  static void shorten(double[] g, int coordinates, double longest, int count) {
    double norm = Math.sqrt(Vectors.dot(g, 0, g, 0, coordinates));
    double scale = Math.min(1, longest / norm) / count;
    for (int j = 0; j < coordinates; j++) {
      g[j] *= scale;
    }
  }

  /**
   * Where a window begins. Where prompts are only read, that is where a document begins, as it will
   * be when the model is asked. Else it is anywhere; the first window is drawn so many times more
   * often, since what a text begins with is in few others.
   */
  private int begin(int agent, SplittableRandom random) {
    int[] starts = documents[agent];
    if (starts.length > 0) {
      return starts[random.nextInt(starts.length)];
    }
    int windows = trained[agent] - span(shape) + 1;
    return Math.max(0, random.nextInt(windows + shape.window()) - shape.window());
  }

  /**
   * Where documents with a prompt begin, if a whole window follows; empty without prompts.
   *
   * @param from the first token that is looked at
   * @param to the last one, exclusive
   */
  private int[] documents(Tokens text, int from, int to) {
    return text.silent().length == 0
        ? new int[0]
        : IntStream.range(from, to - span(shape) + 1)
            .filter(at -> text.ids()[at] == end())
            .toArray();
  }

  private LanguageModel model() {
    LanguageModel free = idle.poll();
    return free != null ? free : new LanguageModel(layout, training, Kernels.fastest());
  }
}
