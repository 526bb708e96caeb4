package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.Method;
import io.sotto.run.EarlierResult;
import io.sotto.run.InterruptedRunException;
import io.sotto.run.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run that dies or is interrupted at any question to its cells, and is resumed by another process
 * from what is in its folder, twice, is the run that was left alone, to the last bit.
 */
class CheckpointFolderTest {
  private static final long SEED = new SplittableRandom().nextLong();
  private static final String SUBGRADIENT = "algorithm.name=async-projected-subgradient";
  private static final String ALWAYS = "clock.model=always";
  private static final String BALL = "problem.constraints=[{set=ball,radius=0.7}]";

  /** Rounds in which a case dies, at other moments each. */
  private static final int DEATHS = 2;

  @TempDir Path dir;

  static Stream<Arguments> everyCase() {
    List<Arguments> all = new ArrayList<>();
    Algorithms.REGISTRY.entries().stream() // NotConvexRunTest has those of other costs
        .filter(entry -> entry.makeExample().supports().contains(Condition.CONVEX))
        .forEach(entry -> all.add(ofMethod(entry.name(), entry.makeExample())));
    all.add(of("admm in 8 ticks", "engine.ticks-per-superstep=8"));
    all.add(of("trials", "algorithm.name=nids", ALWAYS, "stop.max-ticks=20"));
    all.add(of("late and lost", "network.loss=0.2", "network.delay={model=uniform,ticks=3}"));
    all.add(
        of(
            "late and lost by subgradients in 8 ticks",
            SUBGRADIENT,
            "engine.ticks-per-superstep=8",
            "algorithm.step.initial=3",
            "network.loss=0.2",
            "network.link-rate=0.8",
            "network.delay={model=uniform,ticks=9}"));
    all.add(
        of(
            "offline",
            "clock.offline={rate=0.2,duration=4,rates={agent-1=0.5},intervals={agent-2=[[5,20]]}}"));
    all.add(of("hold", SUBGRADIENT, "clock.idle=hold", "algorithm.step.initial=3"));
    all.add(
        of(
            "own sets",
            "problem.constraints=[{set=ball,radius=0.7},{set=box,lower=0,agents=[agent-1]}]"));
    all.add(of("l1", "problem.l1=1e-2"));
    all.add(of("several penalties", "problem.l2=[1e-2,1e-1,1]"));
    all.add(of("each agent left out", "problem.l2=[1e-2,1]", "selection.by=agent"));
    all.add(of("l1 by subgradients", SUBGRADIENT, "problem.l1=1e-2", BALL));
    all.add(of("softmax", "problem.loss=softmax", "engine.ticks-per-superstep=8"));
    all.add(of("softmax by subgradients", SUBGRADIENT, "problem.loss=softmax"));
    all.add(of("hinge", "problem.loss=hinge"));
    all.add(of("hinge by subgradients", SUBGRADIENT, "problem.loss=hinge"));
    all.add(of("free, without a penalty", "problem.l2=0"));
    all.add(
        of(
            "own cost",
            SUBGRADIENT,
            "problem={objective=io.sotto.example.SampledSquares,loss=\"\",parameters={batch=2,out=3}}",
            "data.standardize=false"));
    all.add(
        of(
            "mixes at the end",
            SUBGRADIENT,
            "problem.l2=0",
            BALL,
            "stop={max-ticks=5000,tolerance=0.3,disagreement=1e-9,check-every=20}",
            "engine.ticks-per-superstep=4",
            "algorithm.step.initial=10"));
    all.add(of("certified", "stop={max-ticks=2000,tolerance=1e-4,disagreement=1e-4}"));
    for (String protect : List.of("offsets", "sums")) {
      all.add(of(protect, "privacy.protect=" + protect));
      all.add(of("fresh " + protect, "privacy.protect=" + protect, "privacy.secret=fresh"));
    }
    all.add(of("weak offsets", SUBGRADIENT, "privacy.protect=offsets", "algorithm.step.initial=3"));
    for (String secret : List.of("", "fresh")) {
      all.add(
          of(
              secret + " rows",
              "privacy.protect=rows",
              "privacy.epsilon=1",
              "data.standardize=false",
              "privacy.secret=" + secret));
      all.add(
          of(
              secret + " function sharing",
              "privacy.mechanism=function-sharing",
              "privacy.secret=" + secret));
      all.add(
          of(
              secret + " private steps",
              SUBGRADIENT,
              "privacy.mechanism=private-steps",
              "algorithm.step.initial=3",
              "privacy.secret=" + secret));
      all.add(
          of(
              secret + " differential privacy",
              SUBGRADIENT,
              "privacy.mechanism=differential-privacy",
              "privacy.epsilon=4",
              "data.standardize=false",
              "stop.tolerance=0",
              "algorithm.step.initial=1e-2",
              "privacy.secret=" + secret));
    }
    return all.stream();
  }

  private static Arguments of(String name, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    boolean free =
        all.stream().noneMatch(s -> s.matches("algorithm.name=.*|.*protect=(sums|rows)"));
    if (free) {
      all.add("algorithm.name=async-admm");
    }
    return Arguments.of(name, all);
  }

  /** What a method needs to run at all. */
  private static Arguments ofMethod(String name, Method method) {
    List<String> settings = new ArrayList<>(List.of("algorithm.name=" + name));
    if (!method.supports().contains(Condition.IDLE_AGENTS)) {
      settings.add(ALWAYS);
    }
    if (method.supports().contains(Condition.SETS)) {
      settings.add(BALL);
    }
    if (method.supports().contains(Condition.NOISY_SUMS)) {
      settings.addAll(
          List.of("privacy.protect=rows", "privacy.epsilon=1", "data.standardize=false"));
    }
    return Arguments.of(name, settings);
  }

