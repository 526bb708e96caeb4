package io.sotto.run;

import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModel;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.EdgeList;
import io.sotto.network.Network;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.network.SpectralGap;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The network and the clocks of a run, once its agents are known: who hears whom, when, and what
 * becomes of messages.
 *
 * @param network the mixing matrix
 * @param links the kind and number of links, for people
 * @param attempts how many draws a random topology took
 * @param clock the activation masks
 * @param idle what an agent does at a tick at which its clock does not ring
 * @param channel what becomes of messages
 */
public record NetworkAndClocks(
    Network network,
    String links,
    int attempts,
    ActivationModel clock,
    IdleRule idle,
    Channel channel) {
  private static final double PACE = 7;

  /** Shorter runs are trials and get no warning. */
  private static final long SLOW = 1000;

  /**
   * Makes the network and the clocks that settings ask for.
   *
   * @param reader reads links that are listed in files
   * @param warnings takes what is not used
   * @throws io.sotto.problem.BadInputException if the links make no valid network, or an agent is
   *     not known
   */
  static NetworkAndClocks of(
      RunSettings settings, AgentNames agents, Wiring.Reader reader, Consumer<String> warnings)
      throws IOException {
    RunSettings.Network asked = settings.network();
    ActivationModel clock =
        settings
            .clock()
            .model()
            .value()
            .of(
                settings.seed(),
                settings.clock().rate(),
                agents.byAgent("clock.rates", settings.clock().rates()));
    IdleRule idle = settings.clock().idle();
    Delay delay = Delay.of(asked.delay().model(), asked.delay().ticks());
    if (asked.wiring() instanceof Wiring.InFiles files) {
      EdgeList list = reader.read(files.paths(), agents.all());
      if (list.hasDelays() && asked.delay().model() == Delay.Model.PER_EDGE) {
        delay = list.delay(files.directed());
      } else if (list.hasDelays()) {
        warnings.accept(
            "The column delay of the edge list is not used: network.delay.model is not per-edge.");
      }
      return new NetworkAndClocks(
          files.directed() ? list.directed() : list.network(asked.weights().value()),
          "edges of " + String.join(", ", files.paths().values()),
          1,
          clock,
          idle,
          channel(settings, agents, list.schedule(files.periods()), delay));
    }
    if (asked.wiring() instanceof Wiring.Listed listed) {
      EdgeList list = listed.read(agents.all());
      return new NetworkAndClocks(
          listed.directed() ? list.directed() : list.network(asked.weights().value()),
          listed.edges().size() + " edges",
          1,
          clock,
          idle,
          channel(settings, agents, Schedule.ALWAYS, delay));
    }
    Part<Topology> topology = ((Wiring.Drawn) asked.wiring()).topology();
    int count = agents.all().size();
    Topologies.Drawn drawn =
        Topologies.connected(topology.value(), count, asked.seed().orElse(settings.seed()));
    String shape = topology.value().shape(count);
    return new NetworkAndClocks(
        Network.of(drawn.links(), asked.weights().value(), agents.all()::get),
        shape.isEmpty() ? topology.name() : topology.name() + ", " + shape,
        drawn.attempts(),
        clock,
        idle,
        channel(settings, agents, Schedule.ALWAYS, delay));
  }

  /**
   * A warning if the network is so slow that agents will probably not agree within the ticks that
   * are allowed: async-admm needs about {@value #PACE} / (rate sqrt(gap)) ticks to a gap of 1e-3 of
   * F (measured from 0.6 to 0.9 of twice that to 1e-6, on ring, torus and regular networks), other
   * methods more.
   */
  Optional<String> slowness(long maxTicks) {
    if (network.directed()) {
      return Optional.empty();
    }
    double rate =
        IntStream.range(0, network.agents())
            .mapToDouble(i -> clock.rate(i) * channel.availability(i))
            .average()
            .orElse(1);
    SpectralGap gap = SpectralGap.of(network);
    double ticks = PACE / (rate * Math.sqrt(gap.gap()));
    return ticks <= Math.max(maxTicks, SLOW)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "Agents of this network (%s) need about %.2g ticks or more to agree, and"
                    + " stop.max-ticks is %d. The spectral gap is %.2g: estimates spread slowly. Use a"
                    + " network that spreads them faster, such as network.topology = regular with"
                    + " network.degree = 4, or raise stop.max-ticks.",
                links,
                ticks,
                maxTicks,
                gap.gap()));
  }

  private static Channel channel(
      RunSettings settings, AgentNames agents, Schedule schedule, Delay delay) {
    RunSettings.Offline offline = settings.clock().offline();
    Map<String, List<Outages.Span>> spans = new TreeMap<>();
    offline
        .intervals()
        .forEach(
            (agent, ticks) ->
                spans.put(
                    agent,
                    ticks.stream().map(t -> new Outages.Span(t.first(), t.last())).toList()));
    Outages outages =
        Outages.of(
            settings.seed(),
            offline.rate(),
            offline.duration(),
            agents.byAgent("clock.offline.rates", offline.rates()),
            agents.byAgent("clock.offline.intervals", spans));
    return new Channel(
        settings.seed(),
        settings.network().loss(),
        settings.network().linkRate(),
        schedule,
        delay,
        outages);
  }

  /**
   * The conditions that a method must support for this network and these clocks.
   *
   * @param borders whether messages are late at borders
   */
  Set<Condition> conditions(boolean borders) {
    Set<Condition> all = EnumSet.noneOf(Condition.class);
    all.add(network.directed() ? Condition.DIRECTED : Condition.UNDIRECTED);
    if (IntStream.range(0, network.agents()).anyMatch(i -> clock.rate(i) < 1)) {
      all.add(Condition.IDLE_AGENTS);
      if (idle == IdleRule.HOLD) {
        all.add(Condition.HOLD);
      }
    }
    if (borders) {
      all.add(Condition.BORDER_DELAY);
    }
    boolean late = channel.delay().longest() > 0;
    if (late) {
      all.add(Condition.LATE_MESSAGES);
    }
    if (channel.loss() > 0) {
      all.add(Condition.LOST_MESSAGES);
    }
    if (channel.changing()) {
      all.add(Condition.CHANGING_LINKS);
    }
    if (channel.lasting() && (late || borders)) {
      all.add(Condition.OUTAGES_AND_DELAY);
    }
    return all;
  }

  /** Adds all of it to a digest, as it came out: links and weights, clocks, schedule, delays. */
  void addTo(RunDigest digest) {
    digest
        .whole("network", network.offset())
        .whole("heard", network.heard())
        .number("weights", network.weight())
        .whole("directed", network.directed() ? 1 : 0)
        .text("idle", idle.name())
        .value("clock", clock)
        .value("channel", channel);
  }

  /** What becomes of messages, in words. */
  public String conditions() {
    List<String> words = new ArrayList<>();
    if (channel.loss() > 0) {
      words.add("each message is lost with probability " + channel.loss());
    }
    if (channel.linkRate() < 1) {
      words.add("a link is up at a tick with probability " + channel.linkRate());
    }
    if (!channel.schedule().always()) {
      words.add(channel.schedule().until().length + " edge lists, one after the other");
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
    return words.isEmpty() ? "every message arrives, and at once" : String.join("; ", words);
  }
}
