package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Forecast;
import io.sotto.engine.Plan;
import io.sotto.engine.Session;
import io.sotto.io.Dataset;
import io.sotto.io.OutputFolder;
import io.sotto.network.SpectralGap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks everything, prints the plan, runs nothing. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Check configuration, inputs and network, and print the plan. A calibration of 5 to 20 seconds",
      "says what a run will take; nothing is solved, nothing written."
    })
final class ValidateCommand extends JobCommand {
  @Option(
      names = "--no-calibration",
      description = "Load no rows and time nothing: check and print only.")
  private boolean plain;

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    JavaSparkContext context = context(spark);
    try (OutputFolder output =
        new OutputFolder(
            config.output().path(), config.output().overwrite(), context.hadoopConfiguration())) {
      Preparation.Prepared prepared = new Preparation(config, context, this::warn).prepare();
      output.spareInputs(prepared.data());
      print(prepared);
      ExposureLines.print(prepared, context, this::say);
      if (!plain) {
        forecast(prepared, context);
      }
      say("Everything is in order; nothing was solved, nothing written.");
      return ExitCode.DONE;
    }
  }

  private void print(Preparation.Prepared prepared) {
    Dataset data = prepared.data();
    Plan plan = prepared.plan();
    RunConfig config = prepared.config();
    long border = plan.cut().borderPairs(plan.network());
    int[] rows = data.rowsOf().clone();
    java.util.Arrays.sort(rows);
    say(
        "rows          %s in %s file(s), %s kept aside, %s stored numbers, %s",
        Text.count(data.rows()),
        Text.count(data.parts().size()),
        Text.count(data.rejected().size()),
        Text.count(data.entries()),
        data.sparse() ? "sparse" : "dense");
    say(
        "agents        %s, with %s to %s rows each",
        Text.count(plan.agents()), Text.count(rows[0]), Text.count(rows[rows.length - 1]));
    say(
        "dimension     %s: %s features%s",
        Text.count(plan.dimension()),
        Text.count(data.features().size()),
        (data.intercept() ? " and an intercept" : "")
            + (data.shape().outputs() > 1 ? ", for each of " + classes(data) : ""));
    if (data.terms().weighted()) {
      say("weights       sum to %s", data.weight());
    }
    say(
        "network       %s; %s links, spectral gap %s",
        prepared.around().links(),
        Text.count(plan.network().links()),
        plan.network().directed()
            ? "none: the network is directed"
            : SpectralGap.of(plan.network()));
    say("messages      %s", prepared.around().conditions());
    say("clock         %s", clock(config.clock()));
    say("algorithm     %s: %s", config.algorithm().name(), prepared.because("algorithm"));
    say("privacy       %s: %s", prepared.protection().name(), prepared.protection().words());
    say(
        "engine        %s: %s",
        config.engine().name().name().toLowerCase(java.util.Locale.ROOT),
        prepared.because("engine"));
    say(
        "cells         %s, with %s agent(s) heard across a border, %s tick(s) per superstep",
        Text.count(plan.cut().cells()), Text.count(border), plan.ticksPerSuperstep());
    say("              %s", prepared.because("cells"));
    say("              %s", prepared.because("ticksPerSuperstep"));
    say("rows          take %s", Text.bytes(data.bytes()));
    say("estimates     take %s", Text.bytes(prepared.stateBytes()));
    long said = plan.addressed() ? plan.cut().borderLinks(plan.network()) : border;
    int numbers = prepared.algorithm().apply(1).says(plan.dimension());
    say("per superstep at most %s cross borders", Text.bytes(8 * said * numbers));
    say("output        %s", config.output().path());
  }

  private static String classes(Dataset data) {
    return Text.count(data.shape().outputs()) + " classes";
  }

  private void forecast(Preparation.Prepared prepared, JavaSparkContext context) {
    try (Coordinator coordinator = prepared.engine(context).open(prepared.plan())) {
      Forecast forecast =
          Forecast.of(
              new Session(prepared.plan(), coordinator),
              prepared.algorithm(),
              prepared.data().bytes());
      say(
          "memory        about %s beyond an empty session: rows %s, what is said %s, what is heard"
              + " across borders %s, network %s",
          Text.bytes(forecast.memory()),
          Text.bytes(forecast.rowBytes()),
          Text.bytes(forecast.stateBytes()),
          Text.bytes(forecast.borderBytes()),
          Text.bytes(forecast.networkBytes()));
      say(
          "1,000 ticks   about %s, and %s for each of the checks, every %s ticks",
          Text.seconds(forecast.seconds(1000, prepared.config().stop().checkEvery().orElseThrow())),
          Text.seconds(forecast.secondsPerCheck()),
          Text.count(prepared.config().stop().checkEvery().orElseThrow()));
    }
  }

  private static String clock(RunConfig.Clock clock) {
    return clock.model() == RunConfig.ClockModel.ALWAYS
        ? "always"
        : "%s, rate %s, %d agent(s) with rates of their own; idle agents %s"
            .formatted(
                clock.model().name().toLowerCase(java.util.Locale.ROOT),
                clock.rate(),
                clock.rates().size(),
                clock.idle().name().toLowerCase(java.util.Locale.ROOT));
  }
}
