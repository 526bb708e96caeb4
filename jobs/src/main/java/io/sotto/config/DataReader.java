package io.sotto.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.formula.Choices;
import io.sotto.formula.Formula;
import io.sotto.formula.MissingValues;
import io.sotto.problem.BadInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads {@code data { ... }}.
 *
 * @param values what was given
 */
record DataReader(Values values) {
  private static final String FORMULA = "problem.formula";
  private static final String BY = "data.deal.by";

  /** What is said of rows only. */
  private static final List<String> OF_ROWS =
      List.of(
          "label",
          "features",
          "standardize",
          "units",
          "intercept",
          "bad-rows",
          "rejected-values",
          "positive",
          "weight",
          "weights-are",
          "offset",
          "libsvm-index-base",
          "key",
          "deal.seed",
          "reference",
          "min-level",
          "rare-levels",
          "missing",
          "missing-values",
          "missing-constant",
          "missing-indicator");

  /** What is said of prompts in files. */
  private static final List<String> OF_PROMPTS = List.of("path", "format", "agent", "check");

  RunConfig.Data data() {
    RunConfig.Format format = values.choice("data.format", RunConfig.Format.class);
    if (format == RunConfig.Format.PROMPTS) {
      return prompts();
    }
    if (format == RunConfig.Format.TEXT && values.given("disclosure")) {
      throw ofRows();
    }
    if (values.changed("data.check")) {
      throw values.bad(
          "data.check",
          values.at("data.check"),
          "that is said of prompts: leave it out, or set data.format = prompts");
    }
    String path = values.text("data.path", "give it the URI of a file, folder or glob");
    if (format == RunConfig.Format.TEXT) {
      return texts(path);
    }
    SurvivalReader survival = new SurvivalReader(values);
    survival.check(format);
    Optional<String> label = survival.on() ? survival.time() : values.text("data.label");
    Optional<String> agent = values.text("data.agent");
    Optional<RunConfig.Deal> deal = deal();
    List<String> features = values.texts("data.features");
    TableDataReader table = new TableDataReader(values);
    table.check(format, deal);
    if (agent.isPresent() && deal.isPresent()) {
      throw values.bad(
          "data.agent",
          values.at("data.agent"),
          "data.deal is given, too, and only one of them can be: take one out, or empty it with"
              + " data.agent= or data.deal=null on the command line");
    }
    if (agent.isEmpty() && deal.isEmpty()) {
      throw new BadInputException(
          ("%s: neither data.agent nor data.deal is given; give the column that names the holder of"
                  + " each row as data.agent, or deal the rows out with data.deal { agents = 8 }.")
              .formatted(values.file()));
    }
    Optional<Formula> formula = formula(survival);
    if (format == RunConfig.Format.LIBSVM) {
      for (String key :
          List.of(
              "data.label",
              "data.features",
              "data.weight",
              "data.offset",
              FORMULA,
              "data.reference",
              "data.min-level")) {
        if (values.changed(key)) {
          throw values.bad(key, values.at(key), "columns of libsvm have no names: leave it out");
        }
      }
    } else if (label.isEmpty() && formula.isEmpty()) {
      throw values.missing(
          "data.label", "give it the name of the column of labels, or give " + FORMULA);
    }
    Choices choices = choices();
    if (format == RunConfig.Format.LIBSVM && choices.fills()) {
      throw values.bad(
          "data.missing",
          values.at("data.missing"),
          "what libsvm does not have is 0, and nothing is missing: leave it out");
    }
    if (label.isPresent() && label.equals(agent)) {
      throw values.bad(
          "data.label",
          values.at("data.label"),
          "data.agent is the same: they must be two columns");
    }
    if (label.isPresent() && features.contains(label.get())) {
      throw values.bad(
          "data.features",
          values.at("data.features"),
          "it must not hold the label, " + label.get());
    }
    for (String key : List.of("data.weight", survival.on() ? "survival.event" : "data.offset")) {
      Optional<String> column = values.text(key);
      if (column.isPresent() && (column.equals(label) || features.contains(column.get()))) {
        throw values.bad(
            key, values.at(key), "that is the label or a feature, too: they must be two columns");
      }
    }
    return new RunConfig.Data(
        path,
        format,
        label,
        agent,
        deal,
        features,
        standardize(),
        formula
            .map(of -> of.over(List.of()).intercept())
            .orElseGet(() -> values.flag("data.intercept")),
        values.choice("data.bad-rows", RunConfig.BadRows.class),
        values.text("data.positive"),
        values.auto("data.libsvm-index-base")
            ? OptionalInt.empty()
            : OptionalInt.of((int) values.whole("data.libsvm-index-base", 0, 1, "0, 1 or auto")),
        values.text("data.weight"),
        survival.on() ? survival.event() : values.text("data.offset"),
        values.choice("data.rejected-values", RejectedValues.class),
        values.text("data.units"),
        formula.map(Formula::text),
        choices,
        table.key(format),
        new DisclosureReader(values).disclosure(format, label, features));
  }

