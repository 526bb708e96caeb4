package io.sotto.engine;

import java.io.Serializable;

/**
 * Where the agents of one cell stand. This is for the operator and never crosses a border.
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
