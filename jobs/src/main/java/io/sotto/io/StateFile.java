package io.sotto.io;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.sotto.problem.Measures;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A value of records as a checkpoint stores it: its arrays in a Parquet table, and all else, which
 * is little, as JSON that names those arrays by number. The table has the columns {@code array},
 * {@code first} (the position of the first number of the row in its array) and either {@code
 * numbers} or {@code words} (whole numbers, and numbers of which all 64 bits count).
 *
 * @param path of the table's one file, below the folder of all checkpoints
 * @param bytes its length
 * @param sha256 of its content
 * @param tree the JSON
 * @param arrays of each array its kind and length, as in {@code double 400}
 */
record StateFile(String path, long bytes, String sha256, String tree, List<String> arrays)
    implements Serializable {

  /** Refuses what no checkpoint says: a reader of JSON makes an IOException of it. */
  StateFile {
    if (!PLACE.matcher(path).matches()) {
      throw new IllegalArgumentException("it names a file that is no part of a checkpoint");
    }
    Objects.requireNonNull(sha256);
    Objects.requireNonNull(tree);
    arrays = List.copyOf(arrays);
  }

  /** Nothing else is read: neither what a path of dots leads to, nor another file system. */
  private static final Pattern PLACE = Pattern.compile("\\d{6,9}/[a-z]+/part-\\d+\\.parquet");

  private static final String ARRAYS = "arrays";
  private static final String ARRAY = "array";

  /** Numbers in a row of the table. */
  private static final int CHUNK = 1 << 16;

  /** Where nothing is measured beside F, files are as versions before wrote them. */
  private static final String NOTHING_MEASURED =
      "\"measured\":{\"names\":[],\"numbers\":[],\"byAgent\":[]}";

  private static final String NO_HELD_OUT = "\"%s\":\"NaN\"".formatted(Measures.HELD_OUT);

  private static final String DOUBLES = "double";

  /** Numbers with a NaN of which the bits count: they are whole numbers in disguise. */
  private static final String BITS = "bits";

  private static final String LONGS = "long";
  private static final String INTS = "int";

  /** Fields of records and classes make the JSON; no methods. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
          .setVisibility(PropertyAccessor.FIELD, Visibility.ANY)
          .setVisibility(PropertyAccessor.CREATOR, Visibility.ANY)
          .registerModule(
              new SimpleModule()
                  .addSerializer(new ToNumber<>(double[].class))
                  .addSerializer(new ToNumber<>(long[].class))
                  .addSerializer(new ToNumber<>(int[].class))
                  .addDeserializer(double[].class, new FromNumber<>(double[].class))
                  .addDeserializer(long[].class, new FromNumber<>(long[].class))
                  .addDeserializer(int[].class, new FromNumber<>(int[].class)));

  /** Puts an array aside, and writes its number. */
  private static final class ToNumber<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1;

    ToNumber(Class<T> type) {
      super(type);
    }

    @Override
    @SuppressWarnings("unchecked") // of objects, which is what is put into it
    public void serialize(T array, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      List<Object> arrays = (List<Object>) provider.getAttribute(ARRAYS);
      out.writeStartObject();
      out.writeNumberField(ARRAY, arrays.size());
      out.writeEndObject();
      arrays.add(array);
    }
  }

  /** Takes the array of a number. */
  private static final class FromNumber<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final Class<T> type;

    FromNumber(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      List<?> arrays = (List<?>) context.getAttribute(ARRAYS);
      return type.cast(
          arrays.get(
              in.readValueAsTree().get(ARRAY)
                      instanceof com.fasterxml.jackson.databind.node.IntNode number
                  ? number.intValue()
                  : -1));
    }
  }

  /**
   * Writes a value, in the process that has it.
   *
   * @param root the folder of all checkpoints
   * @param folder of the table, below it
   * @param part the number of the file in it
   */
  static StateFile write(Object value, String root, String folder, int part, Configuration hadoop)
      throws IOException {
    List<Object> arrays = new ArrayList<>();
    String tree =
        JSON.writer()
            .withAttribute(ARRAYS, arrays)
            .writeValueAsString(value)
            .replace(NOTHING_MEASURED, NO_HELD_OUT);
    List<String> kinds = arrays.stream().map(StateFile::kind).toList();
    ParquetTable table =
        new ParquetTable(
            new Path(root, folder).toString(),
            hadoop,
            ParquetTable.whole(ARRAY),
            ParquetTable.count("first"),
            ParquetTable.numbers("numbers"),
            ParquetTable.words("words"));
    Path file = table.write(part, rows(arrays, kinds));
    FileSystem system = file.getFileSystem(hadoop);
    OwnerOnly.makeOwn(system, file);
    return new StateFile(
        folder + "/" + file.getName(),
        system.getFileStatus(file).getLen(),
        sha256(file, hadoop),
        tree,
        kinds);
  }

  /** Removes what was left aside of tables in a folder. */
  static void finish(String root, String folder, Configuration hadoop) throws IOException {
    new ParquetTable(new Path(root, folder).toString(), hadoop).finish();
  }

  private static Iterator<Object[]> rows(List<Object> arrays, List<String> kinds) {
    return IntStream.range(0, arrays.size())
        .boxed()
        .flatMap(
            k ->
                LongStream.iterate(0, from -> from < length(kinds.get(k)), from -> from + CHUNK)
                    .mapToObj(from -> row(k, arrays.get(k), kinds.get(k), (int) from)))
        .iterator();
  }

  private static Object[] row(int number, Object array, String kind, int from) {
    int to = Math.min(length(kind), from + CHUNK);
    double[] numbers = {};
    long[] words = {};
    if (array instanceof double[] doubles && kind.startsWith(DOUBLES)) {
      numbers = Arrays.copyOfRange(doubles, from, to);
    } else if (array instanceof double[] bits) {
      words = Arrays.stream(bits, from, to).mapToLong(Double::doubleToRawLongBits).toArray();
    } else if (array instanceof int[] ints) {
      words = Arrays.stream(ints, from, to).asLongStream().toArray();
    } else {
      words = Arrays.copyOfRange((long[]) array, from, to);
    }
    return new Object[] {number, (long) from, numbers, words};
  }

  private static String kind(Object array) {
    String kind =
        array instanceof int[]
            ? INTS
            : array instanceof long[]
                ? LONGS
                : Arrays.stream((double[]) array)
                        .allMatch(x -> Double.doubleToRawLongBits(x) == Double.doubleToLongBits(x))
                    ? DOUBLES
                    : BITS;
    return kind + " " + Array.getLength(array);
  }

  private static int length(String kind) {
    return Integer.parseInt(kind.substring(kind.indexOf(' ') + 1));
  }

  /**
   * Reads the value.
   *
   * @throws IOException if the file is not as it was written
   */
  <T> T read(Class<T> type, String root, Configuration hadoop) throws IOException {
    verify(root, hadoop);
    try {
      return value(type, root, hadoop);
    } catch (RuntimeException e) { // it was written by somebody else
      // the message is what is told of a damaged checkpoint: that of a cause would take its place
      throw new IOException("%s is no state of a run: %s".formatted(path, IoFailure.why(e)));
    }
  }

  private <T> T value(Class<T> type, String root, Configuration hadoop) throws IOException {
    requireRoom();
    List<Object> found = new ArrayList<>();
    long missing = 0;
    for (String kind : arrays) {
      int length = length(kind);
      missing += length;
      found.add(
          kind.startsWith(INTS)
              ? new int[length]
              : kind.startsWith(LONGS) ? new long[length] : new double[length]);
    }
    Path file = new Path(root, path);
    missing -=
        StateTable.read(
            new InputFile(file.toString(), bytes),
            hadoop,
            (array, at, number, word) ->
                put(found.get(array), arrays.get(array), at, number, word));
    if (missing != 0) {
      throw new IOException("%s: %d numbers are missing".formatted(file, missing));
    }
    return JSON.readerFor(type).withAttribute(ARRAYS, found).readValue(current(tree));
  }

  private void requireRoom() throws IOException {
    long numbers = arrays.stream().mapToLong(StateFile::length).sum();
    if (numbers > Runtime.getRuntime().maxMemory() / 2 / Double.BYTES) {
      throw new IOException(
          "%s holds %,d numbers, as it says; they do not fit into memory".formatted(path, numbers));
    }
  }

  /** As this version writes it: versions before had one number beside F, a held-out loss. */
  private static JsonNode current(String tree) throws IOException {
    JsonNode current = JSON.readTree(tree);
    for (JsonNode of : current.findParents(Measures.HELD_OUT)) {
      ObjectNode before = (ObjectNode) of;
      JsonNode loss = before.remove(Measures.HELD_OUT);
      JsonNode byAgent = before.remove("heldOutOf");
      if (loss.isNumber()) {
        ObjectNode measured = before.putObject("measured");
        measured.putArray("names").add(Measures.HELD_OUT);
        measured.putArray("numbers").add(loss);
        ArrayNode losses = measured.putArray("byAgent");
        losses.add(byAgent == null ? JSON.createArrayNode() : byAgent);
      }
    }
    return current;
  }

  private static void put(Object array, String kind, int at, double number, long word) {
    if (array instanceof int[] ints) {
      ints[at] = Math.toIntExact(word);
    } else if (array instanceof long[] longs) {
      longs[at] = word;
    } else {
      ((double[]) array)[at] = kind.startsWith(BITS) ? Double.longBitsToDouble(word) : number;
    }
  }

  /**
   * Reads the file to its end.
   *
   * @throws IOException if it is not as it was written
   */
  void verify(String root, Configuration hadoop) throws IOException {
    Path file = new Path(root, path);
    if (!sha256(file, hadoop).equals(sha256)) {
      throw new IOException("%s is not as it was written".formatted(file));
    }
  }

  private static String sha256(Path file, Configuration hadoop) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(file.getFileSystem(hadoop).open(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A SHA-256. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
