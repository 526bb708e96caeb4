package io.sotto.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What {@code ladder.conf} says: which configurations are run, and what is asked of their models.
 * In {@code shapes} stand lists of settings that runs refer to.
 *
 * @param runs in their order
 * @param rungs those whose models are marked
 * @param students pairs of models of the same size
 * @param preference the rung that learns what people prefer; empty for none
 * @param tasks whose held-out questions are asked
 * @param questions how many are asked
 * @param longest how many tokens a response has at most
 * @param seed of the questions
 * @param output the folder of {@code ladder.json}
 */
public record LadderPlan(
    List<Run> runs,
    List<String> rungs,
    List<Student> students,
    Optional<String> preference,
    TaskSet tasks,
    int questions,
    int longest,
    long seed,
    String output) {

  private static final String HELD_OUT = "tasks.held-out=";

  private static final Set<String> KEYS =
      Set.of(
          "runs",
          "shapes",
          "rungs",
          "students",
          "preference",
          "questions",
          "longest",
          "seed",
          "output",
          "tasks");

  /**
   * A run.
   *
   * @param name of the rung
   * @param file the name of its configuration, without {@code .conf}
   * @param settings in place of those of the configuration, as {@code key=value}
   */
  public record Run(String name, String file, List<String> settings) {}

  /** A student taught by a teacher's samples, and one of the same size that learnt by reward. */
  public record Student(String distilled, String ownRl) {

    /** Both. */
    public List<String> names() {
      return List.of(distilled, ownRl);
    }
  }

  /**
   * Reads it.
   *
   * @param overrides settings of all runs, as {@code key=value}, of which {@code tasks.held-out}
   *     holds for the questions, too
   * @throws BadInputException names the file and the key
   */
  public static LadderPlan read(String file, List<String> overrides, Texts texts) {
    Config given =
        Includes.parse(texts, file)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s is missing. Name a folder that holds a ladder.conf, such as conf/r1."
                            .formatted(file)))
            .toConfig();
    try {
      Config config = Substitutions.resolve(file, given);
      for (String key : new TreeSet<>(config.root().keySet())) {
        if (!KEYS.contains(key)) {
          throw new BadInputException(
              "%s: unknown key %s; there are %s."
                  .formatted(file, key, String.join(", ", new TreeSet<>(KEYS))));
        }
      }
      List<Run> runs = new ArrayList<>();
      for (ConfigValue run : config.getList("runs")) {
        if (run instanceof ConfigObject block) {
          Config of = block.toConfig();
          runs.add(
              new Run(of.getString("name"), of.getString("file"), of.getStringList("settings")));
        } else {
          String name = String.valueOf(run.unwrapped());
          runs.add(new Run(name, name, List.of()));
        }
      }
      List<Student> students = new ArrayList<>();
      if (config.hasPath("students")) {
        for (Config student : config.getConfigList("students")) {
          students.add(new Student(student.getString("distilled"), student.getString("own-rl")));
        }
      }
      Set<String> names = new TreeSet<>();
      for (Run run : runs) {
        if (!names.add(run.name())) {
          throw new BadInputException(
              "%s: runs has the name '%s' twice. Give each run a name of its own."
                  .formatted(file, run.name()));
        }
      }
      TaskSet tasks =
          tasks(file, config, overrides.stream().filter(o -> o.startsWith(HELD_OUT)).toList());
      if (tasks.kinds(true).isEmpty()) {
        throw new BadInputException(
            "%s: tasks.kinds has no task that needs a thought, such as sums. Add one."
                .formatted(file));
      }
      return new LadderPlan(
          runs,
          config.getStringList("rungs"),
          students,
          config.hasPath("preference")
              ? Optional.of(config.getString("preference"))
              : Optional.empty(),
          tasks,
          positive(file, config, "questions"),
          positive(file, config, "longest"),
          config.getLong("seed"),
          config.getString("output"));
    } catch (ConfigException e) {
      throw new BadInputException("%s: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static int positive(String file, Config config, String key) {
    int value = config.getInt(key);
    if (value < 1) {
      throw new BadInputException(
          "%s: %s is %d; it must be 1 or more.".formatted(file, key, value));
    }
    return value;
  }

  /**
   * Refuses a run whose questions are held out by another share: models would be asked what they
   * were trained on.
   */
  public void requireSameSplit(String file, String name, RunConfig config) {
    Stream.concat(
            config.prompts().map(RunConfig.Prompts::tasks).stream(),
            config.making().flatMap(RunConfig.Making::tasks).stream())
        .filter(set -> set.heldOut() != tasks.heldOut())
        .findFirst()
        .ifPresent(
            set -> {
              throw new BadInputException(
                  ("%s: tasks.held-out is %s, and %s for the run '%s', so that models would be asked"
                          + " questions that they were trained on. Set both to the same.")
                      .formatted(file, tasks.heldOut(), set.heldOut(), name));
            });
  }

  private static TaskSet tasks(String file, Config config, List<String> overrides) {
    String text =
        "tasks = "
            + config.getValue("tasks").render(ConfigRenderOptions.concise())
            + "\ndata.format = prompts\nwarm-start = any\noutput.path = any";
    return ConfigLoader.load(
            file, overrides, uri -> uri.equals(file) ? Optional.of(text) : Optional.empty())
        .config()
        .prompts()
        .orElseThrow()
        .tasks();
  }
}
