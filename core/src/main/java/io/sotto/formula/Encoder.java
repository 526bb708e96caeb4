package io.sotto.formula;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Encodes rows as a design says. For one thread. */
public final class Encoder {
  private static final char BROKEN = '\uFFFD'; // what readers put for bytes that are none

  private final Design design;
  private final double[] numbers;
  private final int[] levels;
  private final boolean[] missing;
  private final List<Filler> fillers = new ArrayList<>();
  private final double[] slots;
  private final int[][] columns;
  private final List<Arithmetic> offsets;
  private final @Nullable Arithmetic response;

  /** Writes the numbers of a part, from one of the slots on. */
  @FunctionalInterface
  private interface Filler {
    /** Returns false if the part is no finite number. */
    boolean fill();
  }

  Encoder(Design design) {
    this.design = design;
    int n = design.inputs().size();
    this.numbers = new double[n];
    this.levels = new int[n];
    this.missing = new boolean[n];
    Map<String, Integer> ofNumbers = new HashMap<>();
    Map<String, Integer> ofCategories = new HashMap<>(); // a column may be both
    for (int i = 0; i < n; i++) {
      Input input = design.inputs().get(i);
      (input.isCategory() ? ofCategories : ofNumbers).put(input.column(), i);
    }
    ToIntFunction<String> place = name -> Objects.requireNonNull(ofNumbers.get(name), name);
    ToIntFunction<String> category = name -> Objects.requireNonNull(ofCategories.get(name), name);
    this.slots = new double[design.parts().stream().mapToInt(p -> p.names().size()).sum()];
    int from = 0;
    for (Part part : design.parts()) {
      fillers.add(filler(part, from, part.kind() == Part.Kind.LEVELS ? category : place));
      from += part.names().size();
    }
    this.columns =
        design.columns().stream()
            .map(column -> column.slots().stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    this.offsets = design.offsets().stream().map(node -> Arithmetic.of(node, place)).toList();
    this.response = design.response() == null ? null : Arithmetic.of(design.response(), place);
  }

  private Filler filler(Part part, int from, ToIntFunction<String> place) {
    int count = part.names().size();
    if (part.kind() == Part.Kind.LEVELS || part.kind() == Part.Kind.MISSING) {
      int input = place.applyAsInt(((Node.Name) part.of()).name());
      return () -> {
        for (int k = 0; k < count; k++) {
          boolean one = part.kind() == Part.Kind.MISSING ? missing[input] : levels[input] == k;
          slots[from + k] = one ? 1 : 0;
        }
        return true;
      };
    }
    Arithmetic of = Arithmetic.of(part.of(), place);
    NaturalSpline spline =
        part.kind() == Part.Kind.SPLINES ? new NaturalSpline(part.first(), part.second()) : null;
    return () -> {
      double x = of.of(numbers);
      if (spline != null) {
        spline.at(x, slots, from);
      } else if (part.kind() == Part.Kind.POLYNOMIALS) {
        Polynomials.fill(part.first(), part.second(), x, slots, from);
      } else {
        double power = x;
        for (int k = 0; k < count; k++) {
          slots[from + k] = power;
          power *= x;
        }
      }
      boolean finite = true;
      for (int k = 0; k < count; k++) {
        finite &= Double.isFinite(slots[from + k]);
      }
      return finite;
    };
  }

  /**
   * Encodes a row.
   *
   * @param number of an input by its place, NaN if it holds no finite one
   * @param text of an input by its place
   * @param out takes the features
   * @return why the row cannot be used; null if it can
   */
  public @Nullable Unusable encode(
      IntToDoubleFunction number, IntFunction<String> text, double[] out) {
    List<String> without = null;
    for (int i = 0; i < numbers.length; i++) {
      Input input = design.inputs().get(i);
      Unusable fault =
          input.isCategory() ? category(input, i, number, text) : number(input, i, number, text);
      if (fault != null && fault.missing().isEmpty()) {
        return fault;
      }
      if (fault != null) {
        without = without == null ? new ArrayList<>() : without;
        without.add(input.column());
      }
    }
    if (without != null) {
      return Unusable.ofMissing(without);
    }
    for (int p = 0; p < fillers.size(); p++) {
      if (!fillers.get(p).fill()) {
        return Unusable.of(
            "'%s' is no finite number".formatted(design.parts().get(p).label()), null);
      }
    }
    for (int j = 0; j < columns.length; j++) {
      double product = slots[columns[j][0]];
      for (int k = 1; k < columns[j].length; k++) {
        product *= slots[columns[j][k]];
      }
      out[j] = product;
    }
    return null;
  }

  private @Nullable Unusable number(
      Input input, int i, IntToDoubleFunction number, IntFunction<String> text) {
    double value = number.applyAsDouble(i);
    missing[i] =
        Double.isFinite(value)
            ? design.missing().isCode(value)
            : design.missing().holds(text.apply(i));
    if (missing[i]) {
      numbers[i] = input.fill();
      return Double.isNaN(input.fill()) ? Unusable.ofMissing(List.of(input.column())) : null;
    }
    numbers[i] = value;
    return Double.isFinite(value)
        ? null
        : Unusable.of("'%s' is no finite number".formatted(input.column()), text.apply(i));
  }

  private @Nullable Unusable category(
      Input input, int i, IntToDoubleFunction number, IntFunction<String> text) {
    String field = text.apply(i);
    double value = input.kind() == Input.Kind.CODE ? number.applyAsDouble(i) : 0;
    missing[i] = design.missing().holds(field);
    if (missing[i]) {
      levels[i] = input.missing().isEmpty() ? -1 : input.place(input.missing());
      return levels[i] < 0 ? Unusable.ofMissing(List.of(input.column())) : null;
    }
    if (field.isBlank()) {
      return Unusable.of("'%s' is empty".formatted(input.column()), null);
    }
    if (field.indexOf(BROKEN) >= 0) {
      return Unusable.of(
          "'%s' is not UTF-8; save the file as UTF-8".formatted(input.column()), null);
    }
    if (input.kind() == Input.Kind.CODE && !Double.isFinite(value)) {
      return Unusable.of("'%s' is no finite number".formatted(input.column()), field);
    }
    levels[i] = input.place(Input.level(input.kind(), field, value));
    return levels[i] >= 0
        ? null
        : Unusable.of("'%s' is none of the levels of the model".formatted(input.column()), field);
  }

  /** What is added to the prediction of the row that was encoded last. */
  public double offset() {
    double sum = 0;
    for (Arithmetic offset : offsets) {
      sum += offset.of(numbers);
    }
    return sum;
  }

  /**
   * The label of the row that was encoded last.
   *
   * @throws IllegalStateException if it is not computed
   */
  public double response() {
    if (response == null) {
      throw new IllegalStateException("the label is a column");
    }
    return response.of(numbers);
  }
}
