package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Condition;
import io.sotto.clock.ActivationModel;
import io.sotto.engine.Engine;
import io.sotto.network.BorderDelay;
import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import io.sotto.network.NetworkPartitioner;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Objective;
import io.sotto.run.RunSettings.EngineName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What computes a run: how agents are partitioned into cells, how often borders are exchanged, and
 * where.
 *
 * @param engine local or graphx
 * @param partition which cell each agent stands in
 * @param ticksPerSuperstep ticks between two exchanges across borders
 * @param memory what that takes
 */
record Sizing(EngineName engine, CellPartition partition, int ticksPerSuperstep, Memory memory) {
  private static final long CELL_BYTES = 32L << 20;
  private static final int MANY_CELLS = 4;

  /** Of a core, cautiously. */
  private static final double FLOPS_PER_MILLI = 2e6;

  private static final double SUPERSTEP_MILLIS = 30;

  private static final int MOST_TICKS = 32;

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** What the delay at borders may cost in ticks. */
  private static final double MOST_SLOWDOWN = 1.05;

  /**
   * What a run can be computed on.
   *
   * @param local threads of this process
   * @param cluster the engine on Spark; null where there is none
   */
  record Engines(Engine local, @Nullable Engine cluster) {}

  /**
   * What settings ask for; where they leave it open, a function of the problem, and for the engine
   * of the memory that there is.
   *
   * @param network along which messages go
   * @param sets whether there are any
   * @param why takes the reasons
   * @throws BadInputException if no engine has room for it
   */
  static Sizing of(
      RunSettings settings,
      Costs costs,
      NetworkAndClocks around,
      Network network,
      MethodChoice method,
      Algorithm algorithm,
      boolean sets,
      Engines engines,
      Map<String, String> why) {
    RunSettings.Engine asked = settings.engine();
    long estimates = 8L * network.agents() * costs.dimension();
    int cells = cells(asked, network.agents(), costs.work().bytes() + estimates, why);
    double[] load = load(costs, network, around.clock());
    CellPartition partition = NetworkPartitioner.of(network, cells, load);
    int ticks = 1;
    Set<Condition> late = EnumSet.of(Condition.BORDER_DELAY);
    if (around.channel().lasting()) {
      late.add(Condition.OUTAGES_AND_DELAY);
    }
    int every = settings.algorithm().stepping().localSteps();
    if (every > 1 && asked.ticksPerSuperstep().isEmpty()) {
      ticks = every;
      why.put(
          "ticksPerSuperstep",
          "agents exchange at every %d ticks (algorithm.local-steps), and cells with them"
              .formatted(every));
    } else if (algorithm.alongTree() && asked.ticksPerSuperstep().isEmpty()) {
      why.put("ticksPerSuperstep", "a round of sums would wait longer at each border with more");
    } else if (every > 1 || method.method().fails(late).isEmpty()) {
      ticks = ticks(asked, Arrays.stream(load).sum() / cells, network, partition, why);
    } else {
      why.put(
          "ticksPerSuperstep",
          method.name() + " does not support messages that are late at borders");
    }
    int blocks = (costs.nature().penalised() ? 1 : 0) + (sets ? 1 : 0);
    boolean trials = settings.algorithm().step().initial().isEmpty() && costs.nature().convex();
    int latest = around.channel().delay().longest();
    RunSettings.Mechanism mechanism = settings.privacy().mechanism();
    boolean terms =
        mechanism == RunSettings.Mechanism.OFFSETS
            || mechanism == RunSettings.Mechanism.FUNCTION_SHARING;
    Memory local =
        Memory.of(
            network,
            partition,
            latest,
            costs.shape(),
            costs.work(),
            algorithm,
            blocks,
            terms,
            false,
            trials);
    Memory spark =
        Memory.of(
            network,
            partition,
            latest,
            costs.shape(),
            costs.work(),
            algorithm,
            blocks,
            terms,
            true,
            trials);
    boolean anywhere = costs.shards().anywhere();
    EngineName engine = engine(asked.name(), anywhere, local, spark, engines, algorithm, why);
    requireArrays(network, partition, costs.shape(), costs.work(), algorithm, blocks);
    return new Sizing(engine, partition, ticks, engine == EngineName.LOCAL ? local : spark);
  }

