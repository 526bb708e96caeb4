package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.model.ModelShape;
import io.sotto.model.Vocabulary;
import io.sotto.model.WordCounts;
import io.sotto.problem.BadInputException;
import io.sotto.run.RowSource;
import io.sotto.run.RunDigest;
import io.sotto.run.TextSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** The texts of {@code data { ... }}: files that are scanned once, by a task for each. */
public final class TextFiles implements TextSource {
  private final RunConfig.Data data;
  private final RunConfig.Language language;
  private final @Nullable Vocabulary given;
  private final JavaSparkContext spark;
  private final Configuration hadoop;
  private @Nullable Vocabulary vocabulary;

  /**
   * @param data where the texts are
   * @param language what else is asked for
   * @param given the vocabulary of an earlier model that is trained further; null for one that is
   *     made of the texts
   * @param spark where the files are scanned
   */
  public TextFiles(
      RunConfig.Data data,
      RunConfig.Language language,
      @Nullable Vocabulary given,
      JavaSparkContext spark) {
    this.data = data;
    this.language = language;
    this.given = given;
    this.spark = spark;
    this.hadoop = spark.hadoopConfiguration();
  }

  /** What the last scan makes of the files of a model; null before one. */
  public @Nullable ModelFiles model() {
    if (vocabulary == null) {
      return null;
    }
    ModelShape shape = language.model().shape(vocabulary.size());
    return new ModelFiles(shape, vocabulary, language.training(), language.prompt().isPresent());
  }

  @Override
  public ScannedTexts scan(Consumer<String> warnings) throws IOException {
    Vocabulary.Kind kind = language.model().vocabulary();
    List<TextPart> parts = parts();
    Documents documents = documents();
    Vocabulary learnt =
        given == null && kind == Vocabulary.Kind.PAIRS
            ? words(parts, documents).learn(language.model().tokens())
            : given;
    List<TextScan> scans = scanAll(parts, documents, learnt);
    Vocabulary known = learnt == null ? vocabulary(scans) : learnt;
    if (given == null && known.size() < language.model().tokens()) {
      warnings.accept(
          "model.vocabulary.size is %d; there are %d tokens, since no other pair occurs twice."
              .formatted(language.model().tokens(), known.size()));
    }
    vocabulary = known;
    Map<String, TextScan.Counts> counts = new TreeMap<>();
    for (TextScan scan : scans) {
      scan.byAgent.forEach(
          (agent, own) -> counts.computeIfAbsent(agent, a -> new TextScan.Counts()).add(own));
    }
    if (counts.isEmpty()) {
      throw new BadInputException(
          "data.path is '%s'; there is not one text in it.".formatted(data.path()));
    }
    List<String> agents =
        data.deal().isPresent()
            ? new Names(data.deal().get().agents())
            : List.copyOf(counts.keySet());
    int[] tokensOf =
        agents.stream()
            .mapToInt(agent -> tokens(agent, Objects.requireNonNull(counts.get(agent))))
            .toArray();
    TextScan.Counts all = new TextScan.Counts();
    counts.values().forEach(all::add);
    long tokens = Arrays.stream(tokensOf).asLongStream().sum();
    return new ScannedTexts(
        agents,
        tokensOf,
        known,
        digest(scans, agents, known),
        String.format(
            Locale.ROOT,
            "%,d texts with %,d characters, read from %,d files; %,d tokens of %,d kinds (%s)",
            all.documents,
            all.characters,
            scans.size(),
            tokens,
            known.size(),
            kind.word()),
        report(scans, all, tokens, known),
        new TextShards(
            TextShards.Held.of(
                parts, scans.stream().map(scan -> scan.byAgent.keySet()).toList(), agents),
            documents,
            agents,
            tokensOf,
            known,
            hadoop));
  }

  List<TextPart> parts() throws IOException {
    if (data.deal().isEmpty() && language.column().isEmpty()) {
      return TextFolder.list(data.path(), TextFolder.Kind.TEXTS, hadoop);
    }
    List<InputFile> files = InputFile.list("data.path", data.path(), hadoop);
    if (data.deal().isPresent() && files.size() > 1) {
      throw new BadInputException(
          ("data.path is '%s', which is %d files, and data.deal deals one. Leave data.deal out, and"
                  + " each is the text of an agent; or name one of them.")
              .formatted(data.path(), files.size()));
    }
    return files.stream().map(file -> new TextPart(file, "")).toList();
  }

