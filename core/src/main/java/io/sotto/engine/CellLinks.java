package io.sotto.engine;

import java.io.Serializable;

/**
 * The duals of the links of one cell, for a later run that starts from this result. This is for the
 * operator and never crosses a border.
 *
 * @param cell which cell
 * @param agents global indices, ascending
 * @param offset where the links of each agent begin; one position more than agents
 * @param neighbours by link, the global index of whom it leads to
 * @param dimension coordinates of a dual
 * @param duals links x dimension
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares states
public record CellLinks(
    int cell, int[] agents, int[] offset, int[] neighbours, int dimension, double[] duals)
    implements Serializable {}
