package io.sotto.privacy.judge;

import io.sotto.engine.Shards;
import io.sotto.problem.DenseRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Rows by agent, in memory.
 *
 * @param features rows x features, by agent
 * @param labels by agent
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Tables(
    double[][] features, double[][] labels, int width, Loss loss, Regularizer regularizer, int rows)
    implements Shards {

  /** Rows that are normal around a mean of each agent's own, labels by a plane of its own. */
  public static Tables random(
      int[] rowsOf, int width, Loss loss, Regularizer regularizer, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] features = new double[rowsOf.length][];
    double[][] labels = new double[rowsOf.length][];
    for (int i = 0; i < rowsOf.length; i++) {
      features[i] = new double[rowsOf[i] * width];
      labels[i] = new double[rowsOf[i]];
      double[] mean = new double[width];
      double[] plane = new double[width];
      Arrays.setAll(mean, j -> random.nextGaussian());
      Arrays.setAll(plane, j -> random.nextGaussian());
      for (int r = 0; r < rowsOf[i]; r++) {
        double margin = random.nextGaussian();
        for (int j = 0; j < width; j++) {
          double a = mean[j] + random.nextGaussian();
          features[i][r * width + j] = a;
          margin += plane[j] * a;
        }
        labels[i][r] = loss.labels() == Loss.Labels.BINARY ? Math.signum(margin) : margin;
      }
    }
    return new Tables(features, labels, width, loss, regularizer, Arrays.stream(rowsOf).sum());
  }

  /** The hospitals' rows, standardised. */
  public static Tables hospitals(Loss loss, Regularizer regularizer) {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("..", "data", "hospitals.csv"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String[]> cells = lines.stream().skip(1).map(line -> line.split(",")).toList();
    int width = cells.get(0).length - 2;
    double[] mean = new double[width];
    double[] square = new double[width];
    int n = cells.size();
    for (String[] row : cells) {
      for (int j = 0; j < width; j++) {
        mean[j] += Double.parseDouble(row[j + 2]) / n;
      }
    }
    for (String[] row : cells) {
      for (int j = 0; j < width; j++) {
        double off = Double.parseDouble(row[j + 2]) - mean[j];
        square[j] += off * off / (n - 1);
      }
    }
    TreeMap<String, List<String[]>> by = new TreeMap<>();
    cells.forEach(row -> by.computeIfAbsent(row[0], name -> new ArrayList<>()).add(row));
    double[][] features = new double[by.size()][];
    double[][] labels = new double[by.size()][];
    int i = 0;
    for (List<String[]> rows : by.values()) {
      features[i] = new double[rows.size() * width];
      labels[i] = new double[rows.size()];
      for (int r = 0; r < rows.size(); r++) {
        labels[i][r] = rows.get(r)[1].equals("malignant") ? 1 : -1;
        for (int j = 0; j < width; j++) {
          double value = Double.parseDouble(rows.get(r)[j + 2]);
          features[i][r * width + j] = (value - mean[j]) / Math.sqrt(square[j]);
        }
      }
      i++;
    }
    return new Tables(features, labels, width, loss, regularizer, n);
  }

  @Override
  public LocalObjective load(int[] agents) {
    int[] first = new int[agents.length + 1];
    for (int i = 0; i < agents.length; i++) {
      first[i + 1] = first[i] + labels[agents[i]].length;
    }
    double[] a = new double[first[agents.length] * width];
    double[] y = new double[first[agents.length]];
    for (int i = 0; i < agents.length; i++) {
      System.arraycopy(features[agents[i]], 0, a, first[i] * width, features[agents[i]].length);
      System.arraycopy(labels[agents[i]], 0, y, first[i], labels[agents[i]].length);
    }
    return new LinearModel(
        new DenseRows(width, first, y, a),
        loss,
        regularizer,
        1.0 / rows,
        1.0 / features.length,
        true,
        null);
  }
}
