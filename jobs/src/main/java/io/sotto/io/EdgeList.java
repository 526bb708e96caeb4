package io.sotto.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.sotto.network.Links;
import io.sotto.network.MixingRule;
import io.sotto.network.Network;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Links from csv files with the header {@code src,dst} and maybe {@code weight}. Each row is a link
 * both ways; with weights they are the mixing weights, without, a rule gives them.
 */
public final class EdgeList {
  private final List<String> agents;
  private final Map<String, Integer> index = new HashMap<>();
  private final List<int[]> pairs = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private final boolean[] named;

  private EdgeList(List<String> agents) {
    this.agents = agents;
    this.named = new boolean[agents.size()];
    for (int i = 0; i < agents.size(); i++) {
      index.put(agents.get(i), i);
    }
  }

  /**
   * Reads a network.
   *
   * @param path a file, folder or glob
   * @param agents the names of all agents, in their order
   * @param rule gives the weights if the files have none
   * @throws BadInputException if a row is wrong, or the agents of rows and links are not the same
   */
  public static Network read(
      String path, List<String> agents, MixingRule rule, Configuration hadoop) throws IOException {
    EdgeList list = new EdgeList(agents);
    for (InputFile file : InputFile.list("network.path", path, hadoop)) {
      list.read(file, hadoop);
    }
    return list.network(path, rule);
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

  private Network network(String path, MixingRule rule) {
    for (int i = 0; i < named.length; i++) {
      if (!named[i] && named.length > 1) {
        throw new BadInputException(
            "network.path is '%s'; agent '%s' holds rows and has no link in it. Add one."
                .formatted(path, agents.get(i)));
      }
    }
    if (!weights.isEmpty() && weights.size() != pairs.size()) {
      throw new BadInputException(
          "network.path is '%s'; some of its files have weights and some do not. Give all or none."
              .formatted(path));
    }
    int[] a = pairs.stream().mapToInt(pair -> pair[0]).toArray();
    int[] b = pairs.stream().mapToInt(pair -> pair[1]).toArray();
    double[] weight = weights.stream().mapToDouble(Double::doubleValue).toArray();
    try {
      return weights.isEmpty()
          ? Network.of(Links.of(agents.size(), a, b), rule, agents::get)
          : Network.of(agents.size(), a, b, weight, agents::get);
    } catch (BadInputException e) {
      throw new BadInputException("network.path is '%s': %s".formatted(path, e.getMessage()), e);
    }
  }
}
