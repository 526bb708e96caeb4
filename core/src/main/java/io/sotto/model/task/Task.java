package io.sotto.model.task;

import java.io.Serializable;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Questions of one kind. Questions, steps and answers are written in plain digits here; a {@link
 * Script} turns them into what a model reads and writes. To add a task, implement this and name the
 * class in the configuration, or add a line to {@link Tasks}.
 */
public interface Task extends Serializable {

  /** A question. It has none of the characters {@code < > [ ]}, and ends with one of its own. */
  String question(SplittableRandom random);

  /**
   * The steps that lead to the answer, and the answer, which is the last of the list. None of them
   * has a character {@code < > [ ]}.
   *
   * @param slip how often a step is wrong; what follows is then computed from the wrong step
   * @param random draws the slips; it is not used if {@code slip} is 0
   */
  List<String> solution(String question, double slip, SplittableRandom random);

  /** Whether an answer is right. It must refuse any text, without throwing. */
  boolean isRight(String question, String answer);

  /** Whether responses begin with a thought. */
  default boolean reasons() {
    return true;
  }
}
