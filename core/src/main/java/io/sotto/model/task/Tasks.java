package io.sotto.model.task;

import io.sotto.problem.Registry;
import java.util.Map;

/** The tasks that can be had by name. */
public final class Tasks {
  private static final int MOST_DIGITS = 9;
  private static final int BASE = 10;

  /** Values of {@code task}; parameters are sibling keys of it. */
  public static final Registry<Task> REGISTRY =
      new Registry<>("task", Task.class)
          .add(
              "sums",
              Map.of("digits", 3),
              p ->
                  new Sums(
                      p.integer("digits", 1, MOST_DIGITS),
                      p.has("base") ? p.integer("base", 2, BASE) : BASE))
          .add(
              "products",
              Map.of("digits", 2),
              p -> new Products(p.integer("digits", 1, MOST_DIGITS)))
          .add(
              "countdown",
              Map.of("numbers", 3, "largest", 20),
              p -> new Countdown(p.integer("numbers", 2, 4), p.integer("largest", 1, 99)))
          .add("sorting", Map.of("length", 5), p -> new Sorting(p.integer("length", 2, 20)))
          .add("greeting", Map.of("letters", 3), p -> new Greeting(p.integer("letters", 1, 8)));

  private Tasks() {}
}
