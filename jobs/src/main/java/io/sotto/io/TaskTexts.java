package io.sotto.io;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.sotto.config.RunConfig;
import io.sotto.config.TaskSet;
import io.sotto.model.Kernels;
import io.sotto.model.Layout;
import io.sotto.model.Rollouts;
import io.sotto.model.Vocabulary;
import io.sotto.model.task.Preference;
import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Response;
import io.sotto.model.task.Reward;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Writes what agents with tasks learn from: a csv for each agent, made of its own prompts alone.
 * The same seed gives the same bytes.
 */
final class TaskTexts {
  /** How many responses are written at once. */
  private static final int AT_ONCE = 256;

  private final RunConfig.Making making;
  private final TaskSet tasks;
  private final RunConfig.Web web;
  private final long seed;
  private final Configuration hadoop;

  TaskTexts(RunConfig.Making making, long seed, Configuration hadoop) {
    this.making = making;
    this.tasks = making.tasks().orElseThrow();
    this.web = making.web().orElseThrow();
    this.seed = seed;
    this.hadoop = hadoop;
  }

  /** The files by name. */
  TreeMap<String, byte[]> files() throws IOException {
    TreeMap<String, byte[]> files = new TreeMap<>();
    Sampling sampling = making.samples().isPresent() ? new Sampling() : null;
    for (int agent = 0; agent < tasks.agents(); agent++) {
      String name = tasks.names().get(agent);
      PromptSource source = tasks.source(agent);
      SplittableRandom random = new SplittableRandom(seed ^ name.hashCode() * 0x9E3779B97F4A7C15L);
      List<String[]> rows =
          switch (making.what()) {
            case PAIRS -> pairs(source, random);
            case SAMPLES -> kept(sampling, source, random);
            default -> found(source, random);
          };
      StringWriter text = new StringWriter();
      try (CsvWriter csv = CsvWriter.builder().build(text)) {
        csv.writeRecord(header());
        for (String[] row : rows) {
          List<String> fields = new ArrayList<>(List.of(name));
          fields.addAll(List.of(row));
          csv.writeRecord(fields);
        }
      }
      files.put(name + ".csv", text.toString().getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("agent"));
    if (making.what() == RunConfig.Make.PAIRS) {
      header.addAll(Preference.FEATURES);
      header.add("preferred");
    } else {
      header.addAll(List.of("prompt", "text"));
    }
    return header;
  }

  private List<String[]> found(PromptSource source, SplittableRandom random) {
    List<String[]> rows = new ArrayList<>();
    for (int n = 0; n < web.documents(); n++) {
      Prompt prompt = source.draw(false, random);
      rows.add(
          new String[] {prompt.text(), web.responses().response(prompt, tasks.scripts(), random)});
    }
    return rows;
  }

  /** Differences of features, and 1 where the first greeting is preferred, else -1. */
  private List<String[]> pairs(PromptSource source, SplittableRandom random) {
    PromptSource greetings =
        new PromptSource(
            source.kinds().stream().filter(kind -> !kind.task().reasons()).toList(),
            source.split(),
            source.part(),
            source.parts());
    if (greetings.kinds().isEmpty()) {
      throw new BadInputException(
          "tasks.kinds has no task greeting, and data.make = pairs compares greetings. Add one.");
    }
    List<String[]> rows = new ArrayList<>();
    while (rows.size() < web.documents()) {
      Prompt prompt = greetings.draw(false, random);
      String one = answer(web.responses().response(prompt, tasks.scripts(), random));
      String other = answer(web.responses().response(prompt, tasks.scripts(), random));
      if (one == null || other == null || one.equals(other)) {
        continue;
      }
      double[] a = Preference.features(prompt.question(), one);
      double[] b = Preference.features(prompt.question(), other);
      String[] row = new String[a.length + 1];
      for (int k = 0; k < a.length; k++) {
        row[k] = Double.toString(a[k] - b[k]);
      }
      row[a.length] = Preference.isPreferred(prompt.question(), one, other, random) ? "1" : "-1";
      rows.add(row);
    }
    return rows;
  }

  private static @Nullable String answer(String response) {
    return Response.of(false, response).answer();
  }

  /** The model that writes, and what judges greetings. */
  private final class Sampling {
    private final RunConfig.Samples asked = making.samples().orElseThrow();
    private final Vocabulary vocabulary;
    private final double[] x;
    private final Rollouts rollouts;
    private final @Nullable Preference preference;

    Sampling() throws IOException {
      ModelFolder model = new ModelFolder("samples.of", asked.of(), hadoop);
      this.vocabulary = model.vocabulary();
      this.x = model.weights();
      this.rollouts =
          new Rollouts(new Layout(model.shape()), Kernels.fastest(), AT_ONCE, vocabulary.end());
      this.preference =
          asked.preferred().isPresent()
              ? Preferences.read("samples.preferred", asked.preferred().get(), hadoop)
              : null;
    }

    boolean isGoodEnough(Prompt prompt, @Nullable String response) {
      Reward reward = Reward.of(prompt, response, preference);
      return reward.accuracy() >= asked.least().accuracy()
          && reward.format() >= asked.least().format()
          && reward.language() >= asked.least().language()
          && (prompt.task().reasons()
              || preference == null
              || reward.preference() >= asked.least().preference());
    }
  }

  private List<String[]> kept(
      @Nullable Sampling sampling, PromptSource source, SplittableRandom random) {
    if (sampling == null) {
      throw new IllegalStateException("there is no model");
    }
    RunConfig.Samples asked = sampling.asked;
    List<Prompt> prompts = new ArrayList<>();
    List<String[]> rows = new ArrayList<>();
    for (int n = 0; n < asked.prompts(); n++) {
      Prompt prompt = source.draw(false, random);
      for (int k = 0; k < asked.each(); k++) {
        if (prompt.task().reasons()) {
          prompts.add(prompt);
          continue;
        }
        String response = web.responses().response(prompt, tasks.scripts(), random);
        if (sampling.isGoodEnough(prompt, response)) {
          rows.add(new String[] {prompt.text(), response});
        }
      }
    }
    int[][] read =
        prompts.stream()
            .map(prompt -> sampling.vocabulary.encode(prompt.text(), prompt.text()))
            .toArray(int[][]::new);
    int[][] written =
        sampling.rollouts.write(
            sampling.x, 0, read, asked.longest(), asked.temperature(), random.nextLong());
    for (int i = 0; i < written.length; i++) {
      boolean ended = written[i][written[i].length - 1] == sampling.vocabulary.end();
      String response = sampling.vocabulary.decode(written[i]);
      if (asked.rewritten()) {
        response = prompts.get(i).script().rewrite(response);
      }
      if (ended && sampling.isGoodEnough(prompts.get(i), response)) {
        rows.add(new String[] {prompts.get(i).text(), response});
      }
    }
    if (rows.isEmpty()) {
      throw new BadInputException(
          ("samples.of is '%s'; of its %d responses none is as good as samples.accuracy, format,"
                  + " language and preference ask for. Draw more, ask for less, or train it further.")
              .formatted(asked.of(), written.length));
    }
    for (int k = rows.size() - 1; k > 0; k--) {
      rows.set(k, rows.set(random.nextInt(k + 1), rows.get(k)));
    }
    return rows.subList(0, Math.min(rows.size(), asked.most()));
  }
}
