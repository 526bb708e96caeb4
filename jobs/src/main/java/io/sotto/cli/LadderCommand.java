package io.sotto.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.config.ConfigLoader;
import io.sotto.config.Dates;
import io.sotto.config.HadoopTexts;
import io.sotto.config.LadderPlan;
import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
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
      "Run the configurations that FOLDER/ladder.conf lists, one after the other, and ask each model "
          + "questions that none was trained on. A rung whose result is complete, and of the same "
          + "configuration, is not run again, unless one before it was. A rung that was killed goes on from "
          + "its checkpoint; its CPU seconds count from its beginning.",
      "The marks are printed, and written as ladder.json into output.path of ladder.conf."
    })
final class LadderCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder of the configurations.")
  private String folder = "";

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description =
          "A setting of every rung, in place of that of its configuration. tasks.held-out also"
              + " holds for the questions that models are asked.")
  private List<String> overrides = List.of();

  @Option(
      names = "--fresh",
      description = "Run all rungs from their beginning, also those that are complete.")
  private boolean fresh;

  @Override
  public Integer call() throws Exception {
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    HadoopTexts texts = new HadoopTexts(hadoop);
    String file = folder + "/ladder.conf";
    LadderPlan plan = LadderPlan.read(file, overrides, texts);
    Map<String, RunConfig> configs = new LinkedHashMap<>();
    for (LadderPlan.Run run : plan.runs()) { // all are checked before any is run
      RunConfig config = load(file(run), settings(run), texts);
      plan.requireSameSplit(file, run.name(), config);
      configs.put(run.name(), config);
    }
    LadderState state = new LadderState(plan.output(), hadoop);
    LadderMarks marks = new LadderMarks(file, plan, configs, state::cpuSeconds, hadoop);
    List<String> left = new ArrayList<>(configs.keySet());
    boolean changed = fresh;
    for (LadderPlan.Run run : plan.runs()) {
      RunConfig config = Objects.requireNonNull(configs.get(run.name()));
      left.remove(run.name());
      if (!changed && state.isComplete(run.name(), config)) {
        say("%s: complete in %s".formatted(run.name(), config.output().path()));
        continue;
      }
      changed = true;
      int code = run(run, config, state, left);
      if (code != ExitCode.DONE) {
        err().println("The ladder ends here; the same command goes on at the rung " + run.name());
        return code;
      }
    }
    LadderMarks.Table table = marks.table();
    table.lines().forEach(this::say);
    write(new Path(plan.output(), "ladder.json"), table.json(), hadoop);
    return ExitCode.DONE;
  }

  private int run(LadderPlan.Run run, RunConfig config, LadderState state, List<String> after)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("optimize", file(run)));
    line.addAll(settings(run));
    if (fresh) {
      line.add("--fresh");
    }
    say("%s: %s".formatted(run.name(), String.join(" ", line)));
    try (LadderState.Meter meter = state.begin(run.name(), config, fresh, after, this::warn)) {
      int code = Main.run(line.toArray(String[]::new));
      if (code == ExitCode.DONE) {
        meter.complete();
      }
      return code;
    }
  }

  private String file(LadderPlan.Run run) {
    return folder + "/" + run.file() + ".conf";
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

  private void write(Path file, Map<String, Object> json, Configuration hadoop) throws IOException {
    try (OutputStream out = file.getFileSystem(hadoop).create(file)) {
      JSON.writeValue(out, json);
    }
    say("the marks are in " + file);
  }

  private void say(String line) {
    PrintWriter out = line().commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private void warn(String warning) {
    err().println("Warning: " + warning);
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
