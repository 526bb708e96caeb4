package io.sotto.network;

import java.util.Arrays;

/**
 * A breadth-first spanning tree of a network, rooted where the farthest agent is as near as can be;
 * of several such roots the one with the least number.
 *
 * <p>Up to {@value #EXACT} agents the root is found by a search from each. Among more, it is the
 * middle of a path between two agents that are far apart, each the farthest from where the search
 * for it began; in a tree that is the best root, elsewhere nearly so.
 *
 * @param network the links of the tree, with Metropolis weights
 * @param parents by agent, its neighbour on the way to the root; -1 for the root
 * @param height how many links the farthest agent is from the root
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares trees
public record SpanningTree(Network network, int[] parents, int height) {

  /** Up to so many agents each of them is tried. */
  private static final int EXACT = 1000;

  /** Of a network in which links go both ways. */
  public static SpanningTree of(Network network) {
    int n = network.agents();
    Search best = n <= EXACT ? exact(network) : Search.from(network, middle(network));
    int[] a = new int[n - 1];
    int[] b = new int[n - 1];
    int k = 0;
    for (int i = 0; i < n; i++) {
      if (best.parents[i] >= 0) {
        a[k] = i;
        b[k++] = best.parents[i];
      }
    }
    return new SpanningTree(
        Network.of(Links.of(n, a, b), MixingRules.METROPOLIS), best.parents, best.height());
  }

  private static Search exact(Network network) {
    Search best = Search.from(network, 0);
    for (int root = 1; root < network.agents(); root++) {
      Search other = Search.from(network, root);
      best = other.height() < best.height() ? other : best;
    }
    return best;
  }

  private static int middle(Network network) {
    Search some = Search.from(network, Search.from(network, 0).last());
    int agent = some.last();
    for (int up = some.height() / 2; up > 0; up--) {
      agent = some.parents[agent];
    }
    return agent;
  }

  /** What a breadth-first search found. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Search(int[] parents, int[] depth, int last) {

    static Search from(Network network, int root) {
      int n = network.agents();
      int[] parents = new int[n];
      int[] depth = new int[n];
      Arrays.fill(depth, -1);
      int[] queue = new int[n];
      int tail = 0;
      queue[tail++] = root;
      parents[root] = -1;
      depth[root] = 0;
      for (int head = 0; head < tail; head++) {
        int i = queue[head];
        for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
          int j = network.heard()[e];
          if (depth[j] < 0) {
            depth[j] = depth[i] + 1;
            parents[j] = i;
            queue[tail++] = j;
          }
        }
      }
      return new Search(parents, depth, queue[tail - 1]);
    }

    int height() {
      return depth[last];
    }
  }
}
