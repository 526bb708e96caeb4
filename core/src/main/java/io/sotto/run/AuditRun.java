package io.sotto.run;

import io.sotto.clock.Draws;
import io.sotto.engine.CellReport;
import io.sotto.engine.DivergedException;
import io.sotto.engine.Plan;
import io.sotto.engine.Recording;
import io.sotto.engine.Runner;
import io.sotto.engine.Wiretap;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.FirstUpdate;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Vectors;
import io.sotto.result.Result;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The runs of an audit: each is recorded as adversaries hear it, and attacked. */
public final class AuditRun {
  /** In networks up to this size an adversary also goes for agents that it does not hear. */
  private static final int SMALL = 32;

  private static final long PROGRESS_NANOS = 5_000_000_000L;

  /** The part of the heap that a recording may take. */
  private static final double HEAP_SHARE = 0.4;

  /** With room for fewer, rounds of sums may not come to their end. */
  private static final int FEW_TICKS = 1_000;

  private final AuditSettings asked;
  private final Optimize action;
  private StepSearch.@Nullable Choice step;
  private @Nullable Adversary adversary;

  /** One adversary, and whom it goes for. */
  public record Target(Adversary adversary, int[] victims) {}

  /**
   * @param asked what the audit does
   * @param action what is audited
   */
  public AuditRun(AuditSettings asked, Optimize action) {
    this.asked = asked;
    this.action = action;
  }

  /** The adversary of the first run; null if each agent is one in turn. */
  public @Nullable Adversary adversary() {
    return adversary;
  }

  /** The first step of the first run, which the others begin with as well; null before it. */
  public StepSearch.@Nullable Choice step() {
    return step;
  }

  /**
   * One run, and all attacks on it.
   *
   * @param number of the run, which says its seed
   */
  public Recorded run(int number, Audit audit, Consumer<String> say) throws Exception {
    Prepared prepared = prepare(number, number == 0);
    List<Target> targets = targets(prepared);
    if (number == 0 && asked.adversary() != AuditSettings.Adversary.NEIGHBOUR) {
      adversary = targets.get(0).adversary();
    }
    Recorded run = record(prepared, targets, prepared.settings().stop().maxTicks(), say);
    Map<Integer, FirstUpdate> firsts = run.firsts();
    long shown = System.nanoTime();
    for (int k = 0; k < targets.size(); k++) {
      if (System.nanoTime() - shown > PROGRESS_NANOS) {
        shown = System.nanoTime();
        say.accept("attacks of %d of %d adversaries are done".formatted(k, targets.size()));
      }
      Adversary curious = targets.get(k).adversary();
      int[] victims = targets.get(k).victims();
      audit.attack(
          number,
          k,
          run.knowledge(curious),
          run.transcript(curious),
          run.truth(victims, firsts),
          victims);
    }
    return run;
  }

  /**
   * The run of that number, ready to go.
   *
   * @throws BadInputException if it is one in which nothing is measured
   */
  Prepared prepare(int number, boolean loud) throws IOException {
    Prepared prepared = seeded(number, loud);
    NotConvex.requireAuditable(prepared);
    return prepared;
  }

  /** The same, whatever costs are. */
  Prepared seeded(int number, boolean loud) throws IOException {
    RunSettings settings = action.settings();
    if (settings.privacy().mechanism() == RunSettings.Mechanism.ROWS) {
      throw new BadInputException(
          "privacy.protect is rows, and an audit compares what attacks find with subgradients, which"
              + " such a run does not measure; what the run promises is in its run.json. Audit it with"
              + " privacy.protect = sums or offsets.");
    }
    Optimize seeded = action.settings(onSameNetwork(settings, settings.seed() + number));
    return (loud ? seeded : seeded.listener(Optimize.Listener.none())).prepare();
  }

