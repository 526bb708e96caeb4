package io.sotto.io;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.sotto.problem.Disclosure;
import io.sotto.run.RowSource;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows that were left out, by their holders. The rows of each holder are written to a file of
 * their own that only the owner of the file may read.
 */
public final class Rejected {
  /** The folder of all files, in that of the result. */
  public static final String FOLDER = "rejected";

  private static final int MOST_NAMED = 3;
  private static final int LONGEST_NAME = 100;

  private final long count;
  private final Map<String, Long> reasons;
  private final Map<String, Long> countOf;
  private final Map<String, List<BadRow>> rowsOf = new TreeMap<>();
  private final boolean shown;
  private final Disclosure rules;

  private Rejected(
      long count,
      Map<String, Long> reasons,
      Map<String, Long> countOf,
      boolean shown,
      Disclosure rules) {
    this.rules = rules;
    this.count = count;
    this.reasons = reasons;
    this.countOf = countOf;
    this.shown = shown;
  }

  /**
   * Those of all files.
   *
   * @param agents the names of all agents; who is none of them holds nothing
   * @param shown whether what stands in rows may be written
   * @param rules below which numbers of rows are not told
   */
  static Rejected of(
      List<Rejections> files, Collection<String> agents, boolean shown, Disclosure rules) {
    Map<String, Long> reasons = new TreeMap<>();
    Map<String, Long> countOf = new TreeMap<>();
    for (Rejections file : files) {
      file.reasons.forEach((reason, n) -> reasons.merge(reason, n, Long::sum));
      file.holders.forEach(
          (holder, n) ->
              countOf.merge(agents.contains(holder) ? holder : Rejections.NOBODY, n, Long::sum));
    }
    Rejected all =
        new Rejected(
            files.stream().mapToLong(file -> file.count).sum(),
            mostFrequent(reasons),
            countOf,
            shown,
            rules);
    for (Rejections file : files) {
      for (BadRow row : file.rows) {
        String holder = Objects.requireNonNullElse(row.agent(), Rejections.NOBODY);
        all.rowsOf
            .computeIfAbsent(
                agents.contains(holder) ? holder : Rejections.NOBODY, h -> new ArrayList<>())
            .add(row);
      }
    }
    return all;
  }

  private static Map<String, Long> mostFrequent(Map<String, Long> reasons) {
    Map<String, Long> most = new LinkedHashMap<>();
    long[] others = {0};
    reasons.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            reason -> {
              if (reason.getKey().equals(Rejections.OTHER_REASONS)
                  || most.size() == Rejections.MOST_REASONS) {
                others[0] += reason.getValue();
              } else {
                most.put(reason.getKey(), reason.getValue());
              }
            });
    if (others[0] > 0) {
      most.put(Rejections.OTHER_REASONS, others[0]);
    }
    return most;
  }

  /** How many there are. */
  public long count() {
    return count;
  }

  /**
   * How many there are for each reason, the most frequent first. No reason says what stands there.
   */
  public Map<String, Long> reasons() {
    return reasons;
  }

  /** How many of them are kept, to be written. */
  public long kept() {
    return rowsOf.values().stream().mapToLong(List::size).sum();
  }

  /** How many there are, for people, unless they are too few to be told. */
  String countWords() {
    return rules.count(count);
  }

  /**
   * What {@code run.json} says of them.
   *
   * @param beside what it says before that
   */
  Map<String, Object> report(List<Scan> scans, Map<String, Object> beside) {
    Map<String, Object> report = new LinkedHashMap<>(beside);
    report.put("rejectedRows", rules.told(count));
    report.put("rejectedReasons", rules.told(reasons));
    boolean hidden = rules.hidesAny(scans.stream().map(scan -> scan.rejections.count).toList());
    List<Object> inputs = new ArrayList<>();
    for (Scan scan : scans) {
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("path", scan.file.uri());
      input.put("bytes", scan.file.bytes());
      input.put("sha256", scan.checksum);
      if (!hidden) {
        input.put("rejectedRows", scan.rejections.count);
      }
      inputs.add(input);
    }
    report.put(RowSource.INPUTS, inputs);
    return report;
  }

  /** The most frequent reasons, for people. */
  public String words() {
    boolean hidden = rules.hidesAny(reasons.values());
    String named =
        reasons.entrySet().stream()
            .limit(MOST_NAMED)
            .map(
                reason ->
                    hidden
                        ? reason.getKey()
                        : "%s (%s)".formatted(reason.getKey(), number(reason.getValue())))
            .collect(Collectors.joining("; "));
    return reasons.size() > MOST_NAMED ? named + "; and others" : named;
  }

  /** Of how many agents they are, for people. */
  String holders() {
    long nobody = countOf.getOrDefault(Rejections.NOBODY, 0L);
    long agents = countOf.keySet().stream().filter(h -> !h.equals(Rejections.NOBODY)).count();
    String known = "of %s agents".formatted(number(agents));
    if (rules.hidesAny(countOf.values())) {
      return "of agents with " + rules.count(1) + " each, among others";
    }
    if (nobody == 0) {
      return known;
    }
    return agents == 0
        ? "of agents that cannot be told"
        : "%s, and %s of agents that cannot be told".formatted(known, number(nobody));
  }

  /**
   * Writes what is kept of them: {@code rejected/agents/NAME/rows.csv}, and {@code
   * rejected/unassigned/rows.csv} for rows whose holder cannot be told. Folders and files are for
   * their owner alone.
   *
   * @return false if the file system cannot keep others out; then nothing is written
   */
  public boolean write(OutputFolder output) throws IOException {
    if (!output.ownerFolder(FOLDER)) {
      return false;
    }
    for (Map.Entry<String, List<BadRow>> entry : rowsOf.entrySet()) {
      String holder = entry.getKey();
      if (rules.hides(countOf.getOrDefault(holder, 0L))) {
        continue; // how long the file is would tell
      }
      String folder =
          FOLDER
              + (holder.equals(Rejections.NOBODY)
                  ? "/unassigned"
                  : "/agents/" + folderName(holder));
      output.ownerText(
          folder + "/rows.csv", csv(entry.getValue(), countOf.getOrDefault(holder, 0L)));
    }
    return true;
  }

  private String csv(List<BadRow> rows, long all) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(record("file", "line", "reason", "row"));
      for (BadRow row : rows) {
        csv.writeRecord(record(row.file(), Long.toString(row.line()), row.reason(), row.text()));
      }
      if (rows.size() < all) {
        csv.writeRecord(
            record(
                "",
                "",
                "%s of %s rejected rows are written".formatted(number(rows.size()), number(all)),
                ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory cannot fail to be written", e);
    }
    return text.toString();
  }

  private List<String> record(String file, String line, String reason, String row) {
    return shown ? List.of(file, line, reason, row) : List.of(file, line, reason);
  }

  /**
   * A name of a folder for any name of an agent, and no two agents the same: letters, digits, - and
   * _ as they are, other bytes as % and two digits; what would be long ends in a checksum.
   */
  static String folderName(String agent) {
    byte[] bytes = agent.getBytes(StandardCharsets.UTF_8);
    StringBuilder name = new StringBuilder();
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      name.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return name.length() <= LONGEST_NAME
        ? name.toString()
        : name.substring(0, LONGEST_NAME) + "~" + checksum(bytes);
  }

  private static String checksum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
