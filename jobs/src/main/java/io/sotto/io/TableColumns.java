package io.sotto.io;

import io.sotto.problem.Numbers;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table of Spark: its fields, and a column for each slot of a vector of Spark
 * MLlib.
 *
 * @param columns in their order
 * @param sizes by field, how many slots a vector has; -1 for what is none
 */
record TableColumns(List<Column> columns, List<Integer> sizes) implements Serializable {

  /**
   * One of them.
   *
   * @param field of the table
   * @param slot of the vector; -1 if the field is none
   * @param fault why it is no column of numbers; null if it is one
   * @param text whether it holds text
   */
  record Column(String name, int field, int slot, @Nullable String fault, boolean text)
      implements Serializable {}

  /** Those of a table; where nothing says how many slots a vector has, its first row does. */
  static TableColumns of(Dataset<Row> table) {
    StructField[] fields = table.schema().fields();
    Set<String> taken = new HashSet<>();
    for (StructField field : fields) {
      taken.add(field.name());
    }
    List<Column> columns = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int f = 0; f < fields.length; f++) {
      List<String> slots = isVector(fields[f]) ? slots(table, fields[f], taken) : List.of();
      sizes.add(slots.isEmpty() ? -1 : slots.size());
      if (slots.isEmpty()) {
        boolean text = fields[f].dataType() instanceof StringType;
        columns.add(new Column(fields[f].name(), f, -1, fault(fields[f]), text));
      }
      for (int slot = 0; slot < slots.size(); slot++) {
        columns.add(new Column(slots.get(slot), f, slot, null, false));
      }
    }
    return new TableColumns(List.copyOf(columns), List.copyOf(sizes));
  }

  private static boolean isVector(StructField field) {
    return field.dataType().equals(SQLDataTypes.VectorType());
  }

  /** The names of the slots; empty if there are none. */
  private static List<String> slots(Dataset<Row> table, StructField field, Set<String> taken) {
    List<String> names = attributes(field);
    if (!names.isEmpty() && names.stream().allMatch(name -> !name.isBlank() && taken.add(name))) {
      return names;
    }
    int size = names.size();
    if (size == 0) {
      String quoted = "`" + field.name().replace("`", "``") + "`";
      Row[] first = (Row[]) table.select(quoted).na().drop().head(1);
      size = first.length == 0 ? 0 : ((Vector) first[0].get(0)).size();
    }
    return IntStream.range(0, size).mapToObj(slot -> field.name() + "[" + slot + "]").toList();
  }

  /** The names that Spark MLlib gave to the slots of a vector; empty if it did not. */
  static List<String> attributes(StructField field) {
    AttributeGroup group = AttributeGroup.fromStructField(field);
    List<String> names = new ArrayList<>();
    if (group.attributes().isDefined()) {
      for (Attribute attribute : group.attributes().get()) {
        names.add(attribute.name().isDefined() ? attribute.name().get() : "");
      }
    }
    return names;
  }

  private static @Nullable String fault(StructField field) {
    DataType type = field.dataType();
    if (type instanceof NumericType || type instanceof BooleanType) {
      return null;
    }
    if (isVector(field)) {
      return "a vector without slots";
    }
    if (type instanceof DateType) {
      return "a date";
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return "a timestamp";
    }
    if (type instanceof ArrayType) {
      return "a list";
    }
    if (type instanceof MapType) {
      return "a map";
    }
    if (type instanceof StructType) {
      return "a struct";
    }
    return type instanceof BinaryType ? "binary" : "no numbers";
  }

  List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /** What is asked for, with the slots of a vector in place of its name. */
  Columns asked(Dataset<Row> table, Columns columns) {
    StructField[] fields = table.schema().fields();
    Map<String, List<String>> slots = new LinkedHashMap<>();
    for (Column column : this.columns) {
      if (column.slot() >= 0) {
        slots
            .computeIfAbsent(fields[column.field()].name(), f -> new ArrayList<>())
            .add(column.name());
      }
    }
    return columns.withSlots(slots);
  }

  /** What is wrong with the vectors of a row that are asked for; null if nothing is. */
  @Nullable Fault fault(Row row, int[] asked) {
    for (int column : asked) {
      Column c = columns.get(column);
      if (c.slot() >= 0 && !row.isNullAt(c.field())) {
        int size = ((Vector) row.get(c.field())).size();
        if (size != sizes.get(c.field())) {
          return new Fault(
              "the vector of '%s' has %d slots, elsewhere %d"
                  .formatted(c.name(), size, sizes.get(c.field())));
        }
      }
    }
    return null;
  }

  /** What stands in a column; empty if nothing does. */
  String text(Row row, int column) {
    Column c = columns.get(column);
    if (row.isNullAt(c.field())) {
      return "";
    }
    return c.slot() < 0 ? String.valueOf(row.get(c.field())) : "" + number(row, column);
  }

  /** The number in a column; NaN if there is none. */
  double number(Row row, int column) {
    Column c = columns.get(column);
    if (row.isNullAt(c.field())) {
      return Double.NaN;
    }
    Object value = row.get(c.field());
    if (c.slot() >= 0) {
      Vector vector = (Vector) value;
      return c.slot() < vector.size() ? vector.apply(c.slot()) : Double.NaN;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof Boolean flag ? (flag ? 1 : 0) : Numbers.parse(String.valueOf(value));
  }

  /** A row, for whoever mends it. */
  String text(Row row) {
    return IntStream.range(0, columns.size())
        .mapToObj(c -> text(row, c))
        .collect(Collectors.joining(","));
  }
}
