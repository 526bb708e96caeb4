package io.sotto.run;

import io.sotto.clock.Draws;
import io.sotto.engine.DivergedException;
import io.sotto.engine.Plan;
import io.sotto.engine.Recording;
import io.sotto.engine.Runner;
import io.sotto.engine.Shards;
import io.sotto.engine.Wiretap;
import io.sotto.model.LanguageCosts;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Guesses;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import io.sotto.result.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The game of an audit of a model of language. Two sentences of random tokens are drawn, and a coin
 * says which of them stands in the victim's text. The model is trained, and the adversary, who
 * knows both sentences, names the one that costs less under what it heard. Each game is a run with
 * a seed of its own.
 *
 * <p>In the same runs it names one of two sentences of which neither stands anywhere, where a coin
 * says what counts as right: the control, which is luck.
 */
public final class SentenceGame {
  /** The most tokens that a sentence has. */
  static final int LENGTH = 24;

  /** What the victim said last that was heard. */
  public static final String LAST = "last-heard";

  /** The mean of what it said, as heard at each tick. */
  public static final String MEAN = "mean-heard";

  /** The same, less what the adversary itself said: a sentence that is likely is so for both. */
  public static final String AGAINST_OWN = "mean-against-own";

  /** The mean of all agents at the end, which is published. */
  public static final String PUBLISHED = "published-model";

  /** Seeds of games begin so far from those of other runs of audits. */
  private static final int FIRST = 2_000_000;

  private static final long PROGRESS_NANOS = 5_000_000_000L;

  /** A number that no other draw of an audit has in its place. */
  private static final long SENTENCES = -3;

  private final AuditSettings asked;
  private final AuditRun runs;
  private long begun;
  private long told;

  /**
   * What was played, and what came of it.
   *
   * @param prepared a run as it was played, but for its seed and the sentence
   * @param adversary who heard
   * @param victim in whose text sentences stood
   * @param tokens of a sentence
   * @param trainedOn how many tokens the victim trains on
   * @param step the first step
   * @param ticks of the shortest run
   * @param guesses of each kind
   */
  public record Played(
      Prepared prepared,
      Adversary adversary,
      String victim,
      int tokens,
      int trainedOn,
      double step,
      long ticks,
      List<Guesses> guesses) {

    /** The greatest leak that is sure, at 97.5 %. */
    public double atLeast() {
      return guesses.stream().mapToDouble(Guesses::atLeast).max().orElse(0);
    }
  }

  /** Who plays against whom. */
  private record Table(Adversary adversary, int victim, LanguageCosts costs, int tokens) {}

  /**
   * Two sentences, one of which counts as the right one.
   *
   * @param right 0 or 1
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Pair(int[][] sentences, int right) {
    static Pair drawn(SplittableRandom random, int tokens, int kinds) {
      int[][] two = new int[2][tokens];
      do {
        for (int[] sentence : two) {
          Arrays.setAll(sentence, t -> random.nextInt(kinds));
        }
      } while (Arrays.equals(two[0], two[1]));
      return new Pair(two, random.nextInt(2));
    }

    /** Below 0 if the first one costs less. */
    double difference(LanguageCosts costs, double[] x) {
      return costs.loss(x, 0, sentences[0]) - costs.loss(x, 0, sentences[1]);
    }

