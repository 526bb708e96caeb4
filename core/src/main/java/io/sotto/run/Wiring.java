package io.sotto.run;

import io.sotto.network.EdgeList;
import io.sotto.network.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Who is linked to whom. */
public sealed interface Wiring {

  /** Links that a topology draws. */
  record Drawn(Part<Topology> topology) implements Wiring {}

  /**
   * Links that are listed, by the names of agents; without weights of their own.
   *
   * @param directed whether links go one way, on which the first agent is heard by the second
   */
  record Listed(List<Edge> edges, boolean directed) implements Wiring {
    EdgeList read(List<String> agents) {
      EdgeList list = new EdgeList(agents, "the list of edges");
      for (int e = 0; e < edges.size(); e++) {
        list.add("edge " + e, edges.get(e).src(), edges.get(e).dst(), Double.NaN, Double.NaN);
      }
      list.endList();
      return list.checked();
    }
  }

  /** A link between two agents. */
  record Edge(String src, String dst) {}

  /**
   * Links that are listed in files.
   *
   * @param paths files, folders or globs, by the configuration key that names them; one list each
   * @param periods for how many ticks each list is the one in use; empty if there is one list alone
   * @param directed whether links go one way
   */
  record InFiles(Map<String, String> paths, List<Long> periods, boolean directed)
      implements Wiring {}

  /** Reads links that are listed in files. */
  @FunctionalInterface
  interface Reader {
    /**
     * Reads lists of links.
     *
     * @param paths as in {@link InFiles}
     * @param agents the names of all agents, in their order
     * @throws io.sotto.problem.BadInputException if a row is wrong, or an agent has no link
     */
    EdgeList read(Map<String, String> paths, List<String> agents) throws IOException;
  }
}
