package io.sotto.io;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.sotto.network.EdgeList;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads edge lists from csv files with the header {@code src,dst} and maybe {@code weight} and
 * {@code delay}.
 */
public final class EdgeFiles {
  private static final NamedCsv CSV =
      new NamedCsv("an edge list", List.of("src", "dst"), "src,dst or src,dst,weight");

  private EdgeFiles() {}

  /**
   * Reads lists of links.
   *
   * @param paths files, folders or globs, by the configuration key that names them; one list each
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
        read(file, hadoop, list);
      }
      list.endList();
    }
    return list.checked();
  }

  private static void read(InputFile file, Configuration hadoop, EdgeList list) throws IOException {
    CSV.read(
        file,
        hadoop,
        row ->
            list.add(
                file.at(row.getStartingLineNumber()),
                row.getField("src"),
                row.getField("dst"),
                number(file, row, "weight", "a number above 0 and at most 1"),
                number(
                    file,
                    row,
                    "delay",
                    "a whole number of ticks from 0 to " + EdgeList.MOST_DELAY)));
  }

  /** NaN if there is no such column. */
  private static double number(InputFile file, NamedCsvRecord row, String column, String what) {
    if (!row.getHeader().contains(column)) {
      return Double.NaN;
    }
    double number = Numbers.parse(row.getField(column));
    if (Double.isNaN(number)) {
      throw new BadInputException(
          "%s: the %s is '%s'; it must be %s."
              .formatted(file.at(row.getStartingLineNumber()), column, row.getField(column), what));
    }
    return number;
  }
}