    boolean isRight(double difference) {
      return (difference < 0 ? 0 : 1) == right;
    }
  }

  /** The texts, but that a sentence stands in one of them. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Planted(Shards plain, int agent, int[] sentence, int[] begin) implements Shards {
    @Override
    public LocalObjective load(int[] agents) {
      LocalObjective costs = plain.load(agents);
      int place = Arrays.binarySearch(agents, agent);
      return place >= 0 && costs instanceof LanguageCosts texts
          ? texts.planted(place, sentence, begin)
          : costs;
    }
  }

  /**
   * @param asked what the audit does
   * @param action what is audited
   */
  public SentenceGame(AuditSettings asked, Optimize action) {
    this.asked = asked;
    long ticks = Math.min(asked.ticks(), action.settings().stop().maxTicks());
    this.runs = new AuditRun(asked, action.maxTicks(ticks));
  }

  /**
   * Plays all games.
   *
   * @throws BadInputException if they cannot be played
   */
  public Played play(Consumer<String> say) throws IOException {
    if (asked.games() == 0) {
      throw new BadInputException(
          "audit.games is 0, and an audit of a model of language is nothing but games. Set audit.games"
              + " to 1 or more.");
    }
    Prepared first = runs.seeded(FIRST, true);
    Table table = table(first);
    String victim = first.costs().agents().get(table.victim());
    say.accept(
        "%d games of %s ticks: one of two sentences of %d random tokens stands %s in what %s trains on (%s tokens)"
            .formatted(
                asked.games(),
                Text.count(first.settings().stop().maxTicks()),
                table.tokens(),
                asked.copies() == 1 ? "once" : asked.copies() + " times",
                victim,
                Text.count(table.costs().trainedOn(0))));
    begun = System.nanoTime();
    told = begun;
    Map<String, int[]> right = new LinkedHashMap<>();
    long ticks = Long.MAX_VALUE;
    double step = Double.NaN;
    for (int game = 0; game < asked.games(); game++) {
      Prepared prepared = game == 0 ? first : runs.seeded(FIRST + game, false);
      SplittableRandom random =
          new SplittableRandom(
              Draws.bits(prepared.plan().seed(), game, SENTENCES, Draws.Purpose.AUDIT));
      int kinds = table.costs().shape().vocabulary() - 1;
      Pair[] pairs = {
        Pair.drawn(random, table.tokens(), kinds), Pair.drawn(random, table.tokens(), kinds)
      };
      Shards texts =
          new Planted(
              prepared.costs().shards(),
              table.victim(),
              pairs[0].sentences()[pairs[0].right()],
              places(random, table));
      Heard heard = run(prepared.over(texts), table, pairs, game, say);
      ticks = Math.min(ticks, heard.ticks());
      step = heard.step();
      heard
          .differences()
          .forEach(
              (by, differences) -> {
                int[] count = right.computeIfAbsent(by, none -> new int[pairs.length]);
                for (int k = 0; k < pairs.length; k++) {
                  count[k] += pairs[k].isRight(differences[k]) ? 1 : 0;
                }
              });
    }
    List<Guesses> guesses = new ArrayList<>();
    right.forEach((by, n) -> guesses.add(new Guesses(by, asked.games(), n[0], n[1])));
    return new Played(
        first,
        table.adversary(),
        victim,
        table.tokens(),
        table.costs().trainedOn(0),
        step,
        ticks,
        guesses);
  }

  /** The first adversary, and the first victim that it hears. */
  private Table table(Prepared prepared) {
    if (!(prepared.costs().name().equals(LanguageProblem.NAME))) {
      throw new BadInputException(
          "The game on a planted sentence is for models of language, and these costs are none. Take a"
              + " problem of texts.");
    }
    for (AuditRun.Target target : runs.targets(prepared)) {
      for (int victim : target.victims()) {
        if (target.adversary().hears(prepared.plan().network(), victim)
            && prepared.costs().shards().load(new int[] {victim}) instanceof LanguageCosts costs) {
          return new Table(target.adversary(), victim, costs, tokens(prepared, victim, costs));
        }
      }
    }
    throw new BadInputException(
        "No adversary hears a victim, so there is nothing to guess from. Name another agent in"
            + " audit.agents, or set audit.victims = 0.");
  }

  private int tokens(Prepared prepared, int victim, LanguageCosts costs) {
    int tokens = Math.min(LENGTH, costs.shape().window());
    if (costs.shape().vocabulary() <= 2) {
      throw new BadInputException(
          "There is one token only beside the end of a text, so no two sentences differ. Give texts of"
              + " more characters.");
    }
    int room = costs.trainedOn(0) / tokens;
    if (asked.copies() > room) {
      throw new BadInputException(
          ("audit.copies is %s, of a sentence of %d tokens, and agent '%s' trains on %s tokens. Set"
                  + " audit.copies to %s or less, or give it a longer text.")
              .formatted(
                  Text.count(asked.copies()),
                  tokens,
                  prepared.costs().agents().get(victim),
                  Text.count(costs.trainedOn(0)),
                  Text.count(room)));
    }
    return tokens;
  }

  /** Where copies begin: none lies over another. */
  private int[] places(SplittableRandom random, Table table) {
    int trained = table.costs().trainedOn(0);
    int slots = trained / table.tokens();
    int shift = random.nextInt(trained - slots * table.tokens() + 1);
    int[] order = new int[slots];
    Arrays.setAll(order, k -> k);
    for (int k = 0; k < asked.copies(); k++) {
      int other = k + random.nextInt(slots - k);
      int slot = order[other];
      order[other] = order[k];
      order[k] = slot;
    }
    return Arrays.stream(order)
        .limit(asked.copies())
        .map(slot -> shift + slot * table.tokens())
        .toArray();
  }

  /**
   * What came of a run.
   *
   * @param differences by kind of guess, of each pair, how much more its first sentence costs
   */
  private record Heard(Map<String, double[]> differences, long ticks, double step) {}

  private Heard run(Prepared planned, Table table, Pair[] pairs, int game, Consumer<String> say) {
    LanguageCosts costs = table.costs();
    int[] members = table.adversary().members();
    Wiretap tap =
        members.length > 0 ? Wiretap.of(table.victim(), members[0]) : Wiretap.of(table.victim());
    try (Prepared.Opened opened = planned.open()) {
      Prepared prepared = opened.prepared();
      Plan plan = prepared.plan();
      Runner runner = opened.runner();
      RunClock clock = RunClock.start().withDeadline(prepared.settings().stop().deadline());
      StepSearch.Choice step = Execution.firstStep(prepared, runner, clock);
      Recording recording =
          runner.record(
              tap, x -> Arrays.stream(pairs).mapToDouble(p -> p.difference(costs, x)).toArray());
      long last = prepared.settings().stop().maxTicks();
      Result result =
          Execution.solve(
              prepared, runner, step.control(plan), last, clock, 0, progress(game, last, say));
      Transcript transcript =
          Transcript.of(
              recording,
              table.adversary(),
              plan.network(),
              plan.channel(),
              plan.partition(),
              plan.ticksPerSuperstep());
      Map<String, double[]> differences = heard(transcript, plan, table);
      double[] mean = result.last().estimate();
      differences.put(
          PUBLISHED, Arrays.stream(pairs).mapToDouble(p -> p.difference(costs, mean)).toArray());
      return new Heard(differences, result.last().tick(), step.initial());
    } catch (DivergedException e) {
      throw new BadInputException(planned.explain(e));
    }
  }

  /** What was heard: of local steps, those estimates that agents exchange. */
  private static Map<String, double[]> heard(Transcript transcript, Plan plan, Table table) {
    int n = transcript.stride();
    int[] members = table.adversary().members();
    int victim = transcript.message(table.victim()) * n;
    int own = members.length > 0 ? transcript.message(members[0]) * n : -1;
    double[] last = new double[n];
    double[] mean = new double[n];
    double[] against = new double[n];
    for (int t = 0; t <= transcript.ticks(); t += plan.exchangeEvery()) {
      double[] said = transcript.at(t);
      for (int k = 0; k < n; k++) {
        last[k] = said[victim + k];
        mean[k] += said[victim + k];
        against[k] += own < 0 ? 0 : said[victim + k] - said[own + k];
      }
    }
    Map<String, double[]> heard = new LinkedHashMap<>();
    heard.put(LAST, last);
    heard.put(MEAN, mean);
    if (own >= 0) {
      heard.put(AGAINST_OWN, against);
    }
    return heard;
  }

  private Optimization.Observer progress(int game, long last, Consumer<String> say) {
    return new Optimization.Observer() {
      @Override
      public void ticked(long tick, long supersteps) {
        long now = System.nanoTime();
        if (now - told >= PROGRESS_NANOS) {
          told = now;
          double done = game + (double) tick / last;
          say.accept(
              "game %d of %d, tick %s of %s; about %s left"
                  .formatted(
                      game + 1,
                      asked.games(),
                      Text.count(tick),
                      Text.count(last),
                      Text.seconds((now - begun) / 1e9 * (asked.games() / done - 1))));
        }
      }

      @Override
      public void measured(RunState now) {}
    };
  }
}
