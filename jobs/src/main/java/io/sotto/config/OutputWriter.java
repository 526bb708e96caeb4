package io.sotto.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what OutputReader reads, backwards. */
final class OutputWriter {
  private OutputWriter() {}

  static Map<String, Object> output(RunConfig.Output output) {
    Map<String, Object> map = ConfigWriter.block("path", output.path());
    map.put("overwrite", output.overwrite());
    map.put("per-agent", output.perAgent());
    map.put("report", output.report());
    map.put("permissions", output.permissions());
    map.put("wait", ConfigWriter.text(output.waitFor()));
    return map;
  }

  static Map<String, Object> score(ScoreSettings score) {
    Map<String, Object> map = ConfigWriter.block("format", ConfigWriter.word(score.format()));
    score.solution().ifPresent(solution -> map.put("solution", solution));
    score.output().ifPresent(output -> map.put("output", output));
    return map;
  }

  static Map<String, Object> checkpoint(RunConfig.Checkpoint checkpoint) {
    Map<String, Object> map = new LinkedHashMap<>();
    checkpoint.path().ifPresent(path -> map.put("path", path));
    String every = checkpoint.every().map(ConfigWriter::text).orElse(ConfigWriter.AUTO);
    map.put("every", checkpoint.on() ? every : ConfigWriter.NEVER);
    map.put("keep", checkpoint.keep());
    map.put("on-mismatch", ConfigWriter.word(checkpoint.onMismatch()));
    return map;
  }
}
