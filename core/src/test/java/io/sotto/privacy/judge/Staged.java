package io.sotto.privacy.judge;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Recording;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.privacy.attack.Attacks;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Summed;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import io.sotto.result.Measurement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A run of a method on quadratic costs, as one agent hears it. */
public record Staged(Plan plan, Quadratics costs, Setting setting, Recording recording) {

  /** Runs it; all agents are recorded. */
  public static Staged run(
      Plan any, Quadratics costs, String method, double first, int ticks, List<String> sets) {
    Method registered =
        Algorithms.REGISTRY.make("algorithm", method, new Parameters("algorithm", Map.of()));
    return run(any, costs, registered, first, ticks, sets);
  }

  /** Runs a method that need not be in the registry. */
  public static Staged run(
      Plan any, Quadratics costs, Method method, double first, int ticks, List<String> sets) {
    StepSize step = new StepSize(first, 0.51);
    Algorithm algorithm = method.of(any.idle(), step);
    Plan plan = any.by(algorithm);
    int[] all = IntStream.range(0, plan.agents()).toArray();
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, carrier);
      Recording recording =
          runner.record(new Adversary.Eavesdropper().tap(plan.network(), algorithm.perLink(), all));
      Measurement end = Setup.run(runner, algorithm, ticks);
      return new Staged(
          plan,
          costs,
          new Setting(
              algorithm.recursion(),
              new TreeMap<>(),
              step,
              plan.idle(),
              IntStream.of(all).allMatch(i -> plan.clock().rate(i) == 1),
              plan.network(),
              plan.partition(),
              plan.ticksPerSuperstep(),
              Setting.known(plan.channel()),
              1 - plan.channel().loss(),
              plan.dimension(),
              plan.coefficients(),
              plan.agents(),
              new int[0],
              null,
              new Regularizer(0, 0),
              sets,
              "none",
              end.estimate(),
              algorithm.recursion() instanceof Recursion.Sums sums
                  ? Summed.of(
                      recording,
                      sums,
                      plan.parents(),
                      plan.dimension(),
                      point -> Staged.gradient(costs.load(all), point))
                  : null),
          recording);
    }
  }

  private static double[] gradient(LocalObjective all, double[] point) {
    double[] sum = new double[point.length];
    double[] g = new double[point.length];
    for (int i = 0; i < all.agents(); i++) {
      all.subgradient(i, 0, point, 0, g);
      Vectors.addScaled(1, g, 0, sum, 0, sum.length);
    }
    return sum;
  }

  public Knowledge knowledge(Adversary adversary) {
    int[] members = adversary.members();
    return new Knowledge(
        setting,
        adversary,
        members.length == 0 ? null : costs.load(members),
        plan.constraints(),
        plan.clock(),
        plan.mechanism());
  }

  public Transcript transcript(Adversary adversary) {
    return Transcript.of(
        recording,
        adversary,
        plan.network(),
        plan.channel(),
        plan.partition(),
        plan.ticksPerSuperstep());
  }

  /** What each agent learns of each other one by an attack; the truth may be another's. */
  public Audit.Outcome audited(String attack, Quadratics truth, double threshold) {
    Audit audit =
        new Audit(
            Map.of(
                attack,
                Attacks.REGISTRY.make("attack", attack, new Parameters("attack", Map.of()))),
            threshold);
    for (int a = 0; a < plan.agents(); a++) {
      Adversary adversary = new Adversary.Neighbour(a);
      int own = a;
      int[] victims = IntStream.range(0, plan.agents()).filter(i -> i != own).toArray();
      audit.attack(
          0,
          a,
          knowledge(adversary),
          transcript(adversary),
          new Truth(
              victims,
              truth.load(victims),
              plan.constraints(),
              plan.clock(),
              plan.channel(),
              Map.of()),
          victims);
    }
    return audit.report().attacks().get(0);
  }

  /** All that the transcript of an agent holds. */
  double[] heard(int agent) {
    Transcript transcript = transcript(new Adversary.Neighbour(agent));
    return IntStream.rangeClosed(0, transcript.ticks())
        .mapToObj(transcript::at)
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }
}
