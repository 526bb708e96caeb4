package io.sotto.run;

/** The deadline passed before there was anything to report. */
public final class DeadlineException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message that is printed as it is. */
  public DeadlineException(String message) {
    super(message);
  }
}
