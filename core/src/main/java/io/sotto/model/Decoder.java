package io.sotto.model;

import io.sotto.model.Tape.Variable;
import java.util.Arrays;

/**
 * Predicts the next tokens of several sequences, token by token. What it keeps of each token in
 * each layer is its latent vector and the rotated part of its keys: keys and values are never made,
 * since the matrices that would make them are applied to queries and to what is found (DeepSeek-V2,
 * arXiv:2405.04434, section 2.1). A token sees those of the last window. One object serves one
 * thread.
 */
public final class Decoder {
  private final ModelShape shape;
  private final Kernels kernels;
  private final Tensor parameters;
  private final Layout layout;
  private double[] biases = new double[0];
  private double[] biasesAhead = new double[0];
  private final Layers layers;
  private final Tensor[][] caches;
  private final int[] lengths;
  private final int[] dropped;
  private final float scale;
  private final Tape tape;
  private final Blocks blocks;

  /**
   * Sequences without tokens.
   *
   * @param x the model
   * @param sequences how many there can be at once
   */
  public Decoder(Layout layout, Kernels kernels, double[] x, int sequences) {
    this(layout, kernels, sequences);
    begin(x, 0);
  }

  /**
   * The same without a model: {@link #begin} comes first.
   *
   * @param sequences how many there can be at once
   */
  public Decoder(Layout layout, Kernels kernels, int sequences) {
    this.layout = layout;
    this.shape = layout.shape();
    this.kernels = kernels;
    this.parameters = kernels.tensor(1, layout.coefficients());
    this.caches = new Tensor[sequences][shape.allLayers()];
    for (Tensor[] cache : caches) {
      for (int layer = 0; layer < cache.length; layer++) {
        cache[layer] = kernels.tensor(shape.cached(), 2 * shape.window());
      }
    }
    this.lengths = new int[sequences];
    this.dropped = new int[sequences];
    this.scale = (float) (1 / Math.sqrt(shape.key()));
    this.tape = new Tape(kernels);
    this.blocks = new Blocks(kernels, tape, false);
    this.layers = new Layers(layout, kernels, tape, blocks, parameters, parameters, 0);
  }

  /**
   * Takes a model, and forgets all tokens.
   *
   * @param x holds the model
   * @param at where in x it begins
   */
  public void begin(double[] x, int at) {
    kernels.write(x, at, parameters);
    int first = at + layout.coefficients();
    int end = at + layout.dimension();
    int later = Math.max(first, end - (shape.experts() > 0 ? shape.mtp() * shape.experts() : 0));
    biases = Arrays.copyOfRange(x, first, later);
    biasesAhead = Arrays.copyOfRange(x, later, end);
    Arrays.fill(lengths, 0);
    Arrays.fill(dropped, 0);
  }

  /** How many tokens a sequence has. */
  public int length(int sequence) {
    return lengths[sequence];
  }

  /** What follows some tokens that were read. */
  public final class Reading {
    private final int[] sequences;
    private final int[] positions;
    private final Tensor states;

    Reading(int[] sequences, int[] positions, Tensor states) {
      this.sequences = sequences;
      this.positions = positions;
      this.states = states;
    }

    /** How many tokens were read. */
    public int rows() {
      return sequences.length;
    }

    /** Only what follows some of the tokens. */
    public Reading rows(int... which) {
      Tensor some = kernels.tensor(which.length, states.columns());
      kernels.gather(states, which, 0, some);
      return new Reading(
          Arrays.stream(which).map(row -> sequences[row]).toArray(),
          Arrays.stream(which).map(row -> positions[row]).toArray(),
          some);
    }

    /** Only what follows one of the tokens. */
    public Reading row(int row) {
      return new Reading(
          new int[] {sequences[row]}, new int[] {positions[row]}, states.rows(row, 1));
    }

    /** By token of the vocabulary, the logit of its being next after a token that was read. */
    public double[] logits(int row) {
      return row(row).logits();
    }

    /** The same for all tokens that were read, one after the other. */
    public double[] logits() {
      tape.begin(false);
      double[] logits = new double[rows() * shape.vocabulary()];
      kernels.read(layers.logits(new Variable(states, states)).value(), logits, 0);
      return logits;
    }

    /**
     * What follows the next token, as the first layer of multi-token prediction sees it.
     *
     * @param next the next token of each row; of the first rows if there are fewer
     */
    public Reading ahead(int... next) {
      tape.begin(false);
      layers.begin(biasesAhead, next.length);
      Tensor those = states.rows(0, next.length);
      Variable h = new Variable(those, those);
      int layer = shape.layers();
      Variable token = layers.embedded(next);
      return reading(
          layer(layers.joined(h, token, layer), layer, sequences, positions),
          Arrays.copyOf(sequences, next.length),
          Arrays.copyOf(positions, next.length));
    }
  }

  private Reading reading(Variable h, int[] sequences, int[] positions) {
    Tensor states = kernels.tensor(h.rows(), h.columns());
    kernels.copy(h.value(), states);
    return new Reading(sequences, positions, states);
  }

