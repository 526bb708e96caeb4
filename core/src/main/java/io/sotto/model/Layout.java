package io.sotto.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Where each matrix of a model stands in x: one after the other, row by row, in the order in which
 * a token meets them, and the biases of experts last.
 */
public final class Layout {
  /** The deviation of a matrix at the start is this by the root of the width. */
  private static final double START = 0.7;

  /** The end of the name of a vector of scales, which starts at 1. */
  private static final String NORM = "norm";

  private final ModelShape shape;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final int coefficients;
  private int dimension;

  /**
   * One matrix.
   *
   * @param name layer by layer, such as {@code layers.0.attention.output}
   * @param rows how many; 1 for a vector
   * @param columns how many
   * @param at where in x its first number stands
   */
  public record Entry(String name, int rows, int columns, int at) {
    /** How many numbers. */
    public int size() {
      return rows * columns;
    }
  }

  /** The layout of a model. */
  public Layout(ModelShape shape) {
    this.shape = shape;
    int d = shape.width();
    add("embedding", shape.vocabulary(), d);
    for (int layer = 0; layer < shape.layers(); layer++) {
      addLayer(layer);
    }
    for (int k = 0; k < shape.mtp(); k++) {
      int layer = shape.layers() + k;
      add(name(layer, "hidden.norm"), 1, d);
      add(name(layer, "embedding.norm"), 1, d);
      add(name(layer, "join"), 2 * d, d);
      addLayer(layer);
    }
    add(NORM, 1, d);
    add("head", d, shape.vocabulary());
    coefficients = dimension;
    for (int layer = 0; layer < shape.allLayers(); layer++) {
      if (shape.hasExperts(layer)) {
        add(name(layer, "experts.bias"), 1, shape.experts());
      }
    }
  }

  private void addLayer(int layer) {
    int d = shape.width();
    add(name(layer, "attention.norm"), 1, d);
    add(name(layer, "attention.query.down"), d, shape.queryLatent());
    add(name(layer, "attention.query.norm"), 1, shape.queryLatent());
    add(name(layer, "attention.query.up"), shape.queryLatent(), shape.heads() * shape.key());
    add(name(layer, "attention.latent.down"), d, shape.latent() + shape.rope());
    add(name(layer, "attention.latent.norm"), 1, shape.latent());
    add(name(layer, "attention.latent.up"), shape.latent(), shape.heads() * 2 * shape.head());
    add(name(layer, "attention.output"), shape.heads() * shape.head(), d);
    add(name(layer, "feed.norm"), 1, d);
    if (shape.hasExperts(layer)) {
      add(name(layer, "gate"), d, shape.experts());
      if (shape.shared() > 0) {
        add(name(layer, "shared.in"), d, 2 * shape.shared() * shape.expertInner());
        add(name(layer, "shared.out"), shape.shared() * shape.expertInner(), d);
      }
      add(name(layer, "experts.in"), shape.experts() * d, 2 * shape.expertInner());
      add(name(layer, "experts.out"), shape.experts() * shape.expertInner(), d);
    } else {
      add(name(layer, "feed.in"), d, 2 * shape.inner());
      add(name(layer, "feed.out"), shape.inner(), d);
    }
  }

  /** The name of a matrix of a layer. */
  public static String name(int layer, String matrix) {
    return "layers." + layer + "." + matrix;
  }

  private void add(String name, int rows, int columns) {
    entries.put(name, new Entry(name, rows, columns, dimension));
    dimension = Math.addExact(dimension, Math.multiplyExact(rows, columns));
  }

  /** The shape of the model. */
  public ModelShape shape() {
    return shape;
  }

  /** All matrices, in their order. */
  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** The matrix of that name. */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("the model has no matrix '%s'".formatted(name));
    }
    return entry;
  }

  /** The number of coordinates of x that are parameters: all but the biases of experts. */
  public int coefficients() {
    return coefficients;
  }

  /** The number of coordinates of x. */
  public int dimension() {
    return dimension;
  }

  /**
   * Writes where training starts, the same for all agents: x = 0 is a saddle, where all gradients
   * vanish. Matrices are normal with deviation 0.7 / sqrt(width), scales are 1, biases 0.
   */
  public void start(long seed, double[] x, int at) {
    SplittableRandom random = new SplittableRandom(seed);
    double deviation = START / Math.sqrt(shape.width());
    for (Entry entry : entries.values()) {
      boolean scale = entry.name().endsWith(NORM);
      boolean bias = entry.at() >= coefficients;
      for (int j = 0; j < entry.size(); j++) {
        x[at + entry.at() + j] = scale ? 1 : bias ? 0 : deviation * normal(random);
      }
    }
  }

  /** Box and Muller 1958, with functions whose last bit is the same everywhere. */
  private static double normal(SplittableRandom random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
