package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sotto.problem.Parameters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigLoaderTest {

  @Test
  void defaultsAreThoseOfTheDesign() {
    RunConfig expected =
        new RunConfig(
            new RunConfig.Data(
                "rows.csv",
                RunConfig.Format.CSV,
                Optional.of("y"),
                Optional.of("who"),
                Optional.empty(),
                List.of(),
                true,
                true,
                RunConfig.BadRows.FAIL,
                Optional.empty(),
                OptionalInt.empty()),
            new RunConfig.Problem(
                "squared",
                Optional.empty(),
                Map.of(),
                1.35,
                0.5,
                0,
                0,
                new RunConfig.GroupLasso(0, List.of()),
                Map.of(),
                List.of()),
            new RunConfig.Network(
                "ring",
                "metropolis",
                OptionalLong.empty(),
                false,
                List.of(),
                1,
                0,
                new RunConfig.Late(RunConfig.DelayModel.NONE, 0),
                Map.of()),
            new RunConfig.Clock(
                RunConfig.ClockModel.BERNOULLI,
                0.5,
                Map.of(),
                RunConfig.Idle.MIX,
                new RunConfig.Offline(0, 50, Map.of(), Map.of())),
            new RunConfig.Algorithm(
                "auto", false, new RunConfig.Step(OptionalDouble.empty(), 0.51)),
            new PrivacyConfig(
                PrivacyConfig.Mechanism.NONE,
                Optional.empty(),
                0.03,
                1,
                OptionalDouble.empty(),
                1e-6,
                1,
                OptionalDouble.empty()),
            new RunConfig.Engine(
                RunConfig.EngineName.AUTO, OptionalInt.empty(), OptionalInt.empty()),
            new RunConfig.Stop(20_000, 1e-3, 1e-3, OptionalInt.empty(), Duration.ofHours(4), 3),
            new RunConfig.Output("out", false, true),
            Optional.empty(),
            new AuditConfig(
                AuditConfig.Adversary.NEIGHBOUR, List.of(), 2, 0, 5, 20, 0.1, true, List.of()),
            1);
    assertThat(Sample.load(Sample.MINIMAL)).isEqualTo(new ConfigLoader.Loaded(expected, List.of()));
  }

  @Test
  void hospitalsLoads() {
    ConfigLoader.Loaded loaded =
        ConfigLoader.load(
            "../conf/hospitals.conf", List.of(), new HadoopTexts(new Configuration()));
    RunConfig config = loaded.config();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(config.data().path()).isEqualTo("data/hospitals.csv");
    assertThat(config.data().label()).contains("diagnosis");
    assertThat(config.data().agent()).contains("hospital");
    assertThat(config.problem().loss()).isEqualTo("logistic");
    assertThat(config.problem().l2()).isEqualTo(1e-3);
    assertThat(config.problem().constraints())
        .containsExactly(new RunConfig.Constraint("ball", List.of(), Map.of("radius", 2)));
    assertThat(config.engine())
        .isEqualTo(
            new RunConfig.Engine(RunConfig.EngineName.AUTO, OptionalInt.of(4), OptionalInt.of(1)));
    assertThat(config.output()).isEqualTo(new RunConfig.Output("out/hospitals", true, true));
    assertThat(config.seed()).isEqualTo(7);
  }

  static Stream<Arguments> overrides() {
    return Stream.of(
        arguments("output.path=hdfs://nn:9000/x", "output", "path", "hdfs://nn:9000/x"),
        arguments("data.path=in/*.csv", "data", "path", "in/*.csv"),
        arguments("data.path=a=b # c, ${d}", "data", "path", "a=b # c, ${d}"),
        arguments("data.label=1", "data", "label", "1"),
        arguments("data.format=parquet", "data", "format", "parquet"),
        arguments("data.features=[a,b]", "data", "features", List.of("a", "b")),
        arguments("data.intercept=false", "data", "intercept", false),
        arguments("network.degree=4", "network", "degree", 4),
        arguments("network.path=s3a://b/e.csv", "network", "path", "s3a://b/e.csv"),
        arguments("clock.rates={ \"st. paul\" = 0.2 }", "clock", "rates", Map.of("st. paul", 0.2)),
        arguments("clock.rates.\"st. paul\"=0.2", "clock", "rates", Map.of("st. paul", 0.2)),
        arguments("stop.deadline=10m", "stop", "deadline", "10m"),
        arguments("stop = { deadline = 1500 ms }", "stop", "deadline", "1500ms"),
        arguments("stop.max-ticks=${stop.deadline-exit-code}", "stop", "max-ticks", 3L),
        arguments("stop.max-ticks=null", "stop", "max-ticks", 20_000L),
        arguments("engine.cells=3", "engine", "cells", 3),
        arguments("engine.cells=auto", "engine", "cells", "auto"),
        arguments(
            "algorithm.step.initial=0.5",
            "algorithm",
            "step",
            Map.of("initial", 0.5, "exponent", 0.51)),
        arguments(
            "problem.constraints=[{set=ball,radius=2}]",
            "problem",
            "constraints",
            List.of(Map.of("set", "ball", "radius", 2))),
        arguments("problem.constraints=[]", "problem", "constraints", List.of()));
  }

  @ParameterizedTest
  @MethodSource("overrides")
  void overrideWins(String override, String block, String key, Object value) {
    RunConfig config = Sample.load(Sample.MINIMAL + "engine.cells = 9\n", override).config();
    assertThat(config.toMap().get(block))
        .isInstanceOfSatisfying(Map.class, map -> assertThat(map.get(key)).isEqualTo(value));
  }

  @Test
  void lastOverrideOfAKeyWins() {
    RunConfig config =
        Sample.load(Sample.MINIMAL, "seed=2", "stop={ check-every = 3 }", "seed=4").config();
    assertThat(config.seed()).isEqualTo(4);
    assertThat(config.stop().checkEvery()).hasValue(3);
    assertThat(config.stop().maxTicks()).isEqualTo(20_000);
  }

  @Test
  void agentAndDealCanBeExchangedOnTheCommandLine() {
    RunConfig dealt = Sample.load(Sample.MINIMAL, "data.agent=", "data.deal.agents=5").config();
    assertThat(dealt.data().agent()).isEmpty();
    assertThat(dealt.data().deal()).contains(new RunConfig.Deal(5, RunConfig.DealBy.ROW_NUMBER, 1));

    String text = Sample.MINIMAL.replace("agent = who", "deal { agents = 5, by = label }");
    RunConfig named = Sample.load(text, "data.deal=null", "data.agent=st. paul").config();
    assertThat(named.data().agent()).contains("st. paul");
    assertThat(named.data().deal()).isEmpty();

    RunConfig anew = Sample.load(text, "data.deal=null", "data.deal.agents=6").config();
    assertThat(anew.data().deal()).contains(new RunConfig.Deal(6, RunConfig.DealBy.ROW_NUMBER, 1));
  }

  @Test
  void libsvmIsDealtAndHasNoLabel() {
    String text =
        """
        data { path = rows.libsvm, format = libsvm, deal { agents = 3, by = contiguous } }
        problem.loss = squared
        output.path = out
        """;
    RunConfig.Data data = Sample.load(text, "data.libsvm-index-base=0").config().data();
    assertThat(data.label()).isEmpty();
    assertThat(data.deal()).contains(new RunConfig.Deal(3, RunConfig.DealBy.CONTIGUOUS, 1));
    assertThat(data.libsvmIndexBase()).hasValue(0);
  }

  @Test
  void parametersAreHandedOnWithTheirKeys() {
    RunConfig config = Sample.load(Sample.FULL).config();
    Parameters set = config.problem().constraintParameters(1);
    assertThat(set.matrix("matrix")).isEqualTo(new double[][] {{1, 2}, {3, 4}});
    assertThat(set.bad("offset", 5, "no").getMessage())
        .isEqualTo("problem.constraints[1].offset is 5; no.");
    assertThat(set.unread()).containsExactly("offset");
    assertThat(config.problem().constraints().get(1).agents()).containsExactly("0", "st. paul");
    assertThat(config.problem().lossParameters().number("huber-delta")).isEqualTo(2.5);
    Parameters network = config.network().parameters();
    assertThat(network.integer("degree", 1, 9)).isEqualTo(4);
    assertThat(network.text("path")).isEqualTo("hdfs://nn:9000/edges.csv");
    assertThat(network.unread()).containsExactly("attach", "probability", "rewire");
  }

  @Test
  void whatIsGivenForNothingIsWarnedOf() {
    String more =
        """
        problem.huber-delta = 2
        problem.quantile-level = 0.5
        clock { model = always, rate = 0.3 }
        network.delay.ticks = 3
        data.libsvm-index-base = 1
        """;
    assertThat(Sample.load(Sample.MINIMAL + more, "clock.rates={a=1}").warnings())
        .containsExactly(
            "x.conf:4: problem.huber-delta is 2, and problem.loss = squared does not use it.",
            "x.conf:6: clock.rate is 0.3, and clock.model = always does not use it.",
            "command line: clock.rates is {\"a\":1}, and clock.model = always does not use it.",
            "x.conf:7: network.delay.ticks is 3, and network.delay.model = none does not use it.",
            "x.conf:8: data.libsvm-index-base is 1, and data.format = csv does not use it.");
    assertThat(Sample.load(Sample.MINIMAL, "data.agent=", "data.deal={agents=2,seed=3}").warnings())
        .containsExactly(
            "command line: data.deal.seed is 3, and data.deal.by = row-number does not use it.");
  }

  @Test
  void whatAutoChoseTakesItsPlace() {
    RunConfig config =
        Sample.load(Sample.MINIMAL)
            .config()
            .withEngine(RunConfig.EngineName.LOCAL, 4, 2)
            .withInitialStep(0.25);
    assertThat(config.toMap())
        .containsEntry("engine", Map.of("name", "local", "cells", 4, "ticks-per-superstep", 2))
        .containsEntry(
            "algorithm",
            Map.of(
                "name",
                "auto",
                "allow-leaking",
                false,
                "step",
                Map.of("initial", 0.25, "exponent", 0.51)));
  }
}
