package io.sotto.privacy.mechanism;

import io.sotto.algorithm.Scales;
import io.sotto.problem.BadInputException;
import java.io.Serializable;

/**
 * What rounds of noisy sums may give away of rows, and the noise for it. Everything here follows
 * from public numbers.
 *
 * <p>In each of T rounds an agent adds its clipped sum, rounded to whole numbers of a grid, and
 * discrete Gaussian noise of a deviation sigma of {@link #scale} grid steps. A coalition knows the
 * noise of its own members and subtracts it. What is left on the sum over the others is that of h
 * agents or more, h being taken to be honest: its deviation is {@code s = sigma sqrt(h)}. One row
 * moves the sum by at most
 *
 * <pre>
 *   Delta = 2 C / M + what rounding may add: the sum's own, at most M 2^-51 C,
 *           and one grid step in each of d coordinates
 *   mu^2  = T (Delta / s)^2                         ({@link GaussianPrivacy})
 * </pre>
 *
 * <p>That holds of normal noise of deviation s, rounded to the grid, which the discrete noise is
 * nearly. With S = s in grid steps, in each coordinate and round:
 *
 * <ul>
 *   <li>The sum of h discrete Gaussians differs from one discrete Gaussian of h times the variance
 *       by factors within exp(+-tau), {@code tau = 10 sum over k < h of exp(-2 pi^2 sigma^2 k / (k
 *       + 1))} (Kairouz, Liu and Steinke 2021, arXiv:2102.06387, theorem 9 and what follows from
 *       it; theirs is half of that).
 *   <li>A normal number rounded to whole ones is k with probability {@code p(k) = phi(k) integral
 *       over |u| <= 1/2 of cosh(k u / S^2) exp(-u^2 / (2 S^2))}, the discrete Gaussian with {@code
 *       q(k) = phi(k) / Z}, Z from 1 to 1 + 4 exp(-2 pi^2 S^2). As cosh is at least 1 and the other
 *       factor at least 1 - u^2 / (2 S^2), {@code p / q >= 1 - 1 / (24 S^2)}, so their total
 *       variation distance is at most 1 / (24 S^2). As sinh(x) / x is at most exp(x^2 / 6), {@code
 *       p / q <= Z exp(k^2 / (24 S^4))}, which is within exp(K^2 / (24 S^2)) up to K = 64
 *       deviations. Beyond there are no odds that a double can tell from 0.
 * </ul>
 *
 * <p>So with {@code nu = 1 / (24 S^2) + 2 tau} the sums are (epsilon, delta) private if normal
 * noise is (epsilon - T d (K^2 / (24 S^2) + tau), delta - T d nu) private. Both differences are
 * taken off before mu is chosen.
 *
 * @param epsilon of the whole run
 * @param delta of the whole run
 * @param deltaOfRounding the part of it that goes to the difference from normal noise
 * @param epsilonOfRounding the part of epsilon that does
 * @param clip C
 * @param rows M, of all agents
 * @param agents how many there are
 * @param honest h
 * @param rounds T
 * @param sensitivity Delta
 * @param exponent a grid step is 2 to the minus this
 * @param scale the deviation of an agent's noise, in grid steps
 */
public record RoundsBudget(
    double epsilon,
    double delta,
    double deltaOfRounding,
    double epsilonOfRounding,
    double clip,
    long rows,
    int agents,
    int honest,
    int rounds,
    double sensitivity,
    int exponent,
    long scale)
    implements Serializable {

  /** The least deviation of an agent's noise, in grid steps. */
  static final long COARSEST = 1L << 10;

  private static final double ROUNDING = 0x1p-51;

  /** Noise beyond so many deviations does not occur. */
  private static final double FARTHEST = 64;

  private static final double SLACK = 1e-9;

  /** Sums stay below this. */
  private static final double ROOM = 0x1p61;

  /**
   * A budget.
   *
   * @param epsilon above 0
   * @param delta above 0 and below 1
   * @param clip above 0
   * @param rows of all agents
   * @param agents how many there are
   * @param honest how many of them are taken to be honest, at least 1
   * @param dimension of a gradient
   * @param rounds above 0
   * @throws BadInputException if no noise is fine enough
   */
  public static RoundsBudget of(
      double epsilon,
      double delta,
      double clip,
      long rows,
      int agents,
      int honest,
      int dimension,
      int rounds) {
    double moved = 2 * clip / rows + rows * ROUNDING * clip;
    double most = GaussianPrivacy.within(epsilon, delta).mu();
    double first = moved * Math.sqrt(rounds / (double) honest) / most;
    int exponent = Math.getExponent(DiscreteGaussian.LARGEST / first) - 1;
    while (agents * (Math.scalb(clip, exponent) + FARTHEST * DiscreteGaussian.LARGEST) > ROOM
        && Math.scalb(first, exponent) >= COARSEST) {
      exponent--;
    }
    double least = Math.scalb(first, exponent); // no less than that, in grid steps
    double variance = honest * least * least;
    double apart = tau(least, honest);
    double places = (double) rounds * dimension;
    double lost = places * (1 / (24 * variance) + 2 * apart);
    double more = places * (FARTHEST * FARTHEST / (24 * variance) + apart);
    if (!(least >= COARSEST && lost < delta / 2 && more < epsilon / 2)) {
      throw new BadInputException(
          ("privacy.epsilon = %s and privacy.delta = %s ask for noise on %d rows of %d agents that is"
                  + " too fine for whole numbers of 64 bits: lower privacy.epsilon or raise"
                  + " privacy.delta.")
              .formatted(epsilon, delta, rows, agents));
    }
    double mu = GaussianPrivacy.within(epsilon - more, delta - lost).mu() * (1 - SLACK);
    double sensitivity = moved + Math.scalb(Math.sqrt(dimension), -exponent);
    double each = sensitivity * Math.sqrt(rounds / (double) honest) / mu;
    long scale = (long) Math.ceil(Math.scalb(each, exponent));
    return new RoundsBudget(
        epsilon,
        delta,
        lost,
        more,
        clip,
        rows,
        agents,
        honest,
        rounds,
        sensitivity,
        exponent,
        scale);
  }

  private static double tau(double sigma, int honest) {
    double sum = 0;
    for (int k = 1; k < honest; k++) {
      sum += StrictMath.exp(-2 * Math.PI * Math.PI * sigma * sigma * k / (k + 1.0));
    }
    return 10 * sum;
  }

  /** The deviation s of the noise on a sum, without that of a coalition. */
  public double deviation() {
    return Math.scalb(scale * Math.sqrt(honest), -exponent);
  }

  /** The largest coalition from which rows are protected. */
  public int coalition() {
    return agents - honest;
  }

  /** How finely agents round. */
  public Scales scales() {
    return new Scales(0, exponent, 0);
  }

  /** What so many rounds give away, but for the difference from normal noise. */
  public GaussianPrivacy after(long count) {
    return new GaussianPrivacy(Math.sqrt(count) * sensitivity / deviation());
  }

  /** What so many rounds give away: their epsilon, at this budget's delta. */
  public double spent(long count) {
    return count == 0 ? 0 : after(count).epsilon(delta - deltaOfRounding) + epsilonOfRounding;
  }
}
