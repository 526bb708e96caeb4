package io.sotto.engine;

import java.nio.ByteBuffer;

/** An array of numbers of one type, as borders carry them. */
sealed interface Numbers permits Numbers.Doubles, Numbers.Floats, Numbers.Longs, Numbers.Words {

  /** What agents say, as a method means it: doubles, or whole numbers in their bits. */
  static Numbers said(double[] values, boolean whole) {
    return whole ? new Words(values) : new Doubles(values);
  }

  /** The type, as the byte that stands for it on a wire. */
  byte type();

  /** Its name, for messages. */
  String name();

  /** How many bytes one takes. */
  int bytes();

  /** Writes some, from {@code at} on. */
  void write(ByteBuffer out, int at, int count);

  /** Reads as many, to where they stand here. */
  void read(ByteBuffer in, int at, int count);

  private static void pass(ByteBuffer buffer, int bytes) {
    buffer.position(buffer.position() + bytes);
  }

  /** Estimates, and all else that methods say. */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Doubles(double[] values) implements Numbers {
    @Override
    public byte type() {
      return 'd';
    }

    @Override
    public String name() {
      return "double";
    }

    @Override
    public int bytes() {
      return Double.BYTES;
    }

    @Override
    public void write(ByteBuffer out, int at, int count) {
      out.asDoubleBuffer().put(values, at, count);
      Numbers.pass(out, count * bytes());
    }

    @Override
    public void read(ByteBuffer in, int at, int count) {
      in.asDoubleBuffer().get(values, at, count);
      Numbers.pass(in, count * bytes());
    }
  }

  /** Numbers of half as many bytes. */
  @SuppressWarnings("ArrayRecordComponent")
  record Floats(float[] values) implements Numbers {
    @Override
    public byte type() {
      return 'f';
    }

    @Override
    public String name() {
      return "float";
    }

    @Override
    public int bytes() {
      return Float.BYTES;
    }

    @Override
    public void write(ByteBuffer out, int at, int count) {
      out.asFloatBuffer().put(values, at, count);
      Numbers.pass(out, count * bytes());
    }

    @Override
    public void read(ByteBuffer in, int at, int count) {
      in.asFloatBuffer().get(values, at, count);
      Numbers.pass(in, count * bytes());
    }
  }

  /** Whole numbers, whose sums are exact. */
  @SuppressWarnings("ArrayRecordComponent")
  record Longs(long[] values) implements Numbers {
    @Override
    public byte type() {
      return 'l';
    }

    @Override
    public String name() {
      return "long";
    }

    @Override
    public int bytes() {
      return Long.BYTES;
    }

    @Override
    public void write(ByteBuffer out, int at, int count) {
      out.asLongBuffer().put(values, at, count);
      Numbers.pass(out, count * bytes());
    }

    @Override
    public void read(ByteBuffer in, int at, int count) {
      in.asLongBuffer().get(values, at, count);
      Numbers.pass(in, count * bytes());
    }
  }

  /**
   * Whole numbers of 64 bits that are kept as the bits of doubles. They go out and come in as bits:
   * what would be no number as a double stays what it is.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Words(double[] values) implements Numbers {
    @Override
    public byte type() {
      return 'l';
    }

    @Override
    public String name() {
      return "long";
    }

    @Override
    public int bytes() {
      return Long.BYTES;
    }

    @Override
    public void write(ByteBuffer out, int at, int count) {
      for (int k = at; k < at + count; k++) {
        out.putLong(Double.doubleToRawLongBits(values[k]));
      }
    }

    @Override
    public void read(ByteBuffer in, int at, int count) {
      for (int k = at; k < at + count; k++) {
        values[k] = Double.longBitsToDouble(in.getLong());
      }
    }
  }
}
