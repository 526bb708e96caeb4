package io.sotto.config;

/** What is told of what stands in rows that cannot be read. */
public enum RejectedValues {
  /** Nothing. */
  MASKED,
  /** Complaints and the files of rejected rows say it. */
  SHOWN
}
