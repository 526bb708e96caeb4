package io.sotto.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.config.ConfigLoader;
import io.sotto.config.RunConfig;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellLinks;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.StoredStates;
import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.result.Result;
import io.sotto.run.Checkpoints;
import io.sotto.run.EarlierResult;
import io.sotto.run.MemoryRows;
import io.sotto.run.Optimize;
import io.sotto.run.Output;
import io.sotto.run.Prepared;
import io.sotto.run.Problem;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunIdentity;
import io.sotto.run.RunRecord;
import io.sotto.run.RunResult;
import io.sotto.run.RunSettings;
import io.sotto.run.SavedRun;
import io.sotto.run.Solution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** A run of a few agents with a few rows each, by a configuration, that can be made to die. */
final class SmallRun implements Output, Optimize.Listener {
  static final String SECRET = "correct horse battery staple";

  private static final int AGENTS = 6;
  private static final int ROWS = 48;
  private static final List<String> FEATURES = List.of("a", "b", "c");

  private static final String BASE =
      """
      data { path = "rows.csv", label = y, agent = who }
      problem { loss = logistic, l2 = 1e-2 }
      network.topology = ring
      engine { name = local, cells = 3, ticks-per-superstep = 1 }
      stop { max-ticks = 60, check-every = 10, tolerance = 1e-9, disagreement = 1e-9 }
      seed = 7
      output.path = "out"
      """;

  private static final Configuration HADOOP = new Configuration();

  /** What a process that is killed leaves: nothing more is done by it. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  final RunConfig config;
  final List<String> warnings = new ArrayList<>();
  final List<SavedRun> resumed = new ArrayList<>();
  long supersteps;
  boolean opened;
  @Nullable RunIdentity identity;
  private final Path folder;
  private boolean fresh;
  private @Nullable String secret = SECRET;
  private @Nullable EarlierResult earlier;
  private @Nullable Problem problem;
  private @Nullable JavaSparkContext spark;
  private BooleanSupplier interrupted = () -> false;
  private Optional<Duration> every = Optional.empty();
  private long seed = 1;
  private @Nullable Checkpoints checkpoints;

  private List<String> ofAgents = List.of();
  private List<String> trace = List.of();

  /**
   * @param folder where its output would be
   */
  SmallRun(Path folder, List<String> settings) {
    this.folder = folder;
    List<String> all = new ArrayList<>(settings);
    if (settings.stream().noneMatch(setting -> setting.startsWith("privacy."))) {
      all.add("privacy.protect=none");
    }
    all.add("output.path=" + folder.resolve("out"));
    this.config = ConfigLoader.load("small.conf", all, uri -> Optional.of(BASE)).config();
  }

  SmallRun fresh() {
    fresh = true;
    return this;
  }

  /** With a secret that is made for the run alone. */
  SmallRun withoutSecret() {
    secret = null;
    return this;
  }

  /** Of another problem. */
  SmallRun of(Problem other) {
    problem = other;
    return this;
  }

  SmallRun secret(String other) {
    secret = other;
    return this;
  }

  SmallRun from(@Nullable EarlierResult start) {
    earlier = start;
    return this;
  }

  SmallRun on(@Nullable JavaSparkContext cluster) {
    spark = cluster;
    return this;
  }

  SmallRun rows(long other) {
    seed = other;
    return this;
  }

  SmallRun interruptedWhen(BooleanSupplier asked) {
    interrupted = asked;
    return this;
  }

  /** With a checkpoint after so many supersteps. */
  SmallRun every(int count) {
    every = Optional.of(Duration.ofNanos(1));
    CheckpointFolder to = folder();
    checkpoints =
        new Keeps(to) {
          private int due;

          @Override
          public void open(RunIdentity of) throws IOException {
            identity = of;
            to.open(of);
          }

          @Override
          public Optional<StoredStates> save(SavedRun saved, boolean last, Coordinator cells)
              throws IOException {
            return last || ++due % count == 0 ? to.save(saved, last, cells) : Optional.empty();
          }
        };
    return this;
  }

  SmallRun checkpoints(Checkpoints of) {
    checkpoints = of;
    return this;
  }

  /** Answers true from the n-th question on. */
  static BooleanSupplier interruptedAt(long n) {
    long[] asked = {0};
    return () -> ++asked[0] >= n;
  }

  /** Throws at the n-th question, as if the process were gone. */
  static BooleanSupplier killedAt(long n) {
    long[] asked = {0};
    return () -> {
      if (++asked[0] == n) {
        throw new Died();
      }
      return false;
    };
  }

  CheckpointFolder folder() {
    return new CheckpointFolder(
        config.output().path(),
        config.checkpoint(),
        fresh,
        Map.of("sotto", "of a test"),
        HADOOP,
        () -> true,
        warnings::add);
  }

