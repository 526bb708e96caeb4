package io.sotto.cli;

import io.sotto.config.LadderPlan;
import io.sotto.config.RunConfig;
import io.sotto.io.ModelFolder;
import io.sotto.io.Preferences;
import io.sotto.model.Exam;
import io.sotto.model.Layout;
import io.sotto.model.task.Preference;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Split;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the models of a ladder questions that none was trained on, and makes tables and {@code
 * ladder.json} of what comes out.
 */
final class LadderMarks {
  private static final int TRIES = 16;

  /** Questions are asked so many times as often as those with {@value #TRIES} answers. */
  private static final int SHARE = 4;

  private final LadderPlan plan;
  private final Map<String, RunConfig> configs;
  private final ToDoubleFunction<String> cpuSeconds;
  private final Configuration hadoop;

  /**
   * @param file of the plan, for messages
   * @param configs by name of the run
   * @param cpuSeconds says what a run took, by its name
   * @throws BadInputException if the plan names a run that there is not
   */
  LadderMarks(
      String file,
      LadderPlan plan,
      Map<String, RunConfig> configs,
      ToDoubleFunction<String> cpuSeconds,
      Configuration hadoop) {
    this.plan = plan;
    this.configs = configs;
    this.cpuSeconds = cpuSeconds;
    this.hadoop = hadoop;
    List<String> named = new ArrayList<>(plan.rungs());
    plan.students().forEach(student -> named.addAll(student.names()));
    plan.preference().ifPresent(named::add);
    for (String name : named) {
      if (!configs.containsKey(name)) {
        throw new BadInputException(
            "%s: '%s' is no name in runs; there are %s."
                .formatted(file, name, String.join(", ", configs.keySet())));
      }
    }
  }

  /** What a model has learnt. */
  private record Rung(
      String name,
      double accuracy,
      double greedy,
      double passAt16,
      double format,
      double language,
      @Nullable Double other,
      @Nullable Double otherError,
      double length,
      double cpuSeconds,
      long parameters,
      String transcript) {

    /** With its standard error. */
    String otherTask() {
      return other == null ? "-" : String.format(Locale.ROOT, "%.3f +- %.3f", other, otherError);
    }

    Map<String, @Nullable Object> map() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("name", name);
      map.put("accuracy", accuracy);
      map.put("greedy", greedy);
      map.put("passAt16", passAt16);
      map.put("format", format);
      map.put("language", language);
      map.put("other", other);
      map.put("otherError", otherError);
      map.put("length", length);
      map.put("cpuSeconds", cpuSeconds);
      map.put("parameters", parameters);
      map.put("transcript", transcript);
      return map;
    }
  }

  /**
   * The marks of all models.
   *
   * @param lines for people
   * @param json as it is written
   */
  record Table(List<String> lines, Map<String, @Nullable Object> json) {}

  /** Asks all models. */
  Table table() throws IOException {
    List<Rung> rungs = new ArrayList<>();
    for (String name : plan.rungs()) {
      rungs.add(marked(name));
    }
    List<Rung> ofStudents = new ArrayList<>();
    List<Map<String, @Nullable Object>> students = new ArrayList<>();
    for (LadderPlan.Student student : plan.students()) {
      Rung distilled = marked(student.distilled());
      Rung own = marked(student.ownRl());
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("parameters", distilled.parameters());
      map.put("distilled", distilled.map());
      map.put("ownRl", own.map());
      students.add(map);
      ofStudents.addAll(List.of(distilled, own));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("rungs", rungs.stream().map(Rung::map).toList());
    json.put("students", students);
    List<String> lines = new ArrayList<>(lines(rungs));
    if (!ofStudents.isEmpty()) {
      lines.addAll(lines(ofStudents));
    }
    lines.add("");
    lines.add(
        ("Of %d questions that no model was trained on: accuracy, right answers at temperature 1;"
                + " greedy, at temperature 0;")
            .formatted(plan.questions()));
    lines.add(
        "pass@%d, of %d of them those of which one of %d answers is right. core/docs/LADDER.md has the rest."
            .formatted(TRIES, tried(), TRIES));
    return new Table(lines, json);
  }

  /** How many questions are answered several times. */
  private int tried() {
    return Math.max(1, plan.questions() / SHARE);
  }

  private RunConfig config(String name) {
    return Objects.requireNonNull(configs.get(name));
  }

  private Rung marked(String name) throws IOException {
    ModelFolder model = new ModelFolder(name, config(name).output().path(), hadoop);
    double[] x = model.weights();
    Layout layout = new Layout(model.shape());
    Preference preference = null;
    if (plan.preference().isPresent()) {
      String likes = plan.preference().get();
      preference = Preferences.read(likes, config(likes).output().path(), hadoop);
    }
    Exam reasoned = exam(layout, model, preference, true);
    Exam.Marks drawn = reasoned.marks(x, plan.questions(), 1);
    Exam.Marks greedy = reasoned.marks(x, plan.questions(), 0);
    Exam.Marks other =
        kinds(false).isEmpty()
            ? null
            : exam(layout, model, preference, false).marks(x, plan.questions(), 1);
    return new Rung(
        name,
        drawn.accuracy(),
        greedy.accuracy(),
        reasoned.passAt(x, tried(), TRIES),
        drawn.format(),
        drawn.language(),
        other == null ? null : preference == null ? other.format() : other.preference(),
        other == null ? null : preference == null ? other.formatError() : other.preferenceError(),
        drawn.length(),
        cpuSeconds.applyAsDouble(name),
        layout.coefficients(),
        reasoned.transcript(x));
  }

  private Exam exam(
      Layout layout, ModelFolder model, @Nullable Preference preference, boolean reasons) {
    return new Exam(
        layout,
        model.vocabulary(),
        new PromptSource(kinds(reasons), new Split(plan.tasks().heldOut())),
        preference,
        plan.longest(),
        plan.seed());
  }

  /** Those of all agents that need a thought, or the others. */
  private List<PromptSource.Kind> kinds(boolean reasons) {
    return plan.tasks().kinds(reasons);
  }

  private static List<String> lines(List<Rung> rungs) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%-22s %8s %8s %8s %8s %8s %16s %8s %8s",
            "rung",
            "accuracy",
            "greedy",
            "pass@" + TRIES,
            "format",
            "script",
            "other",
            "length",
            "CPU s"));
    for (Rung rung : rungs) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-22s %8.3f %8.3f %8.3f %8.3f %8.3f %16s %8.1f %8.0f",
              rung.name(),
              rung.accuracy(),
              rung.greedy(),
              rung.passAt16(),
              rung.format(),
              rung.language(),
              rung.otherTask(),
              rung.length(),
              rung.cpuSeconds()));
    }
    lines.add("");
    for (Rung rung : rungs) {
      lines.add(String.format(Locale.ROOT, "%-22s %s", rung.name(), rung.transcript()));
    }
    return lines;
  }
}
