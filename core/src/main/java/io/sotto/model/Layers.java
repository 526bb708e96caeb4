package io.sotto.model;

import io.sotto.model.Tape.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts of a model that are the same in training and when it predicts: all but attention. */
final class Layers {
  private final Layout layout;
  private final ModelShape shape;
  private final Kernels kernels;
  private final Tape tape;
  private final Blocks blocks;
  private final Tensor parameters;
  private final Tensor gradients;
  private final double balanceLoss;
  private final List<Routing> routings = new ArrayList<>();
  private double[] biases = new double[0];
  private int length;
  private double balance;

  /**
   * @param gradients takes the gradients of parameters; the parameters themselves if none are
   *     wanted
   * @param balanceLoss what the balance loss of a sequence counts for
   */
  Layers(
      Layout layout,
      Kernels kernels,
      Tape tape,
      Blocks blocks,
      Tensor parameters,
      Tensor gradients,
      double balanceLoss) {
    this.layout = layout;
    this.shape = layout.shape();
    this.kernels = kernels;
    this.tape = tape;
    this.blocks = blocks;
    this.parameters = parameters;
    this.gradients = gradients;
    this.balanceLoss = balanceLoss;
  }

  /**
   * Begins a computation.
   *
   * @param biasesNow of experts, layer by layer
   * @param lengthNow tokens of a sequence
   */
  void begin(double[] biasesNow, int lengthNow) {
    biases = biasesNow;
    length = lengthNow;
    balance = 0;
    routings.clear();
  }

  /** By layer that has experts, how the tokens were routed. */
  List<Routing> routings() {
    return List.copyOf(routings);
  }

  /** The balance loss of all layers so far, with its weight. */
  double balance() {
    return balance;
  }

  Variable weight(String name) {
    Layout.Entry entry = layout.entry(name);
    return new Variable(
        parameters.part(entry.at(), entry.rows(), entry.columns()),
        gradients.part(entry.at(), entry.rows(), entry.columns()));
  }

  Variable weight(int layer, String name) {
    return weight(Layout.name(layer, name));
  }

  Variable embedded(int[] tokens) {
    return blocks.gathered(weight("embedding"), tokens);
  }

  /** By token, a number for each token that may be next. */
  Variable logits(Variable h) {
    return blocks.times(blocks.norm(h, weight("norm")), weight("head"));
  }

  /** What a layer of multi-token prediction begins with. */
  Variable joined(Variable h, Variable token, int layer) {
    Variable join = weight(layer, "join");
    Variable fromState = blocks.norm(h, weight(layer, "hidden.norm"));
    Variable fromToken = blocks.norm(token, weight(layer, "embedding.norm"));
    Variable state = blocks.linear(fromState, join.rows(0, shape.width()), null);
    return blocks.linear(fromToken, join.rows(shape.width(), shape.width()), state);
  }

  /** With what the feed-forward network or the experts of a layer add. */
  Variable fed(Variable attended, int layer) {
    Variable u = blocks.norm(attended, weight(layer, "feed.norm"));
    return shape.hasExperts(layer)
        ? experts(u, layer, attended)
        : feed(u, weight(layer, "feed.in"), weight(layer, "feed.out"), attended);
  }

  private Variable feed(Variable u, Variable in, Variable out, Variable onto) {
    return blocks.linear(blocks.gated(blocks.linear(u, in, null)), out, onto);
  }

  private Variable experts(Variable u, int layer, Variable onto) {
    Variable logits = blocks.times(u, weight(layer, "gate"));
    Routing routing = routed(logits.value());
    Variable given = blocks.gathered(u, routing.tokenAt);
    Variable hidden = each(routing, given, weight(layer, "experts.in"));
    Variable said = each(routing, blocks.gated(hidden), weight(layer, "experts.out"));
    Variable y = shared(u, layer, onto);
    int[] place = routing.place;
    int active = shape.active();
    for (int k = 0; k < active; k++) {
      kernels.addRows(said.value(), place, routing.weight, k, active, y.value());
    }
    int window = length;
    double weight = balanceLoss * window / u.rows();
    tape.then(
        () -> {
          double[] dots = new double[place.length];
          for (int k = 0; k < active; k++) {
            kernels.rowDots(y.gradient(), said.value(), place, dots, k, active);
            kernels.spreadRows(y.gradient(), place, routing.weight, k, active, said.gradient());
          }
          kernels.write(routing.back(dots, window, weight), 0, logits.gradient());
        });
    for (int s = 0; s < u.rows() / window; s++) {
      balance += weight * routing.balance(s, window);
    }
    return y;
  }

  private Routing routed(Tensor logits) {
    int experts = shape.experts();
    Tensor scores = tape.tensor(logits.rows(), experts);
    kernels.sigmoid(logits, scores);
    double[] read = new double[logits.rows() * experts];
    kernels.read(scores, read, 0);
    int from = routings.size() * experts;
    Routing routing = new Routing(shape, read, Arrays.copyOfRange(biases, from, from + experts));
    routings.add(routing);
    return routing;
  }

  /** Each expert's rows times its own matrix; matrices stand one below the other. */
  private Variable each(Routing routing, Variable x, Variable all) {
    int rows = x.columns();
    Variable y = tape.variable(x.rows(), all.columns());
    for (int e = 0; e < shape.experts(); e++) {
      int from = routing.begin[e];
      int count = routing.load(e);
      blocks.multiply(x.rows(from, count), all.rows(e * rows, rows), y.rows(from, count));
    }
    return y;
  }

  private Variable shared(Variable u, int layer, Variable onto) {
    if (shape.shared() == 0) {
      return blocks.copied(onto);
    }
    return feed(u, weight(layer, "shared.in"), weight(layer, "shared.out"), onto);
  }
}
