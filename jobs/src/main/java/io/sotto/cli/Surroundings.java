package io.sotto.cli;

import io.sotto.algorithm.Circumstance;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.config.RunConfig;
import io.sotto.io.EdgeList;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.MixingRule;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * What agents find around them: who hears whom, when, and what becomes of messages.
 *
 * @param network the mixing matrix
 * @param links what came out of the topology, in words
 * @param attempts how many draws a random topology took
 * @param clock the activation masks
 * @param channel what becomes of messages
 */
record Surroundings(
    Network network, String links, int attempts, ActivationModel clock, Channel channel) {

  /**
   * What a configuration asks for.
   *
   * @param warnings takes what is not used
   * @throws BadInputException if the network is none, or an agent is not known
   */
  static Surroundings of(
      RunConfig config, AgentNames agents, Configuration hadoop, Consumer<String> warnings)
      throws IOException {
    RunConfig.Network asked = config.network();
    ActivationModel clock =
        ActivationModels.REGISTRY
            .make(
                "clock.model",
                config.clock().model().name().toLowerCase(Locale.ROOT),
                new Parameters("clock", Map.of()))
            .of(
                config.seed(),
                config.clock().rate(),
                agents.byAgent("clock.rates", config.clock().rates()));
    MixingRule rule =
        MixingRules.REGISTRY.make(
            "network.weights", asked.weights(), new Parameters("network", Map.of()));
    Parameters parameters = asked.parameters();
    if (asked.topology().equals("edges")) {
      Map<String, String> paths = paths(asked, parameters);
      EdgeList list = EdgeList.read(paths, agents.all(), hadoop);
      warnUnread(parameters, warnings);
      Schedule schedule =
          list.schedule(asked.schedule().stream().map(RunConfig.Listed::ticks).toList());
      return new Surroundings(
          asked.directed() ? list.directed() : list.network(rule),
          "edges of " + String.join(", ", paths.values()),
          1,
          clock,
          channel(config, agents, schedule, delay(asked, list, warnings)));
    }
    Topology chosen = Topologies.REGISTRY.make("network.topology", asked.topology(), parameters);
    warnUnread(parameters, warnings);
    int count = agents.all().size();
    Topologies.Drawn drawn =
        Topologies.connected(chosen, count, asked.seed().orElse(config.seed()));
    String shape = chosen.shape(count);
    return new Surroundings(
        Network.of(drawn.links(), rule, agents.all()::get),
        shape.isEmpty() ? asked.topology() : asked.topology() + ", " + shape,
        drawn.attempts(),
        clock,
        channel(config, agents, Schedule.ALWAYS, delay(asked)));
  }

  /** The edge lists, by the key that names each. */
  private static Map<String, String> paths(RunConfig.Network asked, Parameters parameters) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (RunConfig.Listed listed : asked.schedule()) {
      paths.put("network.schedule[" + paths.size() + "].path", listed.path());
    }
    return paths.isEmpty() ? Map.of("network.path", parameters.text("path")) : paths;
  }

  private static Delay delay(RunConfig.Network asked) {
    return Delay.of(Delay.Model.valueOf(asked.delay().model().name()), asked.delay().ticks());
  }

  private static Delay delay(RunConfig.Network asked, EdgeList list, Consumer<String> warnings) {
    if (!list.hasDelays()) {
      return delay(asked);
    }
    if (asked.delay().model() != RunConfig.DelayModel.PER_EDGE) {
      warnings.accept(
          "The column delay of the edge list is not used: network.delay.model is not per-edge.");
      return delay(asked);
    }
    return list.delay(asked.directed());
  }

  private static Channel channel(
      RunConfig config, AgentNames agents, Schedule schedule, Delay delay) {
    RunConfig.Offline offline = config.clock().offline();
    Map<Integer, List<Outages.Span>> spans =
        agents.byAgent(
            "clock.offline.intervals",
            offline.intervals().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        entry ->
                            entry.getValue().stream()
                                .map(t -> new Outages.Span(t.first(), t.last()))
                                .toList())));
    Outages outages =
        Outages.of(
            config.seed(),
            offline.rate(),
            offline.duration(),
            agents.byAgent("clock.offline.rates", offline.rates()),
            spans);
    return new Channel(
        config.seed(),
        config.network().loss(),
        config.network().linkRate(),
        schedule,
        delay,
        outages);
  }

  private static void warnUnread(Parameters parameters, Consumer<String> warnings) {
    for (String key : parameters.unread()) {
      warnings.accept("network." + key + " is not used by the kind that was chosen.");
    }
  }

  /**
   * Which of these a method has to survive.
   *
   * @param holds whether idle agents hold still
   * @param borders whether messages are late at borders
   */
  Set<Circumstance> circumstances(boolean holds, boolean borders) {
    Set<Circumstance> all = EnumSet.noneOf(Circumstance.class);
    all.add(network.directed() ? Circumstance.DIRECTED : Circumstance.UNDIRECTED);
    if (IntStream.range(0, network.agents()).anyMatch(i -> clock.rate(i) < 1)) {
      all.add(Circumstance.IDLE_AGENTS);
      if (holds) {
        all.add(Circumstance.HOLD);
      }
    }
    if (borders) {
      all.add(Circumstance.BORDER_DELAY);
    }
    boolean late = channel.delay().longest() > 0;
    if (late) {
      all.add(Circumstance.LATE_MESSAGES);
    }
    if (channel.loss() > 0) {
      all.add(Circumstance.LOST_MESSAGES);
    }
    if (channel.changing()) {
      all.add(Circumstance.CHANGING_LINKS);
    }
    if (channel.lasting() && (late || borders)) {
      all.add(Circumstance.OUTAGES_AND_DELAY);
    }
    return all;
  }

  /** What becomes of messages, in words. */
  String conditions() {
    List<String> words = new ArrayList<>();
    if (channel.loss() > 0) {
      words.add("each message is lost with probability " + channel.loss());
    }
    if (channel.linkRate() < 1) {
      words.add("a link is up at a tick with probability " + channel.linkRate());
    }
    if (!channel.schedule().always()) {
      words.add(channel.schedule().until().length + " edge lists take turns");
    }
    if (channel.delay().longest() > 0) {
      words.add(
          "messages are up to %d tick(s) late, %s"
              .formatted(
                  channel.delay().longest(),
                  switch (channel.delay().model()) {
                    case NONE, CONSTANT -> "always the same";
                    case UNIFORM -> "each by chance";
                    case PER_EDGE -> "each link by its own delay";
                  }));
    }
    if (channel.outages().duration() > 0) {
      double least =
          IntStream.range(0, network.agents()).mapToDouble(channel::availability).min().orElse(1);
      words.add(
          "agents are online for at least %s of the ticks, %d of them with offline intervals besides"
              .formatted(least, channel.outages().agents().length));
    }
    return words.isEmpty() ? "all is heard, and at once" : String.join("; ", words);
  }
}
