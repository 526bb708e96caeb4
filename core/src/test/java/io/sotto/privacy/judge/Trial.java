package io.sotto.privacy.judge;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.engine.Recording;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.network.Channel;
import io.sotto.network.Network;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Constraints;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A problem that is run and watched, for tests of attacks. */
public record Trial(
    Network network,
    Shards shards,
    Loss loss,
    Regularizer regularizer,
    long rows,
    int coefficients,
    String method,
    double rate,
    IdleRule idle,
    StepSize step,
    ConstraintSet set,
    int ticks,
    long seed) {

  /** What a run gave to an adversary, and what it should not know. */
  public record Watched(Knowledge knowledge, Transcript transcript, Truth truth) {

    /**
     * How much of the victim's subgradient at the optimum an attack finds, of what a guess misses.
     */
    public double leak(Attack attack, int victim) {
      return leak(attack, victim, truth);
    }

    /** The same, scored against another truth. */
    public double leak(Attack attack, int victim, Truth against) {
      if (!(attack.on(victim, knowledge, transcript) instanceof Finding.Subgradient found)) {
        return 0;
      }
      double[] x = knowledge.setting().published();
      double[] g = against.subgradient(victim, x, 0);
      double blind = Vectors.distance(new BlindGuess(knowledge).atOptimum(victim), g);
      return 1 - Vectors.distance(found.atOptimum(), g) / blind;
    }

    /** How much a finding gives away, as audits score it. */
    public double scored(Finding finding, int victim) {
      return new Judge(knowledge, truth, transcript).leak(finding, victim);
    }
  }

  public Watched watchedBy(Adversary adversary) {
    Method made = Algorithms.REGISTRY.make("algorithm.name", method, new Parameters("", Map.of()));
    Algorithm algorithm = made.of(idle, step);
    int agents = network.agents();
    LocalObjective all = shards.load(IntStream.range(0, agents).toArray());
    ActivationModel clock =
        rate < 1 ? new Bernoulli(seed, rate, Map.of()) : ActivationModels.always();
    Setup setup =
        coefficients == all.dimension()
            ? Setup.of(shards, agents, all.dimension())
            : Setup.withIntercept(shards, agents, all.dimension());
    Plan plan =
        setup.on(network).within(set, Map.of()).clock(clock).idle(idle).plan().by(algorithm);
    int[] victims = IntStream.range(0, agents).filter(i -> !adversary.controls(i)).toArray();
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, carrier);
      Recording recording = runner.record(adversary.tap(network, algorithm.perLink(), victims));
      double[] published = Setup.run(runner, algorithm, ticks).estimate();
      Setting setting =
          new Setting(
              algorithm.recursion(),
              new TreeMap<>(),
              step,
              idle,
              rate == 1,
              network,
              plan.partition(),
              1,
              Channel.CLEAR,
              1,
              all.dimension(),
              coefficients,
              rows,
              counts(),
              loss,
              regularizer,
              set instanceof WholeSpace ? List.of() : List.of("ball"),
              "none",
              published,
              null);
      Constraints constraints = plan.constraints();
      LocalObjective own =
          adversary.members().length == 0 ? null : shards.load(adversary.members());
      return new Watched(
          new Knowledge(setting, adversary, own, constraints, clock, Mechanism.none()),
          Transcript.of(recording, adversary, network, plan.channel(), plan.partition(), 1),
          new Truth(victims, shards.load(victims), constraints, clock, plan.channel(), Map.of()));
    }
  }

  private int[] counts() {
    return shards instanceof Tables tables
        ? Arrays.stream(tables.labels()).mapToInt(labels -> labels.length).toArray()
        : new int[0];
  }

  Trial with(Shards other) {
    return new Trial(
        network,
        other,
        loss,
        regularizer,
        rows,
        coefficients,
        method,
        rate,
        idle,
        step,
        set,
        ticks,
        seed);
  }

  public Trial by(String other) {
    return new Trial(
        network,
        shards,
        loss,
        regularizer,
        rows,
        coefficients,
        other,
        rate,
        idle,
        step,
        set,
        ticks,
        seed);
  }

  Trial seeded(long other) {
    return new Trial(
        network,
        shards,
        loss,
        regularizer,
        rows,
        coefficients,
        method,
        rate,
        idle,
        step,
        set,
        ticks,
        other);
  }
}