  /** The same settings with another seed, and the network that they had. */
  private static RunSettings onSameNetwork(RunSettings asked, long seed) {
    RunSettings.Network was = asked.network();
    RunSettings.Network same =
        new RunSettings.Network(
            was.wiring(),
            was.weights(),
            OptionalLong.of(was.seed().orElse(asked.seed())),
            was.linkRate(),
            was.loss(),
            was.delay());
    return new RunSettings(
        asked.constraints(),
        same,
        asked.clock(),
        asked.algorithm(),
        asked.privacy(),
        asked.engine(),
        asked.stop(),
        seed);
  }

  /** Runs it, with what targets hear of their victims on record. */
  Recorded record(Prepared planned, List<Target> targets, long maxTicks, Consumer<String> say) {
    Wiretap tap = tap(planned.plan(), targets);
    long ticks = recordable(tap, planned.plan(), planned, maxTicks);
    try (Prepared.Opened opened = planned.open()) {
      Prepared prepared = opened.prepared();
      Plan plan = prepared.plan();
      Runner runner = opened.runner();
      RunClock clock = RunClock.start().withDeadline(prepared.settings().stop().deadline());
      StepSearch.Choice choice = step;
      if (choice == null) {
        choice = Execution.firstStep(prepared, runner, clock);
        step = choice;
        if (!choice.trials().isEmpty()) {
          say.accept("first step %.4g, the best of trials".formatted(choice.initial()));
        }
      }
      Recording recording = runner.record(tap);
      Result result =
          Execution.solve(
              prepared, runner, choice.control(plan), ticks, clock, 0, Optimize.Listener.none());
      int[] involved =
          targets.stream()
              .flatMapToInt(
                  t ->
                      IntStream.concat(
                          Arrays.stream(t.adversary().members()), Arrays.stream(t.victims())))
              .sorted()
              .distinct()
              .toArray();
      return Recorded.of(
          prepared,
          result,
          recording,
          involved,
          choice.initial(),
          point -> gradient(runner, point),
          Protection.guarantee(runner, prepared, result.last().estimate()));
    } catch (DivergedException e) {
      throw new BadInputException(planned.explain(e));
    }
  }

  /** The sum of all agents' subgradients at a point. */
  private static double[] gradient(Runner runner, double[] point) {
    double[] sum = new double[point.length];
    for (double[] cell : runner.cells().ask(CellReport.subgradients(point, sum), null)) {
      Vectors.addScaled(1, cell, 2, sum, 0, sum.length);
    }
    return sum;
  }

