package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Ball;
import io.sotto.problem.Huber;
import io.sotto.problem.Objectives;
import io.sotto.problem.Squared;
import io.sotto.run.AuditSettings;
import io.sotto.run.InferenceSettings;
import io.sotto.run.Part;
import io.sotto.run.RowCost;
import io.sotto.run.RunSettings;
import io.sotto.run.SelectionSettings;
import io.sotto.run.Wiring;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            Optional.of(
                new RowCost(
                    Part.of("squared", Map.of(), Objectives.of(new Squared())),
                    0,
                    0,
                    new RowCost.GroupLasso(0, List.of()),
                    Map.of())),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RunSettings.defaults(),
            Optional.empty(),
            3,
            new RunConfig.Output("out", false, true, true, "rwx------", Duration.ofMinutes(10)),
            Optional.empty(),
            new AuditSettings(
                AuditSettings.Adversary.NEIGHBOUR, List.of(), 2, 0, 5, 20, 0.1, true, List.of()),
            new RunConfig.Checkpoint(Optional.empty(), true, Optional.empty(), 2, OnMismatch.AUTO),
            InferenceSettings.off(),
            ScoreSettings.DEFAULT,
            new SelectionSettings(
                SelectionSettings.By.NONE,
                0.2,
                SelectionSettings.Rule.BEST,
                List.of(new SelectionSettings.Penalty(0, 0)),
                500,
                true),
            Optional.empty(),
            Optional.empty());
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
    RunSettings settings = config.settings();
    assertThat(config.cost().objective().name()).isEqualTo("logistic");
    assertThat(config.cost().l2()).isEqualTo(1e-3);
    assertThat(settings.constraints())
        .containsExactly(
            new RunSettings.Constraint(
                Part.of("ball", Map.of("radius", 2), new Ball(2)), List.of()));
    assertThat(settings.engine())
        .isEqualTo(
            new RunSettings.Engine(
                RunSettings.EngineName.AUTO, OptionalInt.of(4), OptionalInt.of(1)));
    assertThat(config.output())
        .isEqualTo(
            new RunConfig.Output(
                "out/hospitals", true, true, true, "rwx------", Duration.ofMinutes(10)));
    assertThat(settings.seed()).isEqualTo(7);
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
        arguments("network={topology=regular,degree=4}", "network", "degree", 4),
        arguments(
            "network={topology=edges,path=\"s3a://b/e.csv\"}", "network", "path", "s3a://b/e.csv"),
        arguments("clock.rates={ \"st. paul\" = 0.2 }", "clock", "rates", Map.of("st. paul", 0.2)),
        arguments("clock.rates.\"st. paul\"=0.2", "clock", "rates", Map.of("st. paul", 0.2)),
        arguments("stop.deadline=10m", "stop", "deadline", "10m"),
        arguments("stop = { deadline = 1500 ms }", "stop", "deadline", "1500ms"),
        arguments("stop.max-ticks=${stop.deadline-exit-code}", "stop", "max-ticks", 3L),
        arguments("stop.max-ticks=null", "stop", "max-ticks", 20_000L),
        arguments("checkpoint.every=90s", "checkpoint", "every", "90s"),
        arguments("checkpoint.every=never", "checkpoint", "every", "never"),
        arguments("output.wait=0s", "output", "wait", "0s"),
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
    assertThat(config.settings().seed()).isEqualTo(4);
    assertThat(config.settings().stop().checkEvery()).hasValue(3);
    assertThat(config.settings().stop().maxTicks()).isEqualTo(20_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"warm-start=", "warm-start=\"\""})
  void textIsEmptiedOnTheCommandLine(String override) {
    assertThat(Sample.load(Sample.MINIMAL + "warm-start = out/x\n").config().warmStart())
        .hasValue("out/x");
    assertThat(Sample.load(Sample.MINIMAL + "warm-start = out/x\n", override).config().warmStart())
        .isEmpty();
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
    ConfigLoader.Loaded loaded = Sample.load(Sample.FULL);
    RunSettings settings = loaded.config().settings();
    RunSettings.Constraint affine = settings.constraints().get(1);
    assertThat(affine.set().value().projected(new double[] {5, 5}, 2))
        .containsExactly(new double[] {1, -0.5}, within(1e-9));
    assertThat(affine.agents()).containsExactly("0", "st. paul");
    assertThat(loaded.config().cost().objective().value()).isEqualTo(Objectives.of(new Huber(2.5)));
    assertThat(settings.network().wiring())
        .isEqualTo(
            new Wiring.InFiles(
                Map.of("network.path", "hdfs://nn:9000/edges.csv"), List.of(), true));
    for (String unused : List.of("attach", "degree", "probability", "rewire")) {
      assertThat(loaded.warnings())
          .contains("network." + unused + " is not used by the kind that was chosen.");
    }
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
    assertThat(Sample.load(Sample.MINIMAL + "checkpoint { every = never, keep = 3 }").warnings())
        .containsExactly(
            "x.conf:4: checkpoint.keep is 3, and checkpoint.every = never does not use it.");
  }

  @Test
  void whatAutoChoseTakesItsPlace() {
    RunConfig config = Sample.load(Sample.MINIMAL).config();
    RunSettings chosen =
        config
            .settings()
            .engine(
                new RunSettings.Engine(
                    RunSettings.EngineName.LOCAL, OptionalInt.of(4), OptionalInt.of(2)))
            .withInitialStep(0.25);
    assertThat(config.with(chosen).toMap())
        .containsEntry("engine", Map.of("name", "local", "cells", 4, "ticks-per-superstep", 2))
        .containsEntry(
            "algorithm",
            Map.of(
                "name",
                "auto",
                "allow-leaking",
                false,
                "scale",
                "auto",
                "step",
                Map.of("initial", 0.25, "exponent", 0.51),
                "max-coordinates",
                500));
  }

  @Test
  void bracketsWithoutEndAreRefused() {
    for (String open : List.of("[", "{ a = ", "a { ")) {
      assertThatThrownBy(
              () ->
                  ConfigLoader.load(
                      "x.conf", List.of(), uri -> Optional.of("a = " + open.repeat(100_000))))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("x.conf")
          .hasMessageContaining("mend");
    }
  }
}
