package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.model.task.Given;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Script;
import io.sotto.model.task.Split;
import io.sotto.problem.BadInputException;
import io.sotto.run.AgentPrompts;
import io.sotto.run.RowSource;
import io.sotto.run.RunDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The prompts of {@code data { ... }}: files that are scanned once, by a task for each. Cells read
 * those of their own agents; the driver gets counts.
 */
public final class PromptFiles implements AgentPrompts {
  /** Of an agent's prompts at least one in so many must be on each side of the split. */
  private static final int ONE_IN = 1000;

  private final RunConfig.Data data;
  private final Given.Check check;
  private final Split split;
  private final JavaSparkContext spark;

  /**
   * @param data where the prompts are
   * @param heldOut the share of them that nobody is trained on
   * @param spark where the files are scanned
   */
  public PromptFiles(
      RunConfig.Data data, Given.Check check, double heldOut, JavaSparkContext spark) {
    this.data = data;
    this.check = check;
    this.split = new Split(heldOut);
    this.spark = spark;
  }

  @Override
  public Looked look(Room room) throws IOException {
    room.vocabulary().encode("<>[]", "the form <thought>[answer] of responses");
    Configuration hadoop = spark.hadoopConfiguration();
    List<TextPart> parts =
        data.agent().isEmpty()
            ? TextFolder.list(data.path(), TextFolder.Kind.PROMPTS, hadoop)
            : InputFile.list("data.path", data.path(), hadoop).stream()
                .map(file -> new TextPart(file, ""))
                .toList();
    Documents documents = new JsonDocuments(data.agent().orElse(null));
    List<PromptScan> scans = scans(parts, documents, room, hadoop);
    Map<String, PromptScan.Counts> counts = new TreeMap<>();
    PromptScan.Counts all = new PromptScan.Counts();
    for (PromptScan scan : scans) {
      scan.byAgent.forEach(
          (agent, own) -> {
            counts.computeIfAbsent(agent, a -> new PromptScan.Counts()).add(own);
            all.add(own);
          });
    }
    counts.forEach((agent, own) -> requireBothSides(agent, own, room));
    List<String> agents = List.copyOf(counts.keySet());
    RunDigest digest =
        new RunDigest()
            .text("check", check.toString())
            .text("split", split.toString())
            .text("agent", data.agent().toString())
            .text("agents", String.join("\u0000", agents));
    List<Object> inputs = new ArrayList<>();
    for (PromptScan scan : scans) {
      digest.text("file", scan.checksum).text("agent", scan.part.agent());
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("path", scan.part.file().uri());
      input.put("bytes", scan.part.file().bytes());
      input.put("sha256", scan.checksum);
      inputs.add(input);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("prompts", all.prompts);
    report.put("heldOutPrompts", all.heldOut);
    report.put(RowSource.INPUTS, inputs);
    return new Looked(
        agents,
        digest.hex(),
        String.format(
            Locale.ROOT,
            "%,d prompts of %,d agents, %,d of them held out, read from %,d files",
            all.prompts,
            agents.size(),
            all.heldOut,
            scans.size()),
        report,
        new Reading(
            TextShards.Held.of(
                parts, scans.stream().map(scan -> scan.byAgent.keySet()).toList(), agents),
            documents,
            agents,
            counts.values().stream().mapToInt(own -> own.prompts).toArray(),
            check,
            split,
            new SerializableConfiguration(hadoop)));
  }

  private List<PromptScan> scans(
      List<TextPart> parts, Documents documents, Room room, Configuration hadoop) {
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    Given.Check how = check;
    Split by = split;
    List<PromptScan> scans =
        spark
            .parallelize(parts, parts.size())
            .map(part -> PromptScan.of(part, documents, how, by, room, shared.value()))
            .collect();
    for (PromptScan scan : scans) {
      if (scan.refusal != null) {
        throw new BadInputException(scan.refusal);
      }
    }
    return scans;
  }

  private void requireBothSides(String agent, PromptScan.Counts own, Room room) {
    int fewer = Math.min(own.heldOut, own.prompts - own.heldOut);
    if (fewer == 0 || own.prompts / fewer > ONE_IN) {
      throw new BadInputException(
          ("tasks.held-out is %s, which holds %d of the %d prompts of agent '%s' out; at least one, and"
                  + " one in %d, must be held out, and the same be trained on. Give the agent more"
                  + " prompts, or set tasks.held-out nearer to 0.5.")
              .formatted(split.heldOut(), own.heldOut, own.prompts, agent, ONE_IN));
    }
    room.requireWritten(own.shortest, "to a prompt of agent '%s'".formatted(agent));
  }

  /** Reads the prompts of some agents from the files that hold any of them. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Reading(
      List<TextShards.Held> parts,
      Documents documents,
      List<String> names,
      int[] promptsOf,
      Given.Check check,
      Split split,
      SerializableConfiguration hadoop)
      implements PromptShards {

    @Override
    public PromptSource[] load(int[] agents) {
      Map<String, Own> own = new HashMap<>();
      for (int agent : agents) {
        own.put(names.get(agent), new Own(new Given(check)));
      }
      try {
        for (TextShards.Held held : parts) {
          if (held.holdsAny(agents)) {
            documents.read(held.part(), hadoop.value(), new Taking(own));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Arrays.stream(agents)
          .mapToObj(agent -> source(own, agent))
          .toArray(PromptSource[]::new);
    }

    private PromptSource source(Map<String, Own> all, int agent) {
      Own own = Objects.requireNonNull(all.get(names.get(agent)));
      if (own.count != promptsOf[agent]) {
        throw TextShards.changed("the file of the agent '%s'".formatted(names.get(agent)));
      }
      return new PromptSource(List.of(new PromptSource.Kind(own.prompts, Script.NONE, 1)), split);
    }
  }

  /** The prompts of an agent so far. */
  private static final class Own {
    private final Given prompts;
    private int count;

    Own(Given prompts) {
      this.prompts = prompts;
    }
  }

  /** Hands each prompt on to its agent. */
  private record Taking(Map<String, Own> own) implements Documents.Taker {
    @Override
    public boolean wants(String agent) {
      return own.containsKey(agent);
    }

    @Override
    public void document(
        String where, String agent, String prompt, String answer, boolean begins, boolean ends) {
      Own whose = Objects.requireNonNull(own.get(agent), agent);
      whose.prompts.add(prompt, answer);
      whose.count++;
    }
  }
}
