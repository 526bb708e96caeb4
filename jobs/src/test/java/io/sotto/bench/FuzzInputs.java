package io.sotto.bench;

import io.sotto.bench.Spoiling.Form;
import io.sotto.cli.Rehearsal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.spark.sql.SparkSession;

/**
 * A small problem in a folder, in every form in which Sotto reads one, for {@link Fuzz} to spoil.
 */
final class FuzzInputs {
  /** Where the checkpoint of the output {@code results/out} is. */
  static final String CHECKPOINT = "results/.out.checkpoint";

  private static final long TICKS_BEFORE_CHECKPOINT = 8;

  private static final String ROWS =
      """
      who,y,a,b,c,t,e,w
      ann,0,0.5,1,red,3,1,1
      bob,1,1.5,3,blue,5,0,2
      cid,0,2.5,2,red,8,1,1
      ann,1,3.5,5,blue,2,1,1
      bob,0,4.5,4,green,9,0,3
      cid,1,-5.5,0,red,4,1,1
      ann,0,0.25,7,green,6,1,1
      bob,1,1e-3,3,blue,7,1,0.5
      cid,0,-2.5,6,red,1,0,1
      ann,1,12,2,blue,5,1,1
      bob,0,4.75,1,green,3,1,2
      cid,1,6,0,red,2,1,1
      """;

  private static final String QUOTED =
      """
      "who","y","a","b","c","t","e","w"
      "ann","0","0.5","1","red, ""dark""\nand old",3,1,1
      bob,1,,3,NA,5,0,2
      "cid","0",2.5,2,,8,1,1
      ann,1,3.5,5,blue,2,1,1
      bob,0,4.5,4,red,9,0,3
      cid,1,-5.5,0,red,4,1,1
      """;

  private static final String SPARSE =
      """
      +1 1:0.5 3:1
      -1 2:1.5 3:2
      +1 1:2.5
      -1 1:-3.5 2:4 3:0.25
      +1 2:1 # noted
      -1 3:7
      """;

  private static final String BASE =
      """
      data { path = "DIR/rows.csv", label = y, agent = who }
      problem { loss = logistic, l2 = 0.01 }
      algorithm.step.initial = 1
      engine { name = local, cells = 2 }
      stop { max-ticks = 20, check-every = 4, deadline = 1h }
      seed = 7
      """;

  private static final List<String> TABLES =
      List.of(
          BASE,
          """
          data { path = "DIR/rows.csv", agent = who, missing = mean, missing-indicator = true }
          problem { loss = squared, formula = "b ~ a * c + log(w) + poly(t, 2)" }
          inference {}
          """,
          """
          data { path = "DIR/rows.csv", agent = who, features = [a, b] }
          survival { time = t, event = e, intervals = 3 }
          """,
          """
          data {
            path = "DIR/rows.csv", label = c, deal { agents = 2, by = label }, features = [a, b]
            bad-rows = skip, rejected-values = shown, weight = w
          }
          problem { loss = softmax, l2 = [0.1, 0.01] }
          selection { by = held-out, share = 0.3 }
          """);

  private static final List<String> LIBSVM =
      List.of(
          """
          data { path = "DIR/rows.svm", format = libsvm, deal.agents = 2 }
          problem { loss = logistic, l2 = 0.01 }
          algorithm.step.initial = 1
          """,
          """
          data {
            path = "DIR/rows.svm", format = libsvm, deal.agents = 3, bad-rows = skip
            libsvm-index-base = 0, standardize = false
          }
          problem { loss = huber, l1 = 0.01 }
          """);

  private static final List<String> EDGES =
      List.of(
          BASE + "network { topology = edges, path = \"DIR/edges.csv\" }\n",
          BASE
              + """
              network { topology = edges, path = "DIR/edges.csv", directed = true }
              algorithm.name = subgradient-push
              """);

