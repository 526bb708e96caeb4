package io.sotto.bench;

import io.sotto.model.ModelShape;
import io.sotto.model.Training;

/** The models that figures are about. */
final class Models {
  /** Of the balance loss of a sequence, and how far biases move at an update, as in the paper. */
  static final double BALANCE_LOSS = 1e-4;

  static final double BALANCE_STEP = 2e-2;

  private static final double MTP_WEIGHT = 0.3;
  private static final double CLIP = 1;

  private Models() {}

  /** 1.33 M parameters: four layers, the first of them dense, and one that predicts ahead. */
  static ModelShape large(int vocabulary) {
    return new ModelShape(vocabulary, 128, 4, 1, 4, 32, 64, 32, 16, 352, 64, 8, 1, 2, 1, 1, 128, 1);
  }

  /** 0.3 M parameters: one dense layer and two with 16 experts. */
  static ModelShape small(int vocabulary, int mtp) {
    return new ModelShape(vocabulary, 64, 3, 1, 4, 16, 32, 16, 8, 176, 32, 16, 1, 2, 1, 1, 64, mtp);
  }

  /** The same with windows of another length. */
  static ModelShape withWindow(ModelShape shape, int window) {
    return new ModelShape(
        shape.vocabulary(),
        shape.width(),
        shape.layers(),
        shape.dense(),
        shape.heads(),
        shape.head(),
        shape.queryLatent(),
        shape.latent(),
        shape.rope(),
        shape.inner(),
        shape.expertInner(),
        shape.experts(),
        shape.shared(),
        shape.active(),
        shape.groups(),
        shape.activeGroups(),
        window,
        shape.mtp());
  }

  /** Training as the paper has it, of so many windows an update. */
  static Training training(int batch) {
    return training(batch, BALANCE_STEP, Training.Precision.FLOAT);
  }

  /** The same with other steps of biases and another precision. */
  static Training training(int batch, double balanceStep, Training.Precision precision) {
    return new Training(batch, CLIP, MTP_WEIGHT, BALANCE_LOSS, balanceStep, precision, 0, 1);
  }
}
