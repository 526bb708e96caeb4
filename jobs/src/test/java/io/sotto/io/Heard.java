package io.sotto.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Writes down what a reader says: rows as {@code line agent label [values]}, faults apart. */
final class Heard implements RowReader.Handler {
  static final Configuration HADOOP = new Configuration();

  final List<String> rows = new ArrayList<>();
  final List<String> terms = new ArrayList<>(); // line weight offset
  final List<String> faults = new ArrayList<>();
  final List<@Nullable String> holders = new ArrayList<>(); // of the rows at fault
  private final Predicate<@Nullable String> wanted;

  /** Wants the rows of some agents. */
  Heard(Predicate<@Nullable String> wanted) {
    this.wanted = wanted;
  }

  /** All that a reader says of a file. */
  static Heard of(RowReader reader, Path file) throws IOException {
    Heard heard = new Heard(agent -> true);
    reader.read(file(file), HADOOP, heard);
    return heard;
  }

  static InputFile file(Path path) throws IOException {
    return InputFile.list("data.path", path.toString(), HADOOP).get(0);
  }

  @Override
  public boolean wants(long line, @Nullable String agent) {
    return wanted.test(agent);
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
    terms.add("%d %s %s".formatted(line, weight, offset));
    rows.add(
        "%d %s %s %s%s"
            .formatted(
                line,
                agent,
                label,
                index == null ? "" : Arrays.toString(Arrays.copyOf(index, count)),
                Arrays.toString(Arrays.copyOf(values, count))));
  }

  @Override
  public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
    holders.add(agent);
    faults.add("%d %s | %s".formatted(line, fault.words(true), text.get()));
  }
}
