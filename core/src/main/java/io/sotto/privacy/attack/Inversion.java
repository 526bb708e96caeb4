package io.sotto.privacy.attack;

import io.sotto.algorithm.Recursion;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import org.jspecify.annotations.Nullable;

/**
 * Inversion of the update where the mix is known. Who hears a victim and all whom it hears computes
 * the mix v_i of each tick to the last bit, sees at which ticks the victim was active (v_i differs
 * from what it then said), knows from their number its step, and with it
 *
 * <pre>
 *   g_i = (v_i - x_i) / alpha_i
 * </pre>
 *
 * <p>of every update; other methods have formulas of their own ({@link Recursion}). At the optimum
 * it is the mean over the updates whose v_i are nearest to it. Where a set holds the victim back,
 * what comes out is the subgradient and a part that is normal to the set.
 *
 * <p>Says nothing about victims that are not exposed.
 */
record Inversion() implements Attack {
  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Samples samples = new Updates(knowledge, transcript).of(victim);
    return samples == null
        ? null
        : samples.finding(samples.pullAt(knowledge.setting().published()));
  }
}
