package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.sotto.network.Delay;
import io.sotto.network.Links;
import io.sotto.network.MixingRule;
import io.sotto.network.Network;
import io.sotto.network.Schedule;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import io.sotto.problem.Registry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * Links from csv files with the header {@code src,dst} and maybe {@code weight} and {@code delay}.
 * Each row is a link both ways, or, of a directed network, one on which src is heard by dst. With
 * weights they are the mixing weights, without, a rule gives them.
 */
public final class EdgeList {
  /** As many copies of what is said are kept. */
  private static final int MOST_DELAY = 100_000;

  private final List<String> agents;
  private final Map<String, Integer> index = new HashMap<>();
  private final List<int[]> pairs = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private final List<Integer> delays = new ArrayList<>();

  /** How many pairs there are at the end of each list. */
  private final List<Integer> ends = new ArrayList<>();

  private final boolean[] named;
  private final String where;

  private EdgeList(List<String> agents, String where) {
    this.agents = agents;
    this.where = where;
    this.named = new boolean[agents.size()];
    for (int i = 0; i < agents.size(); i++) {
      index.put(agents.get(i), i);
    }
  }

  /**
   * Reads lists of links.
   *
   * @param paths files, folders or globs, by the configuration key that names them; one after the
   *     other
   * @param agents the names of all agents, in their order
   * @throws BadInputException if a row is wrong, or the agents of rows and links are not the same
   */
  public static EdgeList read(Map<String, String> paths, List<String> agents, Configuration hadoop)
      throws IOException {
    String where =
        paths.entrySet().stream()
            .map(path -> "%s is '%s'".formatted(path.getKey(), path.getValue()))
            .collect(Collectors.joining(", "));
    EdgeList list = new EdgeList(agents, where);
    for (Map.Entry<String, String> path : paths.entrySet()) {
      for (InputFile file : InputFile.list(path.getKey(), path.getValue(), hadoop)) {
        list.read(file, hadoop);
      }
      list.ends.add(list.pairs.size());
    }
    list.check();
    return list;
  }

  private void read(InputFile file, Configuration hadoop) throws IOException {
    long line = 1;
    try (QuoteCount quotes = new QuoteCount(file.open(hadoop));
        CsvReader<NamedCsvRecord> rows =
            CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .skipEmptyLines(true)
                .detectBomHeader(true)
                .ofNamedCsvRecord(quotes)) {
      for (NamedCsvRecord row : rows) {
        line = row.getStartingLineNumber();
        if (!row.getHeader().containsAll(List.of("src", "dst"))) {
          throw new BadInputException(
              "%s: the header is %s; an edge list begins with src,dst or src,dst,weight."
                  .formatted(file.at(1), String.join(",", row.getHeader())));
        }
        if (row.getFieldCount() != row.getHeader().size()) {
          throw new BadInputException(
              "%s: it has %d cells, the header %d; give each row src,dst or src,dst,weight."
                  .formatted(file.at(line), row.getFieldCount(), row.getHeader().size()));
        }
        pairs.add(new int[] {agent(file, row, "src"), agent(file, row, "dst")});
        if (row.getHeader().contains("weight")) {
          double weight = Numbers.parse(row.getField("weight"));
          if (!(weight > 0 && weight <= 1)) {
            throw new BadInputException(
                "%s: the weight is '%s'; it must be a number above 0 and at most 1."
                    .formatted(file.at(line), row.getField("weight")));
          }
          weights.add(weight);
        }
        if (row.getHeader().contains("delay")) {
          double delay = Numbers.parse(row.getField("delay"));
          if (!(delay >= 0 && delay <= MOST_DELAY && delay == Math.rint(delay))) {
            throw new BadInputException(
                "%s: the delay is '%s'; it must be a whole number of ticks from 0 to %d."
                    .formatted(file.at(line), row.getField("delay"), MOST_DELAY));
          }
          delays.add((int) delay);
        }
      }
      quotes.requireEven(file, line);
    } catch (CsvParseException e) {
      throw new BadInputException(
          "%s: not an edge list after this line: %s. Give each row src,dst or src,dst,weight."
              .formatted(file.at(line), e.getMessage()),
          e);
    }
  }

