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
    RunConfig.TaskSet tasks,
    int questions,
    int longest,
    long seed,
    String output) {

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
   * @throws BadInputException names the file and the key
   */
  public static LadderPlan read(String file, Texts texts) {
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
      return new LadderPlan(
          runs,
          config.getStringList("rungs"),
          students,
          config.hasPath("preference")
              ? Optional.of(config.getString("preference"))
              : Optional.empty(),
          tasks(file, config),
          config.getInt("questions"),
          config.getInt("longest"),
          config.getLong("seed"),
          config.getString("output"));
    } catch (ConfigException e) {
      throw new BadInputException("%s: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static RunConfig.TaskSet tasks(String file, Config config) {
    String text =
        "tasks = "
            + config.getValue("tasks").render(ConfigRenderOptions.concise())
            + "\ndata.format = prompts\nwarm-start = any\noutput.path = any";
    return ConfigLoader.load(
            file, List.of(), uri -> uri.equals(file) ? Optional.of(text) : Optional.empty())
        .config()
        .prompts()
        .orElseThrow()
        .tasks();
  }
}
