package io.sotto.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sotto.algorithm.Algorithms;
import io.sotto.network.Delay;
import io.sotto.privacy.attack.Attacks;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import io.sotto.run.AuditSettings;
import io.sotto.run.InferenceSettings;
import io.sotto.run.RunSettings;
import io.sotto.run.RunSettings.Mechanism;
import io.sotto.run.SelectionSettings;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the records of one configuration, with the range of each key and the rules that join keys.
 *
 * @param values what was given
 * @param dates what the calendar says
 * @param warnings takes sentences about what was given and is not used
 */
record ConfigReader(Values values, Dates dates, List<String> warnings) {

  private static final String WARM_START = "warm-start";

  RunConfig read() {
    RunConfig.Data data = new DataReader(values).data();
    boolean texts = data.format() == RunConfig.Format.TEXT;
    boolean asked = data.format() == RunConfig.Format.PROMPTS;
    ProblemReader problem = new ProblemReader(values, warnings);
    LanguageReader language = new LanguageReader(values, warnings);
    PromptsReader prompts = new PromptsReader(values, warnings);
    if (!texts) {
      language.refuse();
    }
    Optional<RunConfig.Making> making = prompts.making(data.format());
    prompts.refuse(making.map(RunConfig.Making::what));
    List<RunSettings.Constraint> constraints = problem.constraints();
    NetworkReader network = new NetworkReader(values, warnings);
    OutputReader output = new OutputReader(values);
    RunConfig config =
        new RunConfig(
            data,
            texts || asked ? Optional.empty() : Optional.of(problem.cost()),
            texts ? Optional.of(language.language(constraints)) : Optional.empty(),
            asked ? Optional.of(prompts.prompts()) : Optional.empty(),
            making,
            new RunSettings(
                constraints,
                network.network(),
                network.clock(),
                new AlgorithmReader(values).algorithm(),
                privacy(),
                new RunSettings.Engine(
                    values.choice("engine.name", RunSettings.EngineName.class),
                    countOrAuto("engine.cells"),
                    countOrAuto("engine.ticks-per-superstep")),
                stop(),
                seed("seed")),
            values.text("privacy.secret"),
            deadlineExitCode(),
            output.output(),
            warmStart(),
            audit(),
            output.checkpoint(),
            inference(),
            output.score(),
            texts || asked
                ? new SelectionReader(values).refused()
                : new SelectionReader(values).selection(values.flag("output.per-agent")),
            Dates.zone(values),
            Dates.timeOfDay(values));
    requireSubjects(config);
    warnings(config);
    return config;
  }

  /** A row with a time is split, so a budget for one row would not hold for it. */
  private void requireSubjects(RunConfig config) {
    Mechanism mechanism = config.settings().privacy().mechanism();
    boolean budget = mechanism == Mechanism.ROWS || mechanism == Mechanism.DIFFERENTIAL_PRIVACY;
    if (new SurvivalReader(values).on() && budget) {
      throw values.bad(
          "survival.time",
          values.at("survival.time"),
          "privacy.protect = rows and differential-privacy hide one row, and a time is split into a row"
              + " for each interval: set privacy.protect = offsets or sums");
    }
  }

