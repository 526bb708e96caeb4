package io.sotto.model.task;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What people prefer of two greetings: a model of pairs (Bradley and Terry 1952), linear in a few
 * features of each. Its weights are those of a logistic regression on the differences of features.
 *
 * @param weights by feature
 */
@SuppressWarnings("ArrayRecordComponent") // five numbers; nobody compares these
public record Preference(double[] weights) implements Serializable {
  /** The features of a greeting, in their order; they are the columns of pairs. */
  public static final List<String> FEATURES =
      List.of("names", "greets", "exclaims", "repeats", "length");

  /** What the people of the example like, of which pairs tell. */
  private static final Preference PEOPLE = new Preference(new double[] {2.5, 2.25, 1.5, -2.5, -1});

  private static final double TEN = 10;

  /** Checks that there is a weight for each feature. */
  public Preference {
    if (weights.length != FEATURES.size()) {
      throw new IllegalArgumentException(
          "a preference has %d weights, not %d".formatted(FEATURES.size(), weights.length));
    }
  }

  /** The features of an answer to a greeting. */
  public static double[] features(String question, String answer) {
    String name = Greeting.name(question);
    int first = answer.indexOf(name);
    boolean again = first >= 0 && answer.indexOf(name, first + 1) >= 0;
    return new double[] {
      first >= 0 ? 1 : 0,
      answer.startsWith(Greeting.HELLO) ? 1 : 0,
      answer.endsWith(Greeting.END) ? 1 : 0,
      again ? 1 : 0,
      answer.length() / TEN
    };
  }

  private double score(String question, String answer) {
    double[] features = features(question, answer);
    double score = 0;
    for (int k = 0; k < weights.length; k++) {
      score += weights[k] * features[k];
    }
    return score;
  }

  /**
   * How likely it is that a response is preferred to the name alone; 0 if it has no answer.
   *
   * @param response what a model wrote; null if it did not come to an end
   */
  public double of(Prompt prompt, @Nullable String response) {
    String answer = Response.of(false, response).answer();
    if (answer == null) {
      return 0;
    }
    String question = prompt.question();
    return logistic(score(question, answer) - score(question, Greeting.name(question)));
  }

  /** Whether the people of the example prefer one answer to another; they do not always agree. */
  public static boolean isPreferred(
      String question, String one, String other, SplittableRandom random) {
    return random.nextDouble()
        < logistic(PEOPLE.score(question, one) - PEOPLE.score(question, other));
  }

  private static double logistic(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  @Override
  public String toString() {
    return Arrays.toString(weights);
  }
}
