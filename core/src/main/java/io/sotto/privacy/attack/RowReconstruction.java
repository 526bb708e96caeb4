package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.Loss;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows and labels from subgradients of a generalised linear model with an intercept. Along the run,
 * the regularizer's public part taken off,
 *
 * <pre>
 *   G(v) = M (g(v) - its share of the regularizer) = sum over rows of loss'(a.w + b, y) (a, 1)
 * </pre>
 *
 * <p>Where all G are multiples of one vector, there is one row, and it is that vector over its last
 * number. Where the loss is of straight pieces (hinge, absolute, quantile), G changes only when the
 * prediction of a row passes its kink: a change whose last number is the jump of the slope there is
 * that of one row, however many rows there are, and the label is where the prediction then was.
 *
 * <p>Where a loss of two classes is smooth, {@link RowPeeling} takes one row after the other out of
 * G, if there are fewer of them than dimensions.
 *
 * <p>Assumes an exposed victim ({@link Updates}) that no set holds back at the ticks it uses, for
 * the pieces the victim's rate to within {@value #NEAR}, and for several rows of a smooth loss
 * exactly. What offsets add to G is constant and does not hide differences. Says nothing of several
 * rows of smooth losses of other labels, of which the squared loss gives away no more than a
 * quadratic function. Costs d for each pair of samples that follow each other, and what peeling
 * costs.
 */
final class RowReconstruction implements Attack {
  private static final double NEAR = 0.02;
  private static final double SAME = 1e-6;
  private static final int MOST = 1000;

  /** By victim, what was last made of it: whoever hears all around it has the same samples. */
  private final Map<Integer, Last> last = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Last(double[] sums, List<double[]> rows) {}

