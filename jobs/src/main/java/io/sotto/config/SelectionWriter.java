package io.sotto.config;

import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.run.Part;
import io.sotto.run.SelectionSettings;
import java.util.List;
import java.util.Map;

/** Writes what SelectionReader and SurvivalReader read, backwards. */
final class SelectionWriter {
  private SelectionWriter() {}

  /** In place of label and offset, which the columns of time and event are read as. */
  static void survival(RunConfig config, Map<String, Object> data, Map<String, Object> map) {
    Part<Objective> objective = config.cost().objective();
    if (!objective.name().equals(PiecewiseExponential.NAME)) {
      return;
    }
    Map<String, Object> block = ConfigWriter.block("time", config.data().label().orElseThrow());
    block.put("event", config.data().offset().orElseThrow());
    block.putAll(objective.parameters());
    data.keySet().removeAll(List.of("label", "offset"));
    map.put("survival", block);
  }

  /** A number, or the list of which it is the largest. */
  static Object oneOrAll(double one, List<Double> tried) {
    List<Double> all = tried.stream().distinct().toList();
    return all.size() > 1 ? all : one;
  }

  /** Only where there is any, so that runs of a version before go on. */
  static void selection(SelectionSettings selection, Map<String, Object> map) {
    if (!selection.on()) {
      return;
    }
    Map<String, Object> block = ConfigWriter.block("by", ConfigWriter.word(selection.by()));
    block.put("share", selection.share());
    block.put("rule", ConfigWriter.word(selection.rule()));
    block.put("max-coordinates", selection.coordinates());
    map.put("selection", block);
  }
}
