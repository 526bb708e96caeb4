package io.sotto.run;

/**
 * Whether a run ends with standard errors, and which.
 *
 * @param enabled whether
 * @param coordinates above so many coordinates of x there are none
 * @param errors what they rest on
 * @param weights what the weights of rows mean
 * @param covariance whether the covariance of all coefficients is written, too
 */
public record InferenceSettings(
    Enabled enabled, int coordinates, Errors errors, Weights weights, boolean covariance) {

  /** The usual number of coordinates. */
  public static final int COORDINATES = 500;

  /** None. */
  public static InferenceSettings off() {
    return new InferenceSettings(
        Enabled.FALSE, COORDINATES, Errors.MODEL, Weights.FREQUENCY, false);
  }

  /** Those of the model, where they are valid. */
  public static InferenceSettings usual() {
    return off().enabled(Enabled.AUTO);
  }

  /** The same, asked for in another way. */
  public InferenceSettings enabled(Enabled other) {
    return new InferenceSettings(other, coordinates, errors, weights, covariance);
  }

  /** The same with other errors. */
  public InferenceSettings errors(Errors other) {
    return new InferenceSettings(enabled, coordinates, other, weights, covariance);
  }

  /** The same with weights that mean something else. */
  public InferenceSettings weights(Weights other) {
    return new InferenceSettings(enabled, coordinates, errors, other, covariance);
  }

  /** The same with the covariance. */
  public InferenceSettings withCovariance() {
    return new InferenceSettings(enabled, coordinates, errors, weights, true);
  }

  /** Whether there is inference. */
  public enum Enabled {
    /** No. */
    FALSE,
    /** Where it is valid; elsewhere it is left out, and the reason is told. */
    AUTO,
    /** Yes: a run for which it is known not to be valid is refused. */
    TRUE
  }

  /** What standard errors rest on. */
  public enum Errors {
    /** The model: the inverse of the information. */
    MODEL,
    /**
     * The squared scores of rows (White 1980): right also where the variance is not the model's.
     */
    HC0,
    /** The same times n / (n - p). */
    HC1,
    /** The squared scores of agents: right also where the rows of an agent depend on each other. */
    AGENT
  }

  /** What the weights of rows mean. */
  public enum Weights {
    /** How many rows a row stands for. */
    FREQUENCY,
    /** The inverse of the probability that the row was drawn: errors are those of its score. */
    PROBABILITY
  }
}