  private int agent(InputFile file, NamedCsvRecord row, String column) {
    String name = row.getField(column).strip();
    Integer agent = index.get(name);
    if (agent == null) {
      throw new BadInputException(
          "%s: agent '%s' holds no rows; maybe '%s' is meant, or its rows are missing."
              .formatted(
                  file.at(row.getStartingLineNumber()), name, Registry.nearest(name, agents)));
    }
    named[agent] = true;
    return agent;
  }

  private void check() {
    for (int i = 0; i < named.length; i++) {
      if (!named[i] && named.length > 1) {
        throw new BadInputException(
            "%s; agent '%s' holds rows and has no link in it. Add one."
                .formatted(where, agents.get(i)));
      }
    }
    someOnly(weights.size(), "weights");
    someOnly(delays.size(), "delays");
  }

  private void someOnly(int given, String what) {
    if (given != 0 && given != pairs.size()) {
      throw new BadInputException(
          "%s; some of its files have %s and some do not. Give all or none."
              .formatted(where, what));
    }
  }

  /**
   * All links together, both ways.
   *
   * @param rule gives the weights if the files have none
   * @throws BadInputException if they make no network
   */
  public Network network(MixingRule rule) {
    double[] weight = weights.stream().mapToDouble(Double::doubleValue).toArray();
    return made(
        () ->
            weights.isEmpty()
                ? Network.of(Links.of(agents.size(), ends(0), ends(1)), rule, agents::get)
                : Network.of(agents.size(), ends(0), ends(1), weight, agents::get));
  }

  /**
   * All links together, one way.
   *
   * @throws BadInputException if they make no network, or have weights
   */
  public Network directed() {
    if (!weights.isEmpty()) {
      throw new BadInputException(
          "%s, and network.directed is true, where each agent passes equal shares on. Take the column"
                  .formatted(where)
              + " weight out of the edge list.");
    }
    return made(() -> Network.directed(agents.size(), ends(0), ends(1), agents::get));
  }

  private Network made(Supplier<Network> network) {
    try {
      return network.get();
    } catch (BadInputException e) {
      throw new BadInputException("%s: %s".formatted(where, e.getMessage()), e);
    }
  }

  /** The lists in turn, each for so many ticks. */
  public Schedule schedule(List<Long> ticks) {
    List<Schedule.Turn> turns = new ArrayList<>();
    int from = 0;
    for (int list = 0; list < ticks.size(); list++) {
      int to = ends.get(list);
      turns.add(
          new Schedule.Turn(
              Arrays.copyOfRange(ends(0), from, to),
              Arrays.copyOfRange(ends(1), from, to),
              ticks.get(list)));
      from = to;
    }
    return Schedule.of(turns);
  }

  /** True if the files have a column of delays. */
  public boolean hasDelays() {
    return !delays.isEmpty();
  }

  /**
   * The delays of links, of those both ways the same both ways.
   *
   * @throws BadInputException if a link has two
   */
  public Delay delay(boolean directed) {
    Map<Long, Integer> byLink = new TreeMap<>();
    for (int e = 0; e < pairs.size(); e++) {
      int[] pair = pairs.get(e);
      put(byLink, pair[0], pair[1], delays.get(e));
      if (!directed) {
        put(byLink, pair[1], pair[0], delays.get(e));
      }
    }
    return Delay.given(byLink);
  }

  private void put(Map<Long, Integer> byLink, int speaker, int hearer, int delay) {
    Integer before = byLink.put(Delay.link(speaker, hearer), delay);
    if (before != null && before != delay) {
      throw new BadInputException(
          "%s; the delay between agent %s and agent %s is %d and %d. Make both the same."
              .formatted(where, agents.get(speaker), agents.get(hearer), before, delay));
    }
  }

  /** One end of each link. */
  private int[] ends(int which) {
    return pairs.stream().mapToInt(pair -> pair[which]).toArray();
  }
}
