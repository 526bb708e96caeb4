package io.sotto.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.engine.Origin;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Objective;
import io.sotto.problem.Registry;
import io.sotto.problem.RowSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The output of an earlier run, as far as another one starts from it. What does not fit is refused
 * by name; what is harmless is not: an agent that is new starts from the earlier solution, a
 * feature that is new at 0, which makes the model that there was; and a column of libsvm that no
 * row has any more takes nothing along.
 */
public final class EarlierRun {
  private static final String KEY = "warm-start";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;
  private final Place place;
  private final Configuration hadoop;
  private final JsonNode solution;
  private final JsonNode run;

  /**
   * What fits.
   *
   * @param origin where agents start
   * @param ticks that led there, those of runs before included
   * @param agents how many agents were there before
   * @param newcomers how many were not
   * @param newFeatures what starts at 0
   * @param lostFeatures what is dropped
   * @param links whether the duals of links are there, too
   * @param otherTerms whether they were left out because costs were moved by other linear terms:
   *     those of an agent sum to a subgradient of its cost as it was moved, and would lead farther
   *     astray than none
   */
  public record Fit(
      Origin origin,
      double ticks,
      int agents,
      int newcomers,
      List<String> newFeatures,
      List<String> lostFeatures,
      boolean links,
      boolean otherTerms) {}

