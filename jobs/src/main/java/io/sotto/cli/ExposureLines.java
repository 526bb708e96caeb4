package io.sotto.cli;

import io.sotto.engine.graphx.ExposedPairs;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.Advice;
import io.sotto.privacy.exposure.Exposure;
import io.sotto.run.Prepared;
import io.sotto.run.RunSettings.EngineName;
import io.sotto.run.Text;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaSparkContext;

/** Prints who is exposed to whom. */
final class ExposureLines {
  private static final int SHOWN = 3;

  /** Of so many agents, evenly spread, coalitions are looked for. */
  private static final int SAMPLED = 1000;

  private ExposureLines() {}

  /** As a job where the run is one. */
  static Exposure of(Prepared prepared, JavaSparkContext spark) {
    Network network = prepared.around().network();
    return prepared.settings().engine().name() == EngineName.GRAPHX
        ? new Exposure(ExposedPairs.of(network, prepared.plan().partition(), spark))
        : Exposure.toNeighbours(network);
  }

  static void print(Prepared prepared, JavaSparkContext spark, AuditTable.Lines lines) {
    Network network = prepared.around().network();
    List<String> names = prepared.costs().agents();
    Exposure exposure = of(prepared, spark);
    lines.say(
        "exposure      %s of %s agents are exposed to some other single agent, who hears them and"
            + " all whom they hear (%s pairs)",
        Text.count(exposure.agents()),
        Text.count(network.agents()),
        Text.count(exposure.pairs().length));
    for (int k = 0; k < Math.min(SHOWN, exposure.pairs().length); k++) {
      long pair = exposure.pairs()[k];
      lines.say(
          "              %s is exposed to %s",
          names.get((int) pair), names.get((int) (pair >>> 32)));
    }
    coalitions(network, lines);
    if (exposure.pairs().length > 0) {
      remedies(prepared, exposure, lines);
    }
  }

  /** What to do about it. Under offsets that cancel nothing has to be done. */
  private static void remedies(Prepared prepared, Exposure exposure, AuditTable.Lines lines) {
    String protection = prepared.protection().name();
    if (protection.equals("offsets")) {
      lines.say(
          "              offsets hide subgradients from them all the same: no link has to change");
      return;
    }
    String remedy =
        switch (protection) {
          case "none" -> "protect subgradients by offsets (privacy.protect = offsets)";
          case "offsets (weak)" -> "take a method in which offsets cancel (async-admm does)";
          default -> "see what %s hides from them".formatted(protection);
        };
    Network network = prepared.plan().network();
    List<String> names = prepared.costs().agents();
    int[] exposed =
        Arrays.stream(exposure.pairs())
            .mapToInt(pair -> (int) pair)
            .distinct()
            .limit(SHOWN)
            .toArray();
    for (int agent : exposed) {
      Advice advice = Advice.about(network, agent);
      lines.say(
          advice == null
              ? "              for %1$s no single link is enough: make the network sparser, or %2$s"
              : advice.add()
                  ? "              a link from %2$s to %3$s would end that for %1$s"
                  : "              no link from %2$s to %3$s would end that for %1$s",
          names.get(agent),
          advice == null ? remedy : names.get(advice.agent()),
          advice == null ? "" : names.get(advice.other()));
    }
  }

  private static void coalitions(Network network, AuditTable.Lines lines) {
    int n = network.agents();
    int looked = Math.min(n, SAMPLED);
    TreeMap<Integer, Integer> bySize = new TreeMap<>();
    int bounds = 0;
    IntFunction<int[]> hearers = Neighbourhoods.hearers(network);
    for (int k = 0; k < looked; k++) {
      Exposure.Coalition coalition =
          Exposure.coalition(network, (int) ((long) k * n / looked), hearers);
      if (coalition != null) {
        bySize.merge(coalition.members().length, 1, Integer::sum);
        bounds += coalition.smallest() ? 0 : 1;
      }
    }
    if (bySize.isEmpty()) {
      return;
    }
    lines.say(
        "              an agent can be exposed to neighbours that put together what they heard: the"
            + " smallest such groups have %s member(s) (%s agents were looked at)%s",
        bySize.firstKey().equals(bySize.lastKey())
            ? Text.count(bySize.firstKey())
            : Text.count(bySize.firstKey()) + " to " + Text.count(bySize.lastKey()),
        Text.count(looked),
        bounds == 0 ? "" : "; for %s of them there may be smaller ones".formatted(bounds));
  }
}
