package io.sotto.engine;

import java.io.Serializable;

/**
 * The agents of one cell as they stand: for the operator, never for a border.
 *
 * @param cell which cell
 * @param agents global indices, ascending
 * @param dimension coordinates of an estimate
 * @param estimates agents x dimension
 * @param updates how many updates each agent has made
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares states
public record CellEstimates(
    int cell, int[] agents, int dimension, double[] estimates, int[] updates)
    implements Serializable {}