  private Optional<Formula> formula(SurvivalReader survival) {
    Optional<String> text = values.text(FORMULA);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (String key : List.of("data.label", "data.features", "data.intercept")) {
      if (values.changed(key)) {
        throw values.bad(
            key,
            values.at(key),
            FORMULA
                + " is given, too, and says "
                + (key.equals("data.intercept")
                    ? "by -1 that there is no constant"
                    : "which columns these are")
                + ": take one of the two out");
      }
    }
    Formula formula =
        values.made(
            values.at(FORMULA),
            () -> survival.on() ? survival.formula(text.get()) : Formula.parse(text.get()));
    Optional<String> agent = values.text("data.agent");
    if (agent.isPresent() && formula.labels().contains(agent.get())) {
      throw values.bad(
          FORMULA, values.at(FORMULA), "data.agent names its label, too: they must be two columns");
    }
    for (String key : List.of("data.weight", "data.offset", "survival.event")) {
      Optional<String> column = values.text(key);
      if (column.isPresent() && formula.names(column.get())) {
        throw values.bad(
            key, values.at(key), "%s names it, too: take one of the two out".formatted(FORMULA));
      }
    }
    return Optional.of(formula);
  }

  private Choices choices() {
    Map<String, String> reference = new TreeMap<>();
    ConfigObject given = (ConfigObject) values.at("data.reference");
    given.forEach(
        (column, level) ->
            reference.put(column, values.texts("data.reference." + column, list(level)).get(0)));
    Choices.Missing missing = values.choice("data.missing", Choices.Missing.class);
    Choices choices =
        new Choices(
            Collections.unmodifiableMap(reference),
            (int) values.whole("data.min-level", 0, Integer.MAX_VALUE, "a whole number from 0 on"),
            values.choice("data.rare-levels", Choices.Rare.class),
            missing,
            new MissingValues(values.texts("data.missing-values")),
            values.number("data.missing-constant", c -> true, "a finite number"),
            values.flag("data.missing-indicator"));
    for (String key : List.of("data.missing-indicator", "data.missing-constant")) {
      boolean used =
          key.endsWith("constant") ? missing == Choices.Missing.CONSTANT : choices.fills();
      if (values.changed(key) && !used) {
        throw values.bad(
            key,
            values.at(key),
            "data.missing is %s, which fills no field with it: leave it out"
                .formatted(ConfigWriter.word(missing)));
      }
    }
    return choices;
  }

  private static ConfigValue list(ConfigValue one) {
    return ConfigValueFactory.fromIterable(List.of(one.unwrapped()));
  }

