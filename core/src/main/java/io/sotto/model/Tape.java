package io.sotto.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What was computed, so that gradients can be computed in reverse order. Its matrices are used
 * again by the next computation: the k-th one that is asked for is the same if it is as wide and
 * has enough rows.
 */
final class Tape {
  private final Kernels kernels;
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Variable> variables = new ArrayList<>();
  private final List<Runnable> steps = new ArrayList<>();
  private int used;
  private boolean recording;

  /** A value and the gradient of the loss with respect to it. */
  record Variable(Tensor value, Tensor gradient) {
    int rows() {
      return value.rows();
    }

    int columns() {
      return value.columns();
    }

    Variable rows(int from, int count) {
      return new Variable(value.rows(from, count), gradient.rows(from, count));
    }
  }

  Tape(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * Begins a computation.
   *
   * @param withGradients whether {@link #back} will be called
   */
  void begin(boolean withGradients) {
    used = 0;
    recording = withGradients;
    steps.clear();
    variables.clear();
  }

  /** A matrix; what is in it is not specified. */
  Tensor tensor(int rows, int columns) {
    if (used < tensors.size()) {
      Tensor there = tensors.get(used);
      if (there.rows() >= rows && there.columns() == columns) {
        used++;
        return there.rows(0, rows);
      }
      tensors.set(used, kernels.tensor(rows, columns));
    } else {
      tensors.add(kernels.tensor(rows, columns));
    }
    return tensors.get(used++);
  }

  /** A variable of zeros. */
  Variable variable(int rows, int columns) {
    Variable variable = unset(rows, columns);
    kernels.zero(variable.value());
    return variable;
  }

  /** A variable that is to be written; what is in it before is not specified. */
  Variable unset(int rows, int columns) {
    Tensor value = tensor(rows, columns);
    Variable variable = new Variable(value, recording ? tensor(rows, columns) : value);
    variables.add(variable);
    return variable;
  }

  /** Says what to do on the way back. */
  void then(Runnable step) {
    if (recording) {
      steps.add(step);
    }
  }

  /** Adds all gradients, the last step first. */
  void back() {
    for (Variable variable : variables) {
      kernels.zero(variable.gradient());
    }
    for (int s = steps.size() - 1; s >= 0; s--) {
      steps.get(s).run();
    }
  }
}
