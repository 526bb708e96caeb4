package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each mistake that a person can make ends with exit code 2 and one message that says where, what
 * and what to do; no stack trace, and nothing written.
 */
class BadInputTest {
  /** Four rows of each of three agents; what is added by a case comes after it, or replaces it. */
  private static final String ROWS =
      """
      who,y,a,b
      ann,1,0.5,1
      bob,2,1.5,3
      cid,1,2.5,2
      ann,2,3.5,5
      bob,1,4.5,4
      cid,2,5.5,0
      """;

  @TempDir Path dir;

  /** What is added to the configuration, from line 6 on, and parts of the one message. */
  static Stream<Arguments> configurations() {
    return Stream.of(
        key("stop { max-tick = 5 }", "DIR/x.conf:6", "stop.max-tick; maybe stop.max-ticks"),
        key("clock.rate = 1.5", "DIR/x.conf:6", "clock.rate is 1.5"),
        key("algorithm.step.exponent = 0.5", "DIR/x.conf:6", "algorithm.step.exponent is 0.5"),
        key("stop.max-ticks = 0", "DIR/x.conf:6", "stop.max-ticks is 0"),
        key("stop.check-every = 0", "DIR/x.conf:6", "stop.check-every is 0"),
        key("stop.deadline = 5", "DIR/x.conf:6", "stop.deadline is 5"),
        key("problem.l2 = -1", "DIR/x.conf:6", "problem.l2 is -1"),
        key("engine.ticks-per-superstep = 0", "DIR/x.conf:6", "ticks-per-superstep is 0"),
        key("engine.cells = 0", "DIR/x.conf:6", "engine.cells is 0"),
        key("engine.cells = 4", "engine.cells is 4 with 3 agents", "between 1 and"),
        key("data { path = x ]", "DIR/x.conf:6", "not HOCON"),
        key("include required(file(\"DIR/more.conf\"))", "DIR/x.conf", "DIR/more.conf"),
        key("include \"more.conf\"", "DIR/x.conf", "more.conf"),
        key("data.agent = null", "neither data.agent nor data.deal", "give the column"),
        key("data.deal.agents = 2", "DIR/x.conf:1", "data.agent is 'who'; data.deal"),
        key("data.agent = null, data.deal.agents = 7", "data.deal.agents is 7", "only 6 rows"),
        key("data.label = z", "data.label", "'z'"),
        key("data.agent = whom", "data.agent", "'whom', which", "maybe 'who' is meant"),
        key("data.features = [a, bb]", "data.features", "'bb', which", "maybe 'b' is meant"),
        key("data.positive = 3", "data.positive is '3'", "'1' and '2'"),
        key("data.path = \"DIR/absent.csv\"", "data.path is 'DIR/absent.csv'", "no such file"),
        key("data.path = \"DIR/*.txt\"", "data.path is 'DIR/*.txt'", "no such file"),
        key("data.path = \"nosuch://host/rows.csv\"", "data.path", "nosuch://host/rows.csv"),
        key("data.path = \"a:b\"", "data.path is 'a:b'"),
        key("output.path = \"nosuch://host/out\"", "output.path", "nosuch://host/out"),
        key("data.format = libsvm", "data.label is 'y'", "leave it out"),
        key(
            "data { format = libsvm, label = null, agent = null, deal.agents = 2 }",
            "DIR/rows.csv:1",
            "the label is no finite number"),
        key("data.format = parquet", "DIR/rows.csv is not Parquet", "data.format"),
        key("problem.loss = logistics", "problem.loss is 'logistics'", "maybe 'logistic'"),
        key("problem.loss = softmx", "problem.loss is 'softmx'", "maybe 'softmax'"),
        key(
            "problem.loss = com.example.Mine",
            "'com.example.Mine'; the class cannot be found",
            "--jars"),
        key("problem.loss = java.lang.String", "is no io.sotto.problem.Loss"),
        key("problem.objective = com.example.Mine", "problem.loss is given, too"),
        key("problem.class-weights { 3 = 2 }", "the label '3', which no row has", "'1' is meant"),
        key("problem.class-weights { 1 = -1 }", "DIR/x.conf:6", "problem.class-weights.1 is -1"),
        key("problem.group-lasso { weight = 1, groups = [[a, c]] }", "'c', which", "'a' is meant"),
        key("problem.group-lasso { weight = 1, groups = [[a], [b, a]] }", "'a' is in another"),
        key("problem.group-lasso.weight = 1", "groups is empty", "name groups"),
        key("data.weight = c", "data.weight", "'c', which", "It has: who, y, a, b"),
        key("data.weight = y", "DIR/x.conf:6", "data.weight is 'y'", "two columns"),
        key("data { offset = a }, problem.loss = softmax", "data.offset is 'a'", "leave it out"),
        set("{ set = polyhedron, matrix = [[1, 0], [-1, 0]], offset = [0, -1] }", "contradicts"),
        key("algorithm.name = sync", "algorithm.name is 'sync'", "Known: async-projected"),
        key("network.weights = uniform", "network.weights is 'uniform'", "maybe '"),
        key("network.topology = rings", "network.topology is 'rings'", "maybe 'ring' is"),
        key("network { topology = regular }", "network.degree is missing"),
        key("network { topology = regular, degree = 3 }", "network.degree is 3"),
        key("network { topology = edges }", "network.path is missing"),
        key("network { topology = edges, path = \"DIR/e.csv\" }", "network.path is 'DIR/e.csv'"),
        key("clock.rates { dan = 0.1 }", "clock.rates", "'dan', who holds no rows", "maybe"),
        key("clock.rates { ann = 0 }", "DIR/x.conf:6", "clock.rates.ann is 0"),
        set("{ set = bal, radius = 1 }", "constraints[0].set is 'bal'", "maybe 'ball' is meant"),
        set("{ set = ball, radius = 1, agents = [dan] }", "constraints[0].agents", "'dan', who"),
        set("{ set = ball, radius = -1 }", "constraints[0].radius is -1", "must be 0 or more"),
        set("{ set = ball, raduis = 1 }", "DIR/x.conf:6", "constraints[0].raduis", "radius"),
        set("{ set = ball, radius = 1, center = [1, 2, 3] }", "constraints[0]", "3 numbers", "2 c"),
        set("{ set = box, lower = 1, upper = 0 }", "constraints[0].lower is 1", "upper"),
        set("{ set = box, lower = [0, 2], upper = 1 }", "constraints[0].lower[1] is 2", "upper"),
        set("{ set = box, lower = [0, 0, 0], upper = 1 }", "constraints[0]", "3 numbers"),
        set("{ set = l1-ball, radius = -2 }", "constraints[0].radius is -2"),
        set("{ set = simplex, total = 0 }", "constraints[0].total is 0"),
        set("{ set = halfspace, normal = [0, 0], offset = 1 }", "constraints[0].normal is"),
        set("{ set = affine, matrix = [[1, 2], [3]], offset = [0, 0] }", "constraints[0].matrix"),
        set(
            "{ set = ball, radius = 1 }, { set = halfspace, normal = [1, 0], offset = -2 }",
            "problem.constraints was found empty"),
        set(
            "{ set = box, upper = 0, agents = [ann] }, { set = box, lower = 1, agents = [bob] }",
            "problem.constraints"),
        set(
            "{ set = affine, matrix = [[1, 1], [1, 1]], offset = [0, 1] }",
            "constraints[0].offset"));
  }

