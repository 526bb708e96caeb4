package io.sotto.io;

import io.sotto.problem.Numbers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a Parquet file, as numbers and as text: those of its schema, a column for each
 * slot of a vector of Spark MLlib, and what its folders say. A date is the days since 1970-01-01, a
 * timestamp the seconds since then (in UTC unless the file has local times), a time the seconds
 * since midnight, true is 1 and false 0.
 */
final class ParquetColumns {
  private static final List<String> VECTOR = List.of("type", "size", "indices", "values");
  private static final long JULIAN_1970 = 2_440_588;
  private static final double DAY_SECONDS = 86_400;

  /** What a column is read as. */
  private enum Kind {
    NUMBER,
    MOMENT,
    SLOT,
    KEY,
    OTHER
  }

  /**
   * One of them.
   *
   * @param field of the schema; -1 for a key of the folders
   * @param slot of the vector
   */
  private record Column(String name, Kind kind, int field, int slot) {}

  private final InputFile file;
  private final MessageType schema;
  private final List<Column> columns = new ArrayList<>();
  private final double[][] vectors;
  private @Nullable Group decoded;

  /**
   * @param slots the names of the slots of each vector
   */
  ParquetColumns(InputFile file, MessageType schema, Map<String, List<String>> slots) {
    this.file = file;
    this.schema = schema;
    this.vectors = new double[schema.getFieldCount()][];
    for (int f = 0; f < schema.getFieldCount(); f++) {
      Type type = schema.getType(f);
      List<String> names = slots.get(type.getName());
      if (names != null && isVector(type)) {
        vectors[f] = new double[names.size()];
        for (int slot = 0; slot < names.size(); slot++) {
          columns.add(new Column(names.get(slot), Kind.SLOT, f, slot));
        }
      } else {
        columns.add(new Column(type.getName(), kind(type), f, 0));
      }
    }
    List<String> own = schema.getFields().stream().map(Type::getName).toList();
    for (String key : file.keysBeside(own)) {
      columns.add(new Column(key, Kind.KEY, -1, 0));
    }
  }

  List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * Whether a column is one of numbers, and so a feature unless others are named.
   *
   * @param files all, whose folders must agree on that
   */
  boolean isNumeric(int column, List<InputFile> files) {
    Column c = columns.get(column);
    return c.kind() == Kind.NUMBER
        || c.kind() == Kind.SLOT
        || (c.kind() == Kind.KEY && InputFile.isNumber(c.name(), files));
  }

  /** Whether a column is one of text. */
  boolean isText(int column) {
    Column c = columns.get(column);
    if (c.kind() == Kind.KEY) {
      return true;
    }
    Type type = schema.getType(c.field());
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return c.kind() == Kind.OTHER
        && type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && (logical instanceof StringLogicalTypeAnnotation
            || logical instanceof EnumLogicalTypeAnnotation);
  }

  /** The type of a column that cannot be read as a number; null if it can. */
  @Nullable String unreadable(int column, boolean momentsToo) {
    Kind kind = columns.get(column).kind();
    boolean bad = kind == Kind.OTHER || (kind == Kind.MOMENT && !momentsToo);
    return bad
        ? schema.getType(columns.get(column).field()).toString().strip().replaceAll("\\s+", " ")
        : null;
  }

  /** What a column is that holds no numbers, in words. */
  String kindWords(int column) {
    Column c = columns.get(column);
    if (c.kind() == Kind.KEY) {
      return "no numbers";
    }
    Type type = schema.getType(c.field());
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (c.kind() == Kind.MOMENT) {
      String moment =
          logical instanceof DateLogicalTypeAnnotation
              ? "a date"
              : logical instanceof TimeLogicalTypeAnnotation ? "a time of day" : "a timestamp";
      return moment + "; to use it, name it in data.features";
    }
    if (isVector(type)) {
      return "a vector without slots";
    }
    if (logical instanceof MapLogicalTypeAnnotation
        || logical instanceof MapKeyValueTypeAnnotation) {
      return "a map";
    }
    if (logical instanceof ListLogicalTypeAnnotation
        || type.isRepetition(Type.Repetition.REPEATED)) {
      return "a list";
    }
    if (!type.isPrimitive()) {
      return "a struct";
    }
    return logical == null ? "binary" : "no numbers";
  }

