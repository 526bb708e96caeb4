package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Libsvm: a label, then {@code index:value} with ascending indices; {@code #} begins a comment.
 * {@code qid:} after the label, the group of a ranking, is passed over. Indices are handed on as
 * they stand in the file, whether they begin at 0 or at 1.
 *
 * @param agent the key of the folders that names the holder of a file's rows; null if rows are
 *     dealt
 */
record LibsvmRows(@Nullable String agent) implements RowReader {
  static final int LARGEST_INDEX = 1 << 28;

  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    String holder = agent == null ? null : holder(file, agent);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new LineBound(file, file.open(hadoop)), StandardCharsets.UTF_8),
            1 << 16)) {
      Entries entries = new Entries();
      long line = 0;
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        line++;
        if (line == 1 && text.startsWith("\uFEFF")) {
          text = text.substring(1);
        }
        int comment = text.indexOf('#');
        StringTokenizer words =
            new StringTokenizer(comment < 0 ? text : text.substring(0, comment));
        if (words.hasMoreTokens() && handler.wants(line, holder)) {
          String label = words.nextToken();
          Fault fault =
              Double.isNaN(Numbers.parse(label))
                  ? new Fault("the label is no finite number", label)
                  : entries.fill(words);
          fault = fault == null ? handler.fault(label) : fault;
          if (fault == null) {
            handler.row(line, holder, label, 1, 0, entries.index, entries.values, entries.count);
          } else {
            String bad = text;
            handler.bad(line, holder, fault, () -> bad);
          }
        }
      }
    }
  }

  private static String holder(InputFile file, String agent) {
    String holder = file.keys().getOrDefault(agent, "").strip();
    if (holder.isEmpty()) {
      throw new BadInputException(
          ("data.agent is '%s', and no folder around %s is called %s=NAME; columns of libsvm have"
                  + " no names. Put the files in such folders, or use data.deal.")
              .formatted(agent, file.place(), agent));
    }
    return holder;
  }

  /** The keys of the folders of some files that are not used, and why. */
  Map<String, String> leftOut(List<InputFile> files) {
    Map<String, String> others = new LinkedHashMap<>();
    for (InputFile file : files) {
      file.keys().keySet().stream()
          .filter(key -> !key.equals(agent))
          .forEach(key -> others.put(key, "of libsvm, folders can name the agent only"));
    }
    return others;
  }

  /** The entries of one row; grows, and is used again for the next. */
  private static final class Entries {
    private int[] index = new int[64];
    private double[] values = new double[64];
    private int count;

    /** Reads the entries, and returns what is wrong with them. */
    @Nullable Fault fill(StringTokenizer words) {
      count = 0;
      boolean first = true;
      while (words.hasMoreTokens()) {
        String word = words.nextToken();
        if (first && word.startsWith("qid:")) {
          first = false;
          continue;
        }
        first = false;
        int colon = word.indexOf(':');
        double position = colon < 0 ? Double.NaN : Numbers.parse(word.substring(0, colon));
        double value = colon < 0 ? Double.NaN : Numbers.parse(word.substring(colon + 1));
        if (!(position >= 0 && position <= LARGEST_INDEX && position == Math.rint(position))) {
          return new Fault(
              "entry %d is no index:value with an index from 0 to %d"
                  .formatted(count + 1, LARGEST_INDEX),
              word);
        }
        if (Double.isNaN(value)) {
          return new Fault("the value of entry %d is no finite number".formatted(count + 1), word);
        }
        if (count > 0 && position <= index[count - 1]) {
          return new Fault("the index of entry %d does not ascend".formatted(count + 1), word);
        }
        if (count == index.length) {
          index = Arrays.copyOf(index, 2 * count);
          values = Arrays.copyOf(values, 2 * count);
        }
        index[count] = (int) position;
        values[count++] = value;
      }
      return null;
    }
  }

  /** The index of the first feature. */
  static int base(RunConfig.Data config, List<Scan> scans) {
    int lowest = scans.stream().mapToInt(s -> s.lowestIndex).min().orElseThrow();
    int base = config.libsvmIndexBase().orElse(lowest == 0 ? 0 : 1);
    if (lowest < base) {
      throw new BadInputException(
          "data.libsvm-index-base is %d; there is an index %d. Set it to %d, or to auto."
              .formatted(base, lowest, lowest));
    }
    return base;
  }

  /** The numbers of all features, as their names. */
  static List<String> features(RunConfig.Data config, List<Scan> scans, int base) {
    int highest = scans.stream().mapToInt(s -> s.highestIndex).max().orElseThrow();
    if (highest < base) {
      throw new BadInputException(
          "data.path is '%s'; its rows have no entries.".formatted(config.path()));
    }
    return IntStream.rangeClosed(base, highest).mapToObj(Integer::toString).toList();
  }
}
