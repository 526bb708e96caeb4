package io.sotto.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.config.RunConfig;
import io.sotto.engine.Plan;
import io.sotto.io.HarmonisationScan;
import io.sotto.io.OutputFolder;
import io.sotto.network.Network;
import io.sotto.network.SpectralGap;
import io.sotto.problem.BadInputException;
import io.sotto.run.Costs;
import io.sotto.run.Forecast;
import io.sotto.run.Guarantee;
import io.sotto.run.Prepared;
import io.sotto.run.Protection;
import io.sotto.run.RunSettings;
import io.sotto.run.Schema;
import io.sotto.run.SelectionSettings;
import io.sotto.run.SumsView;
import io.sotto.run.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks everything, prints the plan, runs nothing. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Check configuration, inputs and network, and print the plan. A trial of 5 to 20 seconds "
          + "says what a run will take; nothing is solved, and nothing written but what --json asks for."
    })
final class ValidateCommand extends JobCommand {
  private static final int MOST_FINDINGS = 20;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Option(names = "--no-calibration", description = "Check and print only, without the trial.")
  private boolean plain;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write how the columns of agents compare, as JSON, to a local file.")
  private @Nullable Path json;

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    JavaSparkContext context = context(spark);
    try (OutputFolder output =
        new OutputFolder(
            config.output().path(), config.output().overwrite(), context.hadoopConfiguration())) {
      output.check();
      HarmonisationScan harmonisation = HarmonisationScan.of(config.data(), context);
      if (harmonisation != null) {
        say("harmonisation %s", String.join("\n  ", harmonisation.lines(MOST_FINDINGS)));
        if (!harmonisation.columns().isEmpty()) {
          say("columns\n  %s", String.join("\n  ", harmonisation.table()));
        }
      }
      write(harmonisation);
      Console console = console();
      Prepared prepared = action(config, source(config, spark), spark).listener(console).prepare();
      print(config, prepared);
      ExposureLines.print(prepared, context, this::say);
      if (!plain) {
        forecast(prepared);
      } else if (prepared.disclosure().isOn()) {
        prepared.open().close(); // cells look at their rows
      }
      say(
          json == null
              ? "Everything is in order; nothing was solved, nothing written."
              : "Everything is in order; nothing was solved.");
      return ExitCode.DONE;
    }
  }

  /** Writes the comparison of agents, if that is asked for. */
  private void write(@Nullable HarmonisationScan harmonisation) throws IOException {
    if (json == null) {
      return;
    }
    if (harmonisation == null) {
      throw new BadInputException(
          "--json is %s; columns are compared where rows of csv, Parquet or tables name their agent, and not here. Leave it out."
              .formatted(json));
    }
    Files.writeString(json, JSON.writeValueAsString(harmonisation.toMap()) + "\n");
    say("the comparison of agents is in %s", json);
  }

  private void print(RunConfig config, Prepared prepared) {
    Costs costs = prepared.costs();
    Plan plan = prepared.plan();
    RunSettings settings = prepared.settings();
    long border = plan.partition().borderPairs(plan.network());
    Network network = prepared.around().network();
    InputLines.print(prepared, this::say);
    say("dimension     %s", dimension(costs));
    if (costs.work().weight() != costs.work().rows()) {
      say("weights       sum to %s", costs.work().weight());
    }
    say(
        "network       %s; %s links, spectral gap %s",
        prepared.around().links(),
        Text.count(network.links()),
        network.directed() ? "none: the network is directed" : SpectralGap.of(network));
    say("messages      %s", prepared.around().conditions());
    say("clock         %s", clock(settings.clock()));
    say("algorithm     %s: %s", settings.algorithm().name(), prepared.because("algorithm"));
    say("privacy       %s: %s", prepared.protection().name(), prepared.protection().words());
    if (prepared.protection().sums()) {
      say("sums          %s", SumsView.of(network).words());
    }
    say("engine        %s: %s", prepared.engine().name(), prepared.because("engine"));
    say(
        "cells         %s, with %s agent(s) heard across a border, %s tick(s) per superstep",
        Text.count(plan.partition().cells()), Text.count(border), plan.ticksPerSuperstep());
    say("memory        about %s", prepared.memory());
    int numbers = prepared.algorithm().apply(1).says(plan.dimension());
    say("per superstep at most %s cross borders", Text.bytes(plan.borderBytes(numbers)));
    if (config.selection().on()) {
      say("selection     %s", selection(config.selection()));
    }
    say("output        %s", config.output().path());
  }

  /** Which penalties are tried, on which rows, and which one is taken. */
  private static String selection(SelectionSettings asked) {
    return "%s; %s; the penalty %s is taken"
        .formatted(
            asked.penalties().stream()
                .map(p -> String.format(Locale.ROOT, "l2 %.4g, l1 %.4g", p.l2(), p.l1()))
                .collect(Collectors.joining("; ")),
            asked.by() == SelectionSettings.By.AGENT
                ? "judged on all rows of each agent in turn"
                : String.format(
                    Locale.ROOT, "judged on a share of %s of each agent's rows", asked.share()),
            asked.rule() == SelectionSettings.Rule.BEST
                ? "with the least held-out loss"
                : "that is the largest within one standard error of the least held-out loss");
  }

  private static String dimension(Costs costs) {
    Schema schema = costs.schema();
    String coordinates = Text.count(costs.dimension());
    if (schema == null) {
      return coordinates;
    }
    return "%s: %s features%s%s"
        .formatted(
            coordinates,
            Text.count(schema.features().size()),
            schema.intercept() ? " and an intercept" : "",
            schema.shape().outputs() > 1
                ? ", for each of %s classes".formatted(Text.count(schema.shape().outputs()))
                : "");
  }

  private void forecast(Prepared prepared) {
    try (Prepared.Opened opened = prepared.open()) {
      Forecast forecast = Forecast.of(opened.runner(), prepared.algorithm(), prepared.memory());
      say(
          "1,000 ticks   about %s, and %s for each measurement, every %s ticks",
          Text.seconds(
              forecast.seconds(1000, prepared.settings().stop().checkEvery().orElseThrow())),
          Text.seconds(forecast.secondsPerCheck()),
          Text.count(prepared.settings().stop().checkEvery().orElseThrow()));
      Guarantee guarantee = Protection.guarantee(opened.prepared());
      if (guarantee != null) {
        say("offsets       %s", guarantee.words());
      }
    }
  }

  private static String clock(RunSettings.Clock clock) {
    return clock.always()
        ? "always"
        : "%s, rate %s, %d agent(s) with rates of their own; idle agents %s"
            .formatted(
                clock.model().name(),
                clock.rate(),
                clock.rates().size(),
                clock.idle().name().toLowerCase(Locale.ROOT));
  }
}
