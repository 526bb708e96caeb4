package io.sotto.network;

import io.sotto.problem.BadInputException;
import java.util.Arrays;
import org.jgrapht.Graph;
import org.jgrapht.generate.GraphGenerator;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleGraph;
import org.jgrapht.util.SupplierUtil;

/** A growing list of linked pairs, out of which topologies make {@link Links}. */
final class Pairs {
  private final int agents;
  private int[] a;
  private int[] b;
  private int count;

  /**
   * An empty list.
   *
   * @param expected how many links will come; more may
   * @throws BadInputException if so many cannot be held
   */
  Pairs(int agents, double expected) {
    if (2 * expected + agents > 2.0 * Links.MOST) {
      throw new BadInputException(
          ("network.topology would give %d agents about %.0f links, and a network holds %d at"
                  + " most; choose a sparser topology.")
              .formatted(agents, expected, Links.MOST));
    }
    this.agents = agents;
    a = new int[(int) expected];
    b = new int[(int) expected];
  }

  /** Links two agents; loops and repetitions are dropped in the end. */
  void add(int i, int j) {
    if (count == a.length) {
      int wider = (int) Math.min(Links.MOST, a.length + (a.length >> 1) + 16L);
      a = Arrays.copyOf(a, wider);
      b = Arrays.copyOf(b, wider);
    }
    a[count] = i;
    b[count++] = j;
  }

  Links links() {
    return Links.of(agents, Arrays.copyOf(a, count), Arrays.copyOf(b, count));
  }

  /** What one of JGraphT's generators links; its vertices are 0, 1, ... in their order. */
  static Links generated(
      int agents, double expected, GraphGenerator<Integer, DefaultEdge, Integer> generator) {
    Pairs pairs = new Pairs(agents, expected);
    Graph<Integer, DefaultEdge> graph =
        new SimpleGraph<>(
            SupplierUtil.createIntegerSupplier(), SupplierUtil.createDefaultEdgeSupplier(), false);
    generator.generateGraph(graph);
    for (DefaultEdge edge : graph.edgeSet()) {
      pairs.add(graph.getEdgeSource(edge), graph.getEdgeTarget(edge));
    }
    return pairs.links();
  }
}
