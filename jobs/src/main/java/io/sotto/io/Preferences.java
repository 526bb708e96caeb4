package io.sotto.io;

import io.sotto.model.task.Preference;
import io.sotto.problem.BadInputException;
import io.sotto.run.Solution;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Reads what people prefer from the output of a run that learnt it. */
public final class Preferences {
  private Preferences() {}

  /**
   * The preference.
   *
   * @param key the configuration key that names the output
   * @throws BadInputException if its features are others
   */
  public static Preference read(String key, String output, Configuration hadoop)
      throws IOException {
    Solution solution = new EarlierOutput(key, output, hadoop).solution();
    double[] weights = new double[Preference.FEATURES.size()];
    for (int k = 0; k < weights.length; k++) {
      int at = solution.features().indexOf(Preference.FEATURES.get(k));
      if (at < 0) {
        throw new BadInputException(
            "%s is '%s', which has the features %s; those of a preference are %s. Name the output of a"
                    .formatted(key, output, solution.features(), Preference.FEATURES)
                + " run on rows that data.make = pairs wrote.");
      }
      weights[k] = solution.estimate()[at];
    }
    return new Preference(weights);
  }
}
