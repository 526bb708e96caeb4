package io.sotto.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * R-ladder, R-ablations, R-hard and R-five: a ladder, what its rungs have learnt, and what is asked
 * of them.
 *
 * @param id of the figures
 * @param about in a line
 * @param ladder the folder of its configurations
 * @param seeds how many
 * @param asked of the marks
 */
record LadderBenchmark(String id, String about, String ladder, int seeds, List<Asked> asked)
    implements Benchmark {

  private static final String ACCURACY = "accuracy";
  private static final String GREEDY = "greedy";
  private static final String PASS = "passAt16";
  private static final String FORMAT = "format";
  private static final String SCRIPT = "language";
  private static final String OTHER = "other";

  /**
   * What is asked of the marks of a seed.
   *
   * @param id of the figure, behind that of the benchmark
   */
  private record Asked(
      String id,
      String title,
      String unit,
      Target target,
      ToDoubleFunction<JsonNode> value,
      ToDoubleFunction<JsonNode> baseline) {}

  private static ToDoubleFunction<JsonNode> mark(String rung, String mark) {
    return seed -> seed.path(rung).path(mark).asDouble();
  }

  private static Asked share(
      String id, String title, Target target, String rung, String mark, double wanted) {
    return new Asked(id, title, "share", target, mark(rung, mark), seed -> wanted);
  }

  /** Of which a share of 0 counts as a thousandth, so that there is a ratio. */
  private static Asked accuracies(
      String id, String title, Target target, String rung, String than) {
    return new Asked(
        id,
        title,
        "share",
        target,
        mark(rung, ACCURACY),
        seed -> Math.max(1e-3, mark(than, ACCURACY).applyAsDouble(seed)));
  }

  /** All rungs of R1. */
  static final LadderBenchmark LADDER =
      new LadderBenchmark(
          "R-ladder",
          "all rungs of conf/r1, five seeds (an hour; only by name)",
          "conf/r1",
          5,
          List.of(
              share("base", "base, greedy : at most", Target.atMost(1), "base", GREEDY, 0.05),
              share("pass", "base, pass@16 : at least", Target.atLeast(1), "base", PASS, 0.5),
              share("zero", "R1-Zero : at least", Target.atLeast(1), "zero", ACCURACY, 0.97),
              new Asked(
                  "length",
                  "tokens of a response of R1-Zero : of the base",
                  "tokens",
                  Target.atLeast(1.5),
                  mark("zero", "length"),
                  mark("base", "length")),
              share("cold", "cold start, form : at least", Target.atLeast(1), "cold", FORMAT, 0.97),
              share(
                  "script",
                  "with language reward, one script : at least",
                  Target.atLeast(1),
                  "reason",
                  SCRIPT,
                  0.98),
              accuracies(
                  "reason",
                  "with language reward : R1-Zero",
                  Target.atLeast(0.98),
                  "reason",
                  "zero"),
              share(
                  "sft",
                  "SFT, other task : the middle of 0.80 to 0.90",
                  Target.within(0.9 / 0.85),
                  "sft",
                  OTHER,
                  0.85),
              new Asked(
                  "other",
                  "R1, other task : SFT's and 0.05",
                  "share",
                  Target.atLeast(1),
                  mark("r1", OTHER),
                  seed -> mark("sft", OTHER).applyAsDouble(seed) + 0.05),
              accuracies("keeps", "R1, sums : SFT", Target.atLeast(0.98), "r1", "sft"),
              new Asked(
                  "students",
                  "sizes whose distilled student is ahead of its own RL by 0.30 : asked for",
                  "sizes",
                  Target.atLeast(1),
                  LadderBenchmark::ahead,
                  seed -> 4),
              new Asked(
                  "time",
                  "processor time of the rungs that are marked : of two cores in 20 minutes",
                  "s",
                  Target.atMost(1),
                  LadderBenchmark::seconds,
                  seed -> 2_400)));

  /** R1-Zero with one switch each. */
  static final LadderBenchmark ABLATIONS =
      new LadderBenchmark(
          "R-ablations",
          "R1-Zero with one switch each, five seeds (40 minutes; only by name)",
          "conf/bench/ablations",
          5,
          List.of(
              accuracies(
                  "format",
                  "without reward for the form : with",
                  Target.report(),
                  "formless",
                  "zero"),
              accuracies(
                  "divergence", "without divergence : with", Target.report(), "free", "zero"),
              accuracies(
                  "deviation",
                  "without the deviation in the advantage : with",
                  Target.report(),
                  "plain",
                  "zero"),
              accuracies("group", "groups of 4 : of 16", Target.report(), "fours", "zero"),
              accuracies(
                  "thoughts",
                  "from a base without thoughts : with",
                  Target.atMost(0.5),
                  "thoughtless-zero",
                  "zero")));

  /** Pairs of unit digits that no training question has. */
  static final LadderBenchmark HARD =
      new LadderBenchmark(
          "R-hard",
          "questions with unit digits that were never trained on together (only by name)",
          "conf/bench/hard",
          5,
          List.of(
              accuracies(
                  "zero",
                  "R1-Zero on pairs of unit digits it never saw : one that saw them",
                  Target.report(),
                  "hard-zero",
                  "zero")));

  /** Rewards for a student, with twelve settings. */
  static final LadderBenchmark STUDENTS =
      new LadderBenchmark(
          "R-students",
          "twelve settings of rewards for the student of 31 thousand parameters (only by name)",
          "conf/bench/students",
          1,
          List.of(
              new Asked(
                  "best",
                  "right answers with the best of twelve settings of rewards : all",
                  "share",
                  Target.report(),
                  LadderBenchmark::best,
                  seed -> 1)));

  /** Sums of five digits. */
  static final LadderBenchmark FIVE =
      new LadderBenchmark(
          "R-five",
          "sums of five digits, 1.3 M parameters (half an hour; only by name)",
          "conf/bench/five",
          1,
          large("five", 0.90));

  /** Countdown with three numbers. */
  static final LadderBenchmark COUNTDOWN =
      new LadderBenchmark(
          "R-countdown",
          "countdown with three numbers, 1.3 M parameters (half an hour; only by name)",
          "conf/bench/countdown",
          1,
          large("countdown", 0.60));

  private static List<Asked> large(String name, double wanted) {
    String base = name + "-base";
    String zero = name + "-zero";
    return List.of(
        share("base", "base : at most", Target.atMost(1), base, ACCURACY, 0.10),
        share("zero", "R1-Zero : at least", Target.atLeast(1), zero, ACCURACY, wanted),
        new Asked(
            "time",
            "processor time : half an hour of one core",
            "s",
            Target.atMost(1),
            LadderBenchmark::seconds,
            seed -> 1_800));
  }

  private static double ahead(JsonNode seed) {
    int ahead = 0;
    for (JsonNode student : seed.path("students")) {
      double distilled = student.path("distilled").path(ACCURACY).asDouble();
      ahead += distilled >= student.path("ownRl").path(ACCURACY).asDouble() + 0.30 ? 1 : 0;
    }
    return ahead;
  }

  private static double best(JsonNode seed) {
    double best = 0;
    for (JsonNode rung : seed) {
      best = Math.max(best, rung.path(ACCURACY).asDouble());
    }
    return best;
  }

  private static double seconds(JsonNode seed) {
    double sum = 0;
    for (JsonNode rung : seed) {
      sum += rung.path("cpuSeconds").asDouble(0);
    }
    return sum;
  }

  @Override
  public boolean onlyByName() {
    return true;
  }

  @Override
  public String heap() {
    return "256m";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    return figures(LadderRuns.marks(ladder, seeds, (folder, some) -> {}, log));
  }

  /** What is made of the marks of all seeds. */
  List<Figure> figures(List<ObjectNode> marks) {
    List<Figure> figures = new ArrayList<>();
    for (Asked one : asked) {
      figures.add(
          new Figure(
              id + "-" + one.id(),
              one.title(),
              one.unit(),
              one.target(),
              LadderRuns.rounds(marks, one.value(), one.baseline()),
              LadderRuns.spread(marks, one.value())));
    }
    figures.addAll(LadderRuns.rungs(id, marks));
    return figures;
  }
}
