package io.sotto.config;

import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Script;
import io.sotto.model.task.Split;
import io.sotto.model.task.Task;
import io.sotto.run.Part;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who has which tasks.
 *
 * @param agents how many agents there are; 0 if files say it
 * @param own what each of them has; empty if all have the same kinds, and a part of the questions
 * @param kinds what all of them have; empty if they have their own
 * @param heldOut the share of questions that nobody is trained on
 */
public record TaskSet(int agents, List<Own> own, List<Kind> kinds, double heldOut) {

  /** The names of agents. */
  public List<String> names() {
    return own.isEmpty()
        ? IntStream.range(0, agents).mapToObj(String::valueOf).toList()
        : own.stream().map(Own::agent).toList();
  }

  /** The kinds of all agents, each once. */
  private Stream<Kind> all() {
    return Stream.concat(kinds.stream(), own.stream().flatMap(one -> one.kinds().stream()))
        .distinct();
  }

  /** The kinds of all agents whose responses begin with a thought, or the others. */
  public List<PromptSource.Kind> kinds(boolean reasons) {
    return all().map(Kind::prompts).filter(kind -> kind.task().reasons() == reasons).toList();
  }

  /** The scripts of all kinds, each once. */
  public List<Script> scripts() {
    return all().map(Kind::script).distinct().sorted().toList();
  }

  /** The prompts of an agent. */
  public PromptSource source(int agent) {
    List<Kind> some = own.isEmpty() ? kinds : own.get(agent).kinds();
    return new PromptSource(
        some.stream().map(Kind::prompts).toList(),
        new Split(heldOut),
        own.isEmpty() ? agent : 0,
        own.isEmpty() ? agents : 1);
  }

  /** An agent with kinds of its own. */
  public record Own(String agent, List<Kind> kinds) {}

  /** A task, the script it is written in, and how often it is drawn. */
  public record Kind(Part<Task> task, Script script, double weight) {

    PromptSource.Kind prompts() {
      return new PromptSource.Kind(task.value(), script, weight);
    }
  }
}