  /** Where agents say something else on each link, also what no target hears around victims. */
  private static Wiretap tap(Plan plan, List<Target> targets) {
    if (!plan.perLink()) {
      return Wiretap.of(
          targets.stream()
              .flatMapToInt(
                  t ->
                      Arrays.stream(
                          t.adversary().tap(plan.network(), false, t.victims()).speakers()))
              .toArray());
    }
    TreeSet<Long> pairs = new TreeSet<>();
    for (Target target : targets) {
      Wiretap one = target.adversary().tap(plan.network(), true, target.victims());
      for (int k = 0; k < one.size(); k++) {
        pairs.add((long) one.speakers()[k] << 32 | one.hearers()[k]);
      }
      for (int victim : target.victims()) {
        if (target.adversary().hears(plan.network(), victim)) {
          Wiretap around =
              new Adversary.Neighbour(victim).tap(plan.network(), true, new int[] {victim});
          for (int k = 0; k < around.size(); k++) {
            pairs.add((long) around.speakers()[k] << 32 | around.hearers()[k]);
          }
        }
      }
    }
    return Wiretap.of(plan.network(), pairs.stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * Up to how many ticks a run is recorded: all that are asked for. Rounds of sums end by
   * themselves, long before, so there it is as many as there is room for.
   */
  private long recordable(Wiretap tap, Plan plan, Prepared prepared, long ticks) {
    int says = prepared.algorithm().apply(1).says(plan.dimension());
    double each = 8.0 * says * tap.size();
    double bytes = each * ticks;
    double room = HEAP_SHARE * Runtime.getRuntime().maxMemory();
    if (bytes > room && plan.parents().length > 0 && room > each * FEW_TICKS) {
      return (long) (room / each);
    }
    if (bytes > room) {
      throw new BadInputException(
          ("audit.victims is %d, of whom and around whom %s messages of %d numbers would be recorded"
                  + " at up to %s ticks, %s; there is room for %s. Set fewer audit.victims or"
                  + " audit.agents, lower stop.max-ticks, or give the driver more memory.")
              .formatted(
                  asked.victims(),
                  Text.count(tap.size()),
                  says,
                  Text.count(ticks),
                  Text.bytes((long) bytes),
                  Text.bytes((long) room)));
    }
    return ticks;
  }

  /** Adversaries, and whom they go for. */
  List<Target> targets(Prepared prepared) {
    if (!prepared.costs().shards().anywhere()) {
      throw new BadInputException(
          "An audit looks at the rows of victims, and these stand in partitions of Spark; read them"
              + " from files.");
    }
    Network network = prepared.plan().network();
    int n = network.agents();
    if (n < 2) {
      throw new BadInputException(
          "An audit wants at least two agents, and there is %d; deal rows out to more."
              .formatted(n));
    }
    int[] named = named(prepared.costs().agents());
    long seed = prepared.plan().seed();
    return switch (asked.adversary()) {
      case EAVESDROPPER ->
          List.of(new Target(new Adversary.Eavesdropper(), victims(n, new int[0], seed)));
      case COALITION -> {
        int[] members = named.length > 0 ? named : drawn(n, Math.min(asked.size(), n - 1), seed, 1);
        yield List.of(new Target(new Adversary.Coalition(members), victims(n, members, seed)));
      }
      case NEIGHBOUR -> neighbours(network, named, seed);
    };
  }

  private List<Target> neighbours(Network network, int[] named, long seed) {
    Map<Integer, TreeSet<Integer>> victimsOf = new LinkedHashMap<>();
    int n = network.agents();
    IntFunction<int[]> hearers = Neighbourhoods.hearers(network);
    for (int victim : victims(n, named.length == 1 ? named : new int[0], seed)) {
      int[] curious = named;
      if (named.length == 0) {
        curious = n <= SMALL ? IntStream.range(0, n).toArray() : hearers.apply(victim);
      }
      for (int a : curious) {
        if (a != victim) {
          victimsOf.computeIfAbsent(a, k -> new TreeSet<>()).add(victim);
        }
      }
    }
    return victimsOf.entrySet().stream()
        .map(
            e ->
                new Target(
                    new Adversary.Neighbour(e.getKey()),
                    e.getValue().stream().mapToInt(Integer::intValue).toArray()))
        .toList();
  }

  private int[] named(List<String> agents) {
    AgentNames names = new AgentNames(agents);
    return asked.agents().stream()
        .mapToInt(name -> names.find("audit.agents", name))
        .sorted()
        .distinct()
        .toArray();
  }

  private int[] victims(int n, int[] members, long seed) {
    int[] all = IntStream.range(0, n).filter(i -> Arrays.binarySearch(members, i) < 0).toArray();
    if (all.length == 0) {
      throw new BadInputException(
          "audit.agents names all %d agents, which leaves no victims; name fewer.".formatted(n));
    }
    return asked.victims() == 0 || asked.victims() >= all.length
        ? all
        : Arrays.stream(drawn(all.length, asked.victims(), seed, 2)).map(k -> all[k]).toArray();
  }

  /** Some of 0 ... n - 1, ascending: those that draw the least numbers. */
  private static int[] drawn(int n, int count, long seed, long what) {
    return IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> Draws.uniform(seed, i, -what, Draws.Purpose.AUDIT)))
        .limit(count)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
