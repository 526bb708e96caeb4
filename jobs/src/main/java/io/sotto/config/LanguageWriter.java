package io.sotto.config;

import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what LanguageReader reads, backwards, with all numbers that it worked out. */
public final class LanguageWriter {
  private LanguageWriter() {}

  static Map<String, Object> data(RunConfig.Data data, RunConfig.Language language) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("path", data.path());
    map.put("format", ConfigWriter.word(data.format()));
    data.agent().ifPresent(agent -> map.put("agent", agent));
    language.column().ifPresent(column -> map.put("text", column));
    language.prompt().ifPresent(prompt -> map.put("prompt", prompt));
    data.deal()
        .ifPresent(
            deal -> {
              Map<String, Object> block = new LinkedHashMap<>();
              block.put("agents", deal.agents());
              block.put("by", ConfigWriter.word(deal.by()));
              map.put("deal", block);
            });
    return map;
  }

  static Map<String, Object> model(RunConfig.Language language) {
    Map<String, Object> map = new LinkedHashMap<>();
    String kind = language.model().vocabulary().word();
    if (language.model().vocabulary() == Vocabulary.Kind.PAIRS) {
      Map<String, Object> pairs = new LinkedHashMap<>();
      pairs.put("name", kind);
      pairs.put("size", language.model().tokens());
      map.put("vocabulary", pairs);
    } else {
      map.put("vocabulary", kind);
    }
    map.putAll(shape(language.model().least()));
    map.putAll(training(language.training()));
    return map;
  }

  /** A shape by the keys of a configuration, but for the number of tokens. */
  public static Map<String, Object> shape(ModelShape shape) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("width", shape.width());
    map.put("layers", shape.layers());
    map.put("dense-layers", shape.dense());
    map.put("heads", shape.heads());
    map.put("head", shape.head());
    map.put("query-latent", shape.queryLatent());
    map.put("latent", shape.latent());
    map.put("rope", shape.rope());
    map.put("inner", shape.inner());
    map.put("expert-inner", shape.expertInner());
    map.put("experts", shape.experts());
    map.put("shared", shape.shared());
    map.put("active", shape.active());
    map.put("groups", shape.groups());
    map.put("active-groups", shape.activeGroups());
    map.put("window", shape.window());
    map.put("mtp", shape.mtp());
    return map;
  }

  /** How a model is trained, by the keys of a configuration. */
  public static Map<String, Object> training(Training training) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("batch", training.batch());
    map.put("clip", training.clip());
    map.put("mtp-weight", training.mtpWeight());
    map.put("balance-loss", training.balanceLoss());
    map.put("balance-step", training.balanceStep());
    map.put("precision", ConfigWriter.word(training.precision()));
    map.put("hold-out", training.holdOut());
    map.put("evaluated", training.evaluated());
    return map;
  }
}
