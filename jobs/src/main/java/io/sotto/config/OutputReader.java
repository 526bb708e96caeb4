package io.sotto.config;

import java.util.Optional;

/**
 * Makes the records of what is written: {@code output}, {@code score} and {@code checkpoint}.
 *
 * @param values what was given
 */
record OutputReader(Values values) {
  private static final String PERMISSIONS = "output.permissions";
  static final String EVERY = "checkpoint.every";

  RunConfig.Output output() {
    return new RunConfig.Output(
        values.text("output.path", "give it the URI of a folder for the results"),
        values.flag("output.overwrite"),
        values.flag("output.per-agent"),
        values.flag("output.report"),
        permissions(),
        values.durationFromZero("output.wait"));
  }

  private String permissions() {
    String text = values.text(PERMISSIONS).orElse("");
    if (!text.matches("rwx([r-][w-][x-]){2}")) {
      throw values.bad(
          PERMISSIONS,
          values.at(PERMISSIONS),
          "it must be what owner, group and others may do with the folder, such as rwxr-x---; the"
              + " owner has rwx");
    }
    return text;
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
        values.choice("checkpoint.on-mismatch", OnMismatch.class));
  }
}
