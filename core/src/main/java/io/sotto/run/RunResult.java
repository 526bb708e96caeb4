package io.sotto.run;

import io.sotto.result.Result;

/**
 * What {@link Optimize#run} returns.
 *
 * @param solution the solution, to be handed to the parties
 * @param record what the run was; belongs to the operator
 * @param result how it ended, with its trace
 * @param prepared what was decided
 */
public record RunResult(Solution solution, RunRecord record, Result result, Prepared prepared) {}
