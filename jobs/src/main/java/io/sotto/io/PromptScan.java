package io.sotto.io;

import io.sotto.model.task.Given;
import io.sotto.model.task.Split;
import io.sotto.problem.BadInputException;
import io.sotto.run.AgentPrompts;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** What one pass over a file of prompts finds: counts; no prompt. */
final class PromptScan implements Documents.Taker, Serializable {
  private static final long serialVersionUID = 1;
  private static final Pattern MARKS = Pattern.compile("[<>\\[\\]]");

  /** Of one agent in one file. */
  static final class Counts implements Serializable {
    private static final long serialVersionUID = 1;

    int prompts;
    int heldOut;

    /** Tokens of the shortest right response, the one that ends it included. */
    int shortest = Integer.MAX_VALUE;

    void add(Counts other) {
      prompts = Math.addExact(prompts, other.prompts);
      heldOut += other.heldOut;
      shortest = Math.min(shortest, other.shortest);
    }
  }

  final TextPart part;
  private final Given.Check check;
  private final Split split;
  private final AgentPrompts.Room room;
  final Map<String, Counts> byAgent = new TreeMap<>();
  String checksum = "";

  /** Why the file cannot be used; null if it can. */
  @Nullable String refusal;

  private PromptScan(TextPart part, Given.Check check, Split split, AgentPrompts.Room room) {
    this.part = part;
    this.check = check;
    this.split = split;
    this.room = room;
  }

  /** Reads a file; never throws {@link BadInputException}. */
  static PromptScan of(
      TextPart part,
      Documents documents,
      Given.Check check,
      Split split,
      AgentPrompts.Room room,
      Configuration hadoop)
      throws IOException {
    PromptScan scan = new PromptScan(part, check, split, room);
    scan.refusal = documents.refusal(part, hadoop, scan);
    if (scan.refusal == null) {
      scan.checksum = part.file().checksum(hadoop);
    }
    return scan;
  }

  @Override
  public boolean wants(String agent) {
    return true;
  }

  @Override
  public void document(
      String where, String agent, String prompt, String answer, boolean begins, boolean ends) {
    room.requireRead(prompt, where + ": the prompt");
    room.vocabulary().encode(answer, where + ": the answer");
    if (MARKS.matcher(answer).find()) {
      throw new BadInputException(
          "%s: the answer has one of < > [ ], which stand around thoughts and answers. Write it without."
              .formatted(where));
    }
    if (!check.takes(answer)) {
      throw new BadInputException(
          ("%s: data.check is number, and the answer is none. Write it such as 1000, 1,000 or -2.5,"
                  + " or set data.check = exact.")
              .formatted(where));
    }
    Counts counts = byAgent.computeIfAbsent(agent, name -> new Counts());
    counts.prompts++;
    counts.heldOut += split.isHeldOut(prompt) ? 1 : 0;
    String response = "[" + answer.strip() + "]";
    counts.shortest =
        Math.min(counts.shortest, room.vocabulary().encode(response, where).length + 1);
  }
}
