package io.sotto.io;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.engine.Origin;
import io.sotto.model.Layout;
import io.sotto.problem.BadInputException;
import io.sotto.run.EarlierResult;
import io.sotto.run.RunRecord;
import io.sotto.run.Solution;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** The output of an earlier run, which another one starts from. */
public final class EarlierOutput implements EarlierResult {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String key;
  private final String path;
  private final HadoopPath place;
  private final Configuration hadoop;
  private final Solution solution;
  private final RunRecord record;

  /**
   * Reads its solution and its record; tables are read later, by cells.
   *
   * @param key the configuration key that names it, for messages
   * @param path where it is, as the configuration has it
   * @throws BadInputException if it is no complete output of a run
   */
  public EarlierOutput(String key, String path, Configuration hadoop) throws IOException {
    this.key = key;
    this.path = path;
    this.hadoop = hadoop;
    this.place = HadoopPath.of(key, path, hadoop);
    try {
      if (!place.system().exists(place.path())) {
        new Leftovers(place.system(), place.system().makeQualified(place.path())).recover();
      }
      if (!place.system().exists(place.path())) {
        throw refused("there is nothing", "Name the output of an earlier run, or leave it out");
      }
      if (!place.system().exists(new Path(place.path(), "_SUCCESS"))) {
        throw refused(
            "there is no _SUCCESS in it",
            "Name the output of a run that was completed, or leave it out");
      }
      Map<String, Object> written = json("solution.json");
      this.solution = Solution.of(written.containsKey("weights") ? withWeights(written) : written);
      this.record = RunRecord.of(json("run.json"));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** A solution with the coefficients that stand in model/. */
  private Map<String, Object> withWeights(Map<String, Object> written) throws IOException {
    ModelFolder model = new ModelFolder(key, path, hadoop);
    double[] x = model.weights();
    int coefficients = new Layout(model.shape()).coefficients();
    Map<String, Object> whole = new HashMap<>(written);
    for (String units : List.of("estimate", "solvedEstimate")) {
      whole.put(units, Arrays.copyOf(x, coefficients));
    }
    for (String units : List.of("intercept", "solvedIntercept")) {
      whole.put(units, Arrays.copyOfRange(x, coefficients, x.length));
    }
    return whole;
  }

  private Map<String, Object> json(String name) throws IOException {
    try (InputStream in = place.system().open(new Path(place.path(), name))) {
      return JSON.readValue(in, new TypeReference<Map<String, Object>>() {});
    }
  }

  @Override
  public String where() {
    return path;
  }

  @Override
  public Solution solution() {
    return solution;
  }

  @Override
  public RunRecord record() {
    return record;
  }

  @Override
  public Kept kept(Fit fit, boolean links) throws IOException {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < fit.agents().size(); i++) {
      index.put(fit.agents().get(i), i);
    }
    Holders estimates = holders("estimates", VectorTable.ESTIMATES, index);
    Holders there = holders("links", VectorTable.LINKS, index);
    return new Kept(
        new Vectors(
            fit,
            estimates,
            links ? there : Holders.none(index.size()),
            new SerializableConfiguration(hadoop)),
        (int) Arrays.stream(estimates.of()).filter(file -> file >= 0).count(),
        !there.files().isEmpty());
  }

  private Holders holders(String folder, VectorTable table, Map<String, Integer> index)
      throws IOException {
    Path at = new Path(place.path(), folder);
    Holders none = Holders.none(index.size());
    if (!place.system().exists(at)) {
      return none;
    }
    int[] of = none.of();
    List<InputFile> files = InputFile.list(key, at.toString(), hadoop);
    for (int f = 0; f < files.size(); f++) {
      int file = f;
      try {
        table.owners(
            files.get(f),
            hadoop,
            name -> {
              @Nullable Integer agent = index.get(name);
              if (agent != null) {
                of[agent] = file;
              }
            });
      } catch (IOException | RuntimeException e) {
        throw unreadable(e);
      }
    }
    return new Holders(files, of);
  }

  private BadInputException unreadable(Exception e) {
    String why = Objects.toString(e.getMessage(), e.toString()).lines().findFirst().orElse("");
    return new BadInputException(
        message(
            "it cannot be read (" + why + ")", "Name an output that is complete, or leave it out"),
        e);
  }

  private BadInputException refused(String what, String remedy) {
    return new BadInputException(message(what, remedy));
  }

  private String message(String what, String remedy) {
    return "%s is '%s'; %s. %s.".formatted(key, path, what, remedy);
  }

  /**
   * Which file holds what.
   *
   * @param files all files
   * @param of by agent of this run, its file; -1 for none
   */
  record Holders(List<InputFile> files, int[] of) implements Serializable {

    /** There is nothing for any of so many agents. */
    static Holders none(int agents) {
      int[] of = new int[agents];
      Arrays.fill(of, -1);
      return new Holders(List.of(), of);
    }
  }

  /**
   * Estimates and duals out of the tables, from original units to those of this run. A cell reads
   * the files that hold any of its agents; where agents stand in the same cells as before, that is
   * one.
   *
   * @param fit how coordinates fit
   * @param estimates where each agent's estimate is
   * @param links where each agent's links are
   */
  private record Vectors(
      Fit fit, Holders estimates, Holders links, SerializableConfiguration hadoop)
      implements Origin {

    @Override
    public double ticks() {
      return fit.ticks();
    }

    @Override
    public void estimates(int[] cell, double[] out, IntUnaryOperator at) {
      for (int i = 0; i < cell.length; i++) {
        System.arraycopy(fit.fallback(), 0, out, at.applyAsInt(i), fit.fallback().length);
        fit.units().solve(out, at.applyAsInt(i), fit.shape());
      }
      Map<String, Integer> positions = positions(cell);
      read(
          VectorTable.ESTIMATES,
          estimates,
          cell,
          new VectorTable.Handler() {
            private int position;

            @Override
            public boolean wants(String[] names) {
              position = positions.getOrDefault(names[0], -1);
              return position >= 0;
            }

            @Override
            public void row(double[] coefficients, double[] last) {
              int start = at.applyAsInt(position);
              put(coefficients, last, out, start);
              fit.units().solve(out, start, fit.shape());
            }
          });
    }

    @Override
    public void duals(int[] cell, int[] offset, int[] neighbours, double[] out) {
      Map<String, Integer> positions = positions(cell);
      Map<String, Integer> others = new HashMap<>();
      for (int neighbour : neighbours) {
        others.put(fit.agents().get(neighbour), neighbour);
      }
      int d = fit.fallback().length;
      read(
          VectorTable.LINKS,
          links,
          cell,
          new VectorTable.Handler() {
            private int link;

            @Override
            public boolean wants(String[] names) {
              @Nullable Integer i = positions.get(names[0]);
              @Nullable Integer other = others.get(names[1]);
              link =
                  i == null || other == null
                      ? -1
                      : Arrays.binarySearch(neighbours, offset[i], offset[i + 1], other);
              return link >= 0;
            }

            @Override
            public void row(double[] coefficients, double[] last) {
              put(coefficients, last, out, link * d);
              fit.units().solveDual(out, link * d, fit.shape());
            }
          });
    }

    private Map<String, Integer> positions(int[] cell) {
      Map<String, Integer> positions = new HashMap<>();
      for (int i = 0; i < cell.length; i++) {
        positions.put(fit.agents().get(cell[i]), i);
      }
      return positions;
    }

    private void put(double[] coefficients, double[] last, double[] out, int at) {
      int outputs = fit.shape().coefficients() / fit.feature().length;
      for (int k = 0; k < outputs; k++) {
        for (int j = 0; j < fit.feature().length; j++) {
          out[at + k * fit.feature().length + j] =
              fit.feature()[j] < 0 ? 0 : coefficients[k * fit.features() + fit.feature()[j]];
        }
      }
      System.arraycopy(last, 0, out, at + fit.shape().coefficients(), last.length);
    }

    private void read(VectorTable table, Holders holders, int[] cell, VectorTable.Handler handler) {
      int[] files =
          Arrays.stream(cell)
              .map(i -> holders.of()[i])
              .filter(f -> f >= 0)
              .sorted()
              .distinct()
              .toArray();
      int count = fit.shape().coefficients() / fit.feature().length * fit.features();
      int others = fit.shape().dimension() - fit.shape().coefficients();
      try {
        for (int file : files) {
          table.read(holders.files().get(file), hadoop.value(), count, others, handler);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
