package io.sotto.model;

import io.sotto.model.Tape.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of a model of language and its gradient (DeepSeek-V3, section 2): latent attention,
 * feed-forward networks with SwiGLU, experts, and the prediction of several tokens. One object
 * serves one thread.
 *
 * <p>Each layer adds to what it is handed: {@code x + attention(norm x)}, then {@code x + feed(norm
 * x)}. In the balance loss the frequencies are those of the experts that were chosen, biases
 * included; the paper counts those that would be chosen without.
 */
final class LanguageModel {
  private final Layout layout;
  private final ModelShape shape;
  private final Training training;
  private final Kernels kernels;
  private final Tape tape;
  private final Blocks blocks;
  private final Layers layers;
  private final Tensor parameters;
  private final Tensor gradients;
  private int[] positions = new int[0];
  private int[] first = new int[0];
  private int length;

  /**
   * What a batch costs.
   *
   * @param next the mean loss of the next token, in nats
   * @param later the same by token after it
   * @param balance the balance loss, with its weight
   */
  @SuppressWarnings("ArrayRecordComponent") // a handful of numbers; nobody compares them
  record Loss(double next, double[] later, double balance) {}

  LanguageModel(Layout layout, Training training, Kernels kernels) {
    this.layout = layout;
    this.shape = layout.shape();
    this.training = training;
    this.kernels = kernels;
    this.tape = new Tape(kernels);
    this.blocks = new Blocks(kernels, tape, training.precision() == Training.Precision.FP8);
    this.parameters = kernels.tensor(1, layout.coefficients());
    this.gradients = kernels.tensor(1, layout.coefficients());
    this.layers =
        new Layers(layout, kernels, tape, blocks, parameters, gradients, training.balanceLoss());
  }

  /** What the losses of next tokens count for, given all of them; such weights may be negative. */
  @FunctionalInterface
  interface Weigher {
    /** By token that is read, the weight of the loss of the next one. */
    double[] weights(double[] losses);
  }

  /** The loss of a batch at the parameters that stand in x from a place on. */
  Loss loss(double[] x, int at, Batch batch, boolean ahead) {
    return forward(x, at, batch, ahead, false, losses -> batch.weights(0, 1));
  }

  /** By token that is read, the loss of the next one. */
  double[] losses(double[] x, int at, Batch batch) {
    double[][] all = new double[1][];
    forward(
        x,
        at,
        batch,
        false,
        false,
        losses -> {
          all[0] = losses;
          return losses;
        });
    return all[0];
  }

  /**
   * The same, and its gradient; for the biases of experts, how far they move.
   *
   * @param out takes all coordinates, from 0 on
   */
  Loss gradient(double[] x, int at, Batch batch, double[] out) {
    return gradient(x, at, batch, true, losses -> batch.weights(0, 1), out);
  }

  /**
   * The same of a weighted sum of the losses of next tokens.
   *
   * @param ahead whether later tokens count as well, as in {@link Training#mtpWeight}
   */
  Loss gradient(double[] x, int at, Batch batch, boolean ahead, Weigher weigher, double[] out) {
    Loss loss = forward(x, at, batch, ahead, true, weigher);
    kernels.zero(gradients);
    tape.back();
    kernels.read(gradients, out, 0);
    int bias = layout.coefficients();
    for (Routing routing : layers.routings()) {
      for (int e = 0; e < shape.experts(); e++) {
        out[bias++] = training.balanceStep() * routing.overload(e);
      }
    }
    return loss;
  }

  /** How the tokens of the last batch were routed, by layer that has experts. */
  List<Routing> routings() {
    return layers.routings();
  }

  private Loss forward(
      double[] x, int at, Batch batch, boolean ahead, boolean withGradient, Weigher weigher) {
    kernels.write(x, at, parameters);
    tape.begin(withGradient);
    length = batch.length();
    int from = at + layout.coefficients();
    layers.begin(Arrays.copyOfRange(x, from, at + layout.dimension()), length);
    positions = batch.positions();
    first = batch.first();
    Variable h = layers.embedded(batch.read());
    for (int layer = 0; layer < shape.layers(); layer++) {
      h = layer(h, layer);
    }
    double next = predicted(h, batch, 0, weigher);
    int deep = ahead ? shape.mtp() : 0;
    double[] later = new double[deep];
    for (int k = 0; k < deep; k++) {
      int layer = shape.layers() + k;
      h = layer(layers.joined(h, layers.embedded(batch.targets()[k]), layer), layer);
      int further = k + 1;
      double[] weights = batch.weights(further, training.mtpWeight() / deep);
      later[k] = predicted(h, batch, further, losses -> weights);
    }
    return new Loss(next, later, layers.balance());
  }

  /** The mean loss of the tokens so far ahead, which count with those weights. */
  private double predicted(Variable h, Batch batch, int ahead, Weigher weigher) {
    int[] targets = batch.targets()[ahead];
    Variable logits = layers.logits(h);
    double[] losses = new double[targets.length];
    kernels.crossEntropy(logits.value(), targets, losses);
    double[] weights = weigher.weights(losses);
    tape.then(() -> kernels.crossEntropyBack(logits.value(), targets, weights, logits.gradient()));
    double[] means = batch.weights(ahead, 1);
    double loss = 0;
    for (int i = 0; i < losses.length; i++) {
      loss += means[i] * losses[i];
    }
    return loss;
  }

  private Variable layer(Variable x, int layer) {
    return layers.fed(attention(x, layer), layer);
  }

  private Variable attention(Variable x, int layer) {
    Variable h = blocks.norm(x, layers.weight(layer, "attention.norm"));
    Variable down = blocks.linear(h, layers.weight(layer, "attention.query.down"), null);
    Variable latentQuery = blocks.norm(down, layers.weight(layer, "attention.query.norm"));
    Variable q =
        blocks.rotated(
            blocks.linear(latentQuery, layers.weight(layer, "attention.query.up"), null),
            shape.heads(),
            shape.head(),
            positions);
    Variable both = blocks.linear(h, layers.weight(layer, "attention.latent.down"), null);
    Variable latent = blocks.columns(both, 0, shape.latent());
    Variable rope =
        blocks.rotated(blocks.columns(both, shape.latent(), shape.rope()), 1, 0, positions);
    Variable kv =
        blocks.linear(
            blocks.norm(latent, layers.weight(layer, "attention.latent.norm")),
            layers.weight(layer, "attention.latent.up"),
            null);
    return blocks.linear(
        blocks.attention(q, kv, rope, shape.heads(), length, first),
        layers.weight(layer, "attention.output"),
        x);
  }
}
