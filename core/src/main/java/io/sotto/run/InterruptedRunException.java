package io.sotto.run;

/** A run was asked to end before it was done. What it had is in its checkpoint, if it keeps any. */
public final class InterruptedRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what to tell people. */
  InterruptedRunException(String message) {
    super(message);
  }
}
