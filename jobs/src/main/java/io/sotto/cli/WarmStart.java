package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.io.Dataset;
import io.sotto.io.EarlierRun;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What a run starts from, if {@code warm-start} is given.
 *
 * @param path where that is
 * @param run what it left
 * @param fit what of it fits this run
 */
record WarmStart(String path, EarlierRun run, EarlierRun.Fit fit) {

  /**
   * What the configuration names.
   *
   * @param terms by which costs are moved, as {@link Protection#terms} tells them apart
   */
  static Optional<WarmStart> of(RunConfig config, Dataset data, String terms, Configuration hadoop)
      throws IOException {
    if (config.warmStart().isEmpty()) {
      return Optional.empty();
    }
    String path = config.warmStart().get();
    EarlierRun run = new EarlierRun(path, hadoop);
    return Optional.of(new WarmStart(path, run, run.fit(data, config.problem().loss(), terms)));
  }

  /** The first step of that run; NaN if it is no guide. */
  double step(RunConfig config, int agents) {
    return run.step(
        config.algorithm().name(),
        config.algorithm().step().exponent(),
        config.data().standardize(),
        agents);
  }

  /** For people. */
  String words() {
    StringBuilder words = new StringBuilder();
    words.append(
        "%s agents go on from where they stood in %s, after %s ticks%s"
            .formatted(
                Text.count(fit.agents()),
                path,
                Text.count((long) fit.ticks()),
                fit.links() ? ", with their links" : ""));
    if (fit.otherTerms()) {
      words.append("; what their links had says nothing here, for other vectors are shared");
    }
    if (fit.newcomers() > 0) {
      words.append("; %s start at its solution".formatted(Text.count(fit.newcomers())));
    }
    if (!fit.newFeatures().isEmpty()) {
      words.append("; new, and at 0: ").append(String.join(", ", fit.newFeatures()));
    }
    if (!fit.lostFeatures().isEmpty()) {
      words.append("; no longer there: ").append(String.join(", ", fit.lostFeatures()));
    }
    return words.toString();
  }
}
