package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Loss;
import io.sotto.problem.Moments;
import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.TimeCounts;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** What one pass over a file finds: counts, sums and what is wrong; no good row outlives it. */
final class Scan implements RowReader.Handler, Serializable {
  private static final long serialVersionUID = 1;
  private static final int CLASSES = LabelCode.MOST_CLASSES + 1;

  /** What a feature of libsvm takes at most while files are scanned, whatever rows say of it. */
  private static final long BYTES_OF_FEATURE = 256;

  final InputFile file;
  private final Loss.Labels kind;

  /** Counts of times; null if labels are no times. */
  final @Nullable TimeCounts times;

  private final RowWeights rowWeights;
  private final boolean stopAtFirstFault;

  long rows;

  /** The size of the greatest weight: all sums of weights are in units of that. */
  int weightSize = Moments.LEAST;

  /** The sum of the rows' weights, and of the squares of these. */
  double weight;

  double squares;
  long entries;

  /** How many labels are true or false, where the loss wants numbers. */
  long flags;

  int lowestIndex = Integer.MAX_VALUE;
  int highestIndex = -1;
  String checksum = "";

  /** Why the file as a whole cannot be used; null if it can. */
  @Nullable String refusal;

  final Moments moments = new Moments();
  final DistinctNumbers distinct = new DistinctNumbers();
  final Map<String, Integer> rowsByAgent = new TreeMap<>();

  /** Rows that are left out because a field has no value. */
  final MissingCounts missing = new MissingCounts();

  /** The classes as they are first written, and where. */
  final Map<String, String> classes = new LinkedHashMap<>();

  private final Set<String> seen = new HashSet<>(); // the same by canonical labels
  final Rejections rejections;

  Scan(
      InputFile file,
      Objective objective,
      RowWeights rowWeights,
      boolean stopAtFirstFault,
      boolean shown) {
    this.rejections = new Rejections(file.uri(), shown);
    this.file = file;
    this.kind = objective.labels();
    this.times = PiecewiseExponential.counts(objective);
    this.rowWeights = rowWeights;
    this.stopAtFirstFault = stopAtFirstFault;
  }

  /**
   * Reads a file; never throws {@link BadInputException}.
   *
   * @param shown whether what stands in rows that cannot be read is kept
   */
  static Scan of(
      InputFile file,
      RowReader reader,
      Objective objective,
      RowWeights rowWeights,
      boolean stopAtFirstFault,
      boolean shown,
      Configuration hadoop)
      throws IOException {
    Scan scan = new Scan(file, objective, rowWeights, stopAtFirstFault, shown);
    try {
      reader.read(file, hadoop, scan);
      scan.checksum = file.checksum(hadoop);
    } catch (BadInputException e) {
      // told as a value: thrown in a task, it would be tried again and logged as a failure of Spark
      scan.refusal = e.getMessage();
    } catch (IOException | UncheckedIOException e) {
      scan.refusal = IoFailure.input(file.uri() + " cannot be read", e).getMessage();
    }
    scan.close();
    return scan;
  }

  /** Lets go of what is not needed; called when all rows are there. */
  void close() {
    rejections.lines.close();
    distinct.close();
  }

  @Override
  public boolean wants(long line, @Nullable String agent) {
    return (rejections.count == 0 || !stopAtFirstFault)
        && rejections.lines.bytes() <= SkippedLines.MOST_BYTES;
  }

  @Override
  public @Nullable Fault fault(String label) {
    String reason = LabelCode.fault(kind, label);
    return reason == null ? null : new Fault(reason, label);
  }

  @Override
  public void row(
      long line,
      @Nullable String agent,
      String label,
      double own,
      double offset,
      int @Nullable [] index,
      double[] values,
      int count) {
    if (times != null) {
      PiecewiseExponential.requireEvent(file.at(line), offset);
      times.add(Double.parseDouble(LabelCode.canonical(label)), offset == 1);
    }
    if (index != null && count > 0) {
      requireRoom(line, index[count - 1]);
    }
    double counts = inUnits(rowWeights.weight(own, label));
    rows++;
    weight += counts;
    squares += counts * counts;
    entries += count;
    if (agent != null) {
      rowsByAgent.merge(agent, 1, Integer::sum);
    }
    boolean inClasses = kind == Loss.Labels.BINARY || kind == Loss.Labels.CLASSES;
    if (inClasses && classes.size() < CLASSES && seen.add(LabelCode.canonical(label))) {
      classes.put(label, file.at(line));
    }
    if (!inClasses && LabelCode.isFlag(label)) {
      flags++;
    }
    if (index == null) {
      distinct.add(values, count);
    }
    for (int e = 0; e < count; e++) {
      moments.add(index == null ? e : index[e], values[e], counts);
    }
    if (index != null && count > 0) {
      lowestIndex = Math.min(lowestIndex, index[0]);
      highestIndex = Math.max(highestIndex, index[count - 1]);
    }
  }

  /** Refuses an index whose mere number takes all memory: moments and names go up to it. */
  private void requireRoom(long line, int last) {
    if ((last + 1L) * BYTES_OF_FEATURE > Runtime.getRuntime().maxMemory()) {
      throw new BadInputException(
          ("%s: there is an index %d, and means and names of so many features do not fit into"
                  + " memory. Number the features anew, or give more memory: --driver-memory,"
                  + " --executor-memory.")
              .formatted(file.at(line), last));
    }
  }

  /** A weight in units that suit the greatest so far, so that its square does not underflow. */
  private double inUnits(double counts) {
    int more = Moments.size(counts) - weightSize;
    if (more > 0) {
      weight = Moments.scaled(weight, more);
      squares = Moments.scaled(squares, 2 * more);
      moments.inWeights(more);
      weightSize += more;
    }
    return Moments.scaled(counts, weightSize);
  }

  @Override
  public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
    if (!fault.missing().isEmpty()) {
      missing.add(agent, fault.missing());
      rejections.lines.add(line);
      return;
    }
    rejections.add(line, agent, rowsByAgent.keySet(), fault, text);
  }
}