  private static Arguments key(String added, String... parts) {
    return arguments(added, List.of(parts));
  }

  private static Arguments set(String sets, String... parts) {
    return key("problem.constraints = [ " + sets + " ]", parts);
  }

  @ParameterizedTest
  @MethodSource
  void configurations(String added, List<String> parts) {
    Cli.write(dir.resolve("rows.csv"), ROWS);
    Small.in(dir).optimize(added).isRefusedWith(parts);
  }

  static Stream<Arguments> csvFiles() {
    return Stream.of(
        rows("ann,1,x,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,0.5,NaN", "DIR/rows.csv:8", "'b' is no finite number."),
        rows("ann,1,0.5,nan", "DIR/rows.csv:8", "'b' is no finite number."),
        rows("ann,1,Infinity,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,-inf,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,1e999,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,1f,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,0x10p1,1", "DIR/rows.csv:8", "'a' is no finite number."),
        rows("ann,1,0.5", "DIR/rows.csv:8", "it has 3 fields, the header 4"),
        rows("ann,1,0.5,1,2", "DIR/rows.csv:8", "it has 5 fields, the header 4"),
        rows("\n\nann,1,0.5,", "DIR/rows.csv:10", "'b' is no finite number."),
        rows("ann,\"1\n\",2,1\nann,1,x,1", "DIR/rows.csv:10", "'a' is no finite number."),
        rows(" ,1,0.5,1", "DIR/rows.csv:8", "'who' is empty"),
        rows("ann,,0.5,1", "DIR/rows.csv:8", "'y' is empty"),
        rows("ann,NaN,0.5,1", "DIR/rows.csv:8", "the label is no finite number"),
        rows(
            "ann,3,0.5,1",
            "two classes",
            "are more: first at DIR/rows.csv:2, DIR/rows.csv:3, DIR/rows.csv:8"),
        rows("ann,\"1,0.5,1", "DIR/rows.csv:8", "never closed"),
        both(
            ROWS + "ann,1,x,1\n",
            "data.rejected-values = shown",
            "DIR/rows.csv:8",
            "'a' is no finite number: 'x'."),
        both(
            ROWS + "ann,3,0.5,1\n",
            "data.rejected-values = shown",
            "'3' (first at DIR/rows.csv:8)"),
        file("", "DIR/rows.csv is empty"),
        file("who,y,a,b\n", "DIR/rows.csv holds no row"),
        file("who,y,a,b\nann,1,NaN,2\n", "DIR/rows.csv:2", "'a' is no finite number."),
        file("who,y,a,b\nann,1,x,y\n", "DIR/rows.csv: no column", "data.features"),
        file("who,y,a,a\nann,1,1,2\n", "DIR/rows.csv:1", "two columns are named 'a'"),
        file("who,y,a,b\nann,1,1,2\nbob,1,3,4\n", "one class only: first at DIR/rows.csv:2"),
        both(
            ROWS + "ann,two,1,2\n",
            "problem.loss = squared",
            "rows.csv:8",
            "the label is no finite number"),
        both(
            ROWS + "ann,-1,1,2\n",
            "problem.loss = poisson",
            "rows.csv:8",
            "the label is below 0",
            "counts"));
  }

