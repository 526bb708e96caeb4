package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigErrorsTest {
  private static final String OR_A_LIST =
      ", or a list of such numbers, such as [1e-3, 1e-2, 1e-1].";

  /** What is added to the minimal file from line 4 on, and the complaint. */
  static Stream<Arguments> lines() {
    String rate = "a number above 0, at most 1";
    String ball = "such as { set = ball, radius = 2 }";
    return Stream.of(
        arguments(
            "stop {\n max-tick = 5\n}",
            "x.conf:5: unknown key stop.max-tick; maybe stop.max-ticks is meant."),
        arguments(
            "privacy.mechanism = function",
            "x.conf:4: privacy.mechanism is 'function'; maybe 'none' is meant; known: none,"
                + " offsets, sums, rows, function-sharing, private-steps, differential-privacy."),
        arguments(
            "privacy.mechanism = differential-privacy",
            "x.conf: privacy.epsilon is missing; give it what the run may give away of one row,"
                + " such as 4."),
        arguments(
            "privacy.spread = 1.5",
            "x.conf:4: privacy.spread is 1.5; it must be a number above 0, at most 1."),
        arguments(
            "privacy.delta = 1",
            "x.conf:4: privacy.delta is 1; it must be a number above 0 and below 1."),
        arguments(
            "privacy.noise = 0",
            "x.conf:4: privacy.noise is 0; it must be auto or a number above 0."),
        arguments("l2 = 1", "x.conf:4: unknown key l2; maybe problem.l2 is meant."),
        arguments("sed = 1", "x.conf:4: unknown key sed; maybe seed is meant."),
        arguments("enigne { cells = 1 }", "x.conf:4: unknown key enigne; maybe engine is meant."),
        arguments("\"a.b\" = 1", "x.conf:4: unknown key \"a.b\"; maybe seed is meant."),
        arguments(
            "problem.constraints = [{ set = ball, radius = 2 }, { set = ball,\n raduis = 2 }]",
            "x.conf:5: unknown key problem.constraints[1].raduis; maybe"
                + " problem.constraints[1].radius is meant."),
        arguments(
            "engine = local",
            "x.conf:4: engine is 'local'; it must be a block in braces of name, cells,"
                + " ticks-per-superstep."),
        arguments(
            "clock.rates = 0.3", "x.conf:4: clock.rates is 0.3; it must be a block in braces."),
        arguments(
            "data.format = cvs",
            "x.conf:4: data.format is 'cvs'; maybe 'csv' is meant; known: csv, libsvm, parquet,"
                + " table, text, prompts."),
        arguments(
            "data.bad-rows = [skip]", "x.conf:4: data.bad-rows is [\"skip\"]; known: fail, skip."),
        arguments(
            "engine.name = grapx",
            "x.conf:4: engine.name is 'grapx'; maybe 'graphx' is meant; known: auto, local, graphx."),
        arguments("data.intercept = 1", "x.conf:4: data.intercept is 1; it must be true or false."),
        arguments("data.path = [a, b]", "x.conf:4: data.path is [\"a\",\"b\"]; it must be a text."),
        arguments(
            "data.features = a",
            "x.conf:4: data.features is 'a'; it must be a list of names, such as [a, b]."),
        arguments(
            "data.features = [a, a]",
            "x.conf:4: data.features is [\"a\",\"a\"]; it must not name anything twice."),
        arguments(
            "data.features = [a, y]",
            "x.conf:4: data.features is [\"a\",\"y\"]; it must not hold the label, y."),
        arguments(
            "data.agent = y",
            "x.conf:1: data.label is 'y'; data.agent is the same: they must be two columns."),
        arguments(
            "data.libsvm-index-base = 2",
            "x.conf:4: data.libsvm-index-base is 2; it must be 0, 1 or auto."),
        arguments(
            "data.deal.agents = 5",
            "x.conf:1: data.agent is 'who'; data.deal is given, too, and only one of them can be:"
                + " take one out, or empty it with data.agent= or data.deal=null on the command"
                + " line."),
        arguments(
            "data { agent = null }",
            "x.conf: neither data.agent nor data.deal is given; give the column that names the"
                + " holder of each row as data.agent, or deal the rows out with data.deal { agents"
                + " = 8 }."),
        arguments(
            "data { agent = null, deal { by = random } }",
            "x.conf: data.deal.agents is missing; give it the number of agents, such as 8."),
        arguments(
            "data { agent = null, deal { agents = 0 } }",
            "x.conf:4: data.deal.agents is 0; it must be a whole number from 1 on."),
        arguments(
            "data.label = null",
            "x.conf: data.label is missing; give it the name of the column of labels, or give problem.formula."),
        arguments(
            "data.format = libsvm",
            "x.conf:1: data.label is 'y'; columns of libsvm have no names: leave it out."),
        arguments(
            "data { format = libsvm, label = null, weight = w }",
            "x.conf:4: data.weight is 'w'; columns of libsvm have no names: leave it out."),
        arguments(
            "data.path = \"\"",
            "x.conf: data.path is missing; give it the URI of a file, folder or glob."),
        arguments(
            "output.path = null",
            "x.conf: output.path is missing; give it the URI of a folder for the results."),
        arguments(
            "output.permissions = rwxr-x",
            "x.conf:4: output.permissions is 'rwxr-x'; it must be what owner, group and others may do"
                + " with the folder, such as rwxr-x---; the owner has rwx."),
        arguments(
            "problem.loss = null",
            "x.conf: problem.loss is missing; give it a loss, such as logistic or squared."),
        arguments(
            "problem.l1 = -1",
            "x.conf:4: problem.l1 is -1; it must be a number from 0 on" + OR_A_LIST),
        arguments(
            "problem.l2 = some",
            "x.conf:4: problem.l2 is 'some'; it must be a number from 0 on" + OR_A_LIST),
        arguments(
            "problem.l2 = NaN",
            "x.conf:4: problem.l2 is 'NaN'; it must be a number from 0 on" + OR_A_LIST),
        arguments(
            "problem.l2 = \"1e999\"",
            "x.conf:4: problem.l2 is '1e999'; it must be a number from 0 on" + OR_A_LIST),
        arguments(
            "problem.huber-delta = 0",
            "x.conf:4: problem.huber-delta is 0; it must be a number above 0."),
        arguments(
            "problem.quantile-level = 1",
            "x.conf:4: problem.quantile-level is 1; it must be a number above 0 and below 1."),
        arguments(
            "problem.constraints = { set = ball }",
            "x.conf:4: problem.constraints is {\"set\":\"ball\"}; it must be a list [ ... ] of"
                + " blocks "
                + ball
                + "."),
        arguments(
            "problem.constraints = [ball]",
            "x.conf:4: problem.constraints[0] is 'ball'; it must be a block " + ball + "."),
        arguments(
            "problem.constraints = [{ radius = 2 }]",
            "x.conf:4: problem.constraints[0] is {\"radius\":2}; its set is missing or no name:"
                + " give it one, "
                + ball
                + "."),
        arguments(
            "problem.constraints = [{ set = nonnegative, agents = [] }]",
            "x.conf:4: problem.constraints[0].agents is []; name agents, or leave it out to bind"
                + " them all."),
        arguments("clock.rate = 0", "x.conf:4: clock.rate is 0; it must be " + rate + "."),
        arguments(
            "clock.rates = { a = 0.1\n b = 1.1 }",
            "x.conf:5: clock.rates.b is 1.1; it must be " + rate + "."),
        arguments(
            "clock.rates = { st. paul = 0.2 }",
            "x.conf:4: clock.rates.st is {\" paul\":0.2}; it must be "
                + rate
                + "; quote a name"
                + " that holds dots."),
        arguments(
            "clock.model = poisson\nclock.rate = 0",
            "x.conf:5: clock.rate is 0; it must be a number above 0."),
        arguments(
            "clock.offline.rate = 1",
            "x.conf:4: clock.offline.rate is 1; it must be a probability from 0 to below 1."),
        arguments(
            "clock.offline.duration = 0",
            "x.conf:4: clock.offline.duration is 0; it must be a whole number from 1 on."),
        arguments(
            "clock.offline.rates = { a = -0.1 }",
            "x.conf:4: clock.offline.rates.a is -0.1; it must be a probability from 0 to below 1."),
        arguments(
            "clock.offline.intervals = { a = 5 }",
            "x.conf:4: clock.offline.intervals.a is 5; it must be a list of first and last ticks, such as [[100, 200], [900, 950]]."),
        arguments(
            "clock.offline.intervals = { a = [[5]] }",
            "x.conf:4: clock.offline.intervals.a is [5]; it must be a list of first and last ticks, such as [[100, 200], [900, 950]]."),
        arguments(
            "clock.offline.intervals = { a = [[5, 4]] }",
            "x.conf:4: clock.offline.intervals.a is [5,4]; the last tick must not come before the first."),
        arguments(
            "clock.offline.intervals = { a = [[0, 4]] }",
            "x.conf:4: clock.offline.intervals.a is 0; it must be a whole number of ticks from 1 on."),
        arguments(
            "network.loss = 1",
            "x.conf:4: network.loss is 1; it must be a probability from 0 to below 1."),
        arguments(
            "network.link-rate = 0",
            "x.conf:4: network.link-rate is 0; it must be a probability above 0, at most 1."),
        arguments(
            "network.delay.model = uniforn",
            "x.conf:4: network.delay.model is 'uniforn'; maybe 'uniform' is meant; known: none, constant, uniform, per-edge."),
        arguments(
            "network.delay.ticks = -1",
            "x.conf:4: network.delay.ticks is -1; it must be a whole number from 0 to 100000."),
        arguments(
            "network.directed = true",
            "x.conf:4: network.directed is true; it takes an edge list: set network.topology = edges, or leave it out."),
        arguments(
            "network.schedule = [{ path = a, ticks = 1 }]",
            "x.conf:4: network.schedule is [{\"path\":\"a\",\"ticks\":1}]; it takes an edge list: set network.topology = edges, or leave it out."),
        arguments(
            "network.schedule = [{ path = a }]",
            "x.conf:4: network.schedule[0] is {\"path\":\"a\"}; it must be a block of path and ticks, such as { path = \"day.csv\", ticks = 100 }."),
        arguments(
            "network.schedule = [{ path = a, ticks = 1.5 }]",
            "x.conf:4: network.schedule[0].ticks is 1.5; it must be a whole number of ticks from 1 on."),
        arguments(
            "network.schedule = a",
            "x.conf:4: network.schedule is 'a'; it must be a list [ ... ] of blocks such as { path = \"day.csv\", ticks = 100 }."),
        arguments(
            "network { topology = edges, path = a, schedule = [{ path = a, ticks = 1 }] }",
            "x.conf:4: network.path is 'a'; network.schedule is given, too, and only one of them can be: take one out."),
        arguments(
            "algorithm.step.initial = 0",
            "x.conf:4: algorithm.step.initial is 0; it must be auto or a number above 0."),
        arguments(
            "algorithm.step.exponent = 0.5",
            "x.conf:4: algorithm.step.exponent is 0.5; it must be a number above 0.5, at most 1."),
        arguments(
            "engine.cells = 0",
            "x.conf:4: engine.cells is 0; it must be auto or a whole number from 1 on."),
        arguments(
            "engine.ticks-per-superstep = many",
            "x.conf:4: engine.ticks-per-superstep is 'many'; it must be auto or a whole number from"
                + " 1 on."),
        arguments(
            "stop.max-ticks = 1.5",
            "x.conf:4: stop.max-ticks is 1.5; it must be a whole number from 1 on."),
        arguments(
            "stop.check-every = 2147483648",
            "x.conf:4: stop.check-every is 2147483648; it must be auto or a whole number from 1 on."),
        arguments(
            "stop.deadline = 4",
            "x.conf:4: stop.deadline is 4; it must be a time above 0 with its unit, such as 90s, 10m"
                + " or 4h, or a time of day such as \"06:30 Europe/Berlin\"."),
        arguments(
            "stop.deadline = 4x",
            "x.conf:4: stop.deadline is '4x'; it must be a time above 0 with its unit, such as 90s,"
                + " 10m or 4h, or a time of day such as \"06:30 Europe/Berlin\"."),
        arguments(
            "stop.deadline = 0s",
            "x.conf:4: stop.deadline is '0s'; it must be a time above 0 with its unit, such as 90s,"
                + " 10m or 4h, or a time of day such as \"06:30 Europe/Berlin\"."),
        arguments(
            "output.wait = -1s",
            "x.conf:4: output.wait is '-1s'; it must be a time from 0 on with its unit, such as 0s,"
                + " 90s or 10m."),
        arguments(
            "checkpoint.every = 0s",
            "x.conf:4: checkpoint.every is '0s'; it must be a time above 0 with its unit, such as"
                + " 90s or 10m, or auto, or never."),
        arguments(
            "checkpoint.keep = 0",
            "x.conf:4: checkpoint.keep is 0; it must be a whole number from 1 on."),
        arguments(
            "checkpoint.on-mismatch = anew",
            "x.conf:4: checkpoint.on-mismatch is 'anew'; maybe 'auto' is meant; known: auto, refuse,"
                + " fresh."),
        arguments(
            "stop.deadline-exit-code = 1",
            "x.conf:4: stop.deadline-exit-code is 1; it must be 0 or 3."),
        arguments(
            "seed = 1e30", "x.conf:4: seed is 1.0E30; it must be a whole number of 64 bits."));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void badLine(String lines, String message) {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + lines))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> overrides() {
    String hocon = "; give it one HOCON value, such as 5, true, [a, b] or { a = 1 }.";
    return Stream.of(
        arguments("seed", "'seed' is no key=value; write it like stop.max-ticks=100."),
        arguments("=5", "'=5' is no key=value; write it like stop.max-ticks=100."),
        arguments("stop.max-tick=5", "unknown key stop.max-tick; maybe stop.max-ticks is meant."),
        arguments("stop={max-tick=5}", "unknown key stop.max-tick; maybe stop.max-ticks is meant."),
        arguments("a..rate=5", "unknown key a..rate; maybe clock.rate is meant."),
        arguments("enigne={}", "unknown key enigne; maybe engine is meant."),
        arguments(
            "clock.rates.a.b=5",
            "clock.rates.a is {\"b\":5}; it must be a number above 0, at most 1; quote a name that holds dots."),
        arguments("seed=", "seed is ''" + hocon),
        arguments("seed=[", "seed is '['" + hocon),
        arguments("seed=1, stop.max-ticks=2", "seed is '1, stop.max-ticks=2'" + hocon),
        arguments("seed=x", "seed is 'x'; it must be a whole number of 64 bits."),
        arguments(
            "data.format=\"csv\"",
            "data.format is '\"csv\"'; maybe 'csv' is meant; known: csv, libsvm, parquet,"
                + " table, text, prompts."),
        arguments(
            "clock.rates={a=2}", "clock.rates.a is 2; it must be a number above 0, at most 1."));
  }

  @ParameterizedTest
  @MethodSource("overrides")
  void badOverride(String override, String message) {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL, override))
        .isInstanceOf(BadInputException.class)
        .hasMessage("command line: " + message);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments("stop {\n seed = 3\n", "x.conf:6: this is not HOCON: "),
        arguments("seed = [\n", "x.conf:5: this is not HOCON: List should have ]"),
        arguments("seed : : 3", "x.conf:4: this is not HOCON: Expecting a value"),
        arguments(
            "\nseed = ${none}", "x.conf:5: Could not resolve substitution to a value: ${none};"),
        arguments("a = ${b}\nb = ${a}", "x.conf:5: Could not resolve"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedFileIsToldWithItsLine(String lines, String start) {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + lines))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(start)
        .hasMessageEndingWith(".");
  }

  @Test
  void aFileThatHoldsNoBlockIsRefused() {
    assertThatThrownBy(() -> Sample.load("[1]"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "x.conf:1: this is not HOCON: has type LIST rather than object at file root; mend this"
                + " line or one above it.");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> ConfigLoader.load("conf/none.conf", List.of(), uri -> nothing()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "conf/none.conf: there is no such file; give a path, or a URI such as file:/home/me/x.conf.");
  }

  static Stream<Arguments> names() {
    return Stream.of(
        arguments("clock.model = bernouli", "clock.model is 'bernouli'", "'bernoulli'"),
        arguments("problem.loss = logit", "problem.loss is 'logit'", "'logistic'"),
        arguments("network.topology = rng", "network.topology is 'rng'", "'ring'"),
        arguments("network.weights = metro", "network.weights is 'metro'", "'metropolis'"),
        arguments("algorithm.name = async-adm", "algorithm.name is 'async-adm'", "'async-admm'"),
        arguments("audit.attacks = [invert]", "audit.attacks is 'invert'", "'inversion'"),
        arguments(
            "problem.constraints = [{ set = bal, radius = 2 }]",
            "problem.constraints[0].set is 'bal'",
            "'ball'"),
        arguments(
            "problem.constraints = [{ set = ball, radius = -2 }]",
            "problem.constraints[0].radius is -2",
            "it must be 0 or more"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatThereIsNotIsToldWithItsLineAndTheNearestName(String line, String key, String remedy) {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + line))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("x.conf:4: " + key)
        .hasMessageContaining(remedy);
  }

  private static Optional<String> nothing() {
    return Optional.empty();
  }

  @Test
  void aFileThatCannotBeReadIsRefused() {
    Texts locked =
        uri -> {
          throw new IOException("permission denied");
        };
    assertThatThrownBy(() -> ConfigLoader.load("x.conf", List.of(), locked))
        .isInstanceOf(BadInputException.class)
        .hasMessage("x.conf cannot be read: permission denied; mend that, or give another file.");
  }

  @Test
  void theFirstBadLineIsTold() {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + "b9 = 1\na9 = 1"))
        .satisfies(e -> assertThat(e).hasMessageStartingWith("x.conf:4: unknown key b9;"));
  }

  static Stream<Arguments> doublings() {
    return Stream.of(
        arguments("text", "z0 = xx", "z%2$d = ${z%1$d}${z%1$d}"),
        arguments("lists", "z0 = [1]", "z%2$d = [${z%1$d}, ${z%1$d}]"),
        arguments("blocks", "z0 { a = 1 }", "z%2$d { a = ${z%1$d}, b = ${?z%1$d} }"),
        arguments("a key that names itself", "z = xx", "z = ${z}${z}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doublings")
  void linesThatDoubleTheLineBeforeAreRefused(String what, String first, String line) {
    String all =
        IntStream.range(0, 26) // more would fill the memory of the tests, which is refused, too
            .mapToObj(i -> line.formatted(i, i + 1))
            .collect(Collectors.joining("\n", Sample.MINIMAL + first + "\n", "\n"));
    assertThatThrownBy(() -> Sample.load(all))
        .as(what)
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching(
            "x\\.conf: .* each \\$\\{\\.\\.\\.} .*; name other keys .*less often\\.");
  }

  @Test
  void filesThatIncludeTheNextOneTwiceAreRefused() {
    Map<String, String> files =
        IntStream.range(0, 40)
            .boxed()
            .collect(
                Collectors.toMap(
                    i -> i + ".conf",
                    i ->
                        i == 39
                            ? ""
                            : "a { include \"%1$d.conf\" }, b { include \"%1$d.conf\" }"
                                .formatted(i + 1)));
    assertThatThrownBy(() -> Sample.load(files, "0.conf"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "0.conf: more than 1,000 files are included, some of them many times; include fewer.");
  }

  @Test
  void listsOfTheEnvironmentAreNone() {
    assertThat(Sample.load(Sample.MINIMAL + "data.features = ${?NO_SUCH_LIST[]} [a]").warnings())
        .isEmpty();
  }

  @Test
  void aListThatGrowsByManyLinesIsNone() {
    String all =
        IntStream.range(0, 100)
            .mapToObj(i -> "data.features += x" + i)
            .collect(Collectors.joining("\n", Sample.MINIMAL, "\n"));
    assertThat(Sample.load(all).config().data().toString()).contains("x0", "x99");
  }

  @Test
  void aTextThatLooksLikeASubstitutionIsNone() {
    String line = "output.path = \"a\\\"${ x..y }\"\ndata.path = \"in/${data.path}\"\n";
    assertThat(Sample.load(Sample.MINIMAL + line).config().output().toString())
        .contains("a\"${ x..y }");
  }
}
