package io.sotto.engine;

import java.io.Serializable;

/**
 * How far the agents of one cell are from a point. This is for the operator and never crosses a
 * border.
 *
 * @param agents global indices, ascending
 * @param distances of their estimates
 * @param updates how many updates each has made
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares states
public record CellDistances(int[] agents, double[] distances, int[] updates)
    implements Serializable {}
