package io.sotto.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.config.HadoopTexts;
import io.sotto.config.RunConfig;
import io.sotto.config.ScoreSettings;
import io.sotto.config.Texts;
import io.sotto.formula.Design;
import io.sotto.io.OutputFolder;
import io.sotto.io.ReportFile;
import io.sotto.io.ScoreMetrics;
import io.sotto.io.ScoreRows;
import io.sotto.io.SolutionFile;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Disclosure;
import io.sotto.report.ScoreReport;
import io.sotto.run.Solution;
import io.sotto.run.Text;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Applies a solution to rows. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Apply a solution to the rows of data.path: a prediction for each row, and where rows have labels "
          + "how good predictions are. CONF is a configuration, whose result is applied, or the folder of a "
          + "result itself. See the keys score.* for what is applied, and for where scores go.",
      "Example: ./submit.sh score out/hospitals data.path=new.csv"
    })
final class ScoreCommand extends JobCommand {
  private static final int FORMAT_VERSION = 1;
  private static final String RUN = "run.json";
  private static final String SCORES = "-scores";

  /** The configuration of a result is in its run.json. */
  @Override
  Texts texts(String file, Configuration hadoop) throws IOException {
    HadoopTexts files = new HadoopTexts(hadoop);
    if (!isFolder(file, hadoop)) {
      return files;
    }
    Path run = new Path(HadoopTexts.path(file), RUN);
    if (files.read(run.toString()).isEmpty()) {
      throw new BadInputException(
          "%s is a folder without a run.json; give a configuration, or the folder of a result."
              .formatted(file));
    }
    ObjectMapper json = new ObjectMapper();
    Map<String, Object> record =
        json.readValue(
            files.read(run.toString()).orElse("{}"), new TypeReference<Map<String, Object>>() {});
    Map<String, Object> all = new LinkedHashMap<>();
    if (record.get("configuration") instanceof Map<?, ?> written) {
      written.forEach((key, value) -> all.put(String.valueOf(key), value));
    }
    if (!all.containsKey("problem")) { // with output.per-agent = false
      Map<String, Object> problem = new LinkedHashMap<>();
      problem.put("loss", String.valueOf(record.get("loss")));
      Design design = SolutionFile.read("CONF", file, hadoop).design();
      if (design != null && !design.formula().isEmpty()) {
        problem.put("formula", design.formula());
      }
      all.put("problem", problem);
    }
    all.put("score", Map.of("solution", file));
    all.remove("warm-start");
    String text = json.writeValueAsString(all);
    return uri -> uri.equals(file) ? Optional.of(text) : files.read(uri);
  }

  private static boolean isFolder(String file, Configuration hadoop) throws IOException {
    try {
      Path place = HadoopTexts.path(file);
      FileSystem system = place.getFileSystem(hadoop);
      return system.exists(place) && system.getFileStatus(place).isDirectory();
    } catch (IllegalArgumentException e) {
      return false; // whoever reads it says what is wrong with it
    }
  }

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    if (config.rowCost().isEmpty()) {
      throw new BadInputException(
          "data.format is %s, and score is for rows; generate writes with a model of language."
              .formatted(config.data().format().name().toLowerCase(Locale.ROOT)));
    }
    Configuration hadoop = context(spark).hadoopConfiguration();
    ScoreSettings score = config.score();
    String result = score.solution().orElse(config.output().path());
    Solution solution =
        SolutionFile.read(
            score.solution().isPresent() ? "score.solution" : "output.path", result, hadoop);
    String place = score.output().orElse(result.replaceAll("(/solution\\.json)?/*$", "") + SCORES);
    try (OutputFolder folder =
        new OutputFolder(
            place, config.output().overwrite(), config.output().permissions(), hadoop)) {
      folder.lock(config.output().waitFor(), text -> say("%s", text));
      folder.open();
      ScoreRows.Scored scored =
          new ScoreRows(config.data(), solution, context(spark)).write(folder, score.format());
      Map<String, @Nullable Object> all =
          json(result, solution, scored, config.data().disclosure());
      folder.json("scores.json", all);
      if (config.output().report() && !scored.figures().metrics().isEmpty()) {
        ReportFile.write(
            folder,
            () ->
                new ScoreReport(place, all)
                    .toMap(new Configured(config).configuration(config.settings()), versions()),
            this::warn);
      }
      folder.publish();
      print(solution, scored, config.data().disclosure());
      say("scores are in %s", place);
      return ExitCode.DONE;
    }
  }

  private void print(Solution solution, ScoreRows.Scored scored, Disclosure rules) {
    say(
        "%s rows scored by %s over %s features, %s of them with labels; %s left out%s",
        Text.count(scored.rows()),
        solution.loss(),
        Text.count(solution.features().size()),
        Text.count(scored.labelled()),
        scored.leftOut() == 0
            ? "none"
            : "%s (%s)".formatted(rules.count(scored.leftOut()), rules.told(scored.reasons())),
        scored.missing().rows() == 0
            ? ""
            : "; %s without a value left out (%s)"
                .formatted(rules.count(scored.missing().rows()), scored.missing().words(rules)));
    if (!scored.withheld().isEmpty()) {
      say("nothing is told of how good predictions are, since %s", scored.withheld());
    }
    scored
        .figures()
        .metrics()
        .forEach(
            (name, value) ->
                say(
                    value.how().isEmpty() ? "%-20s  %9.4g" : "%-20s  %9.4g  %9.4g to %-9.4g  (%s)",
                    name,
                    value.value(),
                    value.low(),
                    value.high(),
                    value.how()));
  }

  private static Map<String, @Nullable Object> json(
      String result, Solution solution, ScoreRows.Scored scored, Disclosure rules) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("formatVersion", FORMAT_VERSION);
    map.put("solution", result);
    map.put("loss", solution.loss());
    map.put("labels", solution.labels());
    map.put("rows", scored.rows());
    map.put("labelled", scored.labelled());
    map.put("rejectedRows", rules.told(scored.leftOut()));
    map.put("rejectedReasons", rules.told(scored.reasons()));
    if (scored.missing().rows() > 0) {
      map.put("missing", scored.missing().report(rules));
    }
    map.put("inputs", scored.inputs());
    if (!scored.withheld().isEmpty()) {
      map.put("withheld", scored.withheld());
    }
    scored.figures().addTo(map);
    map.put("level", ScoreMetrics.LEVEL);
    map.put("versions", versions());
    return map;
  }
}
