package io.sotto.privacy.judge;

/**
 * How often somebody who guessed between two was right.
 *
 * @param by what the guesses were made from
 * @param games played
 * @param right of these
 * @param control how many of as many guesses were right where there was nothing to be known
 */
public record Guesses(String by, int games, int right, int control) {

  /** With fewer games no leak above a threshold below 1 can be shown, if all guesses are right. */
  public static int fewest(double threshold) {
    return threshold >= 1
        ? 1
        : 1 + (int) (Math.log(DistinguishingGame.TAIL) / Math.log((1 + threshold) / 2));
  }

  /** From 0, no better than by luck, to 1, always right. */
  public double leak() {
    return leak((double) right / games);
  }

  /** No smaller leak fits this, at 97.5 %. */
  public double atLeast() {
    return leak(low());
  }

  private static double leak(double chance) {
    return Math.max(0, 2 * chance - 1);
  }

  /** The lower end of the 95 % interval of the chance to be right (Clopper and Pearson 1934). */
  public double low() {
    return DistinguishingGame.lower(right, games);
  }

  /** Its upper end. */
  public double high() {
    return DistinguishingGame.upper(right, games);
  }

  /** Whether half of the guesses, which is luck, lies in the 95 % interval of the control. */
  public boolean isControlLuck() {
    return DistinguishingGame.lower(control, games) <= 0.5
        && DistinguishingGame.upper(control, games) >= 0.5;
  }
}
