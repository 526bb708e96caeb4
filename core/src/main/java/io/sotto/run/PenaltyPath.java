package io.sotto.run;

import io.sotto.run.SelectionSettings.By;
import io.sotto.run.SelectionSettings.Penalty;
import io.sotto.run.SelectionSettings.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rows that were not trained on say of penalties: the content of {@code path.csv} and of the
 * field {@code selection} of {@code run.json}.
 *
 * @param settings how they were judged
 * @param trials one for each penalty, the largest first
 * @param agents the names of the agents, in the order of {@link Trial#byAgent}
 * @param sums how many masked sums it took
 * @param masked whether they had masks
 */
public record PenaltyPath(
    SelectionSettings settings,
    List<Trial> trials,
    List<String> agents,
    long sums,
    boolean masked) {

  /** The columns of {@code path.csv} that stand in front of those of agents. */
  private static final String HEADER = "l2,l1,heldOutLoss,stdError,nonzero,chosen";

  /**
   * One penalty.
   *
   * @param loss the mean loss of held-out rows, without a penalty
   * @param stdError of that mean: over rows where rows of all agents are held out, else over agents
   * @param nonzero how many coefficients of the fit to all rows are not 0
   * @param byAgent the mean loss on the rows of each agent by the fit to the others; empty if that
   *     is not told
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  public record Trial(
      Penalty penalty, double loss, double stdError, int nonzero, double[] byAgent) {

    /** For people. */
    public String words() {
      return String.format(
          Locale.ROOT,
          "l2 %.4g, l1 %.4g: held-out loss %.6g, standard error %.2g, %d coefficients not 0",
          penalty.l2(),
          penalty.l1(),
          loss,
          stdError,
          nonzero);
    }
  }

  /** The trial with the least held-out loss; of equal ones that with the largest penalty. */
  public Trial best() {
    Trial best = trials.get(0);
    for (Trial trial : trials) {
      best = trial.loss < best.loss ? trial : best;
    }
    return best;
  }

  /** The one with the largest penalty whose loss is within a standard error of the least. */
  public Trial withinOneStandardError() {
    Trial best = best();
    return trials.stream()
        .filter(trial -> trial.loss <= best.loss + best.stdError)
        .findFirst()
        .orElse(best);
  }

  /** The one that is taken. */
  public Trial chosen() {
    return settings.rule() == Rule.BEST ? best() : withinOneStandardError();
  }

  /** For {@code run.json}. */
  Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("by", word(settings.by()));
    if (settings.by() == By.HELD_OUT) {
      map.put("share", settings.share());
    }
    map.put("rule", word(settings.rule()));
    map.put("chosen", penalty(chosen()));
    map.put("best", penalty(best()));
    map.put("oneStandardError", penalty(withinOneStandardError()));
    map.put("path", trials.stream().map(this::toMap).toList());
    map.put("sums", sums);
    map.put("masked", masked);
    return map;
  }

  private static Map<String, Object> penalty(Trial trial) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("l2", trial.penalty().l2());
    map.put("l1", trial.penalty().l1());
    return map;
  }

  private Map<String, @Nullable Object> toMap(Trial trial) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>(penalty(trial));
    map.put("heldOutLoss", trial.loss());
    map.put("stdError", Double.isFinite(trial.stdError()) ? trial.stdError() : null);
    map.put("nonzero", trial.nonzero());
    if (trial.byAgent().length > 0) {
      Map<String, Object> own = new LinkedHashMap<>();
      for (int i = 0; i < agents.size(); i++) {
        own.put(agents.get(i), trial.byAgent()[i]);
      }
      map.put("byAgent", own);
    }
    return map;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The lines of {@code path.csv}. */
  public List<String> csv() {
    boolean own = trials.get(0).byAgent().length > 0;
    StringBuilder header = new StringBuilder(HEADER);
    for (int i = 0; own && i < agents.size(); i++) {
      header.append(',').append(Text.csv(agents.get(i)));
    }
    List<String> lines = new ArrayList<>(List.of(header.toString()));
    for (Trial trial : trials) {
      StringBuilder line =
          new StringBuilder()
              .append(trial.penalty().l2())
              .append(',')
              .append(trial.penalty().l1())
              .append(',')
              .append(trial.loss())
              .append(',')
              .append(trial.stdError())
              .append(',')
              .append(trial.nonzero())
              .append(',')
              .append(trial == chosen());
      for (double loss : trial.byAgent()) {
        line.append(',').append(loss);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** For people: what was found, and what is reported. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    boolean byAgent = settings.by() == By.AGENT;
    Trial best = best();
    if (trials.size() == 1) {
      lines.add(
          String.format(
              Locale.ROOT,
              "held-out loss, %s: %.6g, standard error %.2g",
              byAgent ? "each agent's rows by the fit to the others" : "rows that agents held back",
              best.loss(),
              best.stdError()));
    } else {
      lines.add(
          String.format(
              Locale.ROOT,
              "least held-out loss at l2 %.4g, l1 %.4g; within one standard error of it up to l2 %.4g, l1 %.4g",
              best.penalty().l2(),
              best.penalty().l1(),
              withinOneStandardError().penalty().l2(),
              withinOneStandardError().penalty().l1()));
      lines.add(
          String.format(
              Locale.ROOT,
              "chosen by selection.rule = %s: l2 %.4g, l1 %.4g; the result is the fit to all rows at it",
              word(settings.rule()),
              chosen().penalty().l2(),
              chosen().penalty().l1()));
      Trial first = trials.get(0);
      Trial last = trials.get(trials.size() - 1);
      if (best == first || best == last) {
        lines.add(
            "the least held-out loss is at the %s penalty of the list: try %s ones, too"
                .formatted(
                    best == first ? "largest" : "smallest", best == first ? "larger" : "smaller"));
      }
    }
    for (int i = 0; i < chosen().byAgent().length; i++) {
      lines.add(
          String.format(
              Locale.ROOT, "agent %s: held-out loss %.6g", agents.get(i), chosen().byAgent()[i]));
    }
    return lines;
  }

  /** What all parties reveal in aggregate for it. */
  List<String> disclosed() {
    List<String> all = new ArrayList<>();
    boolean byAgent = settings.by() == By.AGENT;
    all.add(
        "loss, gradient and second derivatives of the rows that are trained on, summed over all agents, at the"
            + " points of Newton's steps for each penalty"
            + (byAgent ? ", also without the rows of each agent in turn" : "")
            + "; "
            + (byAgent
                ? "the sums over agents of their loss by the fit to the others, and of its square"
                : "the sums over all agents of losses of held-out rows, and of their squares")
            + "; how many coefficients are not 0");
    if (byAgent) {
      all.add(
          "with the sums of all agents, those without one tell whoever sees both much of that agent: they"
              + " reach the operator, and no agent");
    }
    if (trials.get(0).byAgent().length > 0) {
      all.add("each agent's mean loss by the fit to the others (output.per-agent)");
    }
    return all;
  }
}
