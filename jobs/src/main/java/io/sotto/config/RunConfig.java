package io.sotto.config;

import io.sotto.formula.Choices;
import io.sotto.formula.Formula;
import io.sotto.model.Policy;
import io.sotto.model.Training;
import io.sotto.model.task.Given;
import io.sotto.model.task.Reward;
import io.sotto.problem.Disclosure;
import io.sotto.run.AuditSettings;
import io.sotto.run.InferenceSettings;
import io.sotto.run.ModelSettings;
import io.sotto.run.RowCost;
import io.sotto.run.RunSettings;
import io.sotto.run.SelectionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A whole configuration, with defaults filled in. It is checked as far as that is possible without
 * the data. An empty value stands for {@code auto}. {@code sotto-reference.conf} has the meaning,
 * unit and range of each key. {@link ConfigLoader} makes it.
 *
 * @param data the rows or texts, and who holds them
 * @param rowCost what rows cost; empty without rows
 * @param language the model of texts; empty without texts
 * @param prompts what a model is rewarded for; empty without prompts
 * @param making how the data are made if there are none; empty if they are not
 * @param settings what the run is decided from
 * @param secret the file that all randomness of a mechanism comes from; empty for a fresh secret
 * @param deadlineExitCode the exit code of a run that the deadline ended
 * @param output what is written, and where to
 * @param warmStart the output of an earlier run to start from
 * @param audit what the command audit does
 * @param checkpoint where and how often a run saves what it needs to go on
 * @param inference whether a run ends with standard errors, and which
 * @param score what the command score does
 * @param selection which penalties are tried first, and how they are judged
 * @param zone the time zone of dates and times of day; empty for that of the machine
 * @param timeOfDay the deadline as it was given, if that was a time of day; the settings have it as
 *     a duration
 */
