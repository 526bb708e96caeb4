package io.sotto.formula;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of rows become the numbers that a model is fitted to: all that has to be known to
 * encode rows, the old ones and new ones alike. {@link #encoder} does it.
 *
 * @param formula the formula; empty if columns are taken as they are
 * @param intercept whether the formula has a constant
 * @param inputs the columns that are read
 * @param parts the numbers that these become
 * @param columns products of parts: the features of the model, in order
 * @param offsets what is added to a prediction, all of them
 * @param response what the label is computed from; null if it is a column
 * @param missing what stands in fields without a value
 */
public record Design(
    String formula,
    boolean intercept,
    List<Input> inputs,
    List<Part> parts,
    List<Column> columns,
    List<Node> offsets,
    @Nullable Node response,
    MissingValues missing)
    implements Serializable {

  /**
   * A feature.
   *
   * @param name as R calls it
   * @param slots the places, among the numbers of all parts, of its factors
   */
  public record Column(String name, List<Integer> slots) implements Serializable {}

  /** Columns of numbers, as they are. */
  public static Design plain(List<String> columns, MissingValues missing) {
    List<Column> features = new ArrayList<>();
    for (String name : columns) {
      features.add(new Column(name, List.of(features.size())));
    }
    return new Design(
        "",
        true,
        columns.stream().map(Input::number).toList(),
        columns.stream().map(name -> Part.number(name, new Node.Name(name, 0))).toList(),
        List.copyOf(features),
        List.of(),
        null,
        missing);
  }

  /** Whether all columns are numbers, and are taken as they are. */
  public boolean isPlain() {
    return formula.isEmpty()
        && inputs.size() == columns.size()
        && inputs.stream().allMatch(i -> !i.isCategory() && Double.isNaN(i.fill()));
  }

  /** The names of the columns that are read. */
  public List<String> inputNames() {
    return inputs.stream().map(Input::column).toList();
  }

  /** The names of the features. */
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /** What encodes rows; for one thread. */
  public Encoder encoder() {
    return new Encoder(this);
  }

  /** What is added to predictions, as a formula has it; empty if nothing is. */
  public String offset() {
    return String.join(" + ", offsets.stream().map(Node::text).toList());
  }

  /** The same without some of the features. */
  public Design without(Set<String> features) {
    List<Column> rest = columns.stream().filter(c -> !features.contains(c.name)).toList();
    return new Design(formula, intercept, inputs, parts, rest, offsets, response, missing);
  }

  /** The features that are products of categories alone. */
  public List<String> ofCategories() {
    List<Boolean> levels = new ArrayList<>();
    parts.forEach(p -> p.names().forEach(name -> levels.add(p.kind() == Part.Kind.LEVELS)));
    return columns.stream()
        .filter(column -> column.slots.stream().allMatch(levels::get))
        .map(Column::name)
        .toList();
  }

  /** The levels of each category, the reference first. */
  public Map<String, List<String>> levels() {
    Map<String, List<String>> levels = new LinkedHashMap<>();
    for (Input input : inputs) {
      if (input.isCategory()) {
        levels.put(input.column(), input.levels());
      }
    }
    return levels;
  }

  /** The same for rows that have no label: it needs no column of the label. */
  public Design forNewRows() {
    Set<String> used = new LinkedHashSet<>();
    Stream.concat(parts.stream().map(Part::of), offsets.stream())
        .flatMap(Node::names)
        .forEach(name -> used.add(name.name()));
    return new Design(
        formula,
        intercept,
        inputs.stream().filter(input -> used.contains(input.column())).toList(),
        parts,
        columns,
        offsets,
        null,
        missing);
  }

  /**
   * As {@code solution.json} has it: {@code formula}, {@code inputs} (columns with levels, and what
   * fields without a value count as), {@code parts} (what is computed of them, with knots), {@code
   * columns} (the features, as products of the names of parts), {@code offsets}, {@code missing}.
   */
  public Map<String, Object> toMap() {
    List<String> slots = slotNames();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("formula", formula);
    map.put("intercept", intercept);
    map.put("inputs", inputs.stream().map(Input::toMap).toList());
    map.put("parts", parts.stream().map(Part::toMap).toList());
    List<Object> products = new ArrayList<>();
    for (Column column : columns) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", column.name);
      one.put("product", column.slots.stream().map(slots::get).toList());
      products.add(one);
    }
    map.put("columns", products);
    map.put("offsets", offsets.stream().map(Node::text).toList());
    map.put("missing", missing.words());
    return map;
  }

  /** The names of the numbers of all parts. */
  List<String> slotNames() {
    return parts.stream().flatMap(part -> part.names().stream()).toList();
  }

  /**
   * Reads what {@link #toMap} wrote, for new rows.
   *
   * @throws BadInputException if it is not that
   */
  public static Design of(Map<String, ?> map) {
    List<Part> parts = maps(map.get("parts")).stream().map(Part::of).toList();
    Map<String, Integer> places = new HashMap<>();
    parts.forEach(part -> part.names().forEach(name -> places.put(name, places.size())));
    List<Column> columns = new ArrayList<>();
    for (Map<?, ?> column : maps(map.get("columns"))) {
      List<Integer> slots = new ArrayList<>();
      for (String name : texts(column.get("product"))) {
        Integer place = places.get(name);
        if (place == null) {
          throw new BadInputException("design.columns names the part '%s'".formatted(name));
        }
        slots.add(place);
      }
      columns.add(new Column(String.valueOf(column.get("name")), List.copyOf(slots)));
    }
    return new Design(
        String.valueOf(map.get("formula")),
        Boolean.TRUE.equals(map.get("intercept")),
        maps(map.get("inputs")).stream().map(Input::of).toList(),
        parts,
        List.copyOf(columns),
        texts(map.get("offsets")).stream().map(Parser::read).toList(),
        null,
        new MissingValues(texts(map.get("missing"))));
  }

  private static List<Map<?, ?>> maps(@Nullable Object list) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (list instanceof List<?> all) {
      for (Object one : all) {
        if (one instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
  }
}
