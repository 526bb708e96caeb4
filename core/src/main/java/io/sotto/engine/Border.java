package io.sotto.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What one cell tells another at a superstep, as bytes for a wire: what those agents say that the
 * other hears and that moved since the last superstep. The others still say what they said.
 *
 * <p>The bytes, little-endian: the cell that speaks (int); then for each lane a byte that is 1 if
 * everybody moved and 0 if a mask follows, a bit for each agent; then the numbers of those who did.
 *
 * @param to the cell that hears
 * @param bytes as above
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares borders
public record Border(int to, byte[] bytes) {

  /**
   * What is to be told.
   *
   * @param moved by lane, the positions among {@code listener.agents()} that moved; null for all
   * @return null if nobody moved in any lane
   * @throws ArithmeticException if it is more than 2 GB
   */
  static @Nullable Border of(
      int from, Cell.Listener listener, Said[] said, @Nullable BitSet[] moved) {
    int[] agents = listener.agents();
    int maskBytes = (agents.length + 7) / 8;
    int length = Integer.BYTES;
    boolean any = false;
    for (int lane = 0; lane < said.length; lane++) {
      BitSet some = moved[lane];
      int count = some == null ? agents.length : some.cardinality();
      any |= count > 0;
      int numbers = Math.multiplyExact(count, said[lane].stride());
      length = Math.addExact(length, 1 + (some == null ? 0 : maskBytes));
      length = Math.addExact(length, Math.multiplyExact(numbers, Double.BYTES));
    }
    if (!any) {
      return null;
    }
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(from);
    for (int lane = 0; lane < said.length; lane++) {
      BitSet some = moved[lane];
      out.put((byte) (some == null ? 1 : 0));
      if (some != null) {
        byte[] mask = some.toByteArray();
        out.put(mask).position(out.position() + maskBytes - mask.length);
      }
      int stride = said[lane].stride();
      DoubleBuffer numbers = out.asDoubleBuffer();
      for (int k = 0; k < agents.length; k++) {
        if (some == null || some.get(k)) {
          numbers.put(said[lane].values(), agents[k] * stride, stride);
        }
      }
      out.position(out.position() + numbers.position() * Double.BYTES);
    }
    return new Border(listener.cell(), out.array());
  }

  /** Writes what was told to where the lanes of the cell that hears keep it. */
  static void deliver(byte[] bytes, Cell cell, double[][] heard, int[] strides) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int from = in.getInt();
    int count = cell.stretchOf(from);
    for (int lane = 0; lane < heard.length; lane++) {
      boolean all = in.get() == 1;
      byte[] mask = new byte[all ? 0 : (count + 7) / 8];
      in.get(mask);
      BitSet some = BitSet.valueOf(mask);
      DoubleBuffer numbers = in.asDoubleBuffer();
      int stride = strides[lane];
      int at = cell.stretchAt(from) * stride;
      if (all) {
        numbers.get(heard[lane], at, count * stride);
      } else {
        for (int k = some.nextSetBit(0); k >= 0; k = some.nextSetBit(k + 1)) {
          numbers.get(heard[lane], at + k * stride, stride);
        }
      }
      in.position(in.position() + numbers.position() * Double.BYTES);
    }
  }
}