  /**
   * Reads what is small of it.
   *
   * @param path where it is, as the configuration has it
   * @throws BadInputException if it is no output that was completed
   */
  public EarlierRun(String path, Configuration hadoop) throws IOException {
    this.path = path;
    this.hadoop = hadoop;
    this.place = Place.of(KEY, path, hadoop);
    try {
      if (!place.system().exists(place.path())) {
        throw refused("there is nothing", "Name the output of an earlier run, or leave it out");
      }
      if (!place.system().exists(new Path(place.path(), "_SUCCESS"))) {
        throw refused(
            "there is no _SUCCESS in it", "Name an output that was completed, or leave it out");
      }
      this.solution = json("solution.json");
      this.run = json("run.json");
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private JsonNode json(String name) throws IOException {
    try (InputStream in = place.system().open(new Path(place.path(), name))) {
      return JSON.readTree(in);
    }
  }

  /** The ticks of that run and of those that it started from. */
  public double ticks() {
    return run.path("ticks").asDouble() + run.path("warmStart").path("ticks").asDouble();
  }

  /**
   * The first step of that run, in the units of this one; NaN if its steps are no guide, which they
   * are only for the same method on columns of the same scale.
   *
   * @param algorithm the method of this run
   * @param exponent how fast its steps shrink
   * @param standardize whether columns are scaled
   * @param agents how many there are; steps are in proportion to that, as costs are means
   */
  public double step(String algorithm, double exponent, boolean standardize, int agents) {
    JsonNode was = run.path("configuration");
    boolean same =
        was.at("/algorithm/name").asText().equals(algorithm)
            && was.at("/algorithm/step/exponent").asDouble() == exponent
            && was.at("/data/standardize").asBoolean() == standardize;
    double step = run.at("/step/initial").asDouble(Double.NaN);
    return same && step > 0 ? step * agents / solution.path("agents").asInt(agents) : Double.NaN;
  }

  /**
   * Fits it to the rows of this run.
   *
   * @param loss the name of the loss
   * @param terms tells by which linear terms costs are moved; empty if by none
   * @throws BadInputException if it does not fit
   */
  public Fit fit(Dataset data, String loss, String terms) throws IOException {
    RowSchema schema = data.schema();
    requireSame("problem.loss", run.path("loss").asText(""), loss, "Solve that loss without it");
    requireSame(
        "data.intercept",
        run.at("/configuration/data/intercept").asText(""),
        Boolean.toString(schema.intercept()),
        "Set it as it was");
    if (schema.labels().positive() != null) {
      requireSame(
          "the class that counts as +1",
          solution.at("/labels/positive").asText(""),
          schema.labels().positive(),
          "Set data.positive");
    } else if (!schema.labels().classes().isEmpty()) {
      requireSame(
          "the list of classes",
          texts(solution.path("labels")).toString(),
          schema.labels().classes().toString(),
          "Leave warm-start out");
    }
    List<String> names = texts(solution.path("features"));
    Objective.Shape shape = schema.shape();
    List<String> lost = new ArrayList<>(names);
    lost.removeAll(new java.util.HashSet<>(schema.features()));
    if (!lost.isEmpty() && !data.sparse()) {
      String one = lost.get(0);
      throw refused(
          "it has the feature '%s', which the rows do not have; maybe '%s' is meant"
              .formatted(one, Registry.nearest(one, schema.features())),
          "Give the column its old name back, or leave warm-start out");
    }
    Map<String, Integer> at = new HashMap<>();
    for (int j = 0; j < names.size(); j++) {
      at.put(names.get(j), j);
    }
    int[] feature =
        shape.outputs() > 0
            ? schema.features().stream().mapToInt(f -> at.getOrDefault(f, -1)).toArray()
            : IntStream.range(0, shape.coefficients()).toArray();
    int features = shape.outputs() > 0 ? names.size() : shape.coefficients();
    int outputs = shape.coefficients() / feature.length;
    double[] estimate = numbers(solution.path("estimate"), outputs * features);
    double[] fallback = new double[shape.dimension()];
    for (int j = 0; j < shape.coefficients(); j++) {
      int was = feature[j % feature.length];
      fallback[j] = was < 0 ? 0 : estimate[j / feature.length * features + was];
    }
    int others = shape.dimension() - shape.coefficients();
    double[] last = others == 0 ? new double[0] : numbers(solution.path("intercept"), others);
    System.arraycopy(last, 0, fallback, shape.coefficients(), others);
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < data.agents().size(); i++) {
      index.put(data.agents().get(i), i);
    }
    EarlierOrigin.Holders estimates = holders("estimates", VectorTable.ESTIMATES, index);
    boolean same = run.at("/privacy/termsMark").asText("").equals(terms);
    EarlierOrigin.Holders there = holders("links", VectorTable.LINKS, index);
    EarlierOrigin.Holders links = same ? there : EarlierOrigin.Holders.none(index.size());
    int found = (int) Arrays.stream(estimates.of()).filter(file -> file >= 0).count();
    return new Fit(
        new EarlierOrigin(
            ticks(),
            data.agents(),
            features,
            feature,
            fallback,
            schema.standardization(),
            shape,
            estimates,
            links,
            new SerializableConfiguration(hadoop)),
        ticks(),
        found,
        data.agents().size() - found,
        schema.features().stream().filter(f -> !at.containsKey(f)).toList(),
        lost,
        !links.files().isEmpty(),
        !same && !there.files().isEmpty());
  }

  private void requireSame(String what, String then, String now, String remedy) {
    if (!then.equals(now)) {
      throw refused("%s was %s there, and is %s".formatted(what, then, now), remedy);
    }
  }

  private EarlierOrigin.Holders holders(
      String folder, VectorTable table, Map<String, Integer> index) throws IOException {
    Path at = new Path(place.path(), folder);
    EarlierOrigin.Holders none = EarlierOrigin.Holders.none(index.size());
    if (!place.system().exists(at)) {
      return none;
    }
    int[] of = none.of();
    List<InputFile> files = InputFile.list(KEY, at.toString(), hadoop);
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
    return new EarlierOrigin.Holders(files, of);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  /** A number, an array of them, or an array of such arrays, as one. */
  private double[] numbers(JsonNode node, int count) {
    List<JsonNode> all = new ArrayList<>();
    flatten(node, all);
    if (all.size() != count) {
      throw refused(
          "it has %d coordinates where there are %d".formatted(all.size(), count),
          "Name an output of the same problem, or leave it out");
    }
    return all.stream().mapToDouble(this::number).toArray();
  }

  private static void flatten(JsonNode node, List<JsonNode> out) {
    if (node.isArray()) {
      node.forEach(one -> flatten(one, out));
    } else if (!node.isMissingNode()) {
      out.add(node);
    }
  }

  private double number(JsonNode node) {
    if (!node.isNumber()) {
      throw refused(
          "its solution.json holds %s in place of a number".formatted(node),
          "Name an output that is whole, or leave it out");
    }
    return node.doubleValue();
  }

  private BadInputException unreadable(Exception e) {
    String why = Objects.toString(e.getMessage(), e.toString()).lines().findFirst().orElse("");
    return new BadInputException(
        message("it cannot be read (" + why + ")", "Name an output that is whole, or leave it out"),
        e);
  }

  private BadInputException refused(String what, String remedy) {
    return new BadInputException(message(what, remedy));
  }

  private String message(String what, String remedy) {
    return "%s is '%s'; %s. %s.".formatted(KEY, path, what, remedy);
  }
}
