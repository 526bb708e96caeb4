package io.sotto.io;

import io.sotto.run.Predictor;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scores of one file or partition: its rows are written where they are read, and of those with
 * a label two numbers stay, 16 bytes a row, which {@link ScoreMetrics} is made from.
 */
final class ScoredFile implements RowReader.Handler, Serializable {
  private static final long serialVersionUID = 1;

  private final ScorePlan plan;
  private final double[] z;
  private final transient @Nullable RowSink out;
  private final transient @Nullable LongFunction<List<Object>> place;
  private int[] places = new int[0];

  /** How many rows were scored. */
  long rows;

  /** Why the file as a whole cannot be used; null if it can. */
  @Nullable String refusal;

  /** Why a score could not be written; null if all could. */
  transient @Nullable IOException unwritten;

  /** Rows that are left out because a field has no value. */
  final MissingCounts missing = new MissingCounts();

  /** Rows that could not be read. */
  final Rejections rejections;

  /** What the first of them has in the columns that say which row it is; empty if there is none. */
  List<Object> firstBad = List.of();

  /** How many rows with a label are of each class; none if labels are numbers. */
  final long[] ofClass;

  private double[] score = new double[1 << 10];
  private double[] label = new double[1 << 10];
  private int labelled;

  ScoredFile(String name, ScorePlan plan, RowSink out, LongFunction<List<Object>> place) {
    this.plan = plan;
    this.out = out;
    this.place = place;
    this.z = new double[plan.predictor().intercepts().length];
    this.ofClass = new long[plan.predictor().labels().size()];
    this.rejections = new Rejections(name, plan.shown());
  }

  /** How many rows have a label. */
  int labelled() {
    return labelled;
  }

  /** By row with a label: z, or of several classes the probability of its own. */
  double score(int row) {
    return score[row];
  }

  /**
   * By row with a label: the number; of two classes 1 or -1; of several 1 if the predicted one is
   * its own, else 0.
   */
  double label(int row) {
    return label[row];
  }

  /** Lets go of what is not needed; called when all rows are there. */
  void close() {
    rejections.lines.close();
    score = Arrays.copyOf(score, labelled);
    label = Arrays.copyOf(label, labelled);
  }

  @Override
  public boolean wants(long line, @Nullable String agent) {
    return rejections.count == 0 || !plan.stopAtFirstFault();
  }

  @Override
  public @Nullable Fault fault(String text) {
    return text.isEmpty() ? null : plan.fault(text);
  }

  @Override
  public void row(
      long line,
      @Nullable String agent,
      String text,
      double weight,
      double offset,
      int @Nullable [] index,
      double[] values,
      int count) {
    Predictor predictor = plan.predictor();
    int known = count;
    if (index != null) {
      if (count > 0 && index[0] < plan.base()) {
        bad(line, agent, new Fault("there is an index below that of the first feature"), () -> "");
        return;
      }
      known = places(index, count, predictor.features());
    }
    predictor.scores(index == null ? null : places, values, known, offset, z);
    rows++;
    List<Object> row = new ArrayList<>(place(line));
    if (plan.hasAgent()) {
      row.add(agent == null ? "" : agent);
    }
    if (plan.hasLabel()) {
      row.add(text);
    }
    double[] probabilities = new double[0];
    switch (predictor.kind()) {
      case NUMBER -> row.add(z[0]);
      case COUNT -> row.add(StrictMath.exp(z[0]));
      default -> row.add(predictor.labels().get(predictor.classOf(z)));
    }
    switch (predictor.kind()) {
      case PROBABILITY -> row.add(Predictor.probability(z[0]));
      case SIDE -> row.add(z[0]);
      case CLASSES -> {
        probabilities = Predictor.probabilities(z);
        plan.addProbabilities(probabilities, row);
      }
      default -> {
        // a number says all there is
      }
    }
    try {
      if (out == null) {
        throw new IllegalStateException("scored after it was sent");
      }
      out.add(row.toArray());
    } catch (IOException e) {
      unwritten = e;
      throw new UncheckedIOException(e);
    }
    if (!text.isEmpty()) {
      keep(plan.encode(text), probabilities);
    }
  }

  /** Where the features of a sparse row stand; those that the solution does not know come last. */
  private int places(int[] index, int count, int features) {
    if (places.length < count) {
      places = new int[index.length];
    }
    int known = 0;
    while (known < count && index[known] - plan.base() < features) {
      places[known] = index[known] - plan.base();
      known++;
    }
    return known;
  }

  private void keep(double own, double[] probabilities) {
    if (labelled == score.length) {
      score = Arrays.copyOf(score, 2 * labelled);
      label = Arrays.copyOf(label, 2 * labelled);
    }
    boolean several = probabilities.length > 0;
    if (ofClass.length > 0) {
      ofClass[(int) Math.max(0, own)]++; // of two classes the first is -1
    }
    score[labelled] = several ? probabilities[(int) own] : z[0];
    label[labelled] = several ? (plan.predictor().classOf(z) == (int) own ? 1 : 0) : own;
    labelled++;
  }

  @Override
  public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
    if (!fault.missing().isEmpty()) {
      missing.add(agent, fault.missing());
      return;
    }
    if (rejections.count == 0) {
      firstBad = place(line);
    }
    rejections.add(line, agent, Set.of(), fault, text);
  }

  private List<Object> place(long line) {
    if (place == null) {
      throw new IllegalStateException("asked after it was sent");
    }
    return place.apply(line);
  }
}
