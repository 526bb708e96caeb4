package io.sotto.report;

import io.sotto.engine.CellDistances;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.network.Network;
import io.sotto.problem.Vectors;
import io.sotto.result.Result;
import io.sotto.run.Prepared;
import io.sotto.run.Text;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jgrapht.Graph;
import org.jgrapht.alg.drawing.FRLayoutAlgorithm2D;
import org.jgrapht.alg.drawing.model.Box2D;
import org.jgrapht.alg.drawing.model.MapLayoutModel2D;
import org.jgrapht.alg.drawing.model.Point2D;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DefaultUndirectedGraph;
import org.jspecify.annotations.Nullable;

/**
 * The network along which messages go, with two numbers of each agent. Of a large one a part is
 * drawn: an agent and those that are nearest to it, by links.
 *
 * @param network all of it
 * @param names of all agents
 * @param shown the indices of agents that are drawn, ascending
 * @param values by number, those of all agents; NaN where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Drawing(
    Network network, List<String> names, int[] shown, Map<String, double[]> values) {
  /** As many agents can be told apart. */
  static final int MOST = 200;

  /** How far an agent is from the mean, relative to the larger of 1 and the mean's norm. */
  private static final String DISTANCE = "distance";

  private static final String UPDATES = "updates";
  private static final int ROUNDS = 300;

  /** How many times as wide as the circle of a ring is the room in which agents are placed. */
  private static final double ROOM = 4;

  /** With the agents that stand at the end of a run: how far from the mean, and after how much. */
  public static Drawing of(Coordinator cells, Prepared prepared, Result result) {
    double[] mean = result.last().mean();
    double scale = Math.max(1, Vectors.norm(mean));
    int agents = prepared.plan().agents();
    double[] distance = new double[agents];
    double[] updates = new double[agents];
    for (CellDistances cell : cells.ask(CellReport.distances(mean), null)) {
      for (int i = 0; i < cell.agents().length; i++) {
        distance[cell.agents()[i]] = cell.distances()[i] / scale;
        updates[cell.agents()[i]] = cell.updates()[i];
      }
    }
    Map<String, double[]> values = new LinkedHashMap<>();
    values.put(DISTANCE, distance);
    values.put(UPDATES, updates);
    return of(prepared, values);
  }

  /** With other numbers of the agents of a run; {@link #of(Network, List, Map)}. */
  public static Drawing of(Prepared prepared, Map<String, double[]> values) {
    return of(prepared.plan().network(), prepared.costs().agents(), values);
  }

  /**
   * Of any network.
   *
   * @param names of its agents
   * @param values by name; the agent with the most of the first one is drawn in any case
   */
  static Drawing of(Network network, List<String> names, Map<String, double[]> values) {
    double[] first = values.values().iterator().next();
    int centre =
        IntStream.range(0, first.length)
            .reduce(0, (a, b) -> first[b] > first[a] || Double.isNaN(first[a]) ? b : a);
    return new Drawing(network, names, around(network, centre), values);
  }

  /** An agent and those nearest to it, up to {@link #MOST}, ascending. */
  private static int[] around(Network network, int centre) {
    int[] queue = new int[Math.min(MOST, network.agents())];
    BitSet seen = new BitSet(network.agents());
    int tail = 0;
    queue[tail++] = centre;
    seen.set(centre);
    for (int head = 0; head < tail; head++) {
      for (int e = network.offset()[queue[head]]; e < network.offset()[queue[head] + 1]; e++) {
        int other = network.heard()[e];
        if (tail < queue.length && !seen.get(other)) {
          seen.set(other);
          queue[tail++] = other;
        }
      }
    }
    return Arrays.stream(queue, 0, tail).sorted().toArray();
  }

  /** For the page: agents with their places in a plane, links by positions among these. */
  Map<String, @Nullable Object> toMap() {
    Graph<Integer, DefaultEdge> graph = new DefaultUndirectedGraph<>(DefaultEdge.class);
    for (int k = 0; k < shown.length; k++) {
      graph.addVertex(k);
    }
    for (int k = 0; k < shown.length; k++) {
      for (int e = network.offset()[shown[k]]; e < network.offset()[shown[k] + 1]; e++) {
        int other = Arrays.binarySearch(shown, network.heard()[e]);
        if (other >= 0 && other != k) {
          graph.addEdge(k, other);
        }
      }
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("agents", names.size());
    map.put("links", network.links());
    map.put("directed", network.directed());
    map.put(
        "cut",
        shown.length < names.size()
            ? "%s of %s agents are drawn: the one with the most %s, and those nearest to it by links."
                .formatted(
                    Text.count(shown.length),
                    Text.count(names.size()),
                    values.keySet().iterator().next())
            : null);
    map.put("names", Arrays.stream(shown).mapToObj(names::get).toList());
    Map<String, Object> numbers = new LinkedHashMap<>();
    values.forEach(
        (name, all) ->
            numbers.put(name, Arrays.stream(shown).mapToObj(i -> number(all[i])).toList()));
    map.put("values", numbers);
    map.put("places", places(graph));
    map.put(
        "pairs",
        graph.edgeSet().stream()
            .map(e -> List.of(graph.getEdgeSource(e), graph.getEdgeTarget(e)))
            .toList());
    return map;
  }

  /**
   * As forces between agents place them (Fruchterman and Reingold 1991), from a circle on. The
   * circle is the one on which these forces hold a ring, with 1 as the length that a single link
   * has; there is room around it, so that no agent is stopped by a wall.
   */
  private static List<List<Double>> places(Graph<Integer, DefaultEdge> graph) {
    int count = graph.vertexSet().size();
    double radius = count * Math.cbrt(count / 2.0) / (2 * Math.PI);
    double side = ROOM * radius;
    FRLayoutAlgorithm2D<Integer, DefaultEdge> forces =
        new FRLayoutAlgorithm2D<>(ROUNDS, Math.sqrt(count) / side);
    forces.setInitializer(
        k -> {
          double angle = 2 * Math.PI * k / count;
          return Point2D.of(radius * Math.sin(angle), -radius * Math.cos(angle));
        });
    MapLayoutModel2D<Integer> model =
        new MapLayoutModel2D<>(Box2D.of(-side / 2, -side / 2, side, side));
    forces.layout(graph, model);
    return IntStream.range(0, count)
        .mapToObj(k -> List.of(model.get(k).getX(), model.get(k).getY()))
        .toList();
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
