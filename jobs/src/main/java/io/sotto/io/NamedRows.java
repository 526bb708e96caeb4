package io.sotto.io;

/** Rows of which columns have names. */
interface NamedRows extends RowReader {
  /** Which column is what. */
  Columns columns();

  /** Reads the same otherwise. */
  NamedRows with(Columns other);
}
