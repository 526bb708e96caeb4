package io.sotto.engine;

import io.sotto.problem.Block;
import io.sotto.problem.Disclosure;
import io.sotto.problem.LocalObjective;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks each cell which rules of disclosure control its agents break. The cell that holds the rows
 * looks at them; numbers and values stay there.
 *
 * @param rules what each agent must hold to
 */
public record DisclosureRequest(Disclosure rules) implements Request<DisclosureRequest.Answer> {

  /**
   * What a cell answers.
   *
   * @param broken by agents of the whole run; null if the costs keep their rows to themselves
   */
  public record Answer(@Nullable List<Disclosure.Broken> broken) implements Serializable {}

  @Override
  public Answer of(Cell cell, CellState[] lanes) {
    LocalObjective costs = cell.objective.plain();
    Block block = costs.block();
    if (block == null) {
      return new Answer(null);
    }
    List<Disclosure.Broken> broken = new ArrayList<>();
    for (Disclosure.Broken each : rules.broken(block, costs.dimension())) {
      broken.add(new Disclosure.Broken(cell.agents[each.agent()], each.rule(), each.column()));
    }
    return new Answer(broken);
  }

  /** What all cells answer; null if one of them cannot tell. */
  public @Nullable List<Disclosure.Broken> ask(Coordinator cells) {
    List<Disclosure.Broken> all = new ArrayList<>();
    for (Answer answer : cells.ask(this, null)) {
      if (answer.broken() == null) {
        return null;
      }
      all.addAll(answer.broken());
    }
    return all;
  }
}
