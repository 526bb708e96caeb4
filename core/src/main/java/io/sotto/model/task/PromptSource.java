package io.sotto.model.task;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The prompts of an agent.
 *
 * @param kinds of prompts, one of which is drawn first
 * @param split which questions are held out
 * @param part of all questions that is the agent's
 * @param parts in how many parts questions are dealt out; 1 for agents that may have the same ones
 */
public record PromptSource(List<Kind> kinds, Split split, int part, int parts)
    implements Serializable {
  /** More draws than this without finding one on a side mean that there is none. */
  private static final int DRAWS = 100_000;

  /**
   * One kind of prompts.
   *
   * @param task of the questions
   * @param script in which they are written
   * @param weight how often they are drawn, against those of other kinds
   */
  public record Kind(Task task, Script script, double weight) implements Serializable {}

  /** Copies. */
  public PromptSource {
    kinds = List.copyOf(kinds);
  }

  /** All questions of some kinds. */
  public PromptSource(List<Kind> kinds, Split split) {
    this(kinds, split, 0, 1);
  }

  /**
   * Draws a prompt.
   *
   * @param heldOut whether it is one that is held out, or one that is not
   * @throws BadInputException if there seems to be none
   */
  public Prompt draw(boolean heldOut, SplittableRandom random) {
    double left = random.nextDouble() * kinds.stream().mapToDouble(Kind::weight).sum();
    int k = 0;
    while (k < kinds.size() - 1 && left >= kinds.get(k).weight()) {
      left -= kinds.get(k++).weight();
    }
    return draw(kinds.get(k), heldOut, random);
  }

  /** The same of one kind. */
  public Prompt draw(Kind kind, boolean heldOut, SplittableRandom random) {
    for (int draw = 0; draw < DRAWS; draw++) {
      String question = kind.task().question(random);
      if (split.isHeldOut(question) == heldOut
          && (parts == 1 || Split.part(question, parts) == part)) {
        return new Prompt(kind.task(), question, kind.script());
      }
    }
    throw new BadInputException(
        ("tasks.held-out is %s and questions are dealt out to %d agents; of %d questions of the task %s"
                + " that were drawn none is %s by agent number %d. Set tasks.held-out nearer to 0.5,"
                + " take fewer agents, or a task with more questions.")
            .formatted(
                split.heldOut(),
                parts,
                DRAWS,
                kind.task(),
                heldOut ? "held out to test what is learnt" : "left to be trained on",
                part));
  }
}