  private static Kind kind(Type type) {
    if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      return Kind.OTHER;
    }
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation
        || logical instanceof IntLogicalTypeAnnotation
        || "FLOAT16".equals(String.valueOf(logical))) { // by name: Parquet 1.13 has no class for it
      return Kind.NUMBER;
    }
    if (logical instanceof DateLogicalTypeAnnotation
        || logical instanceof TimeLogicalTypeAnnotation
        || logical instanceof TimestampLogicalTypeAnnotation) {
      return Kind.MOMENT;
    }
    if (logical != null) {
      return Kind.OTHER;
    }
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32, INT64, FLOAT, DOUBLE, BOOLEAN -> Kind.NUMBER;
      case INT96 -> Kind.MOMENT;
      default -> Kind.OTHER;
    };
  }

  /** Whether a field is a vector as Spark MLlib writes it. */
  static boolean isVector(Type type) {
    if (type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    List<Type> fields = type.asGroupType().getFields();
    return fields.stream().map(Type::getName).toList().equals(VECTOR)
        && fields.get(0).isPrimitive()
        && isListOf(fields.get(2), PrimitiveTypeName.INT32)
        && isListOf(fields.get(3), PrimitiveTypeName.DOUBLE);
  }

  /** Whether a field is a list, as it is written today or was by earlier versions of Spark. */
  private static boolean isListOf(Type type, PrimitiveTypeName of) {
    if (type.isPrimitive() || type.asGroupType().getFieldCount() != 1) {
      return false;
    }
    Type element = type.asGroupType().getType(0);
    if (!element.isPrimitive() && element.asGroupType().getFieldCount() == 1) {
      element = element.asGroupType().getType(0);
    }
    return element.isPrimitive() && element.asPrimitiveType().getPrimitiveTypeName() == of;
  }

  /** How many slots a vector has; -1 if there is none. */
  static int size(Group row, int field) {
    if (row.getFieldRepetitionCount(field) == 0) {
      return -1;
    }
    Group vector = row.getGroup(field, 0);
    return isSparse(vector) ? vector.getInteger("size", 0) : length(vector, "values");
  }

  /** What is wrong with the vectors of a row that are asked for; null if nothing is. */
  @Nullable Fault fault(Group row, int[] asked) {
    for (int column : asked) {
      Column c = columns.get(column);
      if (c.kind() == Kind.SLOT) {
        int size = size(row, c.field());
        if (size >= 0 && size != vectors[c.field()].length) {
          return new Fault(
              "'%s' has %d slots, elsewhere %d"
                  .formatted(schema.getType(c.field()).getName(), size, vectors[c.field()].length));
        }
      }
    }
    return null;
  }

  /** What stands in a column; empty if nothing does. */
  String text(Group row, int column) {
    Column c = columns.get(column);
    return switch (c.kind()) {
      case KEY -> file.keys().getOrDefault(c.name(), "");
      case SLOT -> row.getFieldRepetitionCount(c.field()) == 0 ? "" : "" + number(row, column);
      default -> row.getFieldRepetitionCount(c.field()) == 0 ? "" : written(row, c.field());
    };
  }

  private static String written(Group row, int field) {
    Type type = row.getType().getType(field);
    if (!type.isPrimitive()) {
      return row.getValueToString(field, 0);
    }
    PrimitiveType primitive = type.asPrimitiveType();
    return switch (primitive.getPrimitiveTypeName()) {
      case INT32 -> primitive.stringifier().stringify(row.getInteger(field, 0));
      case INT64 -> primitive.stringifier().stringify(row.getLong(field, 0));
      case INT96 -> primitive.stringifier().stringify(row.getInt96(field, 0));
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          primitive.getLogicalTypeAnnotation() == null
              ? row.getValueToString(field, 0)
              : primitive.stringifier().stringify(row.getBinary(field, 0));
      default -> row.getValueToString(field, 0);
    };
  }

  /** The number in a column; NaN if there is none. */
  double number(Group row, int column) {
    Column c = columns.get(column);
    if (c.kind() == Kind.KEY) {
      return Numbers.parse(file.keys().getOrDefault(c.name(), ""));
    }
    if (row.getFieldRepetitionCount(c.field()) == 0) {
      return Double.NaN;
    }
    if (c.kind() == Kind.SLOT) {
      decode(row);
      return vectors[c.field()][c.slot()];
    }
    PrimitiveType type = row.getType().getType(c.field()).asPrimitiveType();
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> row.getFloat(c.field(), 0);
      case DOUBLE -> row.getDouble(c.field(), 0);
      case BOOLEAN -> row.getBoolean(c.field(), 0) ? 1 : 0;
      case INT32 -> whole(type, row.getInteger(c.field(), 0));
      case INT64 -> whole(type, row.getLong(c.field(), 0));
      case INT96 -> seconds(row.getInt96(c.field(), 0));
      default -> binary(type, row.getBinary(c.field(), 0));
    };
  }

  private static double whole(PrimitiveType type, long value) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return BigDecimal.valueOf(value, decimal.getScale()).doubleValue();
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return value / perSecond(timestamp.getUnit());
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return value / perSecond(time.getUnit());
    }
    if (value < 0 && logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned()) {
      return type.getPrimitiveTypeName() == PrimitiveTypeName.INT32
          ? Integer.toUnsignedLong((int) value)
          : Double.parseDouble(Long.toUnsignedString(value));
    }
    return value;
  }

  private static double perSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1e3;
      case MICROS -> 1e6;
      case NANOS -> 1e9;
    };
  }

  /** Of a timestamp as Impala and earlier versions of Spark write it. */
  private static double seconds(Binary int96) {
    ByteBuffer bytes = ByteBuffer.wrap(int96.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    return (bytes.getInt() - JULIAN_1970) * DAY_SECONDS + nanos / 1e9;
  }

  private static double binary(PrimitiveType type, Binary value) {
    if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
      byte[] digits = value.getBytes();
      return digits.length == 0
          ? Double.NaN
          : new BigDecimal(new BigInteger(digits), decimal.getScale()).doubleValue();
    }
    return Double.parseDouble(type.stringifier().stringify(value)); // a float16
  }

  /** Takes all vectors of a row, once. */
  private void decode(Group row) {
    if (row == decoded) {
      return;
    }
    decoded = row;
    for (int f = 0; f < vectors.length; f++) {
      if (vectors[f] != null && row.getFieldRepetitionCount(f) > 0) {
        fill(row.getGroup(f, 0), vectors[f]);
      }
    }
  }

  private static void fill(Group vector, double[] out) {
    boolean sparse = isSparse(vector);
    int count = length(vector, "values");
    Arrays.fill(out, sparse ? 0 : Double.NaN);
    if (count == 0) {
      return;
    }
    Group values = vector.getGroup("values", 0);
    for (int e = 0; e < count; e++) {
      int slot = e;
      if (sparse) {
        Group indices = vector.getGroup("indices", 0);
        slot = flat(indices) ? indices.getInteger(0, e) : indices.getGroup(0, e).getInteger(0, 0);
      }
      if (slot >= 0 && slot < out.length) {
        out[slot] = flat(values) ? values.getDouble(0, e) : values.getGroup(0, e).getDouble(0, 0);
      }
    }
  }

  private static boolean isSparse(Group vector) {
    return vector.getInteger("type", 0) == 0;
  }

  private static int length(Group vector, String list) {
    return vector.getFieldRepetitionCount(list) == 0
        ? 0
        : vector.getGroup(list, 0).getFieldRepetitionCount(0);
  }

  /** Whether the elements of a list stand in it as they are. */
  private static boolean flat(Group list) {
    return list.getType().getType(0).isPrimitive();
  }

  /** All fields of a schema that are vectors. */
  static List<Integer> vectors(GroupType schema) {
    return IntStream.range(0, schema.getFieldCount())
        .filter(f -> isVector(schema.getType(f)))
        .boxed()
        .toList();
  }
}