  private static Arguments rows(String added, String... parts) {
    return file(ROWS + added + "\n", parts);
  }

  private static Arguments file(String csv, String... parts) {
    return both(csv, "", parts);
  }

  private static Arguments both(String file, String added, String... parts) {
    return arguments(file, added, List.of(parts));
  }

  @ParameterizedTest
  @MethodSource
  void csvFiles(String csv, String added, List<String> parts) {
    Cli.write(dir.resolve("rows.csv"), csv);
    Small.in(dir).optimize(added).isRefusedWith(parts);
  }

  static Stream<Arguments> libsvmFiles() {
    String good = "1 1:0.5 2:1\n# a comment\n-1 2:2\n";
    return Stream.of(
        file(good + "1 2:1 2:3\n", "DIR/rows.csv:4", "the index of entry 2 does not ascend."),
        file(good + "1 2:1 1:3\n", "DIR/rows.csv:4", "the index of entry 2 does not ascend."),
        file(good + "1 -1:1\n", "DIR/rows.csv:4", "entry 1 is no index:value with"),
        file(good + "1 1.5:1\n", "DIR/rows.csv:4", "entry 1 is no index:value with"),
        file(good + "1 3000000000:1\n", "DIR/rows.csv:4", "entry 1 is no index:value with"),
        file(good + "1 2\n", "DIR/rows.csv:4", "entry 1 is no index:value with"),
        file(good + "1 1:x\n", "DIR/rows.csv:4", "the value of entry 1 is no finite number."),
        file(good + "1 1:NaN\n", "DIR/rows.csv:4", "the value of entry 1 is no finite number."),
        file(good + "x 1:1\n", "DIR/rows.csv:4", "the label is no finite number."),
        file(good + "2 1:1\n", "two classes", "are more: first at", "DIR/rows.csv:4"),
        file("1\n-1\n", "data.path is 'DIR/rows.csv'", "no entries"),
        file("1 1:1\n1 2:1\n", "one class only: first at DIR/rows.csv:1"),
        both(
            good + "1 0:1\n",
            "data.libsvm-index-base = 1",
            "data.libsvm-index-base is 1",
            "there is an index 0"));
  }

