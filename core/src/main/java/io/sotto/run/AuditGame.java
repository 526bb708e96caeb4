package io.sotto.run;

import io.sotto.network.Network;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.DistinguishingGame;
import io.sotto.privacy.judge.OtherLabel;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The distinguishing games of an audit: of an exposed victim, and of one that is not. */
public final class AuditGame {
  /** Attacks on so many ticks cost little, and early ones say most of single rows. */
  private static final int TICKS = 400;

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
   * @param runs of the audit
   * @param asked what the audit does
   * @param attacks by name
   */
  public AuditGame(AuditRun runs, AuditSettings asked, Map<String, Attack> attacks) {
    this.runs = runs;
    this.asked = asked;
    this.attacks = attacks;
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
            "%d games and %d for practice: one label of %s, %s"
                .formatted(
                    2 * asked.games(),
                    2 * Math.max(1, asked.games() / 2),
                    agent,
                    exposed ? "exposed" : "not exposed"));
        played.add(new Played(agent, exposed, other.row(), play(first.prepared(), target, other)));
      }
    }
    return played;
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

  private DistinguishingGame.Score play(Prepared prepared, AuditRun.Target target, OtherLabel other)
      throws Exception {
    int[] victim = target.victims();
    LocalObjective zero = prepared.costs().shards().load(victim);
    LocalObjective one = other.load(victim);
    RunSettings.Privacy privacy = prepared.settings().privacy();
    double delta =
        privacy.mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY ? privacy.delta() : 0;
    DistinguishingGame.Runs game =
        (changed, seed) -> {
          Prepared next = runs.prepare(Math.toIntExact(FIRST + seed), false);
          Recorded run =
              runs.record(
                  changed ? next.over(other.in(next.costs().shards())) : next,
                  List.of(target),
                  Math.min(TICKS, next.settings().stop().maxTicks()),
                  text -> {});
          return new DistinguishingGame.Heard(
              run.knowledge(target.adversary()), run.transcript(target.adversary()));
        };
    return new DistinguishingGame(game, zero, one, delta, attacks)
        .play(victim[0], asked.games(), 0);
  }
}
