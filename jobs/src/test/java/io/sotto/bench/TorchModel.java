package io.sotto.bench;

import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The model of io.sotto.model in operations of libtorch, whose gradients libtorch finds. */
final class TorchModel {
  private static final double BASE = 10_000;
  private static final double EPSILON = 1e-6;

  private final Layout layout;
  private final ModelShape shape;
  private final Training training;
  private final torch.ScalarType type;
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final Tensor cosines;
  private final Tensor sines;
  private final int windows;
  private final List<Tensor> balances = new ArrayList<>();

  /**
   * The model at a point; libtorch then has one thread.
   *
   * @param x where; biases of experts are 0 there
   * @param wide whether to compute in doubles
   */
  TorchModel(Layout layout, Training training, double[] x, boolean wide) {
    torch.set_num_threads(1);
    this.layout = layout;
    this.shape = layout.shape();
    this.training = training;
    this.type = wide ? torch.ScalarType.Double : torch.ScalarType.Float;
    this.windows = training.batch();
    for (Layout.Entry entry : layout.entries()) {
      float[] numbers = new float[entry.size()];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = (float) x[entry.at() + j];
      }
      if (entry.at() < layout.coefficients()) {
        Tensor weight =
            entry.rows() == 1
                ? floats(numbers, entry.columns())
                : floats(numbers, entry.rows(), entry.columns());
        weights.put(entry.name(), weight.requires_grad_(true));
      }
    }
    int pairs = shape.rope() / 2;
    float[] c = new float[windows * shape.window() * pairs];
    float[] s = new float[c.length];
    for (int i = 0; i < windows * shape.window(); i++) {
      for (int j = 0; j < pairs; j++) {
        double angle = i % shape.window() * Math.pow(BASE, -(double) j / pairs);
        c[i * pairs + j] = (float) Math.cos(angle);
        s[i * pairs + j] = (float) Math.sin(angle);
      }
    }
    cosines = floats(c, windows * shape.window(), 1, pairs);
    sines = floats(s, windows * shape.window(), 1, pairs);
  }

  private Tensor floats(float[] numbers, long... sizes) {
    return AbstractTensor.create(numbers, sizes).to(type);
  }

  /**
   * The loss, whose gradient then stands in {@link #gradient}.
   *
   * @param read by window and place, the tokens that are read
   * @param targets by how far ahead
   */
  @SuppressWarnings("try") // the scope frees what is made in it
  double step(int[] read, int[][] targets) {
    try (PointerScope scope = new PointerScope()) {
      for (Tensor weight : weights.values()) {
        if (weight.grad().defined()) {
          weight.mutable_grad().zero_();
        }
      }
      Tensor h = embedded(read);
      balances.clear();
      for (int layer = 0; layer < shape.layers(); layer++) {
        h = layer(h, layer);
      }
      Tensor total = predicted(h, targets[0]);
      for (int k = 0; k < shape.mtp(); k++) {
        int layer = shape.layers() + k;
        Tensor both =
            pair(
                norm(h, layer, "hidden.norm"),
                norm(embedded(targets[k]), layer, "embedding.norm"),
                1);
        h = layer(both.mm(weight(layer, "join")), layer);
        total =
            total.add(
                predicted(h, targets[k + 1]).mul(new Scalar(training.mtpWeight() / shape.mtp())));
      }
      for (Tensor balance : balances) {
        total = total.add(balance);
      }
      total.backward();
      return total.item_double();
    }
  }

  private Tensor weight(int layer, String name) {
    return weight(Layout.name(layer, name));
  }

  private Tensor weight(String name) {
    Tensor weight = weights.get(name);
    if (weight == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return weight;
  }

  private static Tensor longs(int[] numbers) {
    long[] wide = new long[numbers.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = numbers[i];
    }
    return AbstractTensor.create(wide, wide.length);
  }

  private Tensor embedded(int[] tokens) {
    return torch.embedding(weight("embedding"), longs(tokens));
  }

  private Tensor predicted(Tensor h, int[] targets) {
    Tensor logits = norm(h, weight("norm")).mm(weight("head"));
    return torch.cross_entropy_loss(logits, longs(targets));
  }

  private Tensor norm(Tensor x, int layer, String name) {
    return norm(x, weight(layer, name));
  }

  private static Tensor norm(Tensor x, Tensor scale) {
    return torch.rms_norm(
        x, new long[] {scale.size(0)}, new TensorOptional(scale), new DoubleOptional(EPSILON));
  }

  private static Tensor pair(Tensor one, Tensor other, long along) {
    return torch.cat(new TensorVector(one, other), along);
  }

  private Tensor layer(Tensor x, int layer) {
    Tensor attended = x.add(attention(norm(x, layer, "attention.norm"), layer));
    Tensor u = norm(attended, layer, "feed.norm");
    if (!shape.hasExperts(layer)) {
      return attended.add(feed(u, weight(layer, "feed.in"), weight(layer, "feed.out")));
    }
    Tensor y = attended.add(experts(u, layer));
    return shape.shared() == 0
        ? y
        : y.add(feed(u, weight(layer, "shared.in"), weight(layer, "shared.out")));
  }

  private Tensor attention(Tensor u, int layer) {
    long n = u.size(0);
    int heads = shape.heads();
    int head = shape.head();
    Tensor q =
        norm(u.mm(weight(layer, "attention.query.down")), layer, "attention.query.norm")
            .mm(weight(layer, "attention.query.up"))
            .view(n, heads, shape.key());
    Tensor queries = pair(q.narrow(2, 0, head), rotated(q.narrow(2, head, shape.rope())), 2);
    Tensor both = u.mm(weight(layer, "attention.latent.down"));
    Tensor kv =
        norm(both.narrow(1, 0, shape.latent()), layer, "attention.latent.norm")
            .mm(weight(layer, "attention.latent.up"))
            .view(n, heads, 2L * head);
    Tensor rope = rotated(both.narrow(1, shape.latent(), shape.rope()).unsqueeze(1));
    Tensor keys = pair(kv.narrow(2, 0, head), rope.expand(n, heads, shape.rope()), 2);
    Tensor found =
        torch.scaled_dot_product_attention(
            byHead(queries),
            byHead(keys),
            byHead(kv.narrow(2, head, head)),
            new TensorOptional(),
            0,
            true,
            new DoubleOptional(),
            false);
    return found
        .transpose(1, 2)
        .reshape(n, (long) heads * head)
        .mm(weight(layer, "attention.output"));
  }

  private Tensor byHead(Tensor x) {
    return x.reshape(windows, shape.window(), shape.heads(), x.size(2)).transpose(1, 2);
  }

  private Tensor rotated(Tensor x) {
    Tensor pairs = x.reshape(x.size(0), x.size(1), x.size(2) / 2, 2);
    Tensor u = pairs.select(3, 0);
    Tensor w = pairs.select(3, 1);
    Tensor turned =
        torch.stack(
            new TensorVector(u.mul(cosines).sub(w.mul(sines)), u.mul(sines).add(w.mul(cosines))),
            3);
    return turned.reshape(x.size(0), x.size(1), x.size(2));
  }

  private static Tensor feed(Tensor u, Tensor in, Tensor out) {
    Tensor hidden = u.mm(in);
    long inner = hidden.size(1) / 2;
    return torch.silu(hidden.narrow(1, 0, inner)).mul(hidden.narrow(1, inner, inner)).mm(out);
  }

  private Tensor experts(Tensor u, int layer) {
    int experts = shape.experts();
    int active = shape.active();
    long n = u.size(0);
    Tensor scores = torch.sigmoid(u.mm(weight(layer, "gate")));
    T_TensorTensor_T best = scores.topk(active);
    Tensor chosen = best.get1().reshape(n * active);
    Tensor share = best.get0().div(best.get0().sum(new long[] {1}, true, null));
    balances.add(balance(scores, chosen));
    Tensor order = torch.argsort(chosen, true, 0, false);
    Tensor tokens = order.floor_divide(new Scalar(active));
    long[] counts = new long[experts];
    torch.bincount(chosen, new TensorOptional(), experts).data_ptr_long().get(counts);
    Tensor given = u.index_select(0, tokens);
    TensorVector said = new TensorVector();
    long from = 0;
    for (int e = 0; e < experts; e++) {
      Tensor in = weight(layer, "experts.in").narrow(0, (long) e * shape.width(), shape.width());
      Tensor out =
          weight(layer, "experts.out")
              .narrow(0, (long) e * shape.expertInner(), shape.expertInner());
      said.push_back(feed(given.narrow(0, from, counts[e]), in, out));
      from += counts[e];
    }
    Tensor scaled =
        torch.cat(said, 0).mul(share.reshape(n * active).index_select(0, order).unsqueeze(1));
    return torch.zeros(n, u.size(1)).to(type).index_add(0, tokens, scaled);
  }

  /** The balance loss of all sequences, with its weight. */
  private Tensor balance(Tensor scores, Tensor chosen) {
    int experts = shape.experts();
    Tensor often =
        torch
            .one_hot(chosen, experts)
            .to(type)
            .reshape(windows, (long) shape.window() * shape.active(), experts)
            .mean(1)
            .mul(new Scalar(experts));
    Tensor share =
        scores
            .div(scores.sum(new long[] {1}, true, null))
            .reshape(windows, shape.window(), experts)
            .mean(1);
    return often.mul(share).sum().mul(new Scalar(training.balanceLoss() / windows));
  }

  /** The gradient of the last step, as x has it; 0 where no gradient is. */
  @SuppressWarnings("try") // the scope frees what is made in it
  double[] gradient() {
    double[] gradient = new double[layout.dimension()];
    try (PointerScope scope = new PointerScope()) {
      for (Layout.Entry entry : layout.entries()) {
        if (entry.at() < layout.coefficients()) {
          double[] numbers = new double[entry.size()];
          weight(entry.name())
              .grad()
              .to(torch.ScalarType.Double)
              .contiguous()
              .data_ptr_double()
              .get(numbers);
          System.arraycopy(numbers, 0, gradient, entry.at(), numbers.length);
        }
      }
    }
    return gradient;
  }
}
