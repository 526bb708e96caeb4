package io.sotto.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations that tests start from, in files that are only texts by name. */
final class Sample {
  /** The shortest that is valid; three lines, so that what is added begins at line 4. */
  static final String MINIMAL =
      """
      data { path = rows.csv, label = y, agent = who }
      problem.loss = squared
      output.path = out
      """;

  /** Every key set to something that is not its default, but agent, which excludes deal. */
  static final String FULL =
      """
      data {
        path = "hdfs://nn:9000/in/*.csv", format = parquet, label = y
        deal { agents = 5, by = random, seed = -9223372036854775808 }
        features = [b, "a c", 7], standardize = false, intercept = false, bad-rows = skip
        rejected-values = shown
        weights-are = probability, positive = 1, libsvm-index-base = 1, weight = w, offset = "log e", units = "units.csv"
        reference { b = "old" }, min-level = 4, rare-levels = refuse
        missing = constant, missing-values = ["", "-9"], missing-constant = 2, missing-indicator = true
      }
      problem {
        loss = huber, huber-delta = 2.5, quantile-level = 0.9, l2 = 1e-3, l1 = 1e-300
        parameters { a = 1, b { c = [x] } }, class-weights { "1.5" = 2, no = 0 }
        group-lasso { weight = 0.1, groups = [[b], ["a c", 7]] }
        constraints = [
          { set = ball, radius = 2.0, center = [0.1, 1e20, 3] }
          { set = affine, matrix = [[1, 2], [3, 4]], offset = [0, 1], agents = [0, "st. paul"] }
          { set = io.sotto.example.Ascending, anything = { goes = [1] } }
        ]
      }
      network {
        topology = edges, weights = lazy-metropolis, path = "hdfs://nn:9000/edges.csv"
        degree = 4, probability = 0.3, rewire = 0.1, attach = 2
        directed = true, link-rate = 0.9, loss = 0.1, delay { model = per-edge, ticks = 3 }
      }
      clock { model = always, rate = 1, rates { a = 0.1, "st. paul" = 0.2 }, idle = hold
        offline { rate = 0.2, duration = 7, rates { a = 0 }, intervals { "st. paul" = [[1, 2]] } }
      }
      algorithm {
        name = nids, local-steps = 5, outer { step = 0.7, momentum = 0.8 }
        step { initial = 0.3, exponent = 1, schedule = power, warm-up = 0.2, floor = 0 }
        adam { beta1 = 0.8, beta2 = 0.95, epsilon = 1e-9, decay = 0 }
      }
      privacy {
        mechanism = differential-privacy, secret = "hdfs://nn:9000/secret", scale = 3, spread = 0.5
        shape = full
        epsilon = 4, delta = 1e-7, clip = 0.1, noise = 50
      }
      engine { name = graphx, cells = 3, ticks-per-superstep = 8 }
      stop {
        max-ticks = 1e10, tolerance = 0, disagreement = 1e-5, check-every = 7
        deadline = 90m, deadline-exit-code = 0
      }
      checkpoint { path = "hdfs://nn:9000/saved", every = 5m, keep = 3, on-mismatch = refuse }
      output { path = "hdfs://nn:9000/out", overwrite = true, per-agent = false, report = false, wait = 90s }
      inference { enabled = true, max-coordinates = 7, errors = hc1, covariance = true }
      selection { by = held-out, share = 0.3, rule = one-standard-error, max-coordinates = 9 }
      score { solution = "hdfs://nn:9000/today", output = "hdfs://nn:9000/scores", format = csv }
      disclosure { min-rows = 12, min-cell = 5, max-parameters = 0.5, columns = [y, b, "a c", 7, w, "log e"] }
      zone = Europe/Berlin
      warm-start = "hdfs://nn:9000/yesterday"
      seed = 9223372036854775807
      """;

  private Sample() {}

  /** Loads a text as the file {@code x.conf}, where no other files are. */
  static ConfigLoader.Loaded load(String text, String... overrides) {
    return load(Map.of("x.conf", text), "x.conf", overrides);
  }

  /** Loads one of the files. */
  static ConfigLoader.Loaded load(Map<String, String> files, String file, String... overrides) {
    return ConfigLoader.load(file, List.of(overrides), uri -> Optional.ofNullable(files.get(uri)));
  }

  /** Loads a text as the file {@code x.conf} for a run of some day. */
  static ConfigLoader.Loaded load(Dates dates, String text, String... overrides) {
    Map<String, String> files = Map.of("x.conf", text);
    return ConfigLoader.load(
        "x.conf", List.of(overrides), uri -> Optional.ofNullable(files.get(uri)), dates);
  }
}