  @Override
  public String about() {
    return "rows";
  }

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    Loss loss = setting.loss();
    if (loss == null || !setting.intercept() || !setting.sets().isEmpty()) {
      return null;
    }
    Samples samples = new Updates(knowledge, transcript).of(victim);
    if (samples == null || samples.size() < 2) {
      return null;
    }
    double[] sums = sums(samples, setting);
    Last known = last.get(victim);
    if (known == null || !Arrays.equals(known.sums, sums)) {
      known = new Last(sums, found(samples, sums, setting, loss));
      last.put(victim, known);
    }
    List<double[]> rows = known.rows;
    if (rows.isEmpty()) {
      return null;
    }
    int n = setting.coefficients();
    double[] features = new double[rows.size() * n];
    double[] labels = new double[rows.size()];
    for (int r = 0; r < labels.length; r++) {
      System.arraycopy(rows.get(r), 0, features, r * n, n);
      labels[r] = rows.get(r)[n];
    }
    return new Finding.Rows(features, labels);
  }

  private static List<double[]> found(Samples samples, double[] sums, Setting setting, Loss loss) {
    boolean shared = setting.linearTerms();
    double[] one = shared ? null : single(samples, sums, setting.dimension(), loss);
    return one != null
        ? List.of(one)
        : loss.smooth() ? peeled(samples, sums, setting, loss) : kinks(samples, sums, setting);
  }

  /** G of all samples. */
  private static double[] sums(Samples samples, Setting setting) {
    int d = setting.dimension();
    double[] sums = Arrays.copyOf(samples.pulls(), samples.size() * d);
    double share = 1.0 / setting.agents();
    int n = setting.coefficients();
    for (int k = 0; k < samples.size(); k++) {
      double[] penalty = new double[n];
      setting.regularizer().setGradient(1, samples.points(), samples.at(k), penalty, n);
      setting.regularizer().addPenalty(1, samples.points(), samples.at(k), penalty, n);
      Vectors.addScaled(-share, penalty, 0, sums, k * d, n);
    }
    Vectors.setScaled(setting.rows(), sums, 0, sums, 0, sums.length);
    return sums;
  }

  /** The one row of which all G are multiples, with its label; null if there are more. */
  private static double @Nullable [] single(Samples samples, double[] sums, int d, Loss loss) {
    int longest = 0;
    for (int k = 1; k < samples.size(); k++) {
      longest = square(sums, k, d) > square(sums, longest, d) ? k : longest;
    }
    double most = square(sums, longest, d);
    double last = sums[longest * d + d - 1];
    if (Math.abs(last) <= SAME * Math.sqrt(most)) {
      return null;
    }
    double spread = 0;
    for (int k = 0; k < samples.size(); k++) {
      double along = Vectors.dot(sums, k * d, sums, longest * d, d) / most;
      spread += Math.max(0, square(sums, k, d) - along * along * most);
    }
    if (spread > SAME * SAME * most * samples.size()) {
      return null;
    }
    double[] row = new double[d];
    Vectors.setScaled(1 / last, sums, longest * d, row, 0, d - 1);
    double z = prediction(row, samples, longest, d);
    row[d - 1] = label(loss, z, last);
    return row;
  }

  private static double square(double[] sums, int k, int d) {
    return Vectors.dot(sums, k * d, sums, k * d, d);
  }

  private static double prediction(double[] row, Samples samples, int k, int d) {
    double[] x = samples.points();
    return Vectors.dot(row, 0, x, samples.at(k), d - 1) + x[samples.at(k) + d - 1];
  }

  /** The label at which the loss has that slope: by sign, or where slopes fall with the label. */
  private static double label(Loss loss, double z, double slope) {
    if (loss.labels() == Loss.Labels.BINARY) {
      return -Math.signum(slope);
    }
    double low = z - 1e6;
    double high = z + 1e6;
    for (int k = 0; k < 100; k++) {
      double middle = low / 2 + high / 2;
      if (loss.derivative(z, middle) > slope) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low / 2 + high / 2;
  }

  /** The rows of a smooth loss of two classes, with their labels. */
  private static List<double[]> peeled(Samples samples, double[] sums, Setting setting, Loss loss) {
    int d = setting.dimension();
    boolean shared = setting.linearTerms();
    if (loss.labels() != Loss.Labels.BINARY || loss.curvature(1) == 0) {
      return List.of();
    }
    List<double[]> rows = new ArrayList<>();
    for (double[] z :
        RowPeeling.rows(samples, sums, d, loss, noise(samples, sums, setting), shared)) {
      double[] row = new double[d];
      Vectors.setScaled(1 / z[d - 1], z, 0, row, 0, d - 1);
      row[d - 1] = Math.signum(z[d - 1]);
      rows.add(row);
    }
    return rows;
  }

  /** What rounding makes of the singular values of G: points of 53 bits, divided by steps. */
  private static double noise(Samples samples, double[] sums, Setting setting) {
    int d = setting.dimension();
    double total = 0;
    for (int k = 0; k < samples.size(); k++) {
      double[] x = samples.points();
      double step = setting.step().at(Math.max(1, samples.tick(k)));
      double parts = setting.rows() / step;
      total += parts * parts * Vectors.dot(x, samples.at(k), x, samples.at(k), d);
      total += square(sums, k, d);
    }
    return 2 * Math.ulp(1.0) * Math.sqrt(total / d);
  }

  /** The rows that passed their kinks alone, each once, with their labels. */
  private static List<double[]> kinks(Samples samples, double[] sums, Setting setting) {
    int d = setting.dimension();
    Loss loss = setting.loss();
    List<double[]> rows = new ArrayList<>();
    if (loss == null) {
      return rows;
    }
    double jump = loss.derivative(1e6, 1) - loss.derivative(-1e6, 1);
    for (int k = 1; k < samples.size() && rows.size() < MOST; k++) {
      double change = sums[k * d + d - 1] - sums[(k - 1) * d + d - 1];
      if (Math.abs(Math.abs(change) - jump) > NEAR * jump) {
        continue;
      }
      double[] row = new double[d];
      Vectors.setScaled(1 / change, sums, k * d, row, 0, d - 1);
      Vectors.addScaled(-1 / change, sums, (k - 1) * d, row, 0, d - 1);
      double before = prediction(row, samples, k - 1, d);
      double after = prediction(row, samples, k, d);
      boolean rises = (after - before) * change > 0; // slopes grow with predictions
      double middle = (before + after) / 2;
      row[d - 1] = loss.labels() == Loss.Labels.BINARY ? Math.signum(middle) : middle;
      if (rises && rows.stream().noneMatch(known -> same(known, row, d - 1))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static boolean same(double[] a, double[] b, int n) {
    double far = Vectors.distance(a, 0, b, 0, n);
    return far * far <= NEAR * NEAR * Vectors.dot(a, 0, a, 0, n);
  }
}
