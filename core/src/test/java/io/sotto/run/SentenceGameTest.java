package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import io.sotto.privacy.judge.Guesses;
import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The game on a planted sentence, on three small texts. */
class SentenceGameTest {
  private static final int KINDS = 12;
  private static final int WINDOW = 16;
  private static final int GAMES = 16;

  private static Tokens text(int agent, int kinds) {
    SplittableRandom random = new SplittableRandom(agent);
    int[] ids = new int[600];
    for (int t = 1; t < ids.length; t++) {
      ids[t] = random.nextInt(5) == 0 ? random.nextInt(kinds) : (ids[t - 1] * 3 + 1) % kinds;
    }
    return Tokens.of(ids);
  }

  private static Optimize run(int kinds) {
    Vocabulary letters = Vocabulary.characters(IntStream.range('a', 'a' + kinds));
    TextSource.ScannedTexts scanned =
        new TextSource.ScannedTexts(
            List.of("ann", "bo", "cy"),
            new int[] {600, 600, 600},
            letters,
            "digest",
            "texts",
            Map.of(),
            agents -> Arrays.stream(agents).mapToObj(i -> text(i, kinds)).toArray(Tokens[]::new));
    ModelShape least = new ModelShape(2, 16, 1, 0, 2, 8, 8, 8, 4, 16, 8, 4, 1, 2, 1, 1, WINDOW, 1);
    LanguageProblem problem =
        new LanguageProblem(
            warnings -> scanned,
            new ModelSettings(Vocabulary.Kind.CHARACTERS, 0, least),
            new Training(4, 1, 0.3, 1e-4, 1e-3, Training.Precision.FLOAT, 0.1, 4));
    return Optimize.of(problem).maxTicks(150).firstStep(1e-2);
  }

  private static AuditSettings asked(
      AuditSettings.Adversary adversary, int games, long ticks, int copies) {
    return new AuditSettings(
        adversary, List.of(), 1, 0, 1, games, ticks, copies, 0.1, false, List.of());
  }

  private static SentenceGame.Played play(AuditSettings asked, Optimize run, List<String> said)
      throws Exception {
    return new SentenceGame(asked, run).play(said::add);
  }

  /** All guesses, and whatever is wrong with a control shows here as well. */
  @Test
  void aSentenceThatStandsManyTimesIsTold() throws Exception {
    List<String> said = new ArrayList<>();
    SentenceGame.Played played =
        play(asked(AuditSettings.Adversary.NEIGHBOUR, GAMES, 400, 12), run(KINDS), said);
    assertThat(said.get(0))
        .isEqualTo(
            "16 games of 150 ticks: one of two sentences of 16 random tokens stands 12 times in what"
                + " ann trains on (540 tokens)");
    assertThat(played.ticks()).as("of the run, which is shorter than audit.ticks").isEqualTo(150);
    assertThat(played.victim()).isEqualTo("ann");
    assertThat(played.adversary().members()).containsExactly(1);
    assertThat(played.guesses())
        .extracting(Guesses::by)
        .containsExactly(
            SentenceGame.LAST, SentenceGame.MEAN, SentenceGame.AGAINST_OWN, SentenceGame.PUBLISHED);
    assertThat(played.guesses())
        .allSatisfy(
            one -> {
              assertThat(one.games()).isEqualTo(GAMES);
              assertThat(one.right()).as("%s", one).isGreaterThanOrEqualTo(GAMES - 1);
              assertThat(one.control()).as("%s", one).isBetween(3, GAMES - 3);
              assertThat(one.isControlLuck()).isTrue();
            });
    assertThat(played.atLeast()).isGreaterThan(0.5);
  }

  /** Nothing is learnt in one tick with steps of next to nothing: then guesses are luck. */
  @Test
  void whoHearsNothingOfItGuesses() throws Exception {
    SentenceGame.Played played =
        play(
            asked(AuditSettings.Adversary.NEIGHBOUR, 40, 1, 1),
            run(KINDS).firstStep(1e-9),
            new ArrayList<>());
    assertThat(played.ticks()).isEqualTo(1);
    assertThat(played.guesses())
        .allSatisfy(
            one -> {
              assertThat(one.right()).as("%s", one).isBetween(10, 30);
              assertThat(one.control()).as("%s", one).isBetween(10, 30);
            });
  }

  /** An eavesdropper says nothing itself. Of local steps it hears where agents exchange. */
  @Test
  void localStepsAreHeardAtExchanges() throws Exception {
    Optimize plain = run(KINDS);
    RunSettings settings = plain.settings();
    RunSettings.Algorithm local = settings.algorithm();
    Optimize run =
        plain.settings(settings.algorithm(local.stepping(local.stepping().localSteps(8))));
    SentenceGame.Played played =
        play(asked(AuditSettings.Adversary.EAVESDROPPER, 8, 144, 20), run, new ArrayList<>());
    assertThat(played.victim()).isEqualTo("ann");
    assertThat(played.guesses())
        .extracting(Guesses::by)
        .containsExactly(SentenceGame.LAST, SentenceGame.MEAN, SentenceGame.PUBLISHED);
    assertThat(played.guesses())
        .allSatisfy(one -> assertThat(one.right()).as("%s", one).isGreaterThanOrEqualTo(7));
  }

  @Test
  void sameSettingsGiveTheSameGuesses() throws Exception {
    AuditSettings asked = asked(AuditSettings.Adversary.NEIGHBOUR, 4, 20, 2);
    List<Guesses> first = play(asked, run(KINDS), new ArrayList<>()).guesses();
    assertThat(play(asked, run(KINDS), new ArrayList<>()).guesses()).isEqualTo(first);
  }

  /** The chance that so many are all right by luck is below 2.5 %. */
  @Test
  void soManyGamesCanShowALeak() {
    assertThat(Guesses.fewest(0)).isEqualTo(6);
    assertThat(Guesses.fewest(0.1)).isEqualTo(7);
    assertThat(Guesses.fewest(0.9)).isEqualTo(72);
    Guesses all = new Guesses("", 6, 6, 6);
    assertThat(all.low()).isCloseTo(Math.pow(0.025, 1 / 6.0), within(1e-9));
    assertThat(all.high()).isEqualTo(1);
    assertThat(all.isControlLuck()).isFalse();
    assertThat(new Guesses("", 6, 1, 5).isControlLuck()).isTrue();
    assertThat(new Guesses("", 6, 1, 5).leak()).isZero();
  }

  @Test
  void whatCannotBePlayedIsRefused() {
    refused(
        asked(AuditSettings.Adversary.NEIGHBOUR, 1, 10, 34),
        run(KINDS),
        "audit.copies is 34, of a sentence of 16 tokens, and agent 'ann' trains on 540 tokens."
            + " Set audit.copies to 33 or less");
    refused(
        asked(AuditSettings.Adversary.NEIGHBOUR, 0, 10, 1),
        run(KINDS),
        "audit.games is 0",
        "Set audit.games to 1 or more.");
    refused(
        asked(AuditSettings.Adversary.NEIGHBOUR, 1, 10, 1),
        run(1),
        "one token only beside the end of a text");
  }

  private static void refused(AuditSettings asked, Optimize run, String... words) {
    assertThatThrownBy(() -> play(asked, run, new ArrayList<>()))
        .isInstanceOf(BadInputException.class)
        .message()
        .contains(words);
  }
}
