package io.sotto.algorithm;

/** What an agent does at a tick at which its clock does not ring. */
public enum IdleRule {
  /** It goes on averaging: x_i := v_i. */
  MIX,
  /** It does nothing: x_i stays. */
  HOLD
}
