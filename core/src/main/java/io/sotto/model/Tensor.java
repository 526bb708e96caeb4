package io.sotto.model;

/**
 * A handle of a matrix of floats in the memory of {@link Kernels}: only they can look inside. Rows
 * begin {@link #stride} numbers apart. A matrix may be a part of another one.
 */
public final class Tensor {
  private final Object memory;
  private final int at;
  private final int rows;
  private final int columns;
  private final int stride;

  Tensor(Object memory, int at, int rows, int columns, int stride) {
    this.memory = memory;
    this.at = at;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
  }

  /** Belongs to the kernels that made it. */
  Object memory() {
    return memory;
  }

  /** Where in the memory the first number stands. */
  int at() {
    return at;
  }

  /** How many rows. */
  public int rows() {
    return rows;
  }

  /** How many columns. */
  public int columns() {
    return columns;
  }

  /** How many numbers lie between the beginnings of two rows. */
  int stride() {
    return stride;
  }

  /** Some of its rows. */
  public Tensor rows(int from, int count) {
    return new Tensor(memory, at + from * stride, count, columns, stride);
  }

  /** Some of its columns. */
  public Tensor columns(int from, int count) {
    return new Tensor(memory, at + from, rows, count, stride);
  }

  /** Consecutive numbers of a single row, as a matrix. */
  public Tensor part(int from, int partRows, int partColumns) {
    return new Tensor(memory, at + from, partRows, partColumns, partColumns);
  }
}
