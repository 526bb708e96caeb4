package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one partition of a table.
 *
 * @param columns which column is what
 * @param table all columns, in their order
 */
record TableReader(Columns columns, TableColumns table) implements NamedRows {
  /** What people are told where a file would stand. */
  static final InputFile WHOLE = new InputFile("the table", 0);

  /** Refuses: a table is no file. */
  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    throw new IllegalStateException("a table has partitions, and no files");
  }

  /**
   * Tells the handler of every row.
   *
   * @param digest takes all of them, in their order; null if nobody asks for a checksum
   */
  void read(Iterator<Row> rows, Handler handler, @Nullable MessageDigest digest) {
    List<String> names = table.names();
    Columns.Positions at = columns.positions(WHOLE, names);
    RowTaker taker =
        new RowTaker(at, names, digest == null ? handler : new Digested(handler, digest));
    long line = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      line++;
      String holder = at.agent() < 0 ? null : table.text(row, at.agent());
      if (handler.wants(line, holder)) {
        taker.take(
            line,
            holder,
            new RowFields(row, table),
            table.fault(row, at.numbers()),
            () -> table.text(row));
      }
    }
  }

  @Override
  public NamedRows with(Columns other) {
    return new TableReader(other, table);
  }

  /**
   * Finds the columns that are asked for.
   *
   * @param intercept whether there is a constant beside the levels of categories
   * @throws BadInputException if one of them holds neither numbers nor text
   */
  static TableReader of(Dataset<Row> rows, Columns columns, boolean intercept) {
    TableColumns table = TableColumns.of(rows);
    List<String> names = table.names();
    Columns asked = table.asked(rows, columns);
    Columns.Positions at = asked.positions(WHOLE, names);
    Columns found = asked.resolve(WHOLE, names, c -> table.columns().get(c).fault());
    int[] features = found.positions(WHOLE, names).features();
    for (int column :
        IntStream.concat(IntStream.of(features), IntStream.of(at.numbers())).toArray()) {
      TableColumns.Column one = table.columns().get(column);
      boolean feature = column != at.weight() && column != at.offset();
      if (one.fault() != null && !(one.text() && feature)) {
        throw new BadInputException(
            "%s: the column '%s' is %s; %s."
                .formatted(
                    WHOLE.uri(),
                    one.name(),
                    one.text() ? "text" : one.fault(),
                    feature
                        ? "a feature must be a number or text. Make a view that has one in it (CASE WHEN), or name another"
                        : "data.weight and data.offset must name columns of numbers"));
      }
    }
    boolean text =
        asked.areNamed() && IntStream.of(features).anyMatch(c -> table.columns().get(c).text());
    return new TableReader(text ? found.asTerms(intercept) : found, table);
  }

  /** The fields of a row. */
  private record RowFields(Row row, TableColumns table) implements Fields {
    @Override
    public String text(int column) {
      return table.text(row, column);
    }

    @Override
    public double number(int column) {
      return table.number(row, column);
    }
  }

  /** Adds good rows to a checksum. */
  private record Digested(Handler handler, MessageDigest digest) implements Handler {
    @Override
    public boolean wants(long line, @Nullable String agent) {
      return handler.wants(line, agent);
    }

    @Override
    public @Nullable Fault fault(String label) {
      return handler.fault(label);
    }

    @Override
    public void row(
        long line,
        @Nullable String agent,
        String label,
        double weight,
        double offset,
        int @Nullable [] index,
        double[] values,
        int count) {
      ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
      bytes.asDoubleBuffer().put(values);
      digest.update((agent + '\0' + label + '\0').getBytes(StandardCharsets.UTF_8));
      digest.update(bytes.array());
      handler.row(line, agent, label, weight, offset, index, values, count);
    }

    @Override
    public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
      handler.bad(line, agent, fault, text);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
