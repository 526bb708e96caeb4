package io.sotto.privacy.judge;

import io.sotto.privacy.evidence.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is made of first messages, over victims and runs. */
final class FirstMessages {
  private final List<Double> onVictim = new ArrayList<>();
  private final List<Double> ofPublished = new ArrayList<>();
  private final List<Double> update = new ArrayList<>();

  void add(Finding.LocalModel first, int victim, Judge judge, double[] published) {
    onVictim.add(judge.accuracy(first.x(), victim));
    ofPublished.add(judge.accuracy(published, victim));
    update.add(judge.leakOfFirst(first.subgradient(), victim));
  }

  /** What that comes to; null if no message was read. */
  @Nullable Accuracy accuracy() {
    return onVictim.isEmpty()
        ? null
        : new Accuracy(median(onVictim), median(ofPublished), over(update));
  }

  private static @Nullable Double median(List<Double> figures) {
    Leak over = over(figures);
    return over == null ? null : over.median();
  }

  private static @Nullable Leak over(List<Double> figures) {
    return Leak.over(figures.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
