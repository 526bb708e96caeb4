package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.network.Network;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.DistinguishingGame;
import io.sotto.privacy.judge.OtherLabel;
import io.sotto.privacy.judge.Swap;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The games of an audit, of an exposed victim, and of one that is not: between problems that differ
 * in one row of the victim, and between problems with the same sum, in which a tilt is moved from
 * another agent to the victim.
 */
public final class AuditGame {
  /** Attacks that take too long for the many runs of a game. */
  private static final Set<String> DEAR = Set.of("surrogate", "system-identification");

  /** Of the coordinates of a tilt. */
  private static final int BITS = 20;

  /** Seeds of games begin so far from those of the audit's runs. */
  private static final int FIRST = 1_000_000;

  private final AuditRun runs;
  private final AuditSettings asked;
  private final Map<String, Attack> attacks;

  /**
   * What came of it.
   *
   * @param agent the victim
   * @param exposed whether the adversary hears all around it
   * @param row which of its rows has another label in the other problem
   */
  public record Played(String agent, boolean exposed, int row, DistinguishingGame.Score score) {}

  /**
   * What came of a swap game.
   *
   * @param agent the victim
   * @param partner from whom the tilt was taken
   * @param exposed whether the adversary hears all around the victim
   * @param tilt the norm of b: as large as the error of a blind guess
   * @param bound the total variation that offsets promise for this b and these two; NaN without
   */
  public record Swapped(
      String agent,
      String partner,
      boolean exposed,
      double tilt,
      double bound,
      DistinguishingGame.Score score) {}

  /**
   * @param runs of the audit
   * @param asked what the audit does
   * @param attacks by name
   */
  public AuditGame(AuditRun runs, AuditSettings asked, Map<String, Attack> attacks) {
    this.runs = runs;
    this.asked = asked;
    this.attacks = new LinkedHashMap<>(attacks);
    this.attacks.keySet().removeAll(DEAR);
  }

  /**
   * Plays them, if they can be played.
   *
   * @param first a run of the audit, at whose solution the row that shows most is chosen
   */
  public List<Played> play(Recorded first, Consumer<String> say) throws Exception {
    List<Played> played = new ArrayList<>();
    for (boolean exposed : new boolean[] {true, false}) {
      AuditRun.Target target = target(runs.targets(first.prepared()), first, exposed);
      OtherLabel other = target == null ? null : other(first, target.victims()[0]);
      if (target != null && other != null) {
        String agent = first.prepared().costs().agents().get(other.agent());
        say.accept(
            "%s: one label of %s, %s"
                .formatted(games(), agent, exposed ? "exposed" : "not exposed"));
        played.add(
            new Played(
                agent,
                exposed,
                other.row(),
                play(first.prepared(), target, other.load(target.victims()), other::in)));
      }
    }
    return played;
  }

  private String games() {
    return "%d games and %d for practice"
        .formatted(2 * asked.games(), 2 * Math.max(1, asked.games() / 2));
  }

  /**
   * Plays swap games, if they can be played: the adversary must leave two agents, and the blind
   * guess must be wrong.
   *
   * @param first a run of the audit, at whose solution the blind guess says how large the tilt is
   */
  public List<Swapped> swap(Recorded first, Consumer<String> say) throws Exception {
    List<Swapped> played = new ArrayList<>();
    Network network = first.prepared().plan().network();
    List<String> names = first.prepared().costs().agents();
    for (boolean exposed : new boolean[] {true, false}) {
      AuditRun.Target target = target(runs.targets(first.prepared()), first, exposed);
      if (target == null) {
        continue;
      }
      int victim = target.victims()[0];
      int partner = partner(target.adversary(), network, victim);
      double[] tilt = tilt(first, target.adversary(), victim);
      if (partner < 0 || Vectors.norm(tilt) == 0) {
        continue;
      }
      int[] both = {Math.min(victim, partner), Math.max(victim, partner)};
      Swap swap = new Swap(first.prepared().costs().shards(), victim, partner, tilt);
      say.accept(
          "%s: a tilt moved from %s to %s, %s"
              .formatted(
                  games(),
                  names.get(partner),
                  names.get(victim),
                  exposed ? "exposed" : "not exposed"));
      played.add(
          new Swapped(
              names.get(victim),
              names.get(partner),
              exposed,
              Vectors.norm(tilt),
              first.bound(target.adversary(), victim, partner, tilt),
              play(
                  first.prepared(),
                  new AuditRun.Target(target.adversary(), both),
                  swap.load(both),
                  swap::in)));
    }
    return played;
  }

  /**
   * Another agent that is heard, if there is one, for that tells more; below 0 if there is none.
   */
  private static int partner(Adversary adversary, Network network, int victim) {
    int any = -1;
    for (int i = 0; i < network.agents(); i++) {
      if (i != victim && !adversary.controls(i)) {
        if (adversary.hears(network, i)) {
          return i;
        }
        any = any < 0 ? i : any;
      }
    }
    return any;
  }

  /**
   * What a blind guess of the victim's subgradient errs by at the published solution. It is
   * rounded, so that sums of numbers that agents round are the same in both problems, to the last
   * bit.
   */
  private static double[] tilt(Recorded first, Adversary adversary, int victim) {
    double[] tilt =
        first.truth(new int[] {victim}).subgradient(victim, first.setting().published(), 0);
    double[] guess = new BlindGuess(first.knowledge(adversary)).atOptimum(victim);
    Vectors.addScaled(-1, guess, 0, tilt, 0, tilt.length);
    double norm = Vectors.norm(tilt);
    double unit = Math.scalb(1.0, Math.getExponent(norm) - BITS);
    Arrays.setAll(tilt, j -> norm > 0 ? unit * Math.rint(tilt[j] / unit) : 0);
    return tilt;
  }

  private static AuditRun.@Nullable Target target(
      List<AuditRun.Target> targets, Recorded first, boolean exposed) {
    Network network = first.prepared().plan().network();
    for (AuditRun.Target target : targets) {
      Adversary adversary = target.adversary();
      for (int victim : target.victims()) {
        if (adversary.hears(network, victim) && adversary.exposes(network, victim) == exposed) {
          return new AuditRun.Target(adversary, new int[] {victim});
        }
      }
    }
    return null;
  }

  private static @Nullable OtherLabel other(Recorded first, int victim) {
    return OtherLabel.most(
        first.prepared().costs().shards(),
        victim,
        first.costs(),
        first.place(victim),
        first.result().last().estimate());
  }

  /**
   * Plays a game.
   *
   * @param one the costs of the victims in the other problem
   * @param other makes the other problem's costs from costs
   */
  private DistinguishingGame.Score play(
      Prepared prepared, AuditRun.Target target, LocalObjective one, UnaryOperator<Shards> other)
      throws Exception {
    LocalObjective zero = prepared.costs().shards().load(target.victims());
    RunSettings.Privacy privacy = prepared.settings().privacy();
    double delta =
        privacy.mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY ? privacy.delta() : 0;
    DistinguishingGame.Runs game =
        (changed, seed) -> {
          Prepared next = runs.prepare(Math.toIntExact(FIRST + seed), false);
          Recorded run =
              runs.record(
                  changed ? next.over(other.apply(next.costs().shards())) : next,
                  List.of(target),
                  Math.min(asked.ticks(), next.settings().stop().maxTicks()),
                  text -> {});
          return new DistinguishingGame.Heard(
              run.knowledge(target.adversary()), run.transcript(target.adversary()));
        };
    return new DistinguishingGame(game, zero, one, delta, attacks)
        .play(target.victims(), asked.games(), 0);
  }
}
