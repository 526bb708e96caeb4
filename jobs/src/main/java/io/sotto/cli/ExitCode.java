package io.sotto.cli;

/** The exit codes of the process. */
final class ExitCode {
  /** Done, also when max-ticks ended it. */
  static final int DONE = 0;

  /** Something failed, or the run diverged. */
  static final int FAILED = 1;

  /** The configuration or an input is wrong. */
  static final int BAD_INPUT = 2;

  /** An audit found a leak above its threshold. */
  static final int LEAK = 4;

  /** Ended by SIGTERM, with a checkpoint: what the JVM says then, too. */
  static final int INTERRUPTED = 143;

  private ExitCode() {}
}
