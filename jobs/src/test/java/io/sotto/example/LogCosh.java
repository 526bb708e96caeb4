package io.sotto.example;

import io.sotto.problem.Loss;
import io.sotto.problem.Parameters;

/** {@code scale^2 log cosh((z - y) / scale)}: squares near the label, absolute values far away. */
public record LogCosh(double scale) implements Loss {

  /** Reads {@code problem.parameters.scale}. */
  public static LogCosh of(Parameters parameters) {
    return new LogCosh(parameters.number("scale", 1e-6, 1e6));
  }

  @Override
  public double value(double z, double y) {
    double a = Math.abs(z - y) / scale;
    return scale * scale * (a + StrictMath.log1p(StrictMath.exp(-2 * a)) - StrictMath.log(2));
  }

  @Override
  public double derivative(double z, double y) {
    return scale * StrictMath.tanh((z - y) / scale);
  }

  @Override
  public Labels labels() {
    return Labels.REAL;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  @Override
  public double curvature(double y) {
    return 1;
  }
}