  /**
   * Refuses cells whose numbers are more than one array holds.
   *
   * @param blocks how many numbers proximal steps keep of penalty and set for each coefficient
   */
  static void requireArrays(
      Network network,
      CellPartition partition,
      Objective.Shape shape,
      Costs.Work work,
      Algorithm algorithm,
      int blocks) {
    int d = shape.dimension();
    for (int cell = 0; cell < partition.cells(); cell++) {
      int[] agents = partition.agentsOf(cell);
      long heard = 0;
      long keeps = 0;
      for (int i : agents) {
        heard += network.offset()[i + 1] - network.offset()[i];
        keeps += algorithm.keeps(d);
        if (algorithm.proximal()) {
          keeps += (long) work.rowsOf()[i] * Math.max(1, shape.outputs());
          keeps += (long) blocks * shape.coefficients();
        }
      }
      long vectors = algorithm.perLink() ? heard : agents.length;
      if (partition.cells() > 1 && !algorithm.perLink()) { // what others say, each heard once
        vectors = Math.max(vectors, Math.min(heard, network.agents() - agents.length));
      }
      long most = Math.max(keeps, vectors * algorithm.says(d));
      if (most > LONGEST_ARRAY) {
        throw new BadInputException(
            ("engine.cells is %s; a cell of %s agents, of %s coordinates each, has up to %s numbers,"
                    + " and an array holds %s. %s.")
                .formatted(
                    Text.count(partition.cells()),
                    Text.count(agents.length),
                    Text.count(d),
                    Text.count(most),
                    Text.count(LONGEST_ARRAY),
                    agents.length > 1
                        ? "Raise engine.cells"
                        : "Leave out columns, or take a network of fewer links"));
      }
    }
  }

  /** What a tick costs each agent, in floating-point operations. */
  private static double[] load(Costs costs, Network network, ActivationModel clock) {
    double[] load = new double[network.agents()];
    for (int i = 0; i < load.length; i++) {
      int heard = network.offset()[i + 1] - network.offset()[i];
      double update = costs.work().flops()[i] + 4.0 * costs.dimension();
      load[i] = clock.rate(i) * update + 2.0 * (heard + 1) * costs.dimension();
    }
    return load;
  }

  /** A function of the problem alone, so that the same configuration makes the same cells. */
  private static int cells(
      RunSettings.Engine engine, int agents, long bytes, Map<String, String> why) {
    if (engine.cells().isPresent()) {
      why.put("cells", "engine.cells asks for it");
      return engine.cells().getAsInt();
    }
    why.put(
        "cells",
        String.format(
            Locale.ROOT,
            "rows and estimates take %s; a cell holds at most %s of them, and there are at least %d"
                + " cells, or one for each agent",
            Text.bytes(bytes),
            Text.bytes(CELL_BYTES),
            MANY_CELLS));
    return (int) Math.min(agents, Math.max(MANY_CELLS, bytes / CELL_BYTES));
  }

  /**
   * A function of the problem alone, so that both engines take the same, and give the same bits.
   */
  private static int ticks(
      RunSettings.Engine engine,
      double flopsOfCell,
      Network network,
      CellPartition partition,
      Map<String, String> why) {
    if (engine.ticksPerSuperstep().isPresent()) {
      why.put("ticksPerSuperstep", "engine.ticks-per-superstep asks for it");
      return engine.ticksPerSuperstep().getAsInt();
    }
    if (network.directed()) {
      why.put(
          "ticksPerSuperstep", "how much late messages slow down a directed network is not known");
      return 1;
    }
    double millis = flopsOfCell / FLOPS_PER_MILLI;
    int ticks = 1;
    double slowdown = 1;
    double twice = 1;
    while (ticks < MOST_TICKS && ticks * millis < SUPERSTEP_MILLIS) {
      twice = BorderDelay.slowdown(network, partition, 2 * ticks);
      if (twice > MOST_SLOWDOWN) {
        break;
      }
      ticks *= 2;
      slowdown = twice;
    }
    String end = "more would save nothing";
    if (twice > MOST_SLOWDOWN) {
      end =
          String.format(Locale.ROOT, "with twice as many it would need %.3g times as many", twice);
    }
    why.put(
        "ticksPerSuperstep",
        String.format(
            Locale.ROOT,
            "cells exchange estimates at the end of a superstep, so the run needs about %.3g times as"
                + " many ticks, where %.3g is allowed; %s; a tick takes a cell about %.2g ms, and"
                + " Spark adds about %.0f ms to a superstep",
            slowdown,
            MOST_SLOWDOWN,
            end,
            millis,
            SUPERSTEP_MILLIS));
    return ticks;
  }