  private static final List<String> OTHERS =
      List.of(
          BASE
              + """
              problem.constraints = [
                { set = ball, radius = 2 }, { set = box, lower = -1, upper = [1, 2, 3], agents = [ann] }
              ]
              problem { class-weights { "1" = 2 }, group-lasso { weight = 0.1, groups = [[a, b]] } }
              data.features = [a, b, t]
              clock { model = bernoulli, rates { ann = 0.1 }, offline { rate = 0.1, duration = 5 } }
              network { topology = complete, loss = 0.1, delay { model = constant, ticks = 2 } }
              """,
          BASE + "privacy { protect = rows, epsilon = 4 }\ndata.features = [a]\n",
          BASE + "privacy { protect = sums }\nalgorithm.name = secure-newton\n",
          BASE
              + """
              data.units = "DIR/units.csv", data.standardize = false, data.features = [a, b]
              disclosure { min-rows = 1, min-cell = 1, max-parameters = 10 }
              stop.deadline = "06:30 Europe/Berlin", zone = Europe/Berlin
              checkpoint { every = 1h, keep = 3 }
              output { permissions = "rwxr-x---", per-agent = false, wait = 0s }
              """,
          """
          data { path = "DIR/texts", format = text }
          model { vocabulary = characters, width = 8, layers = 1, heads = 2, window = 8 }
          privacy.protect = none
          stop { max-ticks = 3, tolerance = 0, disagreement = 0 }
          """);

  private final SparkSession spark;
  private final Path dir;
  private byte[] table = {};

  /**
   * @param dir an empty folder
   */
  FuzzInputs(SparkSession spark, Path dir) {
    this.spark = spark;
    this.dir = dir;
  }

  /** What stands after each configuration, so that nothing is read or written elsewhere. */
  List<String> overrides() {
    return List.of("output.path=" + dir.resolve("results/out"));
  }

