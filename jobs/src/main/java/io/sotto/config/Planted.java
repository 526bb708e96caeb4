package io.sotto.config;

import java.io.Serializable;

/**
 * Rows whose optimum is known.
 *
 * @param rows twice the number of pairs
 * @param noise in units of the label; of counts, relative to them
 * @param files that they are written into
 */
public record Planted(int agents, long rows, int features, double noise, int files)
    implements Serializable {}
