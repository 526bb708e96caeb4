package io.sotto.io;

import io.sotto.problem.Disclosure;
import io.sotto.run.Text;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many fields have no value, by agent and column. */
public final class MissingCounts implements Serializable {
  private static final long serialVersionUID = 1;

  /** Stands for agents where rows are dealt; no agent has an empty name. */
  private static final String NOBODY = "";

  private final TreeMap<String, TreeMap<String, Long>> fields = new TreeMap<>();
  private final TreeMap<String, Long> rows = new TreeMap<>();

  /**
   * Takes a row down.
   *
   * @param columns that have no value in it; empty if all have
   */
  void add(@Nullable String agent, List<String> columns) {
    if (!columns.isEmpty()) {
      String holder = agent == null ? NOBODY : agent;
      rows.merge(holder, 1L, Long::sum);
      TreeMap<String, Long> own = fields.computeIfAbsent(holder, a -> new TreeMap<>());
      columns.forEach(column -> own.merge(column, 1L, Long::sum));
    }
  }

  /** Adds others. */
  MissingCounts plus(MissingCounts other) {
    other.rows.forEach((agent, n) -> rows.merge(agent, n, Long::sum));
    other.fields.forEach(
        (agent, columns) -> {
          TreeMap<String, Long> own = fields.computeIfAbsent(agent, a -> new TreeMap<>());
          columns.forEach((column, n) -> own.merge(column, n, Long::sum));
        });
    return this;
  }

  /** How many rows have such a field. */
  public long rows() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Those who have such rows. */
  List<String> agents() {
    return rows.keySet().stream().filter(agent -> !agent.equals(NOBODY)).toList();
  }

  private TreeMap<String, Long> byColumn() {
    TreeMap<String, Long> all = new TreeMap<>();
    fields.values().forEach(own -> own.forEach((column, n) -> all.merge(column, n, Long::sum)));
    return all;
  }

  /**
   * For people: all rows together.
   *
   * @param rules which numbers are not told
   */
  public String words(Disclosure rules) {
    TreeMap<String, Long> counts = byColumn();
    boolean hidden = rules.hidesAny(counts.values());
    return Text.some(
        counts.entrySet().stream()
            .map(e -> hidden ? e.getKey() : e.getKey() + " in " + Text.count(e.getValue()))
            .toList());
  }

  /**
   * For {@code run.json}: {@code rows}, {@code columns}, {@code rowsByAgent}, {@code byAgent}.
   *
   * @param rules which numbers are not told; names stand alone then
   */
  public Map<String, Object> report(Disclosure rules) {
    TreeMap<String, Long> ofAgents = new TreeMap<>(rows);
    ofAgents.remove(NOBODY);
    Map<String, Object> byAgent = new LinkedHashMap<>();
    boolean hidden = fields.values().stream().anyMatch(own -> rules.hidesAny(own.values()));
    for (String agent : agents()) {
      TreeMap<String, Long> own = fields.getOrDefault(agent, new TreeMap<>());
      byAgent.put(agent, hidden ? List.copyOf(own.keySet()) : own);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("rows", rules.told(rows()));
    report.put("columns", rules.told(byColumn()));
    report.put("rowsByAgent", rules.told(ofAgents));
    report.put("byAgent", byAgent);
    return report;
  }
}
