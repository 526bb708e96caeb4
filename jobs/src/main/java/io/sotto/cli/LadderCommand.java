package io.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.sotto.config.ConfigLoader;
import io.sotto.config.Dates;
import io.sotto.config.HadoopTexts;
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
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs one configuration after the other, each of which goes on from the results of those before,
 * and marks what each of them has learnt.
 */
@Command(
    name = "ladder",
    mixinStandardHelpOptions = true,
    description = {
      "Run the configurations that FOLDER/ladder.conf lists, one after the other, and ask each model",
      "questions that none was trained on. A rung whose result is complete, and of the same",
      "configuration, is not run again, unless one before it was.",
      "The marks are printed, and written as ladder.json into output.path of ladder.conf."
    })
final class LadderCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectMapper COMPACT = new ObjectMapper();
  private static final int TRIES = 16;

  /** By rung, what it was run with, and the processor time that it took. */
  private static final String DONE = "rungs.json";

  private static final String CONFIGURATION = "configuration";
  private static final String SECONDS = "cpuSeconds";

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder of the configurations.")
  private String folder = "";

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "A setting of every rung, in place of that of its configuration.")
  private List<String> overrides = List.of();

  @Option(names = "--fresh", description = "Run all rungs, also those that are complete.")
  private boolean fresh;

  /** What a rung has learnt. */
  private record Rung(
      String name,
      double accuracy,
      double greedy,
      double passAt16,
      double format,
      double language,
      double other,
      double length,
      double cpuSeconds,
      long parameters,
      String transcript) {

    Map<String, Object> map() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", name);
      map.put("accuracy", accuracy);
      map.put("greedy", greedy);
      map.put("passAt16", passAt16);
      map.put("format", format);
      map.put("language", language);
      map.put("other", other);
      map.put("length", length);
      map.put("cpuSeconds", cpuSeconds);
      map.put("parameters", parameters);
      map.put("transcript", transcript);
      return map;
    }
  }

  @Override
  public Integer call() throws Exception {
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    HadoopTexts texts = new HadoopTexts(hadoop);
    LadderPlan plan = LadderPlan.read(folder + "/ladder.conf", texts);
    Map<String, RunConfig> rungs = new LinkedHashMap<>();
    for (LadderPlan.Run run : plan.runs()) { // all are checked before any is run
      rungs.put(run.name(), load(file(run.file()), settings(run), texts));
    }
    Path file = new Path(plan.output(), DONE);
    FileSystem system = file.getFileSystem(hadoop);
    ObjectNode done = JSON.createObjectNode();
    if (system.exists(file)) {
      try (InputStream in = system.open(file)) {
        done = (ObjectNode) JSON.readTree(in);
      }
    }
    boolean changed = fresh;
    for (LadderPlan.Run run : plan.runs()) {
      RunConfig config = Objects.requireNonNull(rungs.get(run.name()));
      if (!changed && isComplete(config, done.path(run.name()), hadoop)) {
        say("%s: complete in %s", run.name(), config.output().path());
        continue;
      }
      changed = true;
      List<String> line = new ArrayList<>(List.of("optimize", file(run.file())));
      line.addAll(settings(run));
      say("%s: %s", run.name(), String.join(" ", line));
      double before = cpuSeconds();
      int code = Main.run(line.toArray(String[]::new));
      if (code != ExitCode.DONE) {
        err().println("The ladder ends here; the same command goes on at the rung " + run.name());
        return code;
      }
      ObjectNode now = done.putObject(run.name());
      now.put(SECONDS, cpuSeconds() - before);
      now.put(CONFIGURATION, COMPACT.writeValueAsString(config.toMap()));
      try (OutputStream out = system.create(file)) {
        JSON.writeValue(out, done);
      }
    }
    List<Rung> marked = new ArrayList<>();
    for (String name : plan.rungs()) {
      marked.add(marked(name, plan, rungs, done, hadoop));
    }
    List<Map<String, Object>> students = new ArrayList<>();
    List<Rung> ofStudents = new ArrayList<>();
    for (LadderPlan.Student student : plan.students()) {
      Rung distilled = marked(student.distilled(), plan, rungs, done, hadoop);
      Rung own = marked(student.ownRl(), plan, rungs, done, hadoop);
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("parameters", distilled.parameters());
      map.put("distilled", distilled.map());
      map.put("ownRl", own.map());
      students.add(map);
      ofStudents.addAll(List.of(distilled, own));
    }
    print(marked);
    if (!ofStudents.isEmpty()) {
      print(ofStudents);
    }
    write(plan, marked, students, hadoop);
    return ExitCode.DONE;
  }

  /** Seconds of processor time that this process has taken. */
  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        * 1e-9;
  }

  private String file(String rung) {
    return folder + "/" + rung + ".conf";
  }

  private List<String> settings(LadderPlan.Run run) {
    List<String> settings = new ArrayList<>(run.settings());
    settings.addAll(overrides);
    return settings;
  }

  private RunConfig load(String file, List<String> settings, HadoopTexts texts) {
    return ConfigLoader.load(file, settings, texts, Dates.of(Clock.systemDefaultZone(), null))
        .config();
  }

  /** Whether a result is there, of the same configuration. */
  private static boolean isComplete(RunConfig config, JsonNode was, Configuration hadoop)
      throws IOException {
    Path success = new Path(config.output().path(), "_SUCCESS");
    return success.getFileSystem(hadoop).exists(success)
        && COMPACT.writeValueAsString(config.toMap()).equals(was.path(CONFIGURATION).asText());
  }

  private Rung marked(
      String name,
      LadderPlan plan,
      Map<String, RunConfig> rungs,
      JsonNode done,
      Configuration hadoop)
      throws IOException {
    String output = config(name, rungs).output().path();
    ModelFolder model = new ModelFolder(name, output, hadoop);
    double[] x = model.weights();
    Layout layout = new Layout(model.shape());
    Preference preference =
        plan.preference().isPresent()
            ? Preferences.read(
                plan.preference().get(),
                config(plan.preference().get(), rungs).output().path(),
                hadoop)
            : null;
    Exam reasoned = exam(plan, layout, model, preference, true);
    Exam.Marks drawn = reasoned.marks(x, plan.questions(), 1);
    Exam.Marks greedy = reasoned.marks(x, plan.questions(), 0);
    Exam.Marks other = exam(plan, layout, model, preference, false).marks(x, plan.questions(), 1);
    return new Rung(
        name,
        drawn.accuracy(),
        greedy.accuracy(),
        reasoned.passAt(x, Math.max(1, plan.questions() / 4), TRIES),
        drawn.format(),
        drawn.language(),
        preference == null ? other.format() : other.preference(),
        drawn.length(),
        done.path(name).path(SECONDS).asDouble(),
        layout.coefficients(),
        reasoned.transcript(x));
  }

  private RunConfig config(String name, Map<String, RunConfig> rungs) {
    RunConfig config = rungs.get(name);
    if (config == null) {
      throw new BadInputException(
          "%s/ladder.conf: '%s' is no name in runs; there are %s."
              .formatted(folder, name, String.join(", ", rungs.keySet())));
    }
    return config;
  }

  private static Exam exam(
      LadderPlan plan,
      Layout layout,
      ModelFolder model,
      @Nullable Preference preference,
      boolean reasons) {
    PromptSource all = plan.tasks().source(0);
    return new Exam(
        layout,
        model.vocabulary(),
        new PromptSource(
            all.kinds().stream().filter(kind -> kind.task().reasons() == reasons).toList(),
            new Split(plan.tasks().heldOut())),
        preference,
        plan.longest(),
        plan.seed());
  }

  private void print(List<Rung> rungs) {
    say("");
    say(
        "%-22s %8s %8s %8s %8s %8s %8s %8s %8s",
        "rung", "accuracy", "greedy", "pass@16", "format", "script", "other", "length", "CPU s");
    for (Rung rung : rungs) {
      say(
          "%-22s %8.3f %8.3f %8.3f %8.3f %8.3f %8.3f %8.1f %8.0f",
          rung.name(),
          rung.accuracy(),
          rung.greedy(),
          rung.passAt16(),
          rung.format(),
          rung.language(),
          rung.other(),
          rung.length(),
          rung.cpuSeconds());
    }
    say("");
    for (Rung rung : rungs) {
      say("%-22s %s", rung.name(), rung.transcript());
    }
  }

  private void write(
      LadderPlan plan, List<Rung> rungs, List<Map<String, Object>> students, Configuration hadoop)
      throws IOException {
    Map<String, Object> ladder = new LinkedHashMap<>();
    ladder.put("rungs", rungs.stream().map(Rung::map).toList());
    ladder.put("students", students);
    Path file = new Path(plan.output(), "ladder.json");
    FileSystem system = file.getFileSystem(hadoop);
    try (OutputStream out = system.create(file)) {
      JSON.writeValue(out, ladder);
    }
    say("the marks are in %s", file);
  }

  private void say(String format, Object... arguments) {
    PrintWriter out = line().commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, arguments));
    out.flush();
  }

  private PrintWriter err() {
    return line().commandLine().getErr();
  }

  private CommandSpec line() {
    if (spec == null) {
      throw new BadInputException("This command runs from a command line only; use it there.");
    }
    return spec;
  }
}