  private SmallRun run(List<String> settings) {
    SmallRun run = new SmallRun(dir, settings);
    return settings.contains("privacy.secret=fresh") ? run.withoutSecret() : run;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyCase")
  void theBitsAreThoseOfARunThatWasLeftAlone(String name, List<String> settings) throws Exception {
    survives(name, settings, null);
  }

  /** From the solution of a run over other rows. */
  @ParameterizedTest
  @MethodSource("startingMethods")
  void aWarmStartIsNotTakenTwice(String method) throws Exception {
    List<String> settings = List.of("algorithm.name=" + method);
    RunResult before = new SmallRun(dir, settings).rows(2).run();
    survives(method, settings, EarlierResult.of(before.solution(), before.record()));
  }

  static Stream<String> startingMethods() {
    return Stream.of("async-admm", "async-projected-subgradient");
  }

  private void survives(String name, List<String> settings, @Nullable EarlierResult earlier)
      throws Exception {
    SplittableRandom random = new SplittableRandom(SEED + name.hashCode());
    long[] asked = {0};
    SmallRun alone = run(settings).from(earlier);
    List<String> bits = alone.interruptedWhen(() -> ++asked[0] < 0).figures();
    assertThat(asked[0]).isGreaterThan(20);
    for (int death = 0; death < DEATHS; death++) {
      long first = 1 + asked[0] * death / DEATHS + random.nextLong(asked[0] / DEATHS);
      long second = 1 + random.nextLong(20);
      boolean killed = random.nextBoolean();
      String when =
          "seed %dL, %s at question %d of %d, then at %d"
              .formatted(SEED, killed ? "killed" : "interrupted", first, asked[0], second);
      dies(run(settings).from(earlier), killed, first, when);
      dies(run(settings).from(earlier), !killed, second, when);
      SmallRun last = run(settings).from(earlier);
      RunResult done = last.run();
      if (settings.contains("privacy.secret=fresh")) {
        bits =
            run(settings)
                .from(earlier)
                .checkpoints(SmallRun.with(done.prepared().protection().secret()))
                .figures();
      }
      assertThat(last.figures(done)).as(when).isEqualTo(bits);
      assertThat(last.root()).as("the result is complete").doesNotExist();
      assertThat(last.warnings)
          .as(when)
          .isSubsetOf("The run before was interrupted before tick 1; this one begins there");
    }
  }

  /**
   * Runs until it ends, is interrupted or dies; it saves at every eighth superstep if it is to die.
   */
  private static void dies(SmallRun run, boolean killed, long at, String when) throws Exception {
    BooleanSupplier asked = killed ? SmallRun.killedAt(at) : SmallRun.interruptedAt(at);
    try {
      (killed ? run.every(8) : run).interruptedWhen(asked).run();
    } catch (SmallRun.Died | InterruptedRunException e) {
      assertThat(e instanceof SmallRun.Died).as(when).isEqualTo(killed);
      if (!killed && run.opened) {
        assertThat(run.root()).as(when).isDirectory();
      }
    }
  }

  /** It goes on from the last superstep that was saved, and not from an earlier one. */
  @Test
  void nothingIsDoneTwice() throws Exception {
    List<String> settings = List.of("algorithm.step.initial=3");
    SmallRun killed = run(settings);
    dies(killed, true, 50, "");
    SmallRun resumed = run(settings);
    resumed.run();
    assertThat(resumed.resumed).hasSize(1);
    assertThat(resumed.resumed.get(0).superstep())
        .isEqualTo(killed.supersteps / 8 * 8)
        .isGreaterThan(5);
  }

  /** From threads to Spark and back; what runs is the same there. */
  @ParameterizedTest
  @MethodSource("onBothEngines")
  void anotherEngineGoesOn(String name, List<String> settings) throws Exception {
    try (JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("checkpoints")
                .set("spark.serializer", JavaSerializer.class.getName())
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"))) {
      List<String> onSpark =
          Stream.concat(settings.stream(), Stream.of("engine.name=graphx")).toList();
      List<String> bits = run(settings).on(spark).figures();
      SplittableRandom random = new SplittableRandom(SEED);
      long first = 8 + random.nextLong(10);
      long second = 8 + random.nextLong(4);
      String when = "seed %dL, at questions %d and %d".formatted(SEED, first, second);
      dies(run(settings).on(spark), false, first, when);
      SmallRun there = run(onSpark).on(spark);
      dies(there, false, second, when);
      assertThat(there.resumed).as(when).hasSize(1);
      SmallRun back = run(settings).on(spark);
      assertThat(back.figures()).as(when).isEqualTo(bits);
      assertThat(back.resumed).as(when).hasSize(1);
      assertThat(back.resumed.get(0).superstep())
          .as(when)
          .isGreaterThan(there.resumed.get(0).superstep());
      dies(run(onSpark).on(spark), false, first, when);
      assertThat(run(onSpark).on(spark).figures()).as(when).isEqualTo(bits);
    }
  }

  static Stream<Arguments> onBothEngines() {
    String few = "stop={max-ticks=80,check-every=16}";
    String ticks = "engine.ticks-per-superstep=8";
    return Stream.of(
        of("admm", few, ticks, "algorithm.step.initial=10"),
        of(
            "subgradients, late",
            few,
            ticks,
            SUBGRADIENT,
            "clock.idle=hold",
            "algorithm.step.initial=3",
            "network.delay={model=uniform,ticks=3}"));
  }
}
