package io.sotto.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModels;
import io.sotto.network.Delay;
import io.sotto.network.EdgeList;
import io.sotto.network.MixingRules;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import io.sotto.problem.Parameters;
import io.sotto.run.Part;
import io.sotto.run.RunSettings;
import io.sotto.run.Wiring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoublePredicate;

/**
 * Makes the records of who hears whom and when: {@code network} and {@code clock}.
 *
 * @param values what was given
 * @param warnings takes sentences about what is not used
 */
record NetworkReader(Values values, List<String> warnings) {
  private static final String SCHEDULE = "network.schedule";
  private static final String INTERVALS = "clock.offline.intervals";

  /** Keys of the network that are not parameters of a topology. */
  private static final Set<String> OWN =
      Set.of("topology", "weights", "seed", "directed", "schedule", "link-rate", "loss", "delay");

  /** The topology whose links are listed in files. */
  private static final String EDGES = "edges";

  /** An edge list, and for how many ticks it is used. */
  private record Listed(String path, long ticks) {}

  RunSettings.Network network() {
    String topology = values.text("network.topology", "name a topology, such as ring");
    List<Listed> schedule = schedule();
    for (String key : List.of("network.directed", SCHEDULE)) {
      if (values.changed(key) && !topology.equals(EDGES)) {
        throw values.bad(
            key,
            values.at(key),
            "it takes an edge list: set network.topology = edges, or leave it out");
      }
    }
    Map<String, Object> given =
        values.at("network") instanceof ConfigObject block
            ? ConfigReader.parameters(block, OWN)
            : Map.of();
    Parameters parameters = new Parameters("network", given);
    Wiring wiring =
        topology.equals(EDGES) ? inFiles(schedule, parameters) : drawn(topology, parameters);
    for (String key : parameters.unread()) {
      warnings.add("network." + key + " is not used by the kind that was chosen.");
    }
    String weights = values.text("network.weights", "name weights, such as metropolis");
    return new RunSettings.Network(
        wiring,
        values.made(
            values.at("network.weights"),
            () -> Part.of(MixingRules.REGISTRY, "network.weights", weights, "network", Map.of())),
        values.auto("network.seed")
            ? OptionalLong.empty()
            : OptionalLong.of(
                values.whole(
                    "network.seed",
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    "auto or a whole number of 64 bits")),
        values.number(
            "network.link-rate", p -> p > 0 && p <= 1, "a probability above 0, at most 1"),
        probability("network.loss"),
        new RunSettings.Late(
            values.choice("network.delay.model", Delay.Model.class),
            (int)
                values.whole(
                    "network.delay.ticks",
                    0,
                    EdgeList.MOST_DELAY,
                    "a whole number from 0 to " + EdgeList.MOST_DELAY)));
  }

  private Wiring drawn(String topology, Parameters parameters) {
    Topology made =
        values.made(
            values.at("network.topology"),
            () -> Topologies.REGISTRY.make("network.topology", topology, parameters));
    Map<String, Object> used = new TreeMap<>(parameters.values());
    used.keySet().removeAll(parameters.unread());
    return new Wiring.Drawn(Part.of(topology, used, made));
  }

  private Wiring inFiles(List<Listed> schedule, Parameters parameters) {
    if (!schedule.isEmpty() && parameters.has("path")) {
      throw values.bad(
          "network.path",
          values.at("network.path"),
          "network.schedule is given, too, and only one of them can be: take one out");
    }
    Map<String, String> paths = new LinkedHashMap<>();
    for (Listed listed : schedule) {
      paths.put(SCHEDULE + "[" + paths.size() + "].path", listed.path());
    }
    return new Wiring.InFiles(
        paths.isEmpty() ? Map.of("network.path", parameters.text("path")) : paths,
        schedule.stream().map(Listed::ticks).toList(),
        values.flag("network.directed"));
  }

