package io.sotto.privacy.attack;

import io.sotto.algorithm.Recursion;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.LinkUpdates;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Voices;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first message, read as a model. Where agents say something else on each link, all z are the
 * public start until a neighbour has been active. So an agent's first estimate is the minimiser of
 * its own cost and a pull to the start: a model fitted to its own rows, which each neighbour
 * decodes. The subgradient there is {@code rho sum of (z - x)}. It is known exactly at tick 1, and
 * later where all z are known; a z that is not known is taken to be the start.
 *
 * <p>Where agents say the same to all, it is the first estimate said, and the subgradient is that
 * of {@link FirstStep}.
 */
record FirstMessage() implements Attack {
  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    return knowledge.setting().recursion() instanceof Recursion.Links
        ? decoded(victim, knowledge, transcript)
        : said(victim, knowledge, transcript);
  }

  private static @Nullable Finding decoded(int victim, Knowledge knowledge, Transcript transcript) {
    LinkUpdates updates = new LinkUpdates(knowledge, transcript);
    double[][] x = updates.estimates(victim);
    if (x == null) {
      return null;
    }
    Setting setting = knowledge.setting();
    for (int t = 1; t < x.length; t++) {
      if (x[t] != x[t - 1]) {
        Samples first = new Samples(setting.dimension());
        first.add(t, x[t], 0, 1, updates.pull(victim, t, x));
        double[] model = x[t].clone();
        first.less(knowledge.told(victim));
        complete(first, victim, knowledge);
        return new Finding.LocalModel(model, FirstStep.carried(first, knowledge));
      }
    }
    return null;
  }

  /** Where the adversary's own set holds the victim back, what is normal to it is guessed. */
  private static void complete(Samples first, int victim, Knowledge knowledge) {
    if (knowledge.setting().sets().isEmpty() || knowledge.sets().isEmpty()) {
      return;
    }
    int d = knowledge.setting().dimension();
    double[] pull = Arrays.copyOf(first.pulls(), d);
    double[] point = Arrays.copyOf(first.points(), d);
    NormalSpace normal =
        new NormalSpace(knowledge.sets().get(0), point, knowledge.setting().coefficients());
    double[] known = normal.part(pull);
    double[] guess = new BlindGuess(knowledge).at(victim, point);
    Vectors.addScaled(-1, normal.part(guess), 0, known, 0, d);
    first.less(known);
  }

  private static @Nullable Finding said(int victim, Knowledge knowledge, Transcript transcript) {
    Voices voices = new Voices(knowledge, transcript);
    if (!knowledge.setting().recursion().saysEstimate() || !voices.hears(victim)) {
      return null;
    }
    int d = knowledge.setting().dimension();
    int at = voices.at(victim);
    for (int t = 1; t <= voices.ticks(); t++) {
      if (Vectors.distance(voices.said(t), at, voices.said(0), at, d) > 0) {
        Finding step = new FirstStep().on(victim, knowledge, transcript);
        return new Finding.LocalModel(
            Arrays.copyOfRange(voices.said(t), at, at + d),
            step instanceof Finding.Subgradient g ? g : null);
      }
    }
    return null;
  }
}