  /** Tells what was set to another value than its default, and is not used. */
  private void warnings(RunConfig config) {
    String loss = config.rowCost().map(cost -> cost.objective().name()).orElse("");
    unused(!loss.equals("huber"), "problem.huber-delta", "problem.loss");
    unused(!loss.equals("quantile"), "problem.quantile-level", "problem.loss");
    unused(loss.equals("softmax"), "data.positive", "problem.loss");
    unused(!loss.contains("."), "problem.parameters", "problem.loss");
    boolean always = config.settings().clock().always();
    unused(always, "clock.rate", "clock.model");
    unused(always, "clock.rates", "clock.model");
    unused(
        config.settings().network().delay().model() == Delay.Model.NONE,
        "network.delay.ticks",
        "network.delay.model");
    for (String key : List.of("path", "keep", "on-mismatch")) {
      unused(!config.checkpoint().on(), "checkpoint." + key, OutputReader.EVERY);
    }
    boolean libsvm = config.data().format() == RunConfig.Format.LIBSVM;
    unused(!libsvm, "data.libsvm-index-base", "data.format");
    boolean inferred = config.inference().enabled() != InferenceSettings.Enabled.FALSE;
    unused(inferred && config.data().weight().isEmpty(), "data.weights-are", "data.weight");
    unused(!inferred, "data.weights-are", "inference.enabled");
    SelectionSettings.By judges = config.selection().by();
    unused(judges != SelectionSettings.By.HELD_OUT, "selection.share", "selection.by");
    unused(config.selection().penalties().size() < 2, "selection.rule", "selection.by");
    boolean drawn =
        config.data().deal().map(deal -> deal.by() == RunConfig.DealBy.RANDOM).orElse(false);
    unused(!drawn && config.data().deal().isPresent(), "data.deal.seed", "data.deal.by");
    Mechanism mechanism = config.settings().privacy().mechanism();
    String chooser = values.given("privacy.mechanism") ? "privacy.mechanism" : "privacy.protect";
    Map<String, Set<Mechanism>> users = new TreeMap<>();
    users.put("privacy.scale", Set.of(Mechanism.OFFSETS, Mechanism.FUNCTION_SHARING));
    users.put("privacy.shape", Set.of(Mechanism.OFFSETS));
    users.put("privacy.spread", Set.of(Mechanism.PRIVATE_STEPS));
    for (String key : List.of("epsilon", "delta", "clip")) {
      users.put("privacy." + key, Set.of(Mechanism.DIFFERENTIAL_PRIVACY, Mechanism.ROWS));
    }
    users.put("privacy.noise", Set.of(Mechanism.DIFFERENTIAL_PRIVACY));
    users.put("privacy.honest", Set.of(Mechanism.ROWS));
    users.forEach((key, by) -> unused(!by.contains(mechanism), key, chooser));
    String method = config.settings().algorithm().name();
    boolean adam = AlgorithmReader.isAdam(config.settings().algorithm());
    AlgorithmReader.ofAdam().forEach(key -> unused(!adam, key, "algorithm.name"));
    boolean outer = config.settings().algorithm().stepping().outerStep() > 0;
    unused(!outer, "algorithm.outer.momentum", "algorithm.outer.step");
    boolean rows = mechanism == Mechanism.ROWS;
    for (String key : List.of("stop.tolerance", "algorithm.scale", "certificate.max-coordinates")) {
      unused(rows, key, chooser);
    }
    if (rows && !values.given("data.standardize") && config.data().units().isEmpty()) {
      warnings.add(
          "Columns are taken as they are, because means and deviations over all rows would tell of"
              + " rows. Where they are not of about the same size, give public ones by data.units.");
    }
    boolean sums = rows || mechanism == Mechanism.SUMS || method.equals(Algorithms.SUMS_OF_ALL);
    unused(mechanism == Mechanism.NONE, "privacy.secret", chooser);
    String by = rows || mechanism == Mechanism.SUMS ? chooser : "algorithm.name";
    unused(sums, "algorithm.step.initial", by);
    unused(sums, "algorithm.step.exponent", by);
    unused(
        rows || (!sums && !method.equals(RunSettings.Algorithm.AUTO)),
        "algorithm.max-coordinates",
        rows ? chooser : "algorithm.name");
  }

  private void unused(boolean unused, String path, String chooser) {
    if (unused && values.changed(path)) {
      ConfigValue value = values.at(path);
      warnings.add(
          "%s: %s is %s, and %s = %s does not use it."
              .formatted(
                  values.place(value),
                  path,
                  Values.show(value),
                  chooser,
                  values.at(chooser).unwrapped()));
    }
  }

  /** An earlier output; budgets refuse one whether there is any or not. */
  private Optional<String> warmStart() {
    Optional<String> path = values.text(WARM_START);
    Mechanism mechanism = privacy().mechanism();
    if (path.orElse("").contains(Dates.PREVIOUS)
        && (mechanism == Mechanism.DIFFERENTIAL_PRIVACY || mechanism == Mechanism.ROWS)) {
      throw values.bad(
          WARM_START,
          values.at(WARM_START),
          "what that run gave away is not in this one's budget; leave warm-start out");
    }
    return path;
  }

  private AuditSettings audit() {
    return new AuditSettings(
        values.choice("audit.adversary", AuditSettings.Adversary.class),
        values.texts("audit.agents"),
        (int) values.whole("audit.size", 1, Integer.MAX_VALUE, "a whole number from 1 on"),
        (int) values.whole("audit.victims", 0, Integer.MAX_VALUE, "a whole number from 0 on"),
        (int) values.whole("audit.seeds", 1, 1000, "a whole number from 1 to 1000"),
        (int) values.whole("audit.games", 0, 1000, "a whole number from 0 to 1000"),
        values.whole("audit.ticks", 1, Integer.MAX_VALUE, "a whole number from 1 on"),
        (int) values.whole("audit.copies", 1, Integer.MAX_VALUE, "a whole number from 1 on"),
        values.number("audit.threshold", t -> t >= 0 && t <= 1, "a number from 0 to 1"),
        values.flag("audit.baseline"),
        attacks());
  }

  private List<String> attacks() {
    List<String> names = values.texts("audit.attacks");
    for (String name : names) {
      known(Attacks.REGISTRY, "audit.attacks", name);
    }
    return names;
  }