  Documents documents() {
    return language.column().isPresent()
        ? new TableDocuments(
            data.agent().orElseThrow(), language.column().get(), language.prompt().orElse(null))
        : new PlainDocuments(data.deal().map(RunConfig.Deal::agents).orElse(0));
  }

  private List<TextScan> scanAll(
      List<TextPart> parts, Documents documents, @Nullable Vocabulary known) {
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    Vocabulary.Kind kind = language.model().vocabulary();
    List<TextScan> scans =
        spark
            .parallelize(parts, parts.size())
            .map(part -> TextScan.of(part, documents, kind, known, shared.value()))
            .collect();
    for (TextScan scan : scans) {
      if (scan.refusal != null) {
        throw new BadInputException(scan.refusal);
      }
    }
    return scans;
  }

  /**
   * How often each word occurs in all texts together. Counts are added by Spark, and words that
   * occur once are dropped after that: the driver does not learn which agent has which word. A file
   * that cannot be used has no words; the scan that comes next tells why.
   */
  WordCounts words(List<TextPart> parts, Documents documents) {
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    WordCounts words = new WordCounts();
    spark
        .parallelize(parts, parts.size())
        .flatMapToPair(
            part ->
                TextScan.of(part, documents, Vocabulary.Kind.PAIRS, null, shared.value())
                    .words
                    .counts()
                    .entrySet()
                    .stream()
                    .map(word -> new Tuple2<>(word.getKey(), word.getValue()))
                    .iterator())
        .reduceByKey(Long::sum)
        .filter(word -> word._2() >= WordCounts.SELDOM)
        .collect()
        .forEach(word -> words.add(word._1(), word._2()));
    return words;
  }

  /** Makes the vocabulary of what all texts hold, which does not depend on their order. */
  private Vocabulary vocabulary(List<TextScan> scans) {
    if (language.model().vocabulary() == Vocabulary.Kind.BYTES) {
      return Vocabulary.ofBytes();
    }
    BitSet alphabet = new BitSet();
    scans.forEach(scan -> alphabet.or(scan.alphabet));
    return Vocabulary.characters(alphabet.stream());
  }

  private static int tokens(String agent, TextScan.Counts counts) {
    if (counts.allTokens() > Integer.MAX_VALUE - 8) {
      throw new BadInputException(
          "The agent '%s' has %d tokens, and may have %d. Deal its text to several agents."
              .formatted(agent, counts.allTokens(), Integer.MAX_VALUE - 8));
    }
    return (int) counts.allTokens();
  }

  /** The bytes of the files, whose they are, and how they are read. */
  private String digest(List<TextScan> scans, List<String> agents, Vocabulary known) {
    RunDigest digest = new RunDigest();
    for (TextScan scan : scans) {
      digest.text("file", scan.checksum).text("agent", scan.part.agent());
    }
    return digest
        .text("agents", String.join("\u0000", agents))
        .text("vocabulary", known.toMap().toString())
        .text("columns", "%s %s %s".formatted(data.agent(), language.column(), language.prompt()))
        .text("deal", data.deal().toString())
        .text("begin", "a token in front")
        .hex();
  }

  private static Map<String, Object> report(
      List<TextScan> scans, TextScan.Counts all, long count, Vocabulary known) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("texts", all.documents);
    report.put("characters", all.characters);
    report.put("tokens", count);
    Map<String, Object> tokens = new LinkedHashMap<>();
    tokens.put("kind", known.kind().word());
    tokens.put("size", known.size());
    report.put("vocabulary", tokens);
    List<Object> inputs = new ArrayList<>();
    for (TextScan scan : scans) {
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("path", scan.part.file().uri());
      input.put("bytes", scan.part.file().bytes());
      input.put("sha256", scan.checksum);
      inputs.add(input);
    }
    report.put(RowSource.INPUTS, inputs);
    return report;
  }
}
