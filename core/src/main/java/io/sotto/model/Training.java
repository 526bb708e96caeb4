package io.sotto.model;

import java.io.Serializable;

/**
 * How a model is trained, apart from the method that agents use.
 *
 * @param batch windows that an agent draws for one update
 * @param clip the largest norm of a subgradient; longer ones are shortened to it
 * @param mtpWeight what predicting later tokens counts for [lambda]
 * @param balanceLoss what the balance of experts within a sequence counts for [alpha]
 * @param balanceStep how far the bias of an expert moves at an update [gamma]; 0 for no balancing
 * @param precision in which products are computed
 * @param holdOut the share of each agent's text, its end, that is never trained on
 * @param evaluated how many windows of that, at most, a measurement looks at, for each agent
 */
public record Training(
    int batch,
    double clip,
    double mtpWeight,
    double balanceLoss,
    double balanceStep,
    Precision precision,
    double holdOut,
    int evaluated)
    implements Serializable {

  /** The precision of products. */
  public enum Precision {
    /** 32 bits. */
    FLOAT,
    /** Operands are rounded to 8 bits (E4M3) with a scale for each tile; sums have 32 bits. */
    FP8
  }
}
