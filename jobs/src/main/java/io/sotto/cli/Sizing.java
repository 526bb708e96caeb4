package io.sotto.cli;

import io.sotto.algorithm.Circumstance;
import io.sotto.clock.ActivationModel;
import io.sotto.config.RunConfig;
import io.sotto.config.RunConfig.EngineName;
import io.sotto.io.Dataset;
import io.sotto.network.BorderDelay;
import io.sotto.network.Cut;
import io.sotto.network.Network;
import io.sotto.network.Partition;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What computes a run: how agents are cut into cells, how often borders are exchanged, and where.
 *
 * @param engine local or graphx
 * @param cut which cell each agent stands in
 * @param ticksPerSuperstep ticks between two exchanges across borders
 */
record Sizing(EngineName engine, Cut cut, int ticksPerSuperstep) {
  private static final long CELL_BYTES = 32L << 20;
  private static final int MANY_CELLS = 4;

  /** What an exponential costs, in flops. */
  private static final double EXP = 40;

  /** Of a core, cautiously. */
  private static final double FLOPS_PER_MILLI = 2e6;

  private static final double SUPERSTEP_MILLIS = 30;

  private static final int MOST_TICKS = 32;

  /** What the delay at borders may cost in ticks. */
  private static final double MOST_SLOWDOWN = 1.05;

  /**
   * What the configuration asks for; where it says auto, a function of the problem, and for the
   * engine of the driver's memory.
   *
   * @param why takes the reasons
   */
  static Sizing of(
      RunConfig.Engine asked,
      Dataset data,
      Surroundings around,
      MethodChoice method,
      long stateBytes,
      Map<String, String> why) {
    Network network = around.network();
    int cells = cells(asked, network.agents(), data.report().bytes() + stateBytes, why);
    double[] load = load(data, network, around.clock());
    Cut cut = Partition.of(network, cells, load);
    int ticks = 1;
    Set<Circumstance> late = EnumSet.of(Circumstance.BORDER_DELAY);
    if (around.channel().lasting()) {
      late.add(Circumstance.OUTAGES_AND_DELAY);
    }
    if (method.method().fails(late).isEmpty()) {
      ticks = ticks(asked, Arrays.stream(load).sum() / cells, network, cut, why);
    } else {
      why.put(
          "ticksPerSuperstep",
          method.name() + " does not survive messages that are late at borders");
    }
    return new Sizing(engine(asked, data.report().bytes() + 4 * stateBytes, why), cut, ticks);
  }

  /** What a tick costs each agent, in floating-point operations. */
  private static double[] load(Dataset data, Network network, ActivationModel clock) {
    double entries = data.report().entries() / (double) Math.max(1, data.report().rows());
    double[] load = new double[network.agents()];
    for (int i = 0; i < load.length; i++) {
      int heard = network.offset()[i + 1] - network.offset()[i];
      double update = data.rowsOf()[i] * (4 * entries + EXP) + 4.0 * data.schema().dimension();
      load[i] = clock.rate(i) * update + 2.0 * (heard + 1) * data.schema().dimension();
    }
    return load;
  }

  /** A function of the problem alone, so that the same configuration makes the same cells. */
  private static int cells(
      RunConfig.Engine engine, int agents, long bytes, Map<String, String> why) {
    if (engine.cells().isPresent()) {
      why.put("cells", "engine.cells asks for it");
      return engine.cells().getAsInt();
    }
    why.put(
        "cells",
        String.format(
            Locale.ROOT,
            "one for each %s of %s, at least %d, at most one for each agent",
            Text.bytes(CELL_BYTES),
            Text.bytes(bytes),
            MANY_CELLS));
    return (int) Math.min(agents, Math.max(MANY_CELLS, bytes / CELL_BYTES));
  }

  /**
   * A function of the problem alone, so that both engines take the same, and give the same bits.
   */
  private static int ticks(
      RunConfig.Engine engine,
      double flopsOfCell,
      Network network,
      Cut cut,
      Map<String, String> why) {
    if (engine.ticksPerSuperstep().isPresent()) {
      why.put("ticksPerSuperstep", "engine.ticks-per-superstep asks for it");
      return engine.ticksPerSuperstep().getAsInt();
    }
    if (network.directed()) {
      why.put("ticksPerSuperstep", "what delay at borders costs a directed network is not known");
      return 1;
    }
    double millis = flopsOfCell / FLOPS_PER_MILLI;
    int ticks = 1;
    double slowdown = 1;
    double twice = 1;
    while (ticks < MOST_TICKS && ticks * millis < SUPERSTEP_MILLIS) {
      twice = BorderDelay.slowdown(network, cut, 2 * ticks);
      if (twice > MOST_SLOWDOWN) {
        break;
      }
      ticks *= 2;
      slowdown = twice;
    }
    String end = "more would save nothing";
    if (twice > MOST_SLOWDOWN) {
      end = String.format(Locale.ROOT, "twice as many would cost %.3g times", twice);
    }
    why.put(
        "ticksPerSuperstep",
        String.format(
            Locale.ROOT,
            "delay at borders then costs %.3g times the ticks, up to %.3g is allowed, and %s; a tick"
                + " takes a cell some %.2g ms, and Spark adds some %.0f ms to a superstep",
            slowdown,
            MOST_SLOWDOWN,
            end,
            millis,
            SUPERSTEP_MILLIS));
    return ticks;
  }

  private static EngineName engine(RunConfig.Engine engine, long bytes, Map<String, String> why) {
    if (engine.name() != EngineName.AUTO) {
      why.put("engine", "engine.name asks for it");
      return engine.name();
    }
    long room = Runtime.getRuntime().maxMemory() / 2;
    why.put(
        "engine",
        String.format(
            Locale.ROOT,
            "rows and states take about %s, and half of the driver's heap is %s",
            Text.bytes(bytes),
            Text.bytes(room)));
    return bytes <= room ? EngineName.LOCAL : EngineName.GRAPHX;
  }
}