  private List<Listed> schedule() {
    String example = "such as { path = \"day.csv\", ticks = 100 }";
    ConfigValue given = values.at(SCHEDULE);
    if (!(given instanceof ConfigList list)) {
      throw values.bad(SCHEDULE, given, "it must be a list [ ... ] of blocks " + example);
    }
    List<Listed> schedule = new ArrayList<>();
    for (ConfigValue one : list) {
      String key = SCHEDULE + "[" + schedule.size() + "]";
      ConfigObject block = one instanceof ConfigObject inner ? inner : null;
      ConfigValue path = block == null ? null : block.get("path");
      ConfigValue ticks = block == null ? null : block.get("ticks");
      if (block == null
          || block.size() != 2
          || path == null
          || ticks == null
          || !(path.unwrapped() instanceof String text && !text.isEmpty())) {
        throw values.bad(key, one, "it must be a block of path and ticks, " + example);
      }
      schedule.add(new Listed(path.unwrapped().toString(), ticks(key + ".ticks", ticks)));
    }
    return List.copyOf(schedule);
  }

  RunSettings.Clock clock() {
    String name = values.text("clock.model", "name a model, such as bernoulli");
    boolean poisson = name.equals("poisson");
    String range = poisson ? "a number above 0" : "a number above 0, at most 1";
    DoublePredicate allowed = rate -> rate > 0 && (poisson || rate <= 1);
    return new RunSettings.Clock(
        values.made(
            values.at("clock.model"),
            () -> Part.of(ActivationModels.REGISTRY, "clock.model", name, "clock", Map.of())),
        values.number("clock.rate", allowed, range),
        rates("clock.rates", allowed, range),
        values.choice("clock.idle", IdleRule.class),
        new RunSettings.Offline(
            probability("clock.offline.rate"),
            values.count("clock.offline.duration", "give it a number of ticks, such as 50"),
            rates("clock.offline.rates", p -> p >= 0 && p < 1, "a probability from 0 to below 1"),
            intervals()));
  }

  private Map<String, Double> rates(String key, DoublePredicate allowed, String range) {
    Map<String, Double> rates = new TreeMap<>();
    if (values.at(key) instanceof ConfigObject block) {
      for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
        String path = key + "." + ConfigUtil.joinPath(entry.getKey());
        boolean nested = entry.getValue() instanceof ConfigObject;
        String what = nested ? range + "; quote a name that holds dots" : range;
        rates.put(entry.getKey(), values.number(path, entry.getValue(), allowed, what));
      }
    }
    return Collections.unmodifiableMap(rates);
  }

  private Map<String, List<RunSettings.Ticks>> intervals() {
    Map<String, List<RunSettings.Ticks>> intervals = new TreeMap<>();
    if (values.at(INTERVALS) instanceof ConfigObject block) {
      for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
        String path = INTERVALS + "." + ConfigUtil.joinPath(entry.getKey());
        String remedy =
            "it must be a list of first and last ticks, such as [[100, 200], [900, 950]]";
        if (!(entry.getValue() instanceof ConfigList list)) {
          throw values.bad(path, entry.getValue(), remedy);
        }
        List<RunSettings.Ticks> spans = new ArrayList<>();
        for (ConfigValue span : list) {
          if (!(span instanceof ConfigList ends && ends.size() == 2)) {
            throw values.bad(path, span, remedy);
          }
          long first = ticks(path, ends.get(0));
          long last = ticks(path, ends.get(1));
          if (last < first) {
            throw values.bad(path, span, "the last tick must not come before the first");
          }
          spans.add(new RunSettings.Ticks(first, last));
        }
        intervals.put(entry.getKey(), List.copyOf(spans));
      }
    }
    return Collections.unmodifiableMap(intervals);
  }

  private double probability(String path) {
    return values.number(path, p -> p >= 0 && p < 1, "a probability from 0 to below 1");
  }

  /** A number of ticks, or the number of one; far below what a sum of many may overflow. */
  private long ticks(String path, ConfigValue value) {
    String what = "a whole number of ticks from 1 on";
    if (value.valueType() != ConfigValueType.NUMBER) {
      throw values.bad(path, value, "it must be " + what);
    }
    double ticks = values.number(path, value, t -> t >= 1 && t <= 1e15 && t == Math.rint(t), what);
    return (long) ticks;
  }
}