  /** By row, a number for each feature. */
  double[][] values() {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] values = new double[ROWS][FEATURES.size()];
    for (double[] row : values) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian() + j;
      }
    }
    return values;
  }

  private MemoryRows table() {
    SplittableRandom random = new SplittableRandom(~seed);
    double[][] values = values();
    String[] agents = new String[ROWS];
    String[] labels = new String[ROWS];
    String loss = config.cost().objective().name();
    for (int r = 0; r < ROWS; r++) {
      agents[r] = "agent-" + r % AGENTS;
      double sum = random.nextGaussian() + r % AGENTS / 3.0 + values[r][2] - values[r][0];
      int code = loss.equals("softmax") ? Math.floorMod((int) sum, 3) : sum > 1 ? 1 : 0;
      labels[r] = loss.contains(".") ? Double.toString(sum) : Integer.toString(code);
    }
    return MemoryRows.of(FEATURES, agents, values, labels).standardize(config.data().standardize());
  }

  private Optimize action() {
    Optimize action =
        Optimize.of(problem == null ? new RowsProblem(table(), config.cost()) : problem)
            .settings(config.settings())
            .selection(config.selection())
            .provenance(
                new Optimize.Provenance() {
                  @Override
                  public Map<String, Object> configuration(RunSettings settings) {
                    return config.with(settings).toMap();
                  }

                  @Override
                  public Map<String, Object> versions() {
                    return Map.of("sotto", "of a test");
                  }
                })
            .output(this)
            .listener(this)
            .interruptedWhen(interrupted)
            .checkpoints(checkpoints == null ? folder() : checkpoints, every);
    if (spark != null) {
      action = action.cluster(new GraphxEngine(spark));
    }
    if (secret != null) {
      action = action.secret(Secret.of(secret.getBytes(StandardCharsets.UTF_8)));
    }
    return earlier == null ? action : action.warmStart(earlier);
  }

  RunResult run() throws Exception {
    return action().run();
  }

  Prepared prepare() throws Exception {
    return action().prepare();
  }

  /** Runs to the end: all of the result but its seconds. */
  List<String> figures() throws Exception {
    return figures(run());
  }

  /** All of a result of this run but its seconds. */
  List<String> figures(RunResult done) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    Map<String, Object> record = new TreeMap<>(done.record().map());
    record.keySet().removeAll(List.of("wallSeconds", "optimizeSeconds", "phases"));
    if (spark != null) {
      record.keySet().removeAll(List.of("engine", "engineReasons", "configuration"));
    }
    List<String> figures = new ArrayList<>();
    figures.add(json.writeValueAsString(done.solution().toMap()));
    record.forEach((key, value) -> figures.add(key + " " + text(json, value)));
    figures.addAll(ofAgents);
    figures.addAll(trace);
    return figures;
  }

  private static String text(ObjectMapper json, @Nullable Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Gives the run a secret as if it were fresh, and keeps no checkpoints. */
  static Checkpoints with(Secret secret) {
    return new Keeps(Checkpoints.none()) {
      @Override
      public Optional<Secret> secret() {
        return Optional.of(secret);
      }
    };
  }

  /** What others do, for those who change some of it. */
  static class Keeps implements Checkpoints {
    private final Checkpoints to;

    Keeps(Checkpoints to) {
      this.to = to;
    }

    @Override
    public Optional<Secret> secret() throws IOException {
      return to.secret();
    }

    @Override
    public void open(RunIdentity run) throws IOException {
      to.open(run);
    }

    @Override
    public Optional<Found> latest(Coordinator cells) throws IOException {
      return to.latest(cells);
    }

    @Override
    public Optional<StoredStates> save(SavedRun saved, boolean last, Coordinator cells)
        throws IOException {
      return to.save(saved, last, cells);
    }

    @Override
    public void interrupted() throws IOException {
      to.interrupted();
    }

    @Override
    public void complete() throws IOException {
      to.complete();
    }
  }

  Path root() {
    return folder.resolve(".out.checkpoint");
  }

  @Override
  public void open(Prepared prepared) {
    opened = true;
  }

  @Override
  public double reserve(Prepared prepared) {
    return 0;
  }

  @Override
  public void tables(Coordinator cells, Prepared prepared, Result result) {
    List<String> all = new ArrayList<>();
    for (CellEstimates of : cells.ask(CellReport.estimates(), null)) {
      all.add(Arrays.toString(of.estimates()) + Arrays.toString(of.updates()));
    }
    if (prepared.plan().perLink() && prepared.plan().parents().length == 0) {
      for (CellLinks of : cells.ask(CellReport.links(), null)) {
        all.add(Arrays.toString(of.duals()));
      }
    }
    ofAgents = all;
    trace =
        result.trace().points().stream()
            .map(point -> point.toString().replaceFirst("elapsedSeconds=.*", ""))
            .toList();
  }

  @Override
  public void publish(Solution solution, RunRecord record) {}

  @Override
  public void warned(String sentence) {
    warnings.add(sentence);
  }

  @Override
  public void resumed(SavedRun from) {
    resumed.add(from);
  }

  @Override
  public void ticked(long tick, long count) {
    supersteps = count;
  }
}
