package io.sotto.io;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one file, in order. */
interface RowReader extends Serializable {

  /**
   * Tells the handler of every row.
   *
   * @throws io.sotto.problem.BadInputException if the file as a whole is not what it should be
   */
  void read(InputFile file, Configuration hadoop, Handler handler) throws IOException;

  /** The fields of a row by their place among all columns. */
  interface Fields {
    /** What stands in one; empty if nothing does. */
    String text(int column);

    /** The number in one; NaN if there is no finite one. */
    double number(int column);
  }

  /** Is told of rows; lines count from 1, a header included; Parquet's rows count from 1. */
  interface Handler {
    /**
     * Asks whether a row is wanted, before its numbers are parsed.
     *
     * @param agent what the agent column says; null if there is none
     * @return false if the row may be passed over
     */
    boolean wants(long line, @Nullable String agent);

    /**
     * Takes a row as it is, before anything is made of it.
     *
     * @param at where columns are among its fields
     * @return true if that is all that is wanted of it
     */
    default boolean looksAt(@Nullable String agent, Columns.Positions at, Fields fields) {
      return false;
    }

    /** What is wrong with a label, which the reader cannot know; null if nothing is. */
    default @Nullable Fault fault(String label) {
      return null;
    }

    /**
     * Takes a good row.
     *
     * @param agent what the agent column says; null if there is none
     * @param label as text
     * @param weight what it counts for, from 0 on; 1 unless a column says otherwise
     * @param offset what is added to its prediction; 0 unless a column says otherwise
     * @param index the features that have a value; null if all do, in order
     * @param values their values, finite; the array is used again for the next row
     * @param count how many of them count
     */
    void row(
        long line,
        @Nullable String agent,
        String label,
        double weight,
        double offset,
        int @Nullable [] index,
        double[] values,
        int count);

    /**
     * Takes a row that cannot be used.
     *
     * @param agent what the agent column says; null if there is none, or if it cannot be told which
     *     field that is
     * @param text the row
     */
    void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text);
  }
}
