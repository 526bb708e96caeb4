package io.sotto.engine;

import org.jspecify.annotations.Nullable;

/**
 * Where the agents of a run stand at a check: sums over all of them, before anything is asked of
 * their costs.
 *
 * @param tick ticks so far
 * @param superstep supersteps so far
 * @param active agents that were active at the last tick
 * @param updates all updates so far
 * @param mean the mean of all agents' estimates
 * @param current the average of means, weighted by the step, since the last power of two of the
 *     tick; null if there is none yet
 * @param finished the same between the last two powers of two
 * @param control the step that agents have, and when it is looked at again
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Position(
    long tick,
    long superstep,
    int active,
    long updates,
    double[] mean,
    double @Nullable [] current,
    double @Nullable [] finished,
    StepControl control) {}
