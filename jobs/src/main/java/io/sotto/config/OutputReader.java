package io.sotto.config;

import java.util.Optional;

/**
 * Makes the records of what is written: {@code output}, {@code score} and {@code checkpoint}.
 *
 * @param values what was given
 */
record OutputReader(Values values) {
  static final String EVERY = "checkpoint.every";

  RunConfig.Output output() {
    return new RunConfig.Output(
        values.text("output.path", "give it the URI of a folder for the results"),
        values.flag("output.overwrite"),
        values.flag("output.per-agent"),
        values.flag("output.report"),
        values.durationFromZero("output.wait"));
  }

  ScoreSettings score() {
    return new ScoreSettings(
        values.text("score.solution"),
        values.text("score.output"),
        values.choice("score.format", ScoreSettings.Format.class));
  }

  RunConfig.Checkpoint checkpoint() {
    boolean never = values.text(EVERY).orElse("").equals(ConfigWriter.NEVER);
    return new RunConfig.Checkpoint(
        values.text("checkpoint.path"),
        !never,
        never || values.auto(EVERY)
            ? Optional.empty()
            : Optional.of(values.duration(EVERY, ", such as 90s or 10m, or auto, or never")),
        values.count("checkpoint.keep", "give it a whole number from 1 on, such as 2"),
        values.choice("checkpoint.on-mismatch", RunConfig.OnMismatch.class));
  }
}