public record RunConfig(
    Data data,
    Optional<RowCost> rowCost,
    Optional<Language> language,
    Optional<Prompts> prompts,
    Optional<Making> making,
    RunSettings settings,
    Optional<String> secret,
    int deadlineExitCode,
    Output output,
    Optional<String> warmStart,
    AuditSettings audit,
    Checkpoint checkpoint,
    InferenceSettings inference,
    ScoreSettings score,
    SelectionSettings selection,
    Optional<String> zone,
    Optional<String> timeOfDay) {

  /**
   * The rows, and who holds them: exactly one of {@code agent} and {@code deal} is there. Of texts
   * none may be: then each entry of a folder is an agent.
   *
   * @param path a file, folder or glob, as any Hadoop URI
   * @param label the column of labels; empty for libsvm only
   * @param agent the column that names the holder of a row
   * @param features the columns to learn from; empty for all that are numeric
   * @param positive the label that counts as +1; empty for the greater one
   * @param libsvmIndexBase 0 or 1; empty for auto
   * @param weight the column that says what each row counts for; empty for 1
   * @param offset the column that is added to predictions; empty for none
   * @param rejectedValues whether what stands in rows that cannot be read may be told
   * @param units a file of public means and deviations of columns, which then are not computed;
   *     empty for none
   * @param formula names label and features in their place; empty if columns do
   * @param choices about categories and missing values
   * @param key the columns that say in which order the rows of a table stand; empty for files
   * @param disclosure what the rows of each agent must hold to
   */
  public record Data(
      String path,
      Format format,
      Optional<String> label,
      Optional<String> agent,
      Optional<Deal> deal,
      List<String> features,
      boolean standardize,
      boolean intercept,
      BadRows badRows,
      Optional<String> positive,
      OptionalInt libsvmIndexBase,
      Optional<String> weight,
      Optional<String> offset,
      RejectedValues rejectedValues,
      Optional<String> units,
      Optional<String> formula,
      Choices choices,
      List<String> key,
      Disclosure disclosure) {

    /** Rows that all count the same, and no offset; values of bad rows are told nowhere. */
    public Data(
        String path,
        Format format,
        Optional<String> label,
        Optional<String> agent,
        Optional<Deal> deal,
        List<String> features,
        boolean standardize,
        boolean intercept,
        BadRows badRows,
        Optional<String> positive,
        OptionalInt libsvmIndexBase) {
      this(
          path,
          format,
          label,
          agent,
          deal,
          features,
          standardize,
          intercept,
          badRows,
          positive,
          libsvmIndexBase,
          Optional.empty(),
          Optional.empty(),
          RejectedValues.MASKED,
          Optional.empty(),
          Optional.empty(),
          Choices.usual(),
          List.of(),
          Disclosure.none());
    }

    /** The formula; of times to an event it has no label. */
    public Optional<Formula> parsed() {
      return formula.map(f -> label.isEmpty() ? Formula.parse(f) : Formula.parse(f, label.get()));
    }
  }

  /** How input files are laid out. */
  public enum Format {
    /** RFC 4180 with a header line. */
    CSV,
    /** Lines of {@code label index:value ...}. */
    LIBSVM,
    /** Parquet. */
    PARQUET,
    /** A table of a catalog of Spark. */
    TABLE,
    /** Texts, for a model of language. */
    TEXT,
    /** Prompts, for a model that learns from rewards. */
    PROMPTS
  }

  /**
   * Prompts with answers that can be checked, and how a model learns from them.
   *
   * @param tasks of the agents; of prompts in files only the share that is held out
   * @param check of answers to prompts in files; empty for those of tasks
   * @param policy without its preference, which is yet to be read
   * @param reference the output whose model is the reference at first; empty for the model that
   *     each agent starts from
   * @param preference the output that holds the preference; empty for none
   */
  public record Prompts(
      TaskSet tasks,
      Optional<Given.Check> check,
      Policy policy,
      Optional<String> reference,
      Optional<String> preference) {}

  /**
   * A model of language.
   *
   * @param column the column of texts, where they are in a table
   * @param prompt a column of what is only read, in front of the text
   * @param model what is trained
   * @param training how
   */
  public record Language(
      Optional<String> column, Optional<String> prompt, ModelSettings model, Training training) {}

  /**
   * Data that Sotto can write itself.
   *
   * @param tasks of the agents; empty for scribes
   * @param web how responses are found; empty where none are
   * @param samples which responses of a model are kept; empty where none are
   * @param planted how many rows of a known optimum there are; empty where there are none
   */
  public record Making(
      Make what,
      Optional<TaskSet> tasks,
      Optional<Web> web,
      Optional<Samples> samples,
      Optional<Planted> planted) {}

  /** What is written. */
  public enum Make {
    /** The notes of eight wards. */
    SCRIBES,
    /** Responses as they are found. */
    WEB,
    /** Responses of a model that are kept. */
    SAMPLES,
    /** Which of two greetings is preferred. */
    PAIRS,
    /** Rows of a known optimum. */
    PLANTED
  }

  /** How many responses each agent finds, and what they are like. */
  public record Web(int documents, io.sotto.model.task.Web responses) {}

  /**
   * Which responses of a model are kept.
   *
   * @param of the output of the run whose model writes
   * @param prompts that each agent draws
   * @param each how often each of them is answered
   * @param most how many each agent keeps at most
   * @param longest how many tokens a response has at most
   * @param rewritten whether responses are rewritten in the script of their prompt
   * @param least the least parts of a reward that a response is kept with
   * @param preferred the output that holds the preference; empty for none
   */
  public record Samples(
      String of,
      int prompts,
      int each,
      int most,
      double temperature,
      int longest,
      boolean rewritten,
      Reward least,
      Optional<String> preferred) {}

  /** What becomes of rows that cannot be read. */
  public enum BadRows {
    /** The run fails and names the first. */
    FAIL,
    /** They are counted and left out. */
    SKIP
  }

  /** Rows dealt out to agents of the names 0 to {@code agents - 1}. */
  public record Deal(int agents, DealBy by, long seed) {}

  /** Which row goes to which agent. */
  public enum DealBy {
    /** Row r goes to agent r mod agents. */
    ROW_NUMBER,
    /** Blocks of rows, as they stand. */
    CONTIGUOUS,
    /** Blocks of rows sorted by label, then row number. */
    LABEL,
    /** Drawn at random. */
    RANDOM
  }

  /**
   * What is written, and where to.
   *
   * @param report whether report.html is among it
   * @param permissions of the folder and those in it, such as rwxr-x---; files have no x
   * @param waitFor how long to wait at the start for a file system that takes no files yet
   */
  public record Output(
      String path,
      boolean overwrite,
      boolean perAgent,
      boolean report,
      String permissions,
      Duration waitFor) {}

  /**
   * Where and how often a run saves what it needs to go on.
   *
   * @param path a folder; empty for one beside the output
   * @param on whether there are checkpoints at all
   * @param every the time between two; empty for auto
   * @param keep how many are kept
   * @param onMismatch what to do with those of another run
   */
  public record Checkpoint(
      Optional<String> path,
      boolean on,
      Optional<Duration> every,
      int keep,
      OnMismatch onMismatch) {}

  /**
   * What rows cost.
   *
   * @throws IllegalStateException if there are none
   */
  public RowCost cost() {
    return rowCost.orElseThrow(() -> new IllegalStateException("there are no rows"));
  }

  /** The same with other settings. */
  public RunConfig with(RunSettings other) {
    return with(other, warmStart);
  }

  /** The same from another start. */
  public RunConfig startingFrom(Optional<String> earlier) {
    return with(settings, earlier);
  }

  private RunConfig with(RunSettings other, Optional<String> earlier) {
    return new RunConfig(
        data,
        rowCost,
        language,
        prompts,
        making,
        other,
        secret,
        deadlineExitCode,
        output,
        earlier,
        audit,
        checkpoint,
        inference,
        score,
        selection,
        zone,
        timeOfDay);
  }

  /**
   * The configuration as nested values by key (Map, List, String, Number, Boolean), in the order of
   * the reference. Written as JSON and loaded again, it makes an equal RunConfig.
   */
  public Map<String, Object> toMap() {
    return ConfigWriter.of(this);
  }
}
