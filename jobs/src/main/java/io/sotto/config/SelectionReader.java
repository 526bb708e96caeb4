package io.sotto.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import io.sotto.run.SelectionSettings;
import io.sotto.run.SelectionSettings.By;
import io.sotto.run.SelectionSettings.Penalty;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Reads {@code selection { ... }}, and the penalties that are tried.
 *
 * @param values what was given
 */
record SelectionReader(Values values) {
  private static final String L2 = "problem.l2";
  private static final String L1 = "problem.l1";
  private static final String BY = "selection.by";

  /**
   * What is tried, and how it is judged.
   *
   * @param perAgent whether files may name single agents
   */
  SelectionSettings selection(boolean perAgent) {
    List<Double> l2 = numbers(L2);
    List<Double> l1 = numbers(L1);
    if (isList(L2) && isList(L1)) {
      throw values.bad(
          L1,
          values.at(L1),
          "problem.l2 is a list, too: one of them can be, so give the other one" + " number");
    }
    boolean several = isList(L2) || isList(L1);
    By by = values.choice(BY, By.class);
    if (several && by == By.NONE && values.given(BY)) {
      throw values.bad(
          BY,
          values.at(BY),
          "problem.l2 or problem.l1 is a list, from which held-out rows choose: set it to held-out or"
              + " agent");
    }
    List<Penalty> penalties = new ArrayList<>();
    l2.forEach(a -> l1.forEach(b -> penalties.add(new Penalty(a, b))));
    return SelectionSettings.of(penalties)
        .by(several && by == By.NONE ? By.HELD_OUT : by)
        .share(
            values.number("selection.share", s -> s > 0 && s < 1, "a number above 0 and below 1"))
        .rule(values.choice("selection.rule", SelectionSettings.Rule.class))
        .coordinates(
            (int)
                values.whole(
                    "selection.max-coordinates", 1, 10_000, "a whole number from 1 to 10000"))
        .perAgent(perAgent);
  }

  /** None: what is learnt from is no rows. */
  SelectionSettings refused() {
    if (values.changed("selection")) {
      throw values.bad(
          BY, values.at(BY), "penalties are chosen for rows only: leave selection out");
    }
    return SelectionSettings.off();
  }

  /** Penalties that are one number or a list, the largest of them. */
  double largest(String path) {
    return numbers(path).stream().max(Double::compare).orElseThrow();
  }

  private boolean isList(String path) {
    return values.at(path) instanceof ConfigList;
  }

  private List<Double> numbers(String path) {
    ConfigValue value = values.at(path);
    String one = "a number from 0 on, or a list of such numbers, such as [1e-3, 1e-2, 1e-1]";
    if (!(value instanceof ConfigList list)) {
      return List.of(values.number(path, number -> number >= 0, one));
    }
    List<Double> numbers = new ArrayList<>();
    for (ConfigValue each : list) {
      numbers.add(values.number(path, each, number -> number >= 0, one));
    }
    if (numbers.isEmpty() || new HashSet<>(numbers).size() < numbers.size()) {
      throw values.bad(path, value, "it must hold numbers, and none twice");
    }
    return numbers;
  }
}
