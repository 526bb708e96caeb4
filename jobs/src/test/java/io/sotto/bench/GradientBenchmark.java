package io.sotto.bench;

import io.sotto.model.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** E3: gradients in floats against those of libtorch in doubles. */
final class GradientBenchmark implements Benchmark {
  private static final int VOCABULARY = 65;
  private static final double ALLOWED = 1e-6;

  @Override
  public String id() {
    return "E3";
  }

  @Override
  public String about() {
    return "gradients against libtorch, each operation and all of a model";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Tokens text = Tokens.of(Shakespeare.read().trained());
    double all =
        TorchGradients.of(Models.large(VOCABULARY), text, StepBenchmark.BATCH).difference();
    List<Round> operations = new ArrayList<>();
    for (Map.Entry<String, Double> operation : TorchOperations.differences().entrySet()) {
      log.accept(String.format(Locale.ROOT, "%s: %.2e", operation.getKey(), operation.getValue()));
      operations.add(new Round(operation.getValue(), ALLOWED));
    }
    double most = operations.stream().mapToDouble(Round::value).max().orElseThrow();
    return List.of(
        new Figure(
            "E3-all",
            "distance of the gradient of a model from libtorch's, as a part of it : 1e-6",
            "1",
            Target.atMost(1),
            List.of(new Round(all, ALLOWED)),
            "1.33 M parameters where training starts, 1,024 tokens of tinyshakespeare, floats"
                + " against doubles"),
        new Figure(
            "E3-each",
            "the same of the worst operation : 1e-6",
            "1",
            Target.atMost(1),
            List.of(new Round(most, ALLOWED)),
            "values and gradients of %d operations".formatted(operations.size())));
  }
}