  private static EngineName engine(
      EngineName asked,
      boolean anywhere,
      Memory local,
      Memory spark,
      Engines engines,
      Algorithm algorithm,
      Map<String, String> why) {
    Engine cluster = engines.cluster();
    if (!anywhere && (cluster == null || asked == EngineName.LOCAL)) {
      throw new BadInputException(
          "The rows stand in partitions of Spark, where the engine local cannot have them; set"
              + " engine.name = graphx, and give the run a cluster.");
    }
    if (asked == EngineName.GRAPHX && cluster == null) {
      throw new BadInputException(
          "engine.name is graphx, and there is no Spark to run it on; give one, or set engine.name ="
              + " local.");
    }
    long room = engines.local().room();
    long heap = Runtime.getRuntime().maxMemory();
    boolean fitsLocal = local.peak() <= (asked == EngineName.LOCAL ? heap : room);
    boolean fitsSpark = cluster != null && fits(asked, spark, cluster, heap);
    boolean here =
        asked == EngineName.LOCAL
            || (asked == EngineName.AUTO && anywhere && (fitsLocal || cluster == null));
    if (here ? !fitsLocal : !fitsSpark) {
      throw new BadInputException(refusal(asked, local, spark, engines, algorithm));
    }
    String reason = anywhere ? "" : "the rows stand in partitions of Spark; ";
    Engine chosen = here || cluster == null ? engines.local() : cluster;
    why.put(
        "engine",
        "%sthe run needs about %s of memory, and %s is free"
            .formatted(
                asked == EngineName.AUTO ? reason : "engine.name asks for it; ",
                Text.bytes((here ? local : spark).peak()),
                Text.bytes(chosen.room())));
    return here ? EngineName.LOCAL : EngineName.GRAPHX;
  }

  /**
   * Where Spark shares the driver's heap, it must have room; executors of its own may come and go,
   * and put on disk what does not fit.
   */
  private static boolean fits(EngineName asked, Memory spark, Engine cluster, long heap) {
    return !cluster.sharesHeap()
        || spark.peak() <= (asked == EngineName.GRAPHX ? heap : cluster.room());
  }

  private static String refusal(
      EngineName asked, Memory local, Memory spark, Engines engines, Algorithm algorithm) {
    StringBuilder words = new StringBuilder();
    words.append(
        "engine.name is %s, and the run does not fit into memory."
            .formatted(asked.name().toLowerCase(Locale.ROOT)));
    if (asked != EngineName.GRAPHX) {
      words.append(
          " The engine local takes about %s; the driver has a heap of %s, of which it may use %s."
              .formatted(
                  local,
                  Text.bytes(Runtime.getRuntime().maxMemory()),
                  Text.bytes(engines.local().room())));
    }
    if (asked != EngineName.LOCAL && engines.cluster() != null) {
      words.append(
          " The engine graphx takes about %s; its executors have room for %s%s."
              .formatted(
                  spark,
                  Text.bytes(engines.cluster().room()),
                  engines.cluster().sharesHeap() ? ", which is the driver's heap, too" : ""));
    }
    words.append(" Give the driver more memory (--driver-memory), or more executors (--master)");
    words.append(
        algorithm.perLink()
            ? "; or take a method that keeps one vector for each agent and not for each link, such as"
                + " algorithm.name = async-projected-subgradient; or fewer links (network.topology)."
            : ".");
    return words.toString();
  }
}
