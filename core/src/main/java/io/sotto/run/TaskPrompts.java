package io.sotto.run;

import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.problem.BadInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Prompts that tasks draw.
 *
 * @param agents their names
 * @param prompts of each of them
 * @param digest tells these prompts from others, in every process
 */
public record TaskPrompts(List<String> agents, List<PromptSource> prompts, String digest)
    implements AgentPrompts {

  /** Questions of each kind that are looked at before a run. */
  private static final int LOOKED_AT = 200;

  @Override
  public Looked look(Room room) {
    for (int i = 0; i < agents.size(); i++) {
      for (PromptSource.Kind kind : prompts.get(i).kinds()) {
        requireAnswerable(agents.get(i), prompts.get(i), kind, room);
      }
    }
    List<PromptSource> all = List.copyOf(prompts);
    return new Looked(
        agents,
        digest,
        "%d agents with prompts of their own".formatted(agents.size()),
        Map.of(),
        own -> Arrays.stream(own).mapToObj(all::get).toArray(PromptSource[]::new));
  }

  private static void requireAnswerable(
      String agent, PromptSource source, PromptSource.Kind kind, Room room) {
    SplittableRandom random = new SplittableRandom(0);
    int shortest = Integer.MAX_VALUE;
    for (boolean heldOut : new boolean[] {false, true}) {
      for (int n = 0; n < LOOKED_AT; n++) {
        Prompt prompt = source.draw(kind, heldOut, random);
        String where = "tasks: the prompt '%s' of agent '%s'".formatted(prompt.text(), agent);
        room.requireRead(prompt.text(), where);
        if (Reward.of(prompt, prompt.worked(), null).accuracy() != 1) {
          throw new BadInputException(
              ("tasks.kinds: the task %s refuses its own solution: '%s' to '%s'. Its methods solution and"
                      + " isRight must agree, in digits 0 to 9; answers have none of the characters"
                      + " < > [ ]; with script = none other characters are left as they are.")
                  .formatted(kind.task(), prompt.worked(), prompt.text()));
        }
        int written = room.vocabulary().encode(prompt.worked(), "the answer to " + where).length;
        shortest = Math.min(shortest, written + 1);
      }
    }
    room.requireWritten(shortest, "of the task " + kind.task());
  }
}