  /** Writes the problem, and says what of it can be spoilt. */
  List<FuzzKind> write() throws IOException {
    Files.createDirectory(dir.resolve("results"));
    Files.createDirectory(dir.resolve("texts"));
    Files.writeString(dir.resolve("texts/ann.txt"), "one may smile, and smile, and be a villain\n");
    Files.writeString(
        dir.resolve("texts/bob.txt"), "the rest is silence; good night, sweet prince\n");
    Files.createFile(
        dir.resolve("secret"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(dir.resolve("secret"), "thirty-two bytes that are no secret");
    List<byte[]> tables = parquetFiles();
    table = tables.get(0);
    restore();
    List<String> all =
        Stream.of(TABLES, LIBSVM, parquet(TABLES), EDGES, OTHERS)
            .flatMap(List::stream)
            .map(this::here)
            .toList();
    Map<String, byte[]> checkpoint = checkpoint();
    return List.of(
        new FuzzKind("configurations", Form.HOCON, "x.conf", texts(all), List.of(""), Map.of()),
        kind("csv", Form.CSV, "rows.csv", texts(List.of(ROWS, QUOTED)), TABLES),
        kind(
            "libsvm",
            Form.LIBSVM,
            "rows.svm",
            texts(List.of(SPARSE, "1 0:1\n0 1:2\n1 0:3\n0 2:1\n1 1:5\n0 0:2 2:3\n")),
            LIBSVM),
        kind("Parquet", Form.PARQUET, "rows.parquet", tables, parquet(TABLES)),
        kind("edge lists", Form.CSV, "edges.csv", edges(), EDGES),
        kind(
            "secrets",
            Form.BYTES,
            "secret",
            texts(List.of("thirty-two bytes that are no secret", "0123456789abcdef")),
            List.of(BASE + "privacy.secret = \"DIR/secret\"\n")),
        new FuzzKind(
            "checkpoints", Form.BYTES, CHECKPOINT, List.of(), List.of(here(saved())), checkpoint));
  }

  /** Writes files as they should be. */
  void restore() throws IOException {
    Files.writeString(dir.resolve("units.csv"), "feature,mean,deviation\na,1,2\nb,0.5,1e-1\n");
    Files.writeString(dir.resolve("rows.csv"), ROWS);
    Files.writeString(dir.resolve("rows.svm"), SPARSE);
    Files.writeString(dir.resolve("edges.csv"), "src,dst\nann,bob\nbob,cid\ncid,ann\n");
    Files.write(dir.resolve("rows.parquet"), table);
  }

  private FuzzKind kind(
      String name, Form form, String file, List<byte[]> valid, List<String> confs) {
    return new FuzzKind(name, form, file, valid, confs.stream().map(this::here).toList(), Map.of());
  }

  private static String saved() {
    return BASE + "privacy.secret = fresh\nnetwork.delay { model = constant, ticks = 2 }\n";
  }

  private static List<byte[]> edges() {
    return texts(
        List.of(
            "src,dst\nann,bob\nbob,cid\ncid,ann\n",
            "src,dst,weight\nann,bob,0.3\nbob,cid,0.25\n\"cid\",ann,1e-1\n",
            "src,dst,delay\r\nann,bob,1\r\nbob,cid,2\r\ncid,ann,0\r\n"));
  }

  private static List<String> parquet(List<String> confs) {
    return confs.stream()
        .map(conf -> conf.replace("rows.csv\"", "rows.parquet\", format = parquet"))
        .toList();
  }

  private static List<byte[]> texts(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private String here(String text) {
    return text.replace("DIR", dir.toString());
  }

  /** The same rows as Parquet, in three ways to write it. */
  private List<byte[]> parquetFiles() throws IOException {
    String plain =
        """
        message rows { required binary who (STRING); required int32 y; optional double a;
          required int64 b; optional binary c (STRING); required double t; required int32 e;
          required double w; }
        """;
    String rare =
        """
        message rows { optional binary who (STRING); required boolean y; optional float a;
          required int64 b (DECIMAL(12,2)); optional binary c (STRING);
          required int64 t (TIMESTAMP(MILLIS,true)); required int32 e (INTEGER(8,true));
          required double w; repeated double more; }
        """;
    return List.of(
        parquet(
            plain, CompressionCodecName.UNCOMPRESSED, ParquetProperties.WriterVersion.PARQUET_1_0),
        parquet(plain, CompressionCodecName.SNAPPY, ParquetProperties.WriterVersion.PARQUET_2_0),
        parquet(rare, CompressionCodecName.GZIP, ParquetProperties.WriterVersion.PARQUET_1_0));
  }

  private byte[] parquet(
      String layout, CompressionCodecName codec, ParquetProperties.WriterVersion version)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType(layout);
    Path file = dir.resolve("made.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
            .withType(schema)
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .withDictionaryEncoding("c", true)
            .build()) {
      for (String line : ROWS.lines().skip(1).toList()) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        String[] fields = line.split(",", -1);
        for (int column = 0; column < fields.length; column++) {
          put(row, schema.getType(column).asPrimitiveType(), fields[column]);
        }
        writer.write(row);
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.deleteIfExists(dir.resolve(".made.parquet.crc"));
    return bytes;
  }

  private static void put(Group row, PrimitiveType type, String field) {
    String name = type.getName();
    switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> row.append(name, field.equals("1"));
      case INT32 -> row.append(name, Integer.parseInt(field));
      case INT64 -> row.append(name, Long.parseLong(field));
      case FLOAT -> row.append(name, Float.parseFloat(field));
      case DOUBLE -> row.append(name, Double.parseDouble(field));
      default -> row.append(name, field);
    }
  }

  /** Two checkpoints of a run that died, by path from the folder. */
  private Map<String, byte[]> checkpoint() throws IOException {
    Path conf =
        Files.writeString(dir.resolve("x.conf"), here(saved()) + "checkpoint.every = 1ns\n");
    Rehearsal.Outcome died = new Rehearsal(spark, TICKS_BEFORE_CHECKPOINT).run(conf, overrides());
    if (!Files.exists(dir.resolve(CHECKPOINT))) {
      throw new IllegalStateException("there is no checkpoint: " + died);
    }
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(dir.resolve(CHECKPOINT))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(dir.relativize(file).toString(), Files.readAllBytes(file));
        Files.delete(file);
      }
    }
    SpoiltCheckpoint.removeFolders(dir.resolve(CHECKPOINT));
    return files;
  }
}
