package io.sotto.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one cell sends to another after a superstep, as bytes. It holds what those agents say that
 * the other cell hears and that changed since the last superstep. The other cell keeps what it has
 * of the rest.
 *
 * <p>The bytes, little-endian, begin with a header: the format, {@value #FORMAT} (byte); the digest
 * of the run (long); the first tick of the superstep that hears this (long); the cell that speaks
 * (int); the number of lanes (int). For each lane follow the type of its numbers (byte: d for
 * double, f for float, l for long), a byte that is 1 if everybody moved and 0 if a mask follows, a
 * bit for each agent; then the numbers of those who did.
 *
 * @param to the cell that hears
 * @param bytes as above
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares borders
public record Border(int to, byte[] bytes) {
  static final byte FORMAT = 1;
  private static final int HEADER_BYTES = 1 + 2 * Long.BYTES + 2 * Integer.BYTES;

  /**
   * The header, which says where a border belongs.
   *
   * @param run the digest of the run
   * @param first the first tick of the superstep that hears it
   * @param from the cell that speaks
   */
  record Header(long run, long first, int from) {}

  /**
   * The numbers of one lane, in the cell that sends them or in the cell that receives them.
   *
   * @param numbers what agents say, {@code stride} numbers for each
   * @param stride how many an agent says
   * @param moved the positions among {@code listener.agents()} that moved; null for all
   */
  record Lane(Numbers numbers, int stride, @Nullable BitSet moved) {
    boolean hasNews() {
      return moved == null || !moved.isEmpty();
    }
  }

  /**
   * Makes the bytes for one listener.
   *
   * @throws ArithmeticException if it is more than 2 GB
   */
  static Border of(Cell.Listener listener, Header header, Lane[] lanes) {
    int[] agents = listener.agents();
    int maskBytes = (agents.length + 7) / 8;
    int length = HEADER_BYTES;
    for (Lane lane : lanes) {
      int count = lane.moved() == null ? agents.length : lane.moved().cardinality();
      int numbers = Math.multiplyExact(count, lane.stride());
      length = Math.addExact(length, 2 + (lane.moved() == null ? 0 : maskBytes));
      length = Math.addExact(length, Math.multiplyExact(numbers, lane.numbers().bytes()));
    }
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(FORMAT)
        .putLong(header.run())
        .putLong(header.first())
        .putInt(header.from())
        .putInt(lanes.length);
    for (Lane lane : lanes) {
      BitSet some = lane.moved();
      out.put(lane.numbers().type()).put((byte) (some == null ? 1 : 0));
      if (some != null) {
        byte[] mask = some.toByteArray();
        out.put(mask).position(out.position() + maskBytes - mask.length);
      }
      for (int k = 0; k < agents.length; k++) {
        if (some == null || some.get(k)) {
          lane.numbers().write(out, agents[k] * lane.stride(), lane.stride());
        }
      }
    }
    return new Border(listener.cell(), out.array());
  }

  /**
   * Reads a border into the arrays of the lanes of the cell that hears it.
   *
   * @param first the first tick of the superstep that is to come
   * @throws IllegalStateException if it does not belong there
   */
  static void deliver(byte[] bytes, Cell cell, long first, Lane[] lanes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int from = header(in, cell, first, lanes.length);
    int count = cell.stretchOf(from);
    int stretch = cell.stretchAt(from);
    for (int k = 0; k < lanes.length; k++) {
      Numbers numbers = lanes[k].numbers();
      int stride = lanes[k].stride();
      byte type = in.get();
      if (type != numbers.type()) {
        throw refused(
            cell,
            "lane %d has numbers of type '%c', and this cell keeps %s numbers there"
                .formatted(k, (char) type, numbers.name()));
      }
      if (in.get() == 1) {
        numbers.read(in, stretch * stride, count * stride);
      } else {
        byte[] mask = new byte[(count + 7) / 8];
        in.get(mask);
        BitSet some = BitSet.valueOf(mask);
        for (int a = some.nextSetBit(0); a >= 0; a = some.nextSetBit(a + 1)) {
          numbers.read(in, (stretch + a) * stride, stride);
        }
      }
    }
  }

  /** Checks that a border belongs here; returns the cell that sent it. */
  private static int header(ByteBuffer in, Cell cell, long first, int lanes) {
    byte format = in.get();
    if (format != FORMAT) {
      throw refused(
          cell,
          "it is of format %d, and this process reads format %d; run the same version of Sotto"
                  .formatted(format, FORMAT)
              + " in all processes");
    }
    long run = in.getLong();
    if (run != cell.run) {
      throw refused(
          cell,
          "it is from run %016x, and this is run %016x; start all processes with the same inputs"
                  .formatted(run, cell.run)
              + " and configuration");
    }
    long tick = in.getLong();
    if (tick != first) {
      throw refused(
          cell,
          "it is for the superstep from tick %d on, and the next begins with tick %d"
              .formatted(tick, first));
    }
    int from = in.getInt();
    int told = in.getInt();
    if (told != lanes) {
      throw refused(cell, "it has %d lanes, and this cell has %d".formatted(told, lanes));
    }
    return from;
  }

  private static IllegalStateException refused(Cell cell, String why) {
    return new IllegalStateException(
        "cell %d cannot take what another cell told it: %s".formatted(cell.id, why));
  }

  /**
   * The borders that a cell sends to the cells that hear it; none to a cell for which nothing
   * changed.
   */
  public static Border[] told(Cell cell, CellState[] lanes) {
    List<Border> borders = new ArrayList<>();
    for (Cell.Listener listener : cell.listeners) {
      Lane[] told =
          Arrays.stream(lanes)
              .map(
                  lane ->
                      new Lane(
                          Numbers.said(lane.said.values(), lane.algorithm.saysWhole()),
                          lane.stride(),
                          lane.moved(cell, listener)))
              .toArray(Lane[]::new);
      if (Arrays.stream(told).anyMatch(Lane::hasNews)) {
        borders.add(of(listener, new Header(cell.run, lanes[0].tick + 1, cell.id), told));
      }
    }
    return borders.toArray(Border[]::new);
  }

  /**
   * Reads a border from another cell into all lanes.
   *
   * @throws IllegalStateException if it is from another run or another time, or in a format that is
   *     not known here
   */
  public static void hear(Cell cell, CellState[] lanes, byte[] border) {
    deliver(
        border,
        cell,
        lanes[0].tick + 1,
        Arrays.stream(lanes)
            .map(
                lane ->
                    new Lane(
                        Numbers.said(lane.heard, lane.algorithm.saysWhole()), lane.stride(), null))
            .toArray(Lane[]::new));
  }
}
