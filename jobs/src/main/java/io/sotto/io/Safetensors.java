package io.sotto.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.model.Layout;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Weights in the format safetensors: the length of a header (8 bytes, the lowest first), the header
 * in JSON, then numbers of 32 bits, the lowest byte first, without gaps. The same weights are the
 * same bytes.
 */
final class Safetensors {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final String TYPE = "F32";
  private static final String OFFSETS = "data_offsets";
  private static final String METADATA = "__metadata__";
  private static final int LONGEST_HEADER = 100_000_000; // what other readers take
  private static final int ALIGNMENT = 8;
  private static final int CHUNK = 1 << 14;

  private Safetensors() {}

  /** Where a tensor stands in the numbers, in bytes. */
  private record Stored(String name, long begin, long end) {}

  /** Writes x by matrices. */
  static void write(Layout layout, double[] x, OutputStream out) throws IOException {
    byte[] header = header(layout);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    ByteBuffer chunk = ByteBuffer.allocate(Float.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (Layout.Entry entry : layout.entries()) {
      for (int j = 0; j < entry.size(); j++) {
        float number = (float) x[entry.at() + j];
        if (!Float.isFinite(number)) {
          throw IoFailure.told(
              "The tensor '%s' of the model holds %s. Lower algorithm.step.initial or model.clip."
                  .formatted(entry.name(), number));
        }
        chunk.putFloat(number);
        if (!chunk.hasRemaining()) {
          out.write(chunk.array());
          chunk.clear();
        }
      }
    }
    out.write(chunk.array(), 0, chunk.position());
  }

  private static byte[] header(Layout layout) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject(METADATA).put("format", "sotto");
    long at = 0;
    for (Layout.Entry entry : layout.entries()) {
      ObjectNode tensor = header.putObject(entry.name());
      tensor.put("dtype", TYPE);
      ArrayNode sizes = tensor.putArray("shape");
      for (int size : shape(entry)) {
        sizes.add(size);
      }
      long end = at + (long) Float.BYTES * entry.size();
      tensor.putArray(OFFSETS).add(at).add(end);
      at = end;
    }
    String text = JSON.writeValueAsString(header);
    int over = text.getBytes(StandardCharsets.UTF_8).length % ALIGNMENT;
    return (text + " ".repeat(over == 0 ? 0 : ALIGNMENT - over)).getBytes(StandardCharsets.UTF_8);
  }

  /** A vector has one dimension. */
  private static List<Integer> shape(Layout.Entry entry) {
    return entry.rows() == 1 ? List.of(entry.columns()) : List.of(entry.rows(), entry.columns());
  }

  /**
   * Reads x.
   *
   * @param in the whole file
   * @param size how many bytes it has
   * @param where it is, for messages
   * @throws BadInputException if it is damaged, or of another model
   */
  static double[] read(Layout layout, InputStream in, long size, String where) throws IOException {
    List<Stored> tensors = tensors(layout, in, size, where);
    double[] x = new double[layout.dimension()];
    for (Stored tensor : tensors) {
      Layout.Entry entry = layout.entry(tensor.name());
      for (int done = 0; done < entry.size(); done += CHUNK) {
        int count = Math.min(CHUNK, entry.size() - done);
        ByteBuffer numbers =
            ByteBuffer.wrap(in.readNBytes(Float.BYTES * count)).order(ByteOrder.LITTLE_ENDIAN);
        if (numbers.remaining() < Float.BYTES * count) {
          throw damaged(where, "it ends within the tensor '%s'".formatted(tensor.name()));
        }
        for (int j = 0; j < count; j++) {
          float number = numbers.getFloat();
          if (!Float.isFinite(number)) {
            throw new BadInputException(
                "%s: the tensor '%s' holds %s at %d. Take the weights of another run."
                    .formatted(where, tensor.name(), number, done + j));
          }
          x[entry.at() + done + j] = number;
        }
      }
    }
    return x;
  }

  /** The tensors in the order in which they are stored; all of the layout, and no other. */
  private static List<Stored> tensors(Layout layout, InputStream in, long size, String where)
      throws IOException {
    byte[] length = in.readNBytes(Long.BYTES);
    long header =
        length.length < Long.BYTES
            ? 0
            : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (header < 2 || header > LONGEST_HEADER || header > size - Long.BYTES) {
      throw damaged(where, "its header cannot have %d bytes".formatted(header));
    }
    JsonNode json;
    try {
      json = JSON.readTree(in.readNBytes((int) header));
    } catch (JsonProcessingException e) {
      throw damaged(where, "its header is not JSON");
    }
    Map<String, Layout.Entry> missing = new HashMap<>();
    layout.entries().forEach(entry -> missing.put(entry.name(), entry));
    List<Stored> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!field.getKey().equals(METADATA)) {
        Layout.Entry entry = missing.remove(field.getKey());
        if (entry == null) {
          throw new BadInputException(
              "%s: it holds the tensor '%s', which a model of the shape in model.json does not have."
                      .formatted(where, field.getKey())
                  + " Put the two files of one run beside each other.");
        }
        tensors.add(stored(entry, field.getValue(), where));
      }
    }
    for (Layout.Entry entry : layout.entries()) {
      if (missing.containsKey(entry.name())) {
        throw new BadInputException(
            "%s: the tensor '%s' is missing. Put the two files of one run beside each other."
                .formatted(where, entry.name()));
      }
    }
    tensors.sort(Comparator.comparingLong(Stored::begin));
    long at = 0;
    for (Stored tensor : tensors) {
      if (tensor.begin() != at) {
        throw damaged(
            where,
            "the tensor '%s' begins at byte %d of the numbers, and not at %d"
                .formatted(tensor.name(), tensor.begin(), at));
      }
      at = tensor.end();
    }
    if (at != size - Long.BYTES - header) {
      throw damaged(
          where,
          "there are %d bytes of numbers, and not %d".formatted(size - Long.BYTES - header, at));
    }
    return tensors;
  }

  private static Stored stored(Layout.Entry entry, JsonNode tensor, String where) {
    if (!tensor.path("dtype").asText().equals(TYPE)) {
      throw new BadInputException(
          "%s: the numbers of the tensor '%s' are %s. Write them as %s."
              .formatted(where, entry.name(), tensor.path("dtype"), TYPE));
    }
    JsonNode wanted = JSON.valueToTree(shape(entry));
    if (!tensor.path("shape").equals(wanted)) {
      throw new BadInputException(
          ("%s: the tensor '%s' is of the shape %s; model.json says that it is %s. Put the two files"
                  + " of one run beside each other.")
              .formatted(where, entry.name(), tensor.path("shape"), wanted));
    }
    JsonNode offsets = tensor.path(OFFSETS);
    boolean two =
        offsets.size() == 2
            && offsets.path(0).isIntegralNumber()
            && offsets.path(1).isIntegralNumber();
    long begin = two ? offsets.path(0).asLong() : -1;
    long end = two ? offsets.path(1).asLong() : -1;
    if (begin < 0 || end - begin != (long) Float.BYTES * entry.size()) {
      throw damaged(
          where,
          String.format(
              Locale.ROOT, "the tensor '%s' cannot stand at the bytes %s", entry.name(), offsets));
    }
    return new Stored(entry.name(), begin, end);
  }

  private static BadInputException damaged(String where, String what) {
    return new BadInputException(
        "%s: %s. The file is damaged; fetch it again.".formatted(where, what));
  }
}
