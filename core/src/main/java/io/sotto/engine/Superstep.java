package io.sotto.engine;

import java.io.Serializable;

/**
 * What all cells do between two exchanges across their borders.
 *
 * @param first its first tick; ticks count from 1
 * @param ticks how many, at least 1
 * @param mixOnly true if nobody updates and everybody mixes, whatever the clocks say
 * @param report true if the cells are asked for sums over their agents
 */
public record Superstep(long first, int ticks, boolean mixOnly, boolean report)
    implements Serializable {}
