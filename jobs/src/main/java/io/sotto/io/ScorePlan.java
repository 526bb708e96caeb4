package io.sotto.io;

import io.sotto.problem.LabelCode;
import io.sotto.problem.Loss;
import io.sotto.run.Predictor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every task must know.
 *
 * @param places the columns that say which row it is
 * @param base the index of the first feature in files of libsvm
 * @param flat whether probabilities have a column each
 * @param stopAtFirstFault whether a row that cannot be read ends it
 * @param shown whether what stands in such rows may be told
 */
record ScorePlan(
    Predictor predictor,
    Loss.Labels labels,
    List<Place> places,
    boolean hasAgent,
    boolean hasLabel,
    int base,
    boolean flat,
    boolean stopAtFirstFault,
    boolean shown)
    implements Serializable {

  /**
   * One of the columns that say which row it is.
   *
   * @param name for people
   * @param column as {@link ParquetTable} has it
   */
  record Place(String name, String column) implements Serializable {}

  /** What is wrong with a label; null if nothing is. */
  @Nullable Fault fault(String text) {
    String reason = LabelCode.fault(labels, text);
    if (reason == null && !predictor.labels().isEmpty() && !code().has(text)) {
      reason = "the label is none of those of the solution";
    }
    return reason == null ? null : new Fault(reason, text);
  }

  double encode(String text) {
    return code().encode(text);
  }

  private LabelCode code() {
    return new LabelCode(labels, predictor.labels());
  }

  void addProbabilities(double[] p, List<Object> row) {
    if (flat) {
      for (double one : p) {
        row.add(one);
      }
    } else {
      row.add(p);
    }
  }

  /** The columns of scores, as {@link ParquetTable} has them. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    places.forEach(place -> columns.add(place.column()));
    if (hasAgent) {
      columns.add(ParquetTable.text("agent"));
    }
    if (hasLabel) {
      columns.add(ParquetTable.text("label"));
    }
    boolean number =
        predictor.kind() == Predictor.Kind.NUMBER || predictor.kind() == Predictor.Kind.COUNT;
    columns.add(number ? ParquetTable.number("prediction") : ParquetTable.text("prediction"));
    switch (predictor.kind()) {
      case PROBABILITY -> columns.add(ParquetTable.number("probability"));
      case SIDE -> columns.add(ParquetTable.number("score"));
      case CLASSES -> columns.add(ParquetTable.numbers("probability"));
      default -> {
        // a number says all there is
      }
    }
    return columns;
  }

  /** Their names in csv, where each class has a column. */
  List<String> names() {
    List<String> names =
        columns().stream()
            .skip(places.size())
            .map(column -> column.split(" ", -1)[2].replace(";", ""))
            .collect(Collectors.toCollection(ArrayList::new));
    if (predictor.kind() == Predictor.Kind.CLASSES) {
      names.remove(names.size() - 1);
      predictor.labels().forEach(label -> names.add("probability " + label));
    }
    names.addAll(0, places.stream().map(Place::name).toList());
    return names;
  }
}
