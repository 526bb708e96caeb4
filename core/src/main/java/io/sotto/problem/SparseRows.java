package io.sotto.problem;

/**
 * Rows of which only the numbers that are not zero are kept, in compressed rows.
 *
 * @param features the number of features
 * @param first where each agent's rows begin; agents + 1 positions
 * @param labels a label for each row
 * @param offset where each row's entries begin; rows + 1 positions
 * @param index the feature of each entry, ascending within a row
 * @param values the value of each entry
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares rows
public record SparseRows(
    int features, int[] first, double[] labels, int[] offset, int[] index, double[] values)
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
    return new SparseRows(features, first, others, offset, index, values);
  }

  @Override
  public void dots(int from, int to, double[] x, int at, double[] out) {
    for (int row = from; row < to; row++) {
      double sum = 0;
      for (int e = offset[row]; e < offset[row + 1]; e++) {
        sum += values[e] * x[at + index[e]];
      }
      out[row - from] = sum;
    }
  }

  @Override
  public void addScaled(int from, int to, double[] scales, double[] out) {
    for (int row = from; row < to; row++) {
      double scale = scales[row - from];
      for (int e = offset[row]; e < offset[row + 1]; e++) {
        out[index[e]] += scale * values[e];
      }
    }
  }

  @Override
  public double dot(int row, double[] x, int at) {
    double sum = 0;
    int end = offset[row + 1];
    for (int e = offset[row]; e < end; e++) {
      sum += values[e] * x[at + index[e]];
    }
    return sum;
  }

  @Override
  public void addScaled(int row, double scale, double[] out, int at) {
    int end = offset[row + 1];
    for (int e = offset[row]; e < end; e++) {
      out[at + index[e]] += scale * values[e];
    }
  }

  @Override
  public long bytes() {
    return 12L * values.length + 8L * labels.length + 4L * (offset.length + (long) first.length);
  }
}
