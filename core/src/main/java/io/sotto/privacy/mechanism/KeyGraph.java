package io.sotto.privacy.mechanism;

import io.sotto.clock.Draws;
import io.sotto.network.Links;
import io.sotto.network.Network;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which agents share a key. Up to {@value #ALL} agents it is all pairs. Among more, each agent
 * shares one with up to {@value #NEAR} others two links away, and with {@value #FAR} drawn among
 * all: never more than 16 + 2 log2 N. Who hears an agent is no such other, as a rule, so a
 * coalition of all who hear it does not know its keys; and two circles through all agents in random
 * order keep those who are honest connected.
 */
public final class KeyGraph {
  /** Up to so many agents all pairs share a key. */
  public static final int ALL = 64;

  /** With how many others two links away, at most. */
  static final int NEAR = 8;

  /** With how many of all, at most. */
  static final int FAR = 4;

  /** Who shares a key is public, and the same in all runs on a network. */
  private static final long SEED = 0x6b657973;

  private KeyGraph() {}

  /** Of neighbours only; links in one direction count as links. */
  public static Links neighbours(Network network) {
    int[] hearers = new int[network.heard().length];
    for (int i = 0; i < network.agents(); i++) {
      Arrays.fill(hearers, network.offset()[i], network.offset()[i + 1], i);
    }
    return Links.of(network.agents(), hearers, network.heard());
  }

  /** Of agents beyond neighbours, too. */
  public static Links of(Network network) {
    int n = network.agents();
    return n <= ALL ? complete(n) : sparse(neighbours(network));
  }

  private static Links complete(int n) {
    int[] a = new int[n * (n - 1) / 2];
    int[] b = new int[a.length];
    int k = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        a[k] = i;
        b[k++] = j;
      }
    }
    return Links.of(n, a, b);
  }

  private static Links sparse(Links links) {
    int n = links.agents();
    int[] a = new int[Math.multiplyExact(n, NEAR / 2 + FAR / 2)];
    int[] b = new int[a.length];
    int k = 0;
    int[] near = new int[n];
    for (int i = 0; i < n; i++) {
      int agent = i;
      int[] others =
          twoLinksAway(links, i)
              .filter(j -> j > agent)
              .boxed()
              .sorted(Comparator.comparingLong(j -> draw(agent, j)))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int j : others) {
        if (near[i] < NEAR && near[j] < NEAR) {
          near[i]++;
          near[j]++;
          a[k] = i;
          b[k++] = j;
        }
      }
    }
    for (int circle = 0; circle < FAR / 2; circle++) {
      int salt = -1 - circle;
      int[] order =
          IntStream.range(0, n)
              .boxed()
              .sorted(Comparator.comparingLong(i -> draw(i, salt)))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int i = 0; i < n; i++) {
        a[k] = order[i];
        b[k++] = order[(i + 1) % n];
      }
    }
    return Links.of(n, Arrays.copyOf(a, k), Arrays.copyOf(b, k));
  }

  /** Agents that a neighbour hears and the agent does not. */
  private static IntStream twoLinksAway(Links links, int agent) {
    int[] neighbours = around(links, agent).toArray();
    return Arrays.stream(neighbours)
        .flatMap(j -> around(links, j).limit(ALL))
        .filter(j -> j != agent && Arrays.binarySearch(neighbours, j) < 0)
        .distinct();
  }

  private static IntStream around(Links links, int agent) {
    return IntStream.range(0, links.degree(agent)).map(k -> links.neighbour(agent, k));
  }

  private static long draw(int agent, int other) {
    return Draws.bits(SEED, agent, other, Draws.Purpose.KEYS);
  }
}
