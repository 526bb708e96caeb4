package io.sotto.privacy.attack;

import io.sotto.algorithm.Recursion;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import org.jspecify.annotations.Nullable;

/**
 * A way to learn about an agent from what an adversary knows and received. It may use all of that,
 * and has nothing else. The same input gives the same finding: it draws nothing, save by {@link
 * io.sotto.clock.Draws}. {@link Attacks} is the registry; whoever is in it is tested to find a
 * planted leak, and to find nothing where there is nothing.
 */
public interface Attack {

  /** What its findings are about: {@code subgradient}, {@code clock} or {@code rows}. */
  default String about() {
    return "subgradient";
  }

  /**
   * Whether it can read what is said under a recursion. Sums over several agents are none of their
   * estimates: by default an attack reads everything else.
   */
  default boolean reads(Recursion recursion) {
    return !(recursion instanceof Recursion.Sums);
  }

  /**
   * Of whom it says nothing in a run, though it may of others, and why: a sentence without its end.
   *
   * @return null if there is nothing to say about that
   */
  default @Nullable String limits(Setting setting) {
    return null;
  }

  /**
   * What this attack makes of one victim, who is no member of the adversary.
   *
   * @return null if it has nothing to say about this victim
   */
  @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript);

  /** The same, and nothing where it cannot read what is said. */
  default @Nullable Finding tried(int victim, Knowledge knowledge, Transcript transcript) {
    return reads(knowledge.setting().recursion()) ? on(victim, knowledge, transcript) : null;
  }
}