  /**
   * Appends tokens, and says what follows each of them.
   *
   * @param sequences by token, to which sequence
   * @param tokens those of one sequence in their order, at most a window of them
   */
  public Reading read(int[] sequences, int[] tokens) {
    int[] before = lengths.clone();
    int[] positions = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      positions[i] = lengths[sequences[i]]++;
    }
    for (int sequence : sequences) {
      makeRoom(sequence, before[sequence]);
    }
    tape.begin(false);
    layers.begin(biases, tokens.length);
    Variable h = layers.embedded(tokens);
    for (int layer = 0; layer < shape.layers(); layer++) {
      h = layer(h, layer, sequences, positions);
    }
    return reading(h, sequences, positions);
  }

  /**
   * If there is no room for what comes, moves to the beginning of a cache what the first token of
   * that still sees.
   */
  private void makeRoom(int sequence, int first) {
    int window = shape.window();
    if (lengths[sequence] - first > window) {
      throw new IllegalArgumentException("more than a window of tokens at once");
    }
    if (lengths[sequence] - dropped[sequence] <= 2 * window) {
      return;
    }
    int from = first + 1 - window;
    for (Tensor cache : caches[sequence]) {
      Tensor seen = kernels.tensor(shape.cached(), window - 1);
      kernels.copy(cache.columns(from - dropped[sequence], window - 1), seen);
      kernels.copy(seen, cache.columns(0, window - 1));
    }
    dropped[sequence] = from;
  }

  /**
   * Forgets the last tokens of a sequence.
   *
   * @param length how many tokens it keeps: none, or so many that the next one sees no token that
   *     left its window
   */
  public void shorten(int sequence, int length) {
    if (length == 0) {
      dropped[sequence] = 0;
    }
    boolean sees = dropped[sequence] == 0 || length + 1 - shape.window() >= dropped[sequence];
    if (length < 0 || length > lengths[sequence] || !sees) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens cannot be shortened to %d".formatted(lengths[sequence], length));
    }
    lengths[sequence] = length;
  }

  /**
   * Gives a sequence the tokens of another one, which has no more than a window of them.
   *
   * @param to has none
   */
  void copy(int from, int to) {
    if (lengths[to] != 0 || lengths[from] > shape.window()) {
      throw new IllegalArgumentException("a long sequence, or a copy onto tokens");
    }
    lengths[to] = lengths[from];
    for (int layer = 0; layer < shape.allLayers(); layer++) {
      kernels.copy(
          caches[from][layer].columns(0, lengths[from]),
          caches[to][layer].columns(0, lengths[from]));
    }
  }

  private Variable layer(Variable h, int layer, int[] sequences, int[] positions) {
    Variable u = blocks.norm(h, layers.weight(layer, "attention.norm"));
    Variable latentQuery =
        blocks.norm(
            blocks.times(u, layers.weight(layer, "attention.query.down")),
            layers.weight(layer, "attention.query.norm"));
    Variable q =
        blocks.rotated(
            blocks.times(latentQuery, layers.weight(layer, "attention.query.up")),
            shape.heads(),
            shape.head(),
            positions);
    Variable both = blocks.times(u, layers.weight(layer, "attention.latent.down"));
    Variable latent =
        blocks.norm(
            blocks.columns(both, 0, shape.latent()), layers.weight(layer, "attention.latent.norm"));
    Variable rope =
        blocks.rotated(blocks.columns(both, shape.latent(), shape.rope()), 1, 0, positions);
    for (int i = 0; i < h.rows(); i++) {
      int column = positions[i] - dropped[sequences[i]];
      Tensor cache = caches[sequences[i]][layer].columns(column, 1);
      kernels.transpose(latent.value().rows(i, 1), cache.rows(0, shape.latent()));
      kernels.transpose(rope.value().rows(i, 1), cache.rows(shape.latent(), shape.rope()));
    }
    Tensor found = found(wanted(q, layer), layer, sequences, positions);
    Variable values = values(found, layer);
    Variable attended = blocks.linear(values, layers.weight(layer, "attention.output"), h);
    return layers.fed(attended, layer);
  }

  /** What each head looks for in the cache: queries times the matrices that would make keys. */
  private Tensor wanted(Variable q, int layer) {
    Variable wanted = tape.variable(q.rows(), shape.heads() * shape.cached());
    Tensor up = layers.weight(layer, "attention.latent.up").value();
    for (int h = 0; h < shape.heads(); h++) {
      Tensor query = q.value().columns(h * shape.key(), shape.head());
      Tensor keys = up.columns(h * 2 * shape.head(), shape.head());
      int to = h * shape.cached();
      kernels.productTransposed(query, keys, wanted.value().columns(to, shape.latent()));
      kernels.copy(
          q.value().columns(h * shape.key() + shape.head(), shape.rope()),
          wanted.value().columns(to + shape.latent(), shape.rope()));
    }
    return wanted.value();
  }

  private Tensor found(Tensor wanted, int layer, int[] sequences, int[] positions) {
    Tensor found = tape.tensor(wanted.rows(), shape.heads() * shape.latent());
    for (int i = 0; i < wanted.rows(); i++) {
      int sequence = sequences[i];
      int from = Math.max(0, positions[i] + 1 - shape.window());
      kernels.attend(
          wanted.rows(i, 1),
          caches[sequence][layer],
          from - dropped[sequence],
          positions[i] + 1 - from,
          shape.heads(),
          scale,
          found.rows(i, 1));
    }
    return found;
  }

  private Variable values(Tensor found, int layer) {
    Variable values = tape.variable(found.rows(), shape.heads() * shape.head());
    Tensor up = layers.weight(layer, "attention.latent.up").value();
    for (int h = 0; h < shape.heads(); h++) {
      kernels.product(
          found.columns(h * shape.latent(), shape.latent()),
          up.columns(h * 2 * shape.head() + shape.head(), shape.head()),
          values.value().columns(h * shape.head(), shape.head()));
    }
    return values;
  }
}
