package io.sotto.io;

import java.io.Closeable;
import java.io.IOException;

/** Takes the rows of one file of a table, one after the other. */
interface RowSink extends Closeable {

  /** Takes a row: a value for each column. */
  void add(Object... row) throws IOException;

  /** Puts the file in its place. Where this is not called, there is no file. */
  void complete() throws IOException;
}
