package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.config.ConfigLoader;
import io.sotto.config.RunConfig;
import io.sotto.model.Tokens;
import io.sotto.model.Vocabulary;
import io.sotto.problem.BadInputException;
import io.sotto.run.RowSource;
import io.sotto.run.TextSource.ScannedTexts;
import io.sotto.run.TextSource.TokenShards;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFilesTest {
  private static JavaSparkContext spark;

  @TempDir Path dir;

  private final List<String> told = new ArrayList<>();

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("TextFilesTest")
                .set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.serializer", JavaSerializer.class.getName()));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private Path write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private TextFiles source(@Nullable Vocabulary given, String path, String... lines) {
    String conf =
        "data { path = \"%s\", format = text }\noutput.path = out\n".formatted(dir.resolve(path))
            + String.join("\n", lines);
    RunConfig config =
        ConfigLoader.load(
                "x.conf", List.of(), name -> Optional.of(conf).filter(c -> name.equals("x.conf")))
            .config();
    return new TextFiles(config.data(), config.language().orElseThrow(), given, spark);
  }

  private ScannedTexts scan(String path, String... lines) throws IOException {
    return source(null, path, lines).scan(told::add);
  }

  /** The texts of all agents, read where shards were carried to; the end is written as |. */
  private static List<String> texts(ScannedTexts scanned) {
    List<String> texts = new ArrayList<>();
    Vocabulary vocabulary = scanned.vocabulary();
    TokenShards shards = carried(scanned.shards());
    for (int agent = 0; agent < scanned.agents().size(); agent++) {
      Tokens tokens = shards.load(new int[] {agent})[0];
      assertThat(tokens.count()).isEqualTo(scanned.tokensOf()[agent]);
      StringBuilder text = new StringBuilder();
      for (int k = 0; k < tokens.count(); k++) {
        int token = tokens.ids()[k];
        String one = token == vocabulary.end() ? "|" : vocabulary.decode(new int[] {token});
        text.append(tokens.isSilent(k) ? one.toUpperCase(java.util.Locale.ROOT) : one);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static TokenShards carried(TokenShards shards) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(shards);
      out.flush();
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return (TokenShards) in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void entriesOfAFolderAreAgents() throws IOException {
    write("in/ward-2.txt", "bad\n");
    write("in/ward-1/b.txt", "cab");
    write("in/ward-1/a.txt", "ab");
    write("in/_hidden", "zzz");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(dir.resolve("in/ward-3.txt.gz")))) {
      out.write("bee".getBytes(StandardCharsets.UTF_8));
    }
    try (OutputStream out =
        new BZip2CompressorOutputStream(Files.newOutputStream(dir.resolve("in/ward-4.bz2")))) {
      out.write("\uFEFFdé".getBytes(StandardCharsets.UTF_8));
    }
    ScannedTexts scanned = scan("in");
    assertThat(scanned.agents()).containsExactly("ward-1", "ward-2", "ward-3", "ward-4");
    assertThat(scanned.vocabulary()).isEqualTo(Vocabulary.characters("\nabcdeé".codePoints()));
    assertThat(texts(scanned)).containsExactly("|ab|cab|", "|bad\n|", "|bee|", "|dé|");
    assertThat(scanned.report())
        .containsEntry("texts", 5L)
        .containsEntry("characters", 14L)
        .containsEntry("tokens", 23L);
    assertThat(scanned.report().get(RowSource.INPUTS))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(5);
    assertThat(scanned.words())
        .isEqualTo(
            "5 texts with 14 characters, read from 5 files; 23 tokens of 8 kinds (characters)");
    assertThat(texts(scan("in/ward-*"))).isEqualTo(texts(scanned));
    assertThat(scan("in").digest()).isEqualTo(scanned.digest());
    write("in/ward-2.txt", "dab\n");
    assertThat(scan("in").digest()).isNotEqualTo(scanned.digest());
  }

  @Test
  void aFileIsDealtInContiguousPieces() throws IOException {
    write("all.txt", "abcdé\uD83D\uDE00gh");
    ScannedTexts scanned = scan("all.txt", "data.deal.agents = 3");
    assertThat(scanned.agents()).containsExactly("0", "1", "2");
    assertThat(texts(scanned)).containsExactly("|ab", "cdé", "\uD83D\uDE00gh|");
    assertThat(texts(scan("all.txt", "data.deal.agents = 1, model.vocabulary = pairs")))
        .containsExactly(
            "|abcdé\uD83D\uDE00gh|"
                .replace("é", "\uFFFD\uFFFD")
                .replace("\uD83D\uDE00", "\uFFFD".repeat(4)));
    assertThatThrownBy(() -> scan("all.txt", "data.deal.agents = 9"))
        .hasMessage(
            "data.deal.agents is 9; %s has only 8 characters to deal. Ask for fewer agents."
                .formatted(dir.resolve("all.txt")));
    assertThatThrownBy(() -> scan("all.txt"))
        .hasMessageContaining("which is one file. Give a folder with an entry for each agent");
  }

  @Test
  void aTableHasATextInEachRow() throws IOException {
    write(
        "t/1.csv",
        """
        who,q,n,a
        bob,bed,1,"two, or
        three"
        ann,ward,2,one
        bob,dose,3,"""
            + "\"\"\"x\"\"\"\n");
    String table = "data { agent = who, text = a, prompt = q }";
    ScannedTexts scanned = scan("t", table);
    assertThat(scanned.agents()).containsExactly("ann", "bob");
    assertThat(texts(scanned)).containsExactly("|WARDone|", "|BEDtwo, or\nthree|DOSE\"x\"|");
    assertThat(texts(scan("t", "data { agent = who, text = a }"))).first().isEqualTo("|one|");

    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message t { required binary who (STRING); required binary q (STRING);"
                + " required binary a (STRING); }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                new org.apache.hadoop.fs.Path(dir.resolve("p.parquet").toString()))
            .withType(schema)
            .withConf(spark.hadoopConfiguration())
            .build()) {
      Group row = new SimpleGroupFactory(schema).newGroup();
      writer.write(row.append("who", "eve").append("q", "bed").append("a", "trois é"));
    }
    assertThat(texts(scan("p.parquet", table))).containsExactly("|BEDtrois é|");

    write("bad.csv", "who,q,a\nann,x,one\nbob,y,\n");
    assertThatThrownBy(() -> scan("bad.csv", table))
        .hasMessage(
            "%s:3: there is no text. Put one there, or take it out."
                .formatted(dir.resolve("bad.csv")));
    assertThatThrownBy(() -> scan("bad.csv", "data { agent = who, text = aa }"))
        .hasMessageStartingWith("data.text names the column 'aa', which ")
        .hasMessageContaining("maybe 'a' is meant");
  }

  @Test
  void pairsAreTheSameWhateverTheFiles() throws IOException {
    for (int k = 0; k < 6; k++) {
      write("x/" + k + ".txt", "bed " + k + ": slept well, given aspirin. ".repeat(k + 1));
      write("y/" + (9 - k) + ".txt", "bed " + k + ": slept well, given aspirin. ".repeat(k + 1));
    }
    String pairs = "model.vocabulary { name = pairs, size = 280 }";
    ScannedTexts x = scan("x", pairs);
    assertThat(x.vocabulary()).isEqualTo(scan("y", pairs).vocabulary());
    assertThat(x.vocabulary().size()).isEqualTo(280);
    assertThat(texts(x).get(1)).startsWith("|bed 1: slept well").endsWith(". |");
    assertThat(told).isEmpty();
    scan("x", "model.vocabulary { name = pairs, size = 9000 }");
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("model.vocabulary.size is 9000; there are");
  }

  /** What of words leaves the processes that read files. */
  @Test
  void wordsAreSummedAndRareOnesDropped() throws IOException {
    write("in/a.txt", "bed bed Lindow slept slept");
    write("in/b.txt", "bed Kolm slept Ospin");
    TextFiles source = source(null, "in", "model.vocabulary = pairs");
    assertThat(source.words(source.parts(), source.documents()).counts())
        .isEqualTo(Map.of("bed", 2L, " slept", 3L));
    write("in/b.txt", "bed Lindow");
    assertThat(source.words(source.parts(), source.documents()).counts())
        .containsEntry(" Lindow", 2L);
    write("in/c.txt", "");
    assertThatThrownBy(() -> source.scan(told::add))
        .hasMessage(dir.resolve("in/c.txt") + ": there is no text. Put one there, or take it out.");
    assertThat(told).isEmpty();
  }

  @Test
  void anEarlierVocabularyIsKept() throws IOException {
    write("in/a.txt", "abba");
    write("in/b.txt", "ab\nacb");
    Vocabulary more = Vocabulary.characters("abcd\n".codePoints());
    assertThat(source(more, "in").scan(told::add).vocabulary()).isEqualTo(more);
    assertThatThrownBy(
            () -> source(Vocabulary.characters("ab\n".codePoints()), "in").scan(told::add))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "%s: line 2, character 2 is 'c' (U+0063), which".formatted(dir.resolve("in/b.txt")));
  }

  @Test
  void whatIsNotUtf8IsRefusedByItsByte() throws IOException {
    write("in/a.txt", "fine");
    Files.write(
        Files.createDirectories(dir.resolve("in/b")).resolve("1"),
        "abé\u00ff".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> scan("in"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "%s is not UTF-8: byte 2, counted from 0, is part of no character. Save it as UTF-8."
                .formatted(dir.resolve("in/b/1")));
  }

  @Test
  void foldersThatAreNotAsTheyShouldBeAreRefused() throws IOException {
    assertThatThrownBy(() -> scan("nothing"))
        .hasMessageContaining("there is nothing at")
        .hasMessageEndingWith("for each agent there; make-data writes what data.make names.");
    assertThatThrownBy(() -> scan("nothing", "data.make = scribes"))
        .hasMessageEndingWith("make-data writes what data.make names.");
    Files.createDirectories(dir.resolve("empty"));
    assertThatThrownBy(() -> scan("empty")).hasMessageContaining("the folder is empty.");
    write("twice/a.txt", "x");
    write("twice/a/1", "y");
    assertThatThrownBy(() -> scan("twice"))
        .hasMessageContaining("a and a.txt are both of the agent 'a'. Rename one");
    write("void/a.txt", "x");
    write("void/b.txt", "");
    assertThatThrownBy(() -> scan("void"))
        .hasMessage(
            dir.resolve("void/b.txt") + ": there is no text. Put one there, or take it out.");
    Files.createDirectories(dir.resolve("hollow/a"));
    assertThatThrownBy(() -> scan("hollow"))
        .hasMessageContaining("holds no text of the agent 'a'.");
  }

  @ParameterizedTest
  @CsvSource({"abc, 'the text of the agent'", "abcdef, in/a.txt"})
  void aTextThatChangesDuringTheRunIsRefused(String now, String complaint) throws IOException {
    write("in/a.txt", "abcde");
    write("in/b.txt", "fgh");
    ScannedTexts scanned = scan("in");
    write("in/a.txt", now);
    assertThatThrownBy(() -> scanned.shards().load(new int[] {0, 1}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(complaint)
        .hasMessageContaining("has changed since the run began.");
    assertThat(scanned.shards().load(new int[] {1})[0].count()).isEqualTo(5);
  }
}
