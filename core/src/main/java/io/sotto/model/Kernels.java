package io.sotto.model;

/**
 * All arithmetic on matrices that a model needs. Another device is one more implementation. One
 * object serves one thread.
 *
 * <p>Results have specified bits, the same for all implementations on processors. A sum over the
 * inner index of a product begins with what stands in the result and goes through the index in
 * ascending order by fused multiply-add. Every other sum over columns has 16 partial sums, column j
 * in number j mod 16, by fused multiply-add where it is one of products; they are added as a tree:
 * number p and p + 8, then p and p + 4, then p and p + 2, then both that are left. The exponential
 * is a polynomial ({@link FloatExponential}).
 */
public interface Kernels {

  /** Partial sums of a sum over columns. */
  int PARTIALS = 16;

  /** The kernels that are fastest on this machine. */
  static Kernels fastest() {
    return WideKernels.fitsMachine() ? new WideKernels() : new PlainKernels();
  }

  /** A new matrix of zeros. */
  Tensor tensor(int rows, int columns);

  /** Writes numbers, row by row, rounded to floats. */
  void write(double[] from, int at, Tensor to);

  /** Reads numbers, row by row. */
  void read(Tensor from, double[] to, int at);

  /** Sets all numbers to 0. */
  void zero(Tensor of);

  /** Copies a matrix. */
  void copy(Tensor from, Tensor to);

  /** Copies a matrix to one of its columns as rows. */
  void transpose(Tensor from, Tensor to);

  /** to += from. */
  void add(Tensor from, Tensor to);

  /** c += a b. */
  void product(Tensor a, Tensor b, Tensor c);

  /** c += a b^T. */
  void productTransposed(Tensor a, Tensor b, Tensor c);

  /** c += a^T b. */
  void transposedProduct(Tensor a, Tensor b, Tensor c);

  /**
   * Root-mean-square norm: {@code y = x / rms(x) * scale}, row by row.
   *
   * @param scale one row
   * @param inverse takes 1 / rms of each row, in its only column
   */
  void rmsNorm(Tensor x, Tensor scale, Tensor y, Tensor inverse);

  /** Adds the gradients of {@link #rmsNorm} with respect to x and scale. */
  void rmsNormBack(Tensor x, Tensor scale, Tensor inverse, Tensor dy, Tensor dx, Tensor dscale);

  /**
   * SwiGLU: {@code y = silu(g) * u}.
   *
   * @param x holds g in the first half of its columns and u in the second
   */
  void swiglu(Tensor x, Tensor y);

  /** Sets the gradient of {@link #swiglu}. */
  void swigluBack(Tensor x, Tensor dy, Tensor dx);

  /** Row i of {@code to} becomes row rows[from + i] of the table. */
  void gather(Tensor table, int[] rows, int from, Tensor to);

  /** Adds row i to row rows[from + i] of the table, in ascending i. */
  void scatterAdd(Tensor of, int[] rows, int from, Tensor table);

  /** Adds scales[i * every + from] times row rows[i * every + from] of the table to row i. */
  void addRows(Tensor table, int[] rows, double[] scales, int from, int every, Tensor to);

  /** Adds scales[i * every + from] times row i to row rows[i * every + from] of the table. */
  void spreadRows(Tensor of, int[] rows, double[] scales, int from, int every, Tensor table);

  /** dots[i * every + from] becomes the inner product of row i and row rows[i * every + from]. */
  void rowDots(Tensor of, Tensor table, int[] rows, double[] dots, int from, int every);

  /** y = 1 / (1 + exp(-x)). */
  void sigmoid(Tensor x, Tensor y);

  /**
   * Rotates pairs of adjacent columns by the angle position * 10000^(-2 i / width) (RoPE).
   *
   * @param x has heads one after the other, of equal widths
   * @param heads how many
   * @param from the first column within a head that is rotated; all after it are
   * @param positions by row
   * @param backwards whether by the negative angle
   */
  void rotate(Tensor x, int heads, int from, int[] positions, boolean backwards);

  /**
   * Keys and values of all heads: a key is the head's part of kv, then the rotated part that all
   * heads share.
   *
   * @param kv by head, its part of keys, then its values, of equal widths
   * @param rope the shared part
   */
  void split(Tensor kv, Tensor rope, int heads, Tensor keys, Tensor values);

  /** Sets the gradients of kv and rope of {@link #split}. */
  void splitBack(Tensor dkeys, Tensor dvalues, int heads, Tensor dkv, Tensor drope);

  /**
   * Causal attention of all heads of all sequences: each token looks at itself and those before it.
   *
   * @param q queries: heads one after the other, tokens of a sequence one after the other
   * @param window tokens of a sequence
   * @param first by token, the first one of its sequence that it looks at, as a place in the
   *     sequence; empty if all look at all
   * @param p takes the probabilities: {@code window} rows for each head of each sequence
   * @param out takes the heads' values; what is there is overwritten
   */
  void attention(
      Tensor q,
      Tensor keys,
      Tensor values,
      int window,
      int heads,
      int[] first,
      Tensor p,
      Tensor out);

  /** Sets the gradients of {@link #attention}. */
  void attentionBack(
      Tensor q,
      Tensor keys,
      Tensor values,
      int window,
      int heads,
      Tensor p,
      Tensor dout,
      Tensor dq,
      Tensor dkeys,
      Tensor dvalues);

  /**
   * Attention of one token to a cache, for models whose keys are made of what is cached: {@code
   * out_h = sum_s softmax_s(scale q_h . cache_s) cache_s}, of which each head takes the first
   * columns only.
   *
   * @param q one row: what each head looks for, as wide as the cache has rows
   * @param cache a column for each token
   * @param from the first token that counts
   * @param count how many count
   * @param out one row: what each head finds
   */
  void attend(Tensor q, Tensor cache, int from, int count, int heads, float scale, Tensor out);

  /**
   * Cross-entropy: {@code losses[i] = log sum exp(row i) - logits[i][targets[i]]}. Logits become
   * probabilities.
   */
  void crossEntropy(Tensor logits, int[] targets, double[] losses);

  /** Sets the gradient of sum weights[i] losses[i]. */
  void crossEntropyBack(Tensor probabilities, int[] targets, double[] weights, Tensor dlogits);

  /**
   * Rounds to 8 bits, E4M3 (Micikevicius et al., arXiv:2209.05433), each tile with a scale of its
   * own, such that its largest number is 448.
   *
   * @param to takes the rounded numbers times the scale
   */
  void quantize(Tensor from, int tileRows, int tileColumns, Tensor to);
}
