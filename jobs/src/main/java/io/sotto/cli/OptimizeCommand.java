package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.engine.Coordinator;
import io.sotto.engine.DivergedException;
import io.sotto.engine.Plan;
import io.sotto.engine.Session;
import io.sotto.engine.StepSearch;
import io.sotto.io.OutputFolder;
import io.sotto.io.Rejected;
import io.sotto.io.Tables;
import io.sotto.result.Optimization;
import io.sotto.result.Result;
import io.sotto.result.StoppingRule;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** The main job. */
@Command(
    name = "optimize",
    mixinStandardHelpOptions = true,
    description = "Solve the configured problem, and write the result.")
final class OptimizeCommand extends JobCommand {
  private final Phases phases = new Phases();

  @Override
  int run(RunConfig asked, SparkSession spark) throws Exception {
    JavaSparkContext context = context(spark);
    try (OutputFolder output =
        new OutputFolder(
            asked.output().path(), asked.output().overwrite(), context.hadoopConfiguration())) {
      Preparation.Prepared prepared =
          phases.time("prepare", () -> new Preparation(asked, context, this::warn).prepare());
      output.spareInputs(prepared.data());
      RunConfig config = prepared.config();
      Plan plan = prepared.plan();
      say(
          "%s rows of %s agents, %s coordinates",
          Text.count(prepared.data().rows()),
          Text.count(plan.agents()),
          Text.count(plan.dimension()));
      say(
          "engine %s: %s",
          config.engine().name().name().toLowerCase(java.util.Locale.ROOT),
          prepared.because("engine"));
      say("algorithm %s: %s", prepared.config().algorithm().name(), prepared.because("algorithm"));
      say("privacy %s: %s", prepared.protection().name(), prepared.protection().words());
      say("cells %d: %s", plan.cut().cells(), prepared.because("cells"));
      say(
          "ticks per superstep %d: %s",
          plan.ticksPerSuperstep(), prepared.because("ticksPerSuperstep"));
      prepared.earlier().ifPresent(earlier -> say("warm start: %s", earlier.words()));
      output.open();
      try (Coordinator coordinator =
          phases.time("load", () -> prepared.engine(context).open(plan))) {
        Session session = new Session(plan, coordinator);
        StepSearch.Choice step = phases.time("step", () -> step(config, prepared, session));
        RunConfig effective = prepared.config().withInitialStep(step.initial());
        Result result = phases.time("solve", () -> solve(effective, prepared, session));
        write(output, effective, prepared, coordinator, result, step, spark);
        say("%s: %s", result.status(), result.stopReason());
        say(
            "F = %.9g after %s ticks in %s; the result is in %s",
            result.last().objective(),
            Text.count(result.last().tick()),
            Text.seconds(result.seconds()),
            config.output().path());
        say("certificate: %s", result.certificate());
        return result.status() == Result.Status.DEADLINE
            ? config.stop().deadlineExitCode()
            : ExitCode.DONE;
      } catch (DivergedException e) {
        err().println(explain(e, prepared));
        return ExitCode.FAILED;
      }
    }
  }

  private StepSearch.Choice step(RunConfig config, Preparation.Prepared prepared, Session session) {
    OptionalDouble given = config.algorithm().step().initial();
    if (given.isPresent()) {
      return new StepSearch.Choice(given.getAsDouble(), "configuration", List.of());
    }
    double earlier = prepared.earlierStep();
    if (earlier > 0) {
      say("first step %.4g, as in the run that this one starts from", earlier);
      return new StepSearch.Choice(earlier, "warm-start", List.of());
    }
    StepSearch.Choice choice = new StepSearch(session, prepared.algorithm()).choose();
    say("first step %.4g, the best of %d trials", choice.initial(), choice.trials().size());
    return choice;
  }

  private Result solve(RunConfig config, Preparation.Prepared prepared, Session session) {
    RunConfig.Stop stop = config.stop();
    long last = prepared.protection().lastTick(stop.maxTicks());
    Progress progress = new Progress(err(), System.console() != null, last);
    try {
      Result result =
          new Optimization(
                  session,
                  new StoppingRule(
                      last,
                      stop.tolerance(),
                      stop.disagreement(),
                      stop.checkEvery().orElseThrow(),
                      stop.deadline()),
                  progress)
              .run(prepared.algorithm().apply(config.algorithm().step().initial().orElseThrow()));
      return prepared.protection().ended(result, stop.maxTicks());
    } finally {
      progress.end();
    }
  }

  private void write(
      OutputFolder output,
      RunConfig config,
      Preparation.Prepared prepared,
      Coordinator coordinator,
      Result result,
      StepSearch.Choice step,
      SparkSession spark)
      throws Exception {
    phases.time(
        "write",
        () -> {
          Configuration hadoop = context(spark).hadoopConfiguration();
          if (config.output().perAgent()) {
            Tables.writeEstimates(
                coordinator,
                prepared.data().agents(),
                prepared.data().standardization(),
                prepared.data().shape(),
                result.last().mean(),
                output.part("estimates"),
                hadoop);
            if (prepared.plan().addressed()) {
              Tables.writeLinks(
                  coordinator,
                  prepared.data().agents(),
                  prepared.data().standardization(),
                  prepared.data().shape(),
                  output.part("links"),
                  hadoop);
            }
          }
          Tables.writeTrace(result.trace(), output.part("trace"), hadoop);
          if (!prepared.data().rejected().isEmpty()) {
            output.text("rejected/rows.csv", Rejected.csv(prepared.data().rejected()));
          }
          return null;
        });
    RunFiles files = new RunFiles(config, prepared, coordinator, result);
    output.json("solution.json", files.solution());
    output.json("run.json", files.run(step, phases.seconds()));
    output.publish();
  }

  /** What to do about a run that got away. */
  static String explain(DivergedException e, Preparation.Prepared prepared) {
    String who =
        e.agent() < 0
            ? "The objective is not finite, or has run away, at tick %d.".formatted(e.tick())
            : "The estimate of agent '%s' is not finite, or has run away, at tick %d."
                .formatted(prepared.data().agents().get(e.agent()), e.tick());
    return who
        + " Likely the steps are too long: lower algorithm.step.initial, or set it to auto;"
        + " or the loss overflows: standardize, or bound the coefficients by a set.";
  }
}
