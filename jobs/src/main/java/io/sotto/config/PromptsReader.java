package io.sotto.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sotto.model.Policy;
import io.sotto.model.task.Given;
import io.sotto.model.task.Reward;
import io.sotto.model.task.Script;
import io.sotto.model.task.Task;
import io.sotto.model.task.Tasks;
import io.sotto.model.task.Web;
import io.sotto.problem.Parameters;
import io.sotto.run.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code tasks { ... }}, {@code policy { ... }}, and how data are made.
 *
 * @param values what was given
 * @param warnings takes sentences about what is not used
 */
record PromptsReader(Values values, List<String> warnings) {
  private static final String MAKE = "data.make";
  private static final String AGENTS = "tasks.agents";
  private static final String KINDS = "tasks.kinds";
  private static final String EXAMPLE = "such as { task = sums, digits = 3, script = digits }";
  private static final String AN_AGENT = "such as { agent = north, kinds = [{ task = sums }] }";
  private static final int MOST_AGENTS = 10_000;

  /**
   * Refuses blocks that are not used.
   *
   * @param make what is made; empty for nothing
   */
  void refuse(Optional<RunConfig.Make> make) {
    String format = values.text("data.format").orElse("");
    boolean asked = format.equals("prompts");
    String made = make.map(ConfigWriter::word).orElse("");
    boolean samples = made.equals("samples");
    boolean web = samples || made.equals("web") || made.equals("pairs");
    refuse("tasks", asked || web, "data.format = prompts");
    refuse("policy", asked, "data.format = prompts");
    refuse("web", web, "data.make = web");
    refuse("samples", samples, "data.make = samples");
    refuse("planted", made.equals("planted"), "data.make = planted");
  }

  private void refuse(String block, boolean used, String user) {
    ConfigObject known = (ConfigObject) values.schema().value(block);
    for (String name : new TreeSet<>(known.keySet())) {
      String key = block + "." + name;
      if (!used && values.changed(key)) {
        throw values.bad(
            key,
            values.at(key),
            "nothing uses the block %s: leave it out, or set %s".formatted(block, user));
      }
    }
  }

