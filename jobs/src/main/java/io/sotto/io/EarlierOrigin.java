package io.sotto.io;

import io.sotto.engine.Origin;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Estimates and duals out of an earlier output, from original units to those of this run. A cell
 * reads the files that hold any of its agents; where agents stand in the same cells as before, that
 * is one.
 *
 * @param ticks the ticks that led there
 * @param agents the agents of this run, by index
 * @param features how many features there were
 * @param feature where each feature of this run stood; -1 for one that is new
 * @param fallback by coordinate of this run, where newcomers start, in original units
 * @param units those of this run
 * @param shape the coordinates of x
 * @param estimates where each agent's estimate is
 * @param links where each agent's links are
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record EarlierOrigin(
    double ticks,
    List<String> agents,
    int features,
    int[] feature,
    double[] fallback,
    Standardization units,
    Objective.Shape shape,
    Holders estimates,
    Holders links,
    SerializableConfiguration hadoop)
    implements Origin {

  /**
   * Which file holds what.
   *
   * @param files all files
   * @param of by agent of this run, its file; -1 for none
   */
  record Holders(List<InputFile> files, int[] of) implements java.io.Serializable {

    /** There is nothing for any of so many agents. */
    static Holders none(int agents) {
      int[] of = new int[agents];
      Arrays.fill(of, -1);
      return new Holders(List.of(), of);
    }
  }

  @Override
  public void estimates(int[] cell, double[] out, IntUnaryOperator at) {
    for (int i = 0; i < cell.length; i++) {
      System.arraycopy(fallback, 0, out, at.applyAsInt(i), fallback.length);
      units.solve(out, at.applyAsInt(i), shape);
    }
    Map<String, Integer> positions = positions(cell);
    read(
        VectorTable.ESTIMATES,
        estimates,
        cell,
        new VectorTable.Handler() {
          private int position;

          @Override
          public boolean wants(String[] names) {
            position = positions.getOrDefault(names[0], -1);
            return position >= 0;
          }

          @Override
          public void row(double[] coefficients, double[] last) {
            int start = at.applyAsInt(position);
            place(coefficients, last, out, start);
            units.solve(out, start, shape);
          }
        });
  }

  @Override
  public void duals(int[] cell, int[] offset, int[] neighbours, double[] out) {
    Map<String, Integer> positions = positions(cell);
    Map<String, Integer> others = new HashMap<>();
    for (int neighbour : neighbours) {
      others.put(agents.get(neighbour), neighbour);
    }
    int d = fallback.length;
    read(
        VectorTable.LINKS,
        links,
        cell,
        new VectorTable.Handler() {
          private int link;

          @Override
          public boolean wants(String[] names) {
            @Nullable Integer i = positions.get(names[0]);
            @Nullable Integer other = others.get(names[1]);
            link =
                i == null || other == null
                    ? -1
                    : Arrays.binarySearch(neighbours, offset[i], offset[i + 1], other);
            return link >= 0;
          }

          @Override
          public void row(double[] coefficients, double[] last) {
            place(coefficients, last, out, link * d);
            units.solveDual(out, link * d, shape);
          }
        });
  }

  private Map<String, Integer> positions(int[] cell) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < cell.length; i++) {
      positions.put(agents.get(cell[i]), i);
    }
    return positions;
  }

  private void place(double[] coefficients, double[] last, double[] out, int at) {
    int outputs = shape.coefficients() / feature.length;
    for (int k = 0; k < outputs; k++) {
      for (int j = 0; j < feature.length; j++) {
        out[at + k * feature.length + j] =
            feature[j] < 0 ? 0 : coefficients[k * features + feature[j]];
      }
    }
    System.arraycopy(last, 0, out, at + shape.coefficients(), last.length);
  }

  private void read(VectorTable table, Holders holders, int[] cell, VectorTable.Handler handler) {
    int[] files =
        Arrays.stream(cell)
            .map(i -> holders.of()[i])
            .filter(f -> f >= 0)
            .sorted()
            .distinct()
            .toArray();
    int count = shape.coefficients() / feature.length * features;
    int others = shape.dimension() - shape.coefficients();
    try {
      for (int file : files) {
        table.read(holders.files().get(file), hadoop.value(), count, others, handler);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
