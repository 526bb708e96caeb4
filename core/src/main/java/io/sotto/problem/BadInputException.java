package io.sotto.problem;

/**
 * Something that a person gave is wrong: a key, a file, a row, a graph. The message names it, with
 * its value, and its last sentence says what to do; it is printed without a stack trace, and holds
 * no control characters, whatever it quotes.
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