  /**
   * How data are made.
   *
   * @param format in which they are read
   */
  Optional<RunConfig.Making> making(RunConfig.Format format) {
    if (values.text(MAKE).isEmpty()) {
      return Optional.empty();
    }
    RunConfig.Make make = values.choice(MAKE, RunConfig.Make.class);
    boolean pairs = make == RunConfig.Make.PAIRS;
    RunConfig.Format wanted =
        switch (make) {
          case PAIRS -> RunConfig.Format.CSV;
          case PLANTED -> RunConfig.Format.PARQUET;
          default -> RunConfig.Format.TEXT;
        };
    if (format != wanted) {
      throw values.bad(
          MAKE,
          values.at(MAKE),
          "what it makes is read with data.format = %s: set that"
              .formatted(ConfigWriter.word(wanted)));
    }
    if (make == RunConfig.Make.SCRIBES) {
      return Optional.of(
          new RunConfig.Making(
              make, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
    requireColumn("data.agent", "agent");
    if (make == RunConfig.Make.PLANTED) {
      requireColumn("data.label", "label");
      requireColumn("data.weight", "weight");
      return Optional.of(
          new RunConfig.Making(
              make, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(planted())));
    }
    if (!pairs) {
      requireColumn("data.text", "text");
      requireColumn("data.prompt", "prompt");
    }
    return Optional.of(
        new RunConfig.Making(
            make,
            Optional.of(tasks()),
            Optional.of(web()),
            make == RunConfig.Make.SAMPLES ? Optional.of(samples()) : Optional.empty(),
            Optional.empty()));
  }

  private Planted planted() {
    return new Planted(
        count("planted.agents", 2),
        2 * values.whole("planted.pairs", 1, Integer.MAX_VALUE, "a whole number from 1 on"),
        count("planted.features", 1),
        values.number("planted.noise", e -> e >= 0 && e <= 1, "a number from 0 to 1"),
        count("planted.files", 1));
  }

  private void requireColumn(String key, String column) {
    if (!values.text(key).equals(Optional.of(column))) {
      throw values.bad(
          key, values.at(key), "the column that %s makes is %s: set it".formatted(MAKE, column));
    }
  }

  private RunConfig.Web web() {
    return new RunConfig.Web(
        count("web.documents", 1),
        new Web(
            share("web.thoughts"),
            share("web.right"),
            share("web.slip"),
            share("web.mixed"),
            share("web.tidy")));
  }

  private RunConfig.Samples samples() {
    return new RunConfig.Samples(
        values.text("samples.of", "give it the output of a run with a model of language"),
        count("samples.prompts", 1),
        count("samples.each", 1),
        count("samples.most", 1),
        values.number("samples.temperature", number -> number > 0, "a number above 0"),
        count("samples.longest", 2),
        values.flag("samples.rewrite"),
        new Reward(
            share("samples.accuracy"),
            share("samples.format"),
            share("samples.language"),
            share("samples.preference")),
        values.text("samples.preferred"));
  }

  private double share(String key) {
    return values.number(key, share -> share >= 0 && share <= 1, "a number from 0 to 1");
  }

  private int count(String key, int least) {
    return (int)
        values.whole(key, least, Integer.MAX_VALUE, "a whole number from %d on".formatted(least));
  }

  /** What is asked, and how the model learns. */
  RunConfig.Prompts prompts() {
    if (values.text("warm-start").isEmpty()) {
      throw values.missing(
          "warm-start",
          "give it the output of a run with data.format = text, whose model is to answer prompts");
    }
    boolean files = values.text("data.path").isPresent();
    return new RunConfig.Prompts(
        files ? heldOut() : tasks(),
        files ? Optional.of(values.choice("data.check", Given.Check.class)) : Optional.empty(),
        policy(),
        values.text("policy.reference"),
        values.text("policy.preference"));
  }

  /** Prompts in files: the block tasks says how many are held out, and nothing else. */
  private TaskSet heldOut() {
    for (String key : List.of(AGENTS, KINDS)) {
      if (values.changed(key)) {
        throw values.bad(
            key, values.at(key), "data.path has the prompts and says whose they are: leave it out");
      }
    }
    return new TaskSet(0, List.of(), List.of(), shareHeldOut());
  }

  private double shareHeldOut() {
    return values.number(
        "tasks.held-out", share -> share > 0 && share < 1, "a number above 0 and below 1");
  }

  /** The prompts of all agents. */
  private TaskSet tasks() {
    double heldOut = shareHeldOut();
    List<TaskSet.Kind> kinds = kinds(KINDS, values.at(KINDS));
    ConfigValue agents = values.at(AGENTS);
    if (!(agents instanceof ConfigList list)) {
      if (kinds.isEmpty()) {
        throw values.missing(KINDS, "give it a list of blocks " + EXAMPLE);
      }
      int count = (int) values.whole(AGENTS, 1, MOST_AGENTS, "a number of agents, or a list");
      return new TaskSet(count, List.of(), kinds, heldOut);
    }
    if (!kinds.isEmpty()) {
      throw values.bad(
          KINDS,
          values.at(KINDS),
          "each of tasks.agents has kinds of its own, too: leave one of the keys out");
    }
    List<TaskSet.Own> own = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigValue one : list) {
      String key = "%s[%d]".formatted(AGENTS, own.size());
      if (!(one instanceof ConfigObject block)
          || !block.keySet().equals(Set.of("agent", "kinds"))) {
        throw values.bad(key, one, "it must be a block of agent and kinds, " + AN_AGENT);
      }
      String name = String.valueOf(block.toConfig().getAnyRef("agent"));
      ConfigValue given = block.toConfig().getValue("kinds");
      if (!names.add(name)) {
        throw values.bad(key + ".agent", one, "there are two of this name");
      }
      List<TaskSet.Kind> some = kinds(key + ".kinds", given);
      if (some.isEmpty()) {
        throw values.bad(key + ".kinds", given, "give it blocks " + EXAMPLE);
      }
      own.add(new TaskSet.Own(name, some));
    }
    if (own.isEmpty()) {
      throw values.bad(AGENTS, agents, "name agents, " + AN_AGENT);
    }
    return new TaskSet(own.size(), own, List.of(), heldOut);
  }

  private List<TaskSet.Kind> kinds(String key, ConfigValue given) {
    if (!(given instanceof ConfigList list)) {
      throw values.bad(key, given, "it must be a list [ ... ] of blocks " + EXAMPLE);
    }
    List<TaskSet.Kind> kinds = new ArrayList<>();
    for (ConfigValue one : list) {
      String where = "%s[%d]".formatted(key, kinds.size());
      if (!(one instanceof ConfigObject block
          && block.get("task") != null
          && block.get("task").unwrapped() instanceof String name)) {
        throw values.bad(where, one, "it must be a block with the name of a task, " + EXAMPLE);
      }
      Map<String, Object> parts =
          ConfigReader.parameters(block, Set.of("task", "script", "weight"));
      Parameters parameters = new Parameters(where, parts);
      Task task = values.made(one, () -> Tasks.REGISTRY.make(where + ".task", name, parameters));
      for (String unread : parameters.unread()) {
        throw values.bad(
            where + "." + unread,
            one,
            "the task %s has no such parameter: leave it out".formatted(name));
      }
      ConfigValue script = block.get("script");
      ConfigValue weight = block.get("weight");
      kinds.add(
          new TaskSet.Kind(
              Part.of(name, parts, task),
              script == null
                  ? Script.DIGITS
                  : values.choice(where + ".script", script, Script.class),
              weight == null
                  ? 1
                  : values.number(where + ".weight", weight, w -> w > 0, "a number above 0")));
    }
    return kinds;
  }

  private Policy policy() {
    double[] reward = new double[4];
    List<String> parts = List.of("accuracy", "format", "language", "preference");
    for (int k = 0; k < reward.length; k++) {
      reward[k] = fromZero("reward." + parts.get(k));
    }
    Policy policy =
        new Policy(
            whole("prompts", 1),
            whole("group", 2),
            whole("longest", 2),
            above("temperature"),
            whole("epochs", 1),
            above("epoch-step"),
            above("clip"),
            fromZero("divergence"),
            whole("renew", 0),
            new Reward.Weights(reward[0], reward[1], reward[2], reward[3]),
            values.flag("policy.over-deviation"),
            values.choice("policy.mean-over", Mean.class) == Mean.TOKEN,
            above("norm"),
            null,
            whole("evaluated", 1));
    for (String key : List.of("policy.epoch-step", "policy.clip")) {
      if (policy.epochs() == 1 && values.changed(key)) {
        warnings.add(
            "%s: %s is set, and policy.epochs = 1 does not use it."
                .formatted(values.place(values.at(key)), key));
      }
    }
    if (policy.divergence() == 0 && values.changed("policy.renew")) {
      warnings.add(
          "%s: policy.renew is set, and policy.divergence = 0 does not use it."
              .formatted(values.place(values.at("policy.renew"))));
    }
    return policy;
  }

  /** What counts the same in a mean. */
  private enum Mean {
    RESPONSE,
    TOKEN
  }

  private int whole(String name, int least) {
    return count("policy." + name, least);
  }

  private double above(String name) {
    return values.number("policy." + name, number -> number > 0, "a number above 0");
  }

  private double fromZero(String name) {
    return values.number("policy." + name, number -> number >= 0, "a number from 0 on");
  }
}
