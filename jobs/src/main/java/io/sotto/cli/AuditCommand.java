package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.io.OutputFolder;
import io.sotto.io.ReportFile;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.attack.Attacks;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.exposure.Exposure;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.protocol.Exchanged;
import io.sotto.privacy.protocol.Protocol;
import io.sotto.privacy.protocol.Protocols;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import io.sotto.report.AuditReport;
import io.sotto.report.Drawing;
import io.sotto.result.Result;
import io.sotto.run.AuditGame;
import io.sotto.run.AuditProtocols;
import io.sotto.run.AuditRun;
import io.sotto.run.AuditSettings;
import io.sotto.run.Optimize;
import io.sotto.run.Prepared;
import io.sotto.run.Recorded;
import io.sotto.run.RowCost;
import io.sotto.run.SentenceGame;
import io.sotto.run.Text;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the problem as adversaries hear it, and measures what they learn. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Run the configured problem as it is, attack what an adversary received, and say how much it "
          + "learnt, against a blind guess. Of texts: play a game on one planted sentence. Writes "
          + "<output.path>-audit/audit.json, and nothing of what was recorded. Exit code 4 if a leak is above "
          + "audit.threshold."
    })
final class AuditCommand extends JobCommand {

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = {
        "Also run another protocol on the same rows, without sets, and measure what its server and "
            + "its clients learn: fedavg (federated averaging) or irls (iteratively reweighted least "
            + "squares). May be given more than once."
      })
  private List<String> protocols = List.of();

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    JavaSparkContext context = context(spark);
    if (config.selection().on()) {
      throw new BadInputException(
          "An audit attacks one run: give problem.l2 and problem.l1 one number each, and leave out"
              + " selection.");
    }
    if (config.rowCost().map(RowCost::isOfTimes).orElse(false)) {
      throw new BadInputException(
          "Attacks and games of an audit know rows with a label, and survival splits each time into several:"
              + " audit a run with problem.loss = logistic on the same rows.");
    }
    boolean texts = config.language().isPresent();
    if (texts) {
      SentenceReport.requireGames(config.audit(), protocols);
    }
    String folder = config.output().path().replaceAll("/+$", "") + "-audit";
    try (OutputFolder output =
        new OutputFolder(
            folder,
            config.output().overwrite(),
            config.output().permissions(),
            context.hadoopConfiguration())) {
      output.lock(config.output().waitFor(), text -> say("%s", text));
      output.open();
      if (texts) {
        return sentences(config, spark, output, folder);
      }
      Map<String, Attack> attacks = attacks(config.audit());
      Map<String, Protocol> others = protocols();
      List<Exchanged> exchanged =
          others.isEmpty()
              ? List.of()
              : AuditProtocols.play(
                  action(config, source(config, spark), spark).prepare().costs(), others);
      Audited asked = audit(config, attacks, spark);
      AuditTable table = new AuditTable(this::say);
      table.print("as configured", asked, exchanged);
      Map<String, @Nullable Object> json = AuditFile.of(config, asked);
      json.put("protocols", AuditFile.protocols(exchanged));
      if (config.audit().baseline()) {
        json.put(
            "baseline",
            baseline(config.with(config.settings().synchronous()), attacks, spark, table));
      }
      double worst = asked.report().worst();
      boolean leaks = worst > config.audit().threshold();
      String verdict =
          String.format(
              Locale.ROOT,
              leaks
                  ? "A leak of %.3g was found, above audit.threshold %.3g"
                  : "No leak of subgradients above %2$.3g was found by these attacks (the greatest was"
                      + " %1$.3g)",
              worst,
              config.audit().threshold());
      output.json("audit.json", json);
      report(output, config, json, drawing(asked), verdict, leaks);
      output.publish();
      say("%s; all figures are in %s", verdict, folder);
      return leaks ? ExitCode.LEAK : ExitCode.DONE;
    }
  }

  /** The game on a planted sentence, in place of attacks on subgradients. */
  private int sentences(RunConfig config, SparkSession spark, OutputFolder output, String folder)
      throws IOException {
    say(SentenceReport.LEFT_OUT);
    Optimize action = action(config, source(config, spark), spark).listener(console());
    SentenceGame.Played played =
        new SentenceGame(config.audit(), action).play(text -> say("%s", text));
    SentenceReport report = new SentenceReport(config.audit(), played);
    report.print(this::say);
    boolean leaks = played.atLeast() > config.audit().threshold();
    String verdict =
        String.format(
            Locale.ROOT,
            leaks
                ? "A leak of at least %.3g was found (97.5 %% confidence), above audit.threshold %.3g"
                : "No leak of planted sentences above %2$.3g was shown by these games (at least %1$.3g,"
                    + " 97.5 %% confidence)",
            played.atLeast(),
            config.audit().threshold());
    output.json("audit.json", report.json());
    report(output, config, report.json(), null, verdict, leaks);
    output.publish();
    say("%s; all figures are in %s", verdict, folder);
    return leaks ? ExitCode.LEAK : ExitCode.DONE;
  }

  /** Writes the report, if it is asked for; without the network if no agent is to be named. */
  private void report(
      OutputFolder output,
      RunConfig config,
      Map<String, @Nullable Object> json,
      @Nullable Drawing drawing,
      String verdict,
      boolean leaks)
      throws IOException {
    if (config.output().report()) {
      AuditReport report = new AuditReport(config.output().path(), json, drawing);
      ReportFile.write(
          output, () -> report.toMap(verdict + ".", leaks, config.toMap(), versions()), this::warn);
    }
  }

  /** The network, with what the best attack learnt of each victim. */
  private static @Nullable Drawing drawing(Audited audited) {
    double[] leak = new double[audited.prepared().plan().agents()];
    Arrays.fill(leak, Double.NaN);
    audited
        .report()
        .victims()
        .forEach(
            (victim, learnt) -> {
              Leak one = learnt.atOptimum();
              leak[victim] = one == null ? Double.NaN : one.median();
            });
    return Arrays.stream(leak).allMatch(Double::isNaN)
        ? null
        : Drawing.of(audited.prepared(), Map.of(AuditReport.LEAK, leak));
  }

  /** Null if it cannot be run: a step that suits a set may be too long without. */
  private @Nullable Map<String, @Nullable Object> baseline(
      RunConfig config, Map<String, Attack> attacks, SparkSession spark, AuditTable table)
      throws Exception {
    try {
      Audited synchronous = audit(config, attacks, spark);
      table.print("baseline: synchronous, without sets", synchronous, List.of());
      return AuditFile.of(config, synchronous);
    } catch (BadInputException e) {
      warn("There is no baseline: " + e.getMessage());
      return null;
    }
  }

  /**
   * All runs of one configuration, attacked.
   *
   * @param games what came of games between problems that differ in one row
   * @param swaps what came of games between problems with the same sum
   * @param exposure of each agent to each other one
   * @param adversary of the first run, if it is no single neighbour
   * @param bound the total variation that offsets promise; NaN without
   * @param limits by attack, of whom it says nothing, and why
   * @param step the first step of all runs
   * @param ticks of the longest
   */
  record Audited(
      Audit.Report report,
      List<AuditGame.Played> games,
      List<AuditGame.Swapped> swaps,
      Prepared prepared,
      Exposure exposure,
      @Nullable Adversary adversary,
      double bound,
      Map<String, String> limits,
      double step,
      long ticks) {}

  private Audited audit(RunConfig config, Map<String, Attack> attacks, SparkSession spark)
      throws Exception {
    Audit audit = new Audit(attacks, config.audit().threshold());
    Optimize action = action(config, source(config, spark), spark);
    AuditRun runs = new AuditRun(config.audit(), action.listener(console()));
    Prepared prepared = action.prepare();
    say(
        "%s, algorithm %s, adversary %s",
        config.settings().clock().always() ? "synchronous" : "as configured",
        prepared.settings().algorithm().name(),
        config.audit().adversary().name().toLowerCase(Locale.ROOT));
    long ticks = 0;
    Recorded first = null;
    for (int number = 0; number < config.audit().seeds(); number++) {
      Recorded run = runs.run(number, audit, text -> say("%s", text));
      first = first == null ? run : first;
      Result result = run.result();
      ticks = Math.max(ticks, result.last().tick());
      say(
          "run %d of %d: %s after %s ticks",
          number + 1, config.audit().seeds(), result.status(), Text.count(result.last().tick()));
    }
    List<AuditGame.Played> games = List.of();
    List<AuditGame.Swapped> swaps = List.of();
    if (first != null && config.audit().games() > 0) {
      AuditGame game = new AuditGame(runs, config.audit(), attacks);
      games = game.play(first, text -> say("%s", text));
      swaps = game.swap(first, text -> say("%s", text));
    }
    return new Audited(
        audit.report(),
        games,
        swaps,
        prepared,
        ExposureLines.of(prepared, context(spark)),
        runs.adversary(),
        Objects.requireNonNull(first).bound(runs.adversary()),
        limits(attacks, first.setting()),
        Objects.requireNonNull(runs.step(), "a run has gone before").initial(),
        ticks);
  }

  private static Map<String, String> limits(Map<String, Attack> attacks, Setting setting) {
    Map<String, String> limits = new LinkedHashMap<>();
    attacks.forEach(
        (name, attack) -> {
          String one =
              attack.reads(setting.recursion()) || setting.sums() == null
                  ? attack.limits(setting)
                  : "left out, since messages here are sums over several agents and not estimates";
          if (one != null) {
            limits.put(name, one);
          }
        });
    return limits;
  }

  private Map<String, Protocol> protocols() {
    Map<String, Protocol> made = new LinkedHashMap<>();
    for (String name : protocols) {
      made.put(
          name, Protocols.REGISTRY.make("--protocol", name, new Parameters("audit", Map.of())));
    }
    return made;
  }

  private static Map<String, Attack> attacks(AuditSettings config) {
    List<String> names =
        config.attacks().isEmpty() ? List.copyOf(Attacks.REGISTRY.names()) : config.attacks();
    Map<String, Attack> attacks = new LinkedHashMap<>();
    for (String name : names) {
      attacks.put(
          name, Attacks.REGISTRY.make("audit.attacks", name, new Parameters("audit", Map.of())));
    }
    return attacks;
  }
}
