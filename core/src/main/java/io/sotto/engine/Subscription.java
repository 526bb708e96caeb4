package io.sotto.engine;

import java.io.Serializable;

/**
 * Which agents of one cell another cell hears.
 *
 * @param hearer the cell that hears
 * @param source the cell that is heard
 * @param agents global indices of agents of the source, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Subscription(int hearer, int source, int[] agents) implements Serializable {}
