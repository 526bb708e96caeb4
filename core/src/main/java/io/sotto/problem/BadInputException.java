package io.sotto.problem;

/**
 * An input or a setting is wrong. The message names the file, key or row and its value, and its
 * last sentence says what to do. It is printed as it is, without a stack trace; control characters
 * in what it quotes are replaced.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BadInputException(String message) {
    super(Printable.of(message));
  }

  public BadInputException(String message, Throwable cause) {
    super(Printable.of(message), cause);
  }
}
