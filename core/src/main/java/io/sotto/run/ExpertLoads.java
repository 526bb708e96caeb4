package io.sotto.run;

import io.sotto.engine.AgentNumbers;
import io.sotto.engine.Runner;
import io.sotto.model.LanguageCosts;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which experts the tokens of each agent's held-out text are sent to. It belongs to the operator:
 * agents say no such numbers.
 *
 * @param shape of the model
 * @param agents their names
 * @param loads by agent, layer with experts, and expert: how many tokens it has
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record ExpertLoads(ModelShape shape, List<String> agents, long[][][] loads) {
  /** Of more agents a table is too long to be read. */
  private static final int SHOWN = 12;

  /** Of more agents nobody reads numbers one by one. */
  private static final int MANY_AGENTS = 100;

  /**
   * Asks the cells.
   *
   * @param x the model
   * @return null if the problem is no model of language, or it has no experts
   */
  static @Nullable ExpertLoads of(Problem problem, Costs costs, Runner runner, double[] x) {
    if (!(problem instanceof LanguageProblem language)
        || language.model().least().experts() == 0
        || language.model().least().dense() == language.model().least().layers()) {
      return null;
    }
    AgentNumbers asked =
        new AgentNumbers((texts, agent) -> ((LanguageCosts) texts).loads(agent, x, 0));
    long[][][] loads = new long[costs.count()][][];
    for (List<AgentNumbers.OfAgent> cell : runner.cells().ask(asked, null)) {
      cell.forEach(of -> loads[of.agent()] = of.rows());
    }
    return new ExpertLoads(language.model().least(), costs.agents(), loads);
  }

  /** How many layers have experts. */
  private int layers() {
    return shape.layers() - shape.dense();
  }

  /** The name of a layer, as weights have it. */
  private String name(int layer) {
    String any = Layout.name(shape.dense() + layer, "");
    return any.substring(0, any.length() - 1);
  }

  /** By expert, the share of an agent's tokens that it has; they sum to the experts of a token. */
  private double[] shares(int agent, int layer) {
    return shares(loads[agent][layer]);
  }

  private double[] shares(long[] load) {
    double tokens = (double) Arrays.stream(load).sum() / shape.active();
    return Arrays.stream(load).mapToDouble(count -> count / tokens).toArray();
  }

  private long[] sum(int layer) {
    long[] sum = new long[shape.experts()];
    for (long[][] of : loads) {
      Arrays.setAll(sum, e -> sum[e] + of[layer][e]);
    }
    return sum;
  }

  /** How far the largest load of an expert is above their mean, over all agents. */
  private double maxViolation(int layer) {
    long[] sum = sum(layer);
    double mean = (double) Arrays.stream(sum).sum() / sum.length;
    return Arrays.stream(sum).max().orElseThrow() / mean - 1;
  }

  /** A table for each layer with experts, for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    int shown = Math.min(SHOWN, agents.size());
    int width = agents.subList(0, shown).stream().mapToInt(String::length).max().orElse(0);
    for (int layer = 0; layer < layers(); layer++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: per cent of each agent's held-out tokens that expert 0, 1, ... has (each token has"
                  + " %d of %d experts; equal shares are %.1f)",
              name(layer),
              shape.active(),
              shape.experts(),
              100.0 * shape.active() / shape.experts()));
      for (int i = 0; i < shown; i++) {
        lines.add(row(agents.get(i), width, shares(i, layer)));
      }
      if (agents.size() > shown) {
        lines.add("  and %s more agents".formatted(Text.count(agents.size() - shown)));
      }
      lines.add(
          String.format(
              Locale.ROOT,
              "  MaxVio %.2f (the largest load of an expert / the mean load - 1, over all agents)",
              maxViolation(layer)));
    }
    return lines;
  }

  private static String row(String agent, int width, double[] shares) {
    StringBuilder row = new StringBuilder("  " + agent + " ".repeat(width - agent.length()));
    for (double share : shares) {
      row.append(String.format(Locale.ROOT, " %3d", Math.round(100 * share)));
    }
    return row.toString();
  }

  /** For {@code run.json}. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int l = 0; l < layers(); l++) {
      int layer = l;
      Map<String, Object> of = new LinkedHashMap<>();
      of.put("maxVio", maxViolation(layer));
      of.put("shares", shares(sum(layer)));
      if (agents.size() <= MANY_AGENTS) {
        Map<String, double[]> byAgent = new LinkedHashMap<>();
        IntStream.range(0, agents.size())
            .forEach(i -> byAgent.put(agents.get(i), shares(i, layer)));
        of.put("sharesByAgent", byAgent);
      }
      map.put(name(layer), of);
    }
    return map;
  }
}
