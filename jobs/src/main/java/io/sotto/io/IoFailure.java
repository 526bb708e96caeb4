package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one line out of a failure of listing, reading or writing files: what failed, and what to
 * do.
 */
public final class IoFailure {
  private static final List<Class<? extends IOException>> OF_INPUT =
      List.of(FileNotFoundException.class, EOFException.class, ChecksumException.class);

  private IoFailure() {}

  /** The message for a failure of the environment; null if the exception is of another kind. */
  public static @Nullable String message(Throwable failure) {
    String told = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Told) {
        return cause.getMessage();
      }
      if (isIo(cause)) {
        told = "A file could not be read or written: %s. %s".formatted(why(cause), remedy(cause));
      }
    }
    return told;
  }

  /** An exception that says where it failed. */
  static IOException at(String where, Throwable e) {
    return new Told("%s: %s. %s".formatted(where, why(e), remedy(e)), e);
  }

  /** An exception whose message says it all. */
  static IOException told(String message) {
    return new Told(message, null);
  }

  /**
   * Decides whose fault it is that an input cannot be listed or read.
   *
   * @return the exception to throw, if the input is at fault, such as by its permissions
   * @throws IOException if the environment is at fault
   */
  static BadInputException input(String where, Exception e) throws IOException {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInputException bad) {
        return bad;
      }
    }
    if (!isRefused(e) && !any(e, OF_INPUT)) {
      throw at(where, e);
    }
    return new BadInputException("%s: %s. %s".formatted(where, why(e), remedy(e)), e);
  }

  private static boolean isIo(Throwable e) {
    return e instanceof IOException || e instanceof UncheckedIOException || e instanceof FSError;
  }

  /** What the file system says, in one line without its exception's name. */
  static String why(Throwable e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    if (last instanceof AccessDeniedException) {
      return "Permission denied: " + last.getMessage();
    }
    return Objects.toString(last.getMessage(), last.getClass().getSimpleName())
        .lines()
        .findFirst()
        .orElse(last.getClass().getSimpleName())
        .replaceFirst("^([a-z]+\\.)+[A-Za-z]+Exception: ", "")
        .replaceAll("\\p{Cntrl}", "?")
        .replaceFirst("\\.$", "");
  }

  private static String remedy(Throwable e) {
    if (isRefused(e)) {
      return "Get the right to use it, or choose another place.";
    }
    if (SafeMode.isCauseOf(e)) {
      return "Have HDFS leave safe mode, or raise output.wait, and run again.";
    }
    String why = why(e).toLowerCase(Locale.ROOT);
    if (why.contains("no space left") || why.contains("quota")) {
      return "Make room there, or choose another place.";
    }
    if (why.contains("could only be written to")) {
      return "Look whether HDFS has DataNodes that run and have room, or choose another place.";
    }
    return isUnreachable(e)
        ? "Check the address, and that the service runs."
        : "Check the path, the disk and the connection, and run again.";
  }

  private static boolean isRefused(Throwable e) {
    return any(e, List.of(AccessControlException.class, AccessDeniedException.class))
        || (any(e, List.of(FileNotFoundException.class)) && why(e).endsWith("(Permission denied)"))
        || why(e).startsWith("Permission denied");
  }

  /** Whether the file system could not be reached. */
  static boolean isUnreachable(Throwable e) {
    return any(
        e,
        List.of(SocketException.class, UnknownHostException.class, SocketTimeoutException.class));
  }

  private static boolean any(Throwable e, List<Class<? extends IOException>> kinds) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      Throwable one = cause;
      if (kinds.stream().anyMatch(kind -> kind.isInstance(one))) {
        return true;
      }
    }
    return false;
  }

  /** An exception whose message is complete. */
  private static final class Told extends IOException {
    private static final long serialVersionUID = 1;

    Told(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
