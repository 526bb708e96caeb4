package io.sotto.config;

/** Whether messages and files show the values in rows that cannot be read. */
public enum RejectedValues {
  /** They show no values. */
  MASKED,
  /** Messages and the files of rejected rows show them. */
  SHOWN
}