  /** Prompts: those of files, or those of the block tasks, and nothing is read. */
  private RunConfig.Data prompts() {
    if (values.given("disclosure")) {
      throw ofRows();
    }
    Optional<String> path = values.text("data.path");
    ConfigObject known = (ConfigObject) values.schema().value("data");
    for (String name : new TreeSet<>(known.keySet())) {
      String key = "data." + name;
      boolean used = path.isPresent() ? OF_PROMPTS.contains(name) : name.equals("format");
      if (!used && values.changed(key)) {
        throw values.bad(
            key,
            values.at(key),
            "data.format is prompts, and %s: leave it out"
                .formatted(
                    path.isPresent()
                        ? "data.path has JSON lines with prompt and answer"
                        : "without data.path they are those of the block tasks"));
      }
    }
    Optional<String> agent = values.text("data.agent");
    if (agent.equals(Optional.of("prompt")) || agent.equals(Optional.of("answer"))) {
      throw values.bad(
          "data.agent",
          values.at("data.agent"),
          "that field is the prompt or its answer: name the one that says whose they are");
    }
    return held(path.orElse(""), RunConfig.Format.PROMPTS, agent, Optional.empty());
  }

  private BadInputException ofRows() {
    return values.bad(
        "disclosure",
        values.at("disclosure"),
        "its rules are of rows, and data.format says that there are none: leave it out");
  }

  /** What is no rows. */
  private static RunConfig.Data held(
      String path, RunConfig.Format format, Optional<String> agent, Optional<RunConfig.Deal> deal) {
    return new RunConfig.Data(
        path,
        format,
        Optional.empty(),
        agent,
        deal,
        List.of(),
        false,
        false,
        RunConfig.BadRows.FAIL,
        Optional.empty(),
        OptionalInt.empty());
  }

  /** Texts: an entry of a folder for each agent, a file that is dealt, or a table. */
  private RunConfig.Data texts(String path) {
    for (String key : OF_ROWS) {
      if (values.changed("data." + key)) {
        throw values.bad(
            "data." + key,
            values.at("data." + key),
            "that is said of rows, and data.format is text: leave it out");
      }
    }
    Optional<String> agent = values.text("data.agent");
    boolean column = values.text("data.text").isPresent();
    if (agent.isPresent() != column) {
      String key = column ? "data.text" : "data.agent";
      throw values.bad(
          key,
          values.at(key),
          column
              ? "name the column that says whose a text is, too, as data.agent"
              : "name the column of texts, too, as data.text; without both of them each entry of"
                  + " the folder data.path is an agent");
    }
    if (values.text("data.prompt").isPresent() && !column) {
      throw values.bad(
          "data.prompt", values.at("data.prompt"), "name the column of texts, too, as data.text");
    }
    Optional<RunConfig.Deal> deal = Optional.empty();
    if (values.changed("data.deal")) {
      if (column) {
        throw values.bad(
            "data.agent",
            values.at("data.agent"),
            "data.deal is given, too, and only one of them can be: take one out");
      }
      if (values.given(BY)
          && values.choice(BY, RunConfig.DealBy.class) != RunConfig.DealBy.CONTIGUOUS) {
        throw values.bad(
            BY, values.at(BY), "a text is dealt in contiguous pieces: set it to contiguous");
      }
      int agents = values.count("data.deal.agents", "give it the number of agents, such as 8");
      deal = Optional.of(new RunConfig.Deal(agents, RunConfig.DealBy.CONTIGUOUS, 1));
    }
    return held(path, RunConfig.Format.TEXT, agent, deal);
  }

  /**
   * Whether columns are standardised by sums over rows: not if public units are given, nor, unless
   * it is asked for, if rows are to be hidden.
   */
  private boolean standardize() {
    boolean units = values.text("data.units").isPresent();
    boolean rows =
        !values.given("privacy.mechanism")
            && values.choice("privacy.protect", ConfigReader.Protect.class)
                == ConfigReader.Protect.ROWS;
    boolean off = units || (rows && !values.given("data.standardize"));
    return !off && values.flag("data.standardize");
  }

  private Optional<RunConfig.Deal> deal() {
    if (!values.changed("data.deal")) {
      return Optional.empty();
    }
    return Optional.of(
        new RunConfig.Deal(
            values.count("data.deal.agents", "give it the number of agents, such as 8"),
            values.choice("data.deal.by", RunConfig.DealBy.class),
            values.whole(
                "data.deal.seed", Long.MIN_VALUE, Long.MAX_VALUE, "a whole number of 64 bits")));
  }
}