  /** Refuses the name of what there is not. */
  private void known(Registry<?> registry, String path, String name) {
    values.made(values.at(path), () -> registry.make(path, name, new Parameters(path, Map.of())));
  }

  /** What is given in a block beside the keys named; in the order of keys. */
  static Map<String, Object> parameters(ConfigObject block, Set<String> beside) {
    Map<String, Object> parameters = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
      Object value = entry.getValue().unwrapped();
      if (value != null && !value.equals("") && !beside.contains(entry.getKey())) {
        parameters.put(entry.getKey(), value);
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  /** What {@code privacy.protect} may be. */
  enum Protect {
    OFFSETS(Mechanism.OFFSETS),
    SUMS(Mechanism.SUMS),
    ROWS(Mechanism.ROWS),
    NONE(Mechanism.NONE);

    private final Mechanism mechanism;

    Protect(Mechanism mechanism) {
      this.mechanism = mechanism;
    }
  }

  private RunSettings.Privacy privacy() {
    boolean named = values.given("privacy.mechanism");
    boolean asked = values.given("privacy.protect");
    if (named && asked) {
      throw values.bad(
          "privacy.mechanism",
          values.at("privacy.mechanism"),
          "privacy.protect is given, too; remove one of the two");
    }
    Mechanism mechanism =
        named
            ? values.choice("privacy.mechanism", Mechanism.class)
            : values.choice("privacy.protect", Protect.class).mechanism;
    boolean given = values.changed("privacy.epsilon");
    if ((mechanism == Mechanism.DIFFERENTIAL_PRIVACY || mechanism == Mechanism.ROWS) && !given) {
      throw values.missing(
          "privacy.epsilon", "give it what the run may give away of one row, such as 4");
    }
    return new RunSettings.Privacy(
        mechanism,
        !named && !asked,
        aboveZeroOrAuto("privacy.scale"),
        values.choice("privacy.shape", RunSettings.Shape.class),
        values.number("privacy.spread", w -> w > 0 && w <= 1, "a number above 0, at most 1"),
        given ? OptionalDouble.of(aboveZero("privacy.epsilon")) : OptionalDouble.empty(),
        values.number("privacy.delta", d -> d > 0 && d < 1, "a number above 0 and below 1"),
        aboveZeroOrAuto("privacy.clip"),
        aboveZeroOrAuto("privacy.noise"),
        countOrAuto("privacy.honest"));
  }

  /** On where the block is given, unless it says otherwise. */
  private InferenceSettings inference() {
    if (!values.given("inference")) {
      return InferenceSettings.off();
    }
    InferenceSettings.Enabled enabled =
        values.choice("inference.enabled", InferenceSettings.Enabled.class);
    return enabled == InferenceSettings.Enabled.FALSE
        ? InferenceSettings.off()
        : new InferenceSettings(
            enabled,
            (int)
                values.whole(
                    "inference.max-coordinates", 1, 10_000, "a whole number from 1 to 10000"),
            values.choice("inference.errors", InferenceSettings.Errors.class),
            values.choice("data.weights-are", InferenceSettings.Weights.class),
            values.flag("inference.covariance"));
  }

  private int deadlineExitCode() {
    String exitCode = "stop.deadline-exit-code";
    long code = values.whole(exitCode, 0, 3, "0 or 3");
    if (code != 0 && code != 3) {
      throw values.bad(exitCode, values.at(exitCode), "it must be 0 or 3");
    }
    return (int) code;
  }

  private RunSettings.Stop stop() {
    return new RunSettings.Stop(
        values.whole("stop.max-ticks", 1, Long.MAX_VALUE, "a whole number from 1 on"),
        fromZero("stop.tolerance"),
        fromZero("stop.disagreement"),
        countOrAuto("stop.check-every"),
        dates.deadline(values),
        values.flag("stop.require-certificate"),
        (int)
            values.whole(
                "certificate.max-coordinates", 0, 10_000, "a whole number from 0 to 10000"),
        !values.given("stop.tolerance"));
  }

  private OptionalDouble aboveZeroOrAuto(String path) {
    return values.auto(path)
        ? OptionalDouble.empty()
        : OptionalDouble.of(values.number(path, a -> a > 0, "auto or a number above 0"));
  }

  private OptionalInt countOrAuto(String path) {
    return values.auto(path)
        ? OptionalInt.empty()
        : OptionalInt.of(
            (int) values.whole(path, 1, Integer.MAX_VALUE, "auto or a whole number from 1 on"));
  }

  private double aboveZero(String path) {
    return values.number(path, number -> number > 0, "a number above 0");
  }

  private double fromZero(String path) {
    return values.number(path, number -> number >= 0, "a number from 0 on");
  }

  private long seed(String path) {
    return values.whole(path, Long.MIN_VALUE, Long.MAX_VALUE, "a whole number of 64 bits");
  }
}
