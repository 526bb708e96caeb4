package io.sotto.run;

import io.sotto.network.Network;
import io.sotto.privacy.exposure.HonestParts;
import io.sotto.privacy.mechanism.KeyGraph;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What masked sums promise of a run.
 *
 * @param parts by adversary, the honest agents of whom it sees sums
 * @param agents how many there are
 */
public record SumsView(HonestParts parts, int agents) {
  /** What is promised, whatever the parts are. */
  static final String STATEMENT =
      "all that an adversary receives can be simulated from sums over the other agents, one sum for"
          + " each group of them that shared keys connect, at the points where sums are made";

  /** Of a run on a network. */
  public static SumsView of(Network network) {
    return new SumsView(HonestParts.of(KeyGraph.of(network), network), network.agents());
  }

  /** For people. */
  public String words() {
    return "%s. A neighbour: %s; all neighbours of an agent together: %s; an eavesdropper: %s"
        .formatted(
            STATEMENT,
            words(parts.neighbour()),
            words(parts.neighbourhood()),
            words(parts.eavesdropper()));
  }

  private static String words(HonestParts.@Nullable Parts of) {
    if (of == null) {
      return "these are all others, and nothing can be protected from them";
    }
    if (of.smallest() == 1) {
      return "the smallest group is a single agent, whose numbers are seen";
    }
    String size = Text.count(of.smallest());
    return of.count() == 1
        ? "one group of %s agents".formatted(size)
        : "%d groups, the smallest of %s agents".formatted(of.count(), size);
  }

  /** For {@code run.json}. */
  Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("neighbour", map(parts.neighbour()));
    map.put("neighbourhood", map(parts.neighbourhood()));
    map.put("eavesdropper", map(parts.eavesdropper()));
    return map;
  }

  private static @Nullable Map<String, Object> map(HonestParts.@Nullable Parts of) {
    if (of == null) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", of.count());
    map.put("smallest", of.smallest());
    return map;
  }
}
