package io.sotto.privacy;

import io.sotto.problem.Registry;

/** The attacks that a configuration can name under {@code audit.attacks}. */
public final class Attacks {
  /** By name. */
  public static final Registry<Attack> REGISTRY = new Registry<>("attack");

  private Attacks() {}
}
