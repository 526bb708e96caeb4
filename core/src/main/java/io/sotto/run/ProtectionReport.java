package io.sotto.run;

import io.sotto.engine.Plan;
import io.sotto.privacy.mechanism.Budget;
import io.sotto.problem.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said of a {@link Protection}: on the console, and in {@code run.json}. */
final class ProtectionReport {
  private ProtectionReport() {}

  /** For the console. */
  static String words(Protection of) {
    String how =
        switch (of.asked().mechanism()) {
          case NONE ->
              "neighbours see the messages of the method as they are"
                  + (of.note().isEmpty() ? "" : ": " + of.note());
          case OFFSETS ->
              "each cost gets a random linear term, and the terms cancel in the sum, so the solution"
                  + " stays the same. Neighbours see subgradients that are shifted by the terms"
                  + (of.weak()
                      ? "; with this method the terms must be small, and hide little"
                      : " (privacy.bound in run.json says what that is worth)")
                  + ". They still see how subgradients change, and when an agent is active";
          case SUMS ->
              "agents add up their numbers along a tree, under masks that cancel in the sum over all"
                  + " of them and in nothing else. Others see masked numbers, sums over all whom they"
                  + " do not collude with, and the points at which sums are made; they see when an"
                  + " agent answers, and nothing else of it";
          case ROWS -> RowsProtection.words(of.rounds().orElseThrow());
          case FUNCTION_SHARING ->
              "each cost is moved by a linear term of about %s / agents, and these terms cancel; this"
                      .formatted(of.scale())
                  + " hides where subgradients lie. It does not hide how they differ from point to"
                  + " point, and it hides nothing from all neighbours of an agent together";
          case PRIVATE_STEPS ->
              "steps are drawn within %s of the schedule; this hides the length of a single update."
                      .formatted(of.asked().spread())
                  + " It does not hide its direction, nor what many updates have in common";
          case DIFFERENTIAL_PRIVACY ->
              String.format(
                  Locale.ROOT,
                  "epsilon %s, delta %s; rows are clipped to %s, each coordinate of a subgradient gets"
                      + " noise of deviation %.3g, and each agent makes %s updates; this hides a row"
                      + " of one agent from all others. It does not hide who holds how many rows, nor"
                      + " what the operator measures: objective, certificate, and which candidate is"
                      + " lowest",
                  of.asked().epsilon().orElseThrow(),
                  of.asked().delta(),
                  of.budget().orElseThrow().clip(),
                  of.budget().orElseThrow().deviation(),
                  Text.count(of.budget().orElseThrow().updates()));
        };
    boolean other = of.asked().mechanism() != RunSettings.Mechanism.NONE && of.fresh();
    return how + (other ? ". The secret is fresh, so another run gives other bits" : "");
  }

  /** What all parties reveal in aggregate before the run. */
  private static List<String> disclosed(Protection of, Costs costs) {
    List<String> all = new ArrayList<>();
    Schema schema = costs.schema();
    if (schema != null && (schema.standardized() || costs.isScaled() || of.offsets())) {
      all.add("means and deviations of columns, over all rows");
    }
    if (schema != null && schema.labels().kind() == Loss.Labels.TIME) {
      all.add(
          "over all rows, how many times end and how many events happen in each stretch of time: in the"
              + " intervals that are given, else in sixty-fourths of the way from a power of two to the next");
    }
    if (schema != null && schema.design() != null) {
      all.add(
          "of categories the names of their levels, of splines the knots, of polynomials and filled"
              + " columns sums over all rows");
    }
    if (of.offsets()) {
      all.add(
          "the gradient of F at up to %d points, and how much agents' subgradients differ there"
              .formatted(OffsetSize.QUESTIONS));
    }
    if (of.scales().isPresent()) {
      all.add(
          "sums over all agents, at the start: of the absolute values of their costs, of the squared"
              + " lengths of their gradients, of the traces of their second derivatives");
      all.add("value, gradient and second derivatives of F at the point of each round");
    }
    if (of.size().filter(size -> size.shape() == RunSettings.Shape.FULL).isPresent()) {
      all.add("means of products of two columns, over all rows");
    }
    return all;
  }

  private static String keys(Protection of) {
    return of.fresh() ? "agreed by X25519" : "derived from the secret";
  }

  /** For {@code run.json}: what was given away by that tick, at most, of any row. */
  static Map<String, @Nullable Object> of(
      Prepared prepared,
      long tick,
      @Nullable Rounds rounds,
      @Nullable Summary summary,
      @Nullable PenaltyPath path,
      @Nullable Guarantee guarantee) {
    Protection of = prepared.protection();
    Costs costs = prepared.costs();
    Plan plan = prepared.plan();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("protect", of.offsets() || of.sums() || of.rows() ? of.name() : "none");
    map.put("mechanism", of.name());
    if (!of.note().isEmpty()) {
      map.put("note", of.note());
    }
    List<String> disclosed = disclosed(of, costs);
    if (summary != null) {
      disclosed.addAll(summary.disclosed());
    }
    if (path != null) {
      disclosed.addAll(path.disclosed());
    }
    map.put("disclosed", disclosed);
    if (of.asked().mechanism() == RunSettings.Mechanism.NONE) {
      return map;
    }
    map.put("freshSecret", of.fresh());
    map.put("secretMark", of.secret().mark());
    if (of.linearTerms()) {
      map.put("termsMark", of.termsMark(prepared.digest()));
    }
    if (of.sums()) {
      map.put("keys", keys(of));
      SumsView view = SumsView.of(prepared.around().network());
      map.put("statement", SumsView.STATEMENT);
      map.put("honestParts", view.toMap());
    }
    if (of.rows()) {
      map.put("keys", keys(of));
      RowsProtection.put(map, of.rounds().orElseThrow(), rounds);
    }
    if (guarantee != null) {
      map.put("keys", keys(of));
      map.put("scale", of.scale());
      map.put("shape", of.size().orElseThrow().shape().name().toLowerCase(Locale.ROOT));
      map.put("bound", guarantee.toMap());
    }
    of.budget()
        .ifPresent(
            allowed -> {
              Budget.Course done = of.course().orElseThrow();
              long updates =
                  tick >= done.lastTick()
                      ? done.updates()
                      : allowed.course(plan.clock(), plan.agents(), tick).updates();
              map.put("neighbours", "tables that differ in one row of one agent");
              map.put("epsilon", allowed.spent(updates));
              map.put("delta", allowed.delta());
              map.put("epsilonAllowed", allowed.epsilon());
              map.put("updatesOfOneAgent", updates);
              map.put("updatesAllowed", allowed.updates());
              map.put("deviation", allowed.deviation());
              map.put("sensitivity", allowed.sensitivity());
            });
    return map;
  }
}
