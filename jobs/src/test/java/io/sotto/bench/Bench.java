package io.sotto.bench;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code bench} command. */
@Command(
    name = "bench",
    description = "Measure what Sotto costs, each figure beside its baseline.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything was measured, whether or not the targets hold.",
      "1:A benchmark failed; the others are in the table and the file.",
      "2:An option is wrong."
    },
    footerHeading = "%nFigures:%n")
final class Bench implements Callable<Integer> {

  /** All benchmarks, in the order of the table. */
  static final List<Benchmark> BENCHMARKS =
      List.of(
          new PlainLoopBenchmark(), // B1
          new ThreadsBenchmark(), // B2
          new RooflineBenchmark(), // B3
          new SuperstepBenchmark(), // B4
          new TextbookBenchmark(), // B5
          new ManyTicksBenchmark(), // B6
          new LongRunBenchmark(), // B7
          new ShuffleBenchmark(), // B8
          new MillionAgentsBenchmark(), // B9
          new MllibBenchmark(), // B10
          new SubmitBenchmark(), // B11
          PeerBenchmark.ADULT, // C1
          PeerBenchmark.REUTERS, // C2
          PeerBenchmark.HOSPITALS, // C3
          PeerBenchmark.HINGE, // C4
          new DeviationsBenchmark(), // C5
          new SpectralGapBenchmark(), // C6
          new WarmStartBenchmark(), // C7
          new MechanismBenchmark(), // D1 to D11
          new RowsBenchmark(), // D12, D13
          CertifiedBenchmark.ADULT, // T1, T2
          CertifiedBenchmark.REUTERS, // T3, T3L
          PenaltyBenchmark.RAW, // T4
          PenaltyBenchmark.GRID, // T5
          new ForecastBenchmark(), // V
          new FuzzBenchmark(), // F
          KillBenchmark.K3, // what is timed comes first
          KillBenchmark.K2,
          KillBenchmark.K1,
          new ProductsBenchmark(), // E1
          new StepBenchmark(), // E2
          new GradientBenchmark(), // E3
          ShakespeareBenchmark.PROCESSOR, // E4
          ShakespeareBenchmark.GRAPHICS, // E5
          ScribesRingBenchmark.RING, // E6
          ScribesRingBenchmark.LOCAL, // E7
          new SwitchesBenchmark(), // E8, E10
          new SpeculationBenchmark(), // E9
          new DecodingBenchmark(), // E11, E12
          new TextEnginesBenchmark(), // E13
          new SpikesBenchmark(), // E14
          new TextMemoryBenchmark(), // E15
          new RewardStepBenchmark(), // R-step, R-sampling
          LadderBenchmark.LADDER, // R-ladder
          LadderBenchmark.ABLATIONS, // R-ablations
          RewardRingBenchmark.RING, // R-ring
          LadderBenchmark.HARD, // R-hard
          LadderBenchmark.STUDENTS, // R-students
          LadderBenchmark.FIVE, // R-five
          LadderBenchmark.COUNTDOWN); // R-countdown

  private static final int DONE = 0;
  private static final int FAILED = 1;

  private final List<Benchmark> benchmarks;
  private final Child.Start child;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "ID",
      description = "These figures only: by id, or all whose ids begin with a letter.")
  private List<String> only = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Also write them there.")
  private @Nullable Path json;

  @Option(
      names = "--kernels",
      arity = "0..1",
      fallbackValue = ".*",
      paramLabel = "REGEX",
      description = "Instead of the figures, JMH's of those kernels whose names match.")
  private @Nullable String kernels;

  /**
   * The command.
   *
   * @param benchmarks what there is to measure
   * @param child how one of them is run
   */
  Bench(List<Benchmark> benchmarks, Child.Start child) {
    this.benchmarks = benchmarks;
    this.child = child;
  }

  /** Runs the command, and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new Bench(BENCHMARKS, Child::start).line().execute(args));
  }

  /** The command line, whose help lists the benchmarks. */
  CommandLine line() {
    CommandLine line = new CommandLine(this);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this.").build())
        .usageMessage()
        .footer(
            benchmarks.stream()
                .map(b -> "  %-5s %s".formatted(b.id(), b.about()))
                .toArray(String[]::new));
    return line;
  }

  @Override
  public Integer call() throws Exception {
    if (kernels != null) {
      return runKernels(kernels);
    }
    List<Benchmark> chosen = chosen();
    Path file = json == null ? null : json.toAbsolutePath();
    if (file != null) {
      Files.createDirectories(file.resolveSibling(""));
    }
    PrintWriter err = command().getErr();
    List<Figure> figures = new ArrayList<>();
    Map<String, Integer> failed = new TreeMap<>();
    for (Benchmark benchmark : chosen) {
      err.println(benchmark.id() + ": " + benchmark.about());
      Child.Outcome outcome = child.start(benchmark);
      figures.addAll(outcome.figures());
      if (outcome.exitCode() != DONE) {
        failed.put(benchmark.id(), outcome.exitCode());
        err.printf("%s failed with exit code %d.%n", benchmark.id(), outcome.exitCode());
      }
    }
    Report report = new Report(Machine.here(), Machine.commit(), figures, failed);
    PrintWriter out = command().getOut();
    out.print(report.table());
    out.flush();
    if (file != null) {
      report.write(file);
    }
    return failed.isEmpty() ? DONE : FAILED;
  }

  private int runKernels(String regex) throws RunnerException {
    try {
      KernelBenchmarks.run(regex);
      return DONE;
    } catch (NoBenchmarksException e) {
      throw new ParameterException(
          command(), "--kernels %s matches no kernel; without it all are run.".formatted(regex), e);
    }
  }

  private List<Benchmark> chosen() {
    List<String> known = benchmarks.stream().map(Benchmark::id).toList();
    List<String> unknown =
        only.stream()
            .filter(name -> known.stream().noneMatch(id -> name.equals(id) || isGroup(name, id)))
            .toList();
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          command(),
          "--only names %s; there are %s."
              .formatted(String.join(", ", unknown), String.join(", ", known)));
    }
    return benchmarks.stream().filter(this::isChosen).toList();
  }

  private boolean isChosen(Benchmark benchmark) {
    String id = benchmark.id();
    return only.contains(id)
        || (!benchmark.onlyByName()
            && (only.isEmpty() || only.stream().anyMatch(name -> isGroup(name, id))));
  }

  /** True if a name is the letter that an id begins with, such as E of E4. */
  private static boolean isGroup(String name, String id) {
    return name.length() == 1 && id.startsWith(name);
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("bench runs from a command line only");
    }
    return spec.commandLine();
  }
}
