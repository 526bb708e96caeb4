package io.sotto.engine;

import java.io.Serializable;

/**
 * Which agents of one cell another cell hears, and, where they say something else on each link, who
 * there hears them.
 *
 * @param hearer the cell that hears
 * @param source the cell that is heard
 * @param agents global indices of agents of the source, ascending
 * @param hearers where agents are perLink, for each of {@code agents} (which then repeat) who hears
 *     it, ascending among equals; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Subscription(int hearer, int source, int[] agents, int[] hearers)
    implements Serializable {}