  @ParameterizedTest
  @MethodSource
  void libsvmFiles(String text, String added, List<String> parts) {
    Cli.write(dir.resolve("rows.csv"), text);
    Small.in(dir)
        .optimize("data { format = libsvm, label = null, agent = null, deal.agents = 2 }\n" + added)
        .isRefusedWith(parts);
  }

  /** Files that are wrong where {@code MARK} stands, with what is added to the configuration. */
  static Stream<Arguments> marked() {
    String libsvm = "data { format = libsvm, label = null, agent = null, deal.agents = 2 }";
    return Stream.of(
        arguments(ROWS + "ann,1,MARK,1\n", ""),
        arguments(ROWS + "ann,1,1,MARK,1\n", ""),
        arguments(ROWS + "ann,MARK,1,1\n", ""),
        arguments(ROWS + "ann,MARK,1,1\n", "problem.loss = squared"),
        arguments(ROWS + "ann,1,1,1\nann,1,1,\"MARK\n", ""),
        arguments(ROWS + "ann,1,1,\"1\"MARK\n", ""),
        arguments("who,y,a,b\nann,MARK,1,2\nbob,MARK,3,4\n", ""),
        arguments("who,y,a,b\nann,1,MARK,MARK\nann,2,MARK,MARK\n", ""),
        arguments("ann,MARK,1,2\nbob,MARK,1,4\n", ""),
        arguments("ann;MARK;1;2\nbob;MARK;1;4\n", ""),
        arguments("1 1:1 2:2\n1 1:MARK\n", libsvm),
        arguments("1 1:1 2:2\nMARK 1:1\n", libsvm),
        arguments("1 1:1 2:2\n1 MARK\n", libsvm),
        arguments(ROWS + "ann,1,1,MARK", "data.format = parquet"));
  }

  @ParameterizedTest
  @MethodSource
  void marked(String file, String added) {
    String mark = "q7"; // short enough for the four bytes that Parquet shows of a foreign file
    Cli.write(dir.resolve("rows.csv"), file.replace("MARK", mark));
    Small.Attempt attempt = Small.in(dir).optimize(added);
    attempt.isRefusedWith(List.of("rows.csv"));
    assertThat(attempt.outcome().toString()).doesNotContain(mark);
  }

  static Stream<Arguments> edgeLists() {
    return Stream.of(
        edges("src,dst\nann,bob\nbob,dan\n", "DIR/edges.csv:3", "agent 'dan' holds no rows"),
        edges("src,dst\nann,bob\n", "network.path is 'DIR/edges.csv'", "agent 'cid' holds rows"),
        edges(
            "src,dst\nann,bob\ncid,cid\n",
            "network.path is 'DIR/edges.csv'",
            "in two parts: agent cid cannot be reached from agent ann"),
        edges("from,to\nann,bob\n", "DIR/edges.csv:1", "header is from,to", "src,dst"),
        edges("src,dst\nann\n", "DIR/edges.csv:2", "it has 1 fields, the header 2"),
        edges("src,src,dst\nann,bob,cid\n", "DIR/edges.csv", "src"),
        edges("", "network.path is 'DIR/edges.csv'", "has no link"),
        edges("src,dst,weight\nann,bob,0.2\nbob,cid,x\n", "DIR/edges.csv:3", "weight is 'x'"),
        edges("src,dst,weight\nann,bob,0.2\nbob,cid,0\n", "DIR/edges.csv:3", "weight is '0'"),
        edges(
            "src,dst,weight\nann,bob,0.7\nbob,cid,0.6\n",
            "network.path is 'DIR/edges.csv'",
            "agent bob gives to others sum to 1.3"),
        edges(
            "src,dst,weight\nann,bob,0.2\nbob,cid,0.2\ncid,bob,0.3\n",
            "network.path is 'DIR/edges.csv'",
            "between agent cid and agent bob is 0.3"));
  }

  private static Arguments edges(String csv, String... parts) {
    return arguments(csv, List.of(parts));
  }

  @ParameterizedTest
  @MethodSource
  void edgeLists(String csv, List<String> parts) {
    Cli.write(dir.resolve("rows.csv"), ROWS);
    Cli.write(dir.resolve("edges.csv"), csv);
    Small.in(dir)
        .optimize("network { topology = edges, path = \"DIR/edges.csv\" }")
        .isRefusedWith(parts);
  }

