package io.sotto.problem;

/**
 * Rows with a number for each feature.
 *
 * @param features the number of features
 * @param first where each agent's rows begin; agents + 1 positions
 * @param labels a label for each row
 * @param values rows x features, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares rows
public record DenseRows(int features, int[] first, double[] labels, double[] values)
    implements Rows {
  @Override
  public int agents() {
    return first.length - 1;
  }

  @Override
  public int first(int agent) {
    return first[agent];
  }

  @Override
  public double label(int row) {
    return labels[row];
  }

  @Override
  public Rows relabelled(int row, double label) {
    double[] others = labels.clone();
    others[row] = label;
    return new DenseRows(features, first, others, values);
  }

  @Override
  public void dots(int from, int to, double[] x, int at, double[] out) {
    for (int row = from; row < to; row++) {
      out[row - from] = Vectors.dot(values, row * features, x, at, features);
    }
  }

  @Override
  public void addScaled(int from, int to, double[] scales, double[] out) {
    int row = from;
    for (; row + 3 < to; row += 4) {
      Vectors.addFour(scales, row - from, values, row * features, out, 0, features);
    }
    for (; row < to; row++) {
      Vectors.addScaled(scales[row - from], values, row * features, out, 0, features);
    }
  }

  @Override
  public double dot(int row, double[] x, int at) {
    return Vectors.dot(values, row * features, x, at, features);
  }

  @Override
  public void addScaled(int row, double scale, double[] out, int at) {
    Vectors.addScaled(scale, values, row * features, out, at, features);
  }

  @Override
  public long bytes() {
    return 8L * values.length + 8L * labels.length + 4L * first.length;
  }
}
