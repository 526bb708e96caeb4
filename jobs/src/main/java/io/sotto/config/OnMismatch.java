package io.sotto.config;

/** What to do with a checkpoint of another configuration, data, secret or version. */
public enum OnMismatch {
  /** Begin anew where only inputs changed, else refuse. */
  AUTO,
  /** Refuse to run. */
  REFUSE,
  /** Remove it and begin anew. */
  FRESH
}