  @Test
  void anExistingOutputIsRefusedBeforeAnythingIsRead() {
    Path there = Cli.write(dir.resolve("there"), "what was there");
    Small.in(dir)
        .optimize("output.path = \"DIR/there\"")
        .isRefusedWith(
            List.of("output.path is 'DIR/there', which exists", "output.overwrite = true"));
    assertThat(there).hasContent("what was there");
  }

  @Test
  void anOutputThatIsNoResultOrHoldsTheInputIsRefusedAlsoWithOverwrite() throws IOException {
    Path rows = Cli.write(dir.resolve("rows.csv"), ROWS);
    Small.in(dir)
        .optimize("output.overwrite = true", "output.path=" + rows)
        .isRefusedWith(List.of("output.path is '" + rows + "', which is a file", "move it away"));
    Small.in(dir)
        .optimize("output.overwrite = true", "output.path=" + dir)
        .isRefusedWith(List.of("output.path is '" + dir + "', which holds", "Choose another"));
    assertThat(rows).hasContent(ROWS);
    Path earlier = dir.resolve("earlier");
    Files.createDirectories(earlier.resolve("trace"));
    Cli.write(earlier.resolve("run.json"), "{\"formatVersion\": 1, \"status\": \"settled\"}");
    Cli.write(earlier.resolve("trace/rows.csv"), ROWS);
    Small.in(dir)
        .optimize(
            "output.overwrite = true",
            "output.path=" + earlier,
            "data.path=" + earlier.resolve("trace/rows.csv"))
        .isRefusedWith(List.of("output.path is 'file:" + earlier, "holds the input"));
  }

  @Test
  void anOutputThatCannotBeWrittenIsAFaultOfTheEnvironment() {
    Cli.write(dir.resolve("rows.csv"), ROWS);
    Cli.Outcome outcome = Small.in(dir).optimize("", "output.path=/proc/nope/out").outcome();
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.complaints()).hasSize(1);
    assertThat(outcome.err()).contains("output.path is '/proc/nope/out', which cannot be written");
  }

  /** What is done to the bytes of a gzip file. */
  @ParameterizedTest
  @ValueSource(strings = {"cut", "damaged", "not gzip"})
  void gzipThatIsNotWholeIsRefused(String how) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write((ROWS + "ann,1,0.25,3\n".repeat(1000)).getBytes(StandardCharsets.UTF_8));
    }
    byte[] stored = bytes.toByteArray();
    if (how.equals("damaged")) {
      stored[stored.length - 6] ^= 1; // of its checksum
    }
    Files.write(
        dir.resolve("rows.csv.gz"),
        how.equals("cut")
            ? Arrays.copyOf(stored, stored.length - 20)
            : how.equals("damaged") ? stored : new byte[] {0x1f, (byte) 0x8b, 8, 9, 9});
    Small.in(dir)
        .optimize("data.path = \"DIR/rows.csv.gz\"")
        .isRefusedWith(List.of("rows.csv.gz cannot be decompressed", "cut off or damaged"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DIR/in/a:1.csv", "DIR/in/*.csv", "DIR/in"})
  void aNameThatHadoopCannotHoldIsRefused(String path) throws IOException {
    Files.createDirectory(dir.resolve("in"));
    Cli.write(dir.resolve("in/a:1.csv"), ROWS);
    Small.in(dir)
        .optimize("data.path = \"" + path + "\"")
        .isRefusedWith(List.of("data.path is '" + path + "'", "colon", "Rename the file"));
  }

  @Test
  void aConfigurationThatIsNotThereIsRefused() {
    for (String file : List.of("absent.conf", "nosuch://host/x.conf", "a:b")) {
      Small.in(dir).run("optimize", file).isRefusedWith(List.of(file));
    }
  }

  @Test
  void aWordThatIsNoOverrideIsRefused() {
    Cli.write(dir.resolve("rows.csv"), ROWS);
    Small.in(dir).optimize("", "seed").isRefusedWith(List.of("command line: 'seed'", "key=value"));
    Small.in(dir)
        .optimize("", "sed=1")
        .isRefusedWith(List.of("command line: unknown key sed; maybe seed is meant"));
  }
}
