package io.sotto.io;

import io.sotto.formula.Encoder;
import io.sotto.formula.MissingValues;
import io.sotto.formula.Unusable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes of the fields of each row what a handler takes: features, weight and offset. */
final class RowTaker {
  private final Columns.Positions at;
  private final List<String> names;
  private final RowReader.Handler handler;
  private final Encoder encoder;
  private final MissingValues words;
  private final boolean computesLabel;
  private final int features;
  private final double[] values; // then the weight and the offset

  /**
   * @param names of all columns of the file
   */
  RowTaker(Columns.Positions at, List<String> names, RowReader.Handler handler) {
    this.at = at;
    this.names = names;
    this.handler = handler;
    this.encoder = at.design().encoder();
    this.words = at.design().missing();
    this.computesLabel = at.design().response() != null;
    this.features = at.design().columns().size();
    this.values = new double[features + 2];
  }

  /**
   * Takes a row that the handler wants.
   *
   * @param agent who holds it; null if that is not said
   * @param broken what is wrong with it as a whole; null if nothing is
   * @param text all of it
   */
  void take(
      long line,
      @Nullable String agent,
      RowReader.Fields fields,
      @Nullable Fault broken,
      Supplier<String> text) {
    if (broken == null && handler.looksAt(agent, at, fields)) {
      return;
    }
    String label = "";
    Fault fault = broken == null ? ofNames(fields) : broken;
    fault = fault == null ? ofNumbers(fields) : fault;
    if (fault == null) {
      label = label(fields);
      fault =
          computesLabel && !Double.isFinite(encoder.response())
              ? new Fault("the label is no finite number")
              : handler.fault(label);
    }
    if (fault == null) {
      handler.row(
          line, agent, label, values[features], values[features + 1], null, values, features);
    } else {
      handler.bad(line, agent, fault, text);
    }
  }

  /** The label; of rows that are to be scored it may be empty. */
  private String label(RowReader.Fields fields) {
    if (computesLabel) {
      return "" + encoder.response();
    }
    String text = at.label() < 0 ? "" : fields.text(at.label()).strip();
    return at.scored() && words.holds(text) ? "" : text;
  }

  private @Nullable Fault ofNames(RowReader.Fields fields) {
    if (!at.scored() && at.agent() >= 0 && fields.text(at.agent()).isBlank()) {
      return new Fault("'%s' is empty".formatted(names.get(at.agent())));
    }
    for (int column : new int[] {at.agent(), at.label()}) {
      if (column >= 0 && CsvRows.isBroken(fields.text(column))) {
        return new Fault("'%s' is not UTF-8; save the file as UTF-8".formatted(names.get(column)));
      }
    }
    String label = computesLabel || at.scored() ? "given" : fields.text(at.label());
    return label.isBlank() && !words.holds(label)
        ? new Fault("'%s' is empty".formatted(names.get(at.label())))
        : null;
  }

  private @Nullable Fault ofNumbers(RowReader.Fields fields) {
    Unusable unusable =
        encoder.encode(
            i -> fields.number(at.features()[i]), i -> fields.text(at.features()[i]), values);
    if (unusable != null && unusable.missing().isEmpty()) {
      return new Fault(unusable.reason(), unusable.value());
    }
    List<String> missing = new ArrayList<>(unusable == null ? List.of() : unusable.missing());
    at.without(fields, words).forEach(column -> missing.add(names.get(column)));
    if (!missing.isEmpty()) {
      return Fault.ofMissing(missing.stream().distinct().toList());
    }
    double weight = at.weight() < 0 ? 1 : fields.number(at.weight());
    double offset = at.offset() < 0 ? 0 : fields.number(at.offset());
    values[features] = weight;
    values[features + 1] = offset + encoder.offset();
    if (!(weight >= 0 && Double.isFinite(weight))) {
      return new Fault(
          "'%s' is no weight, a finite number from 0 on".formatted(names.get(at.weight())),
          fields.text(at.weight()));
    }
    if (!Double.isFinite(values[features + 1])) {
      return at.offset() < 0
          ? new Fault("the offset is no finite number")
          : new Fault(
              "'%s' is no finite number".formatted(names.get(at.offset())),
              fields.text(at.offset()));
    }
    return null;
  }
}
