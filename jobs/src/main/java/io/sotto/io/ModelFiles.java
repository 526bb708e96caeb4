package io.sotto.io;

import io.sotto.config.LanguageWriter;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the folder {@code model/} of a result is written from, x aside. {@link ModelFolder} reads
 * it.
 *
 * @param shape of the model
 * @param vocabulary its tokens
 * @param training how it was trained
 * @param prompts whether it was trained to answer prompts: then a prompt stands at the beginning
 */
public record ModelFiles(
    ModelShape shape, Vocabulary vocabulary, Training training, boolean prompts) {
  static final int FORMAT = 1;
  static final String MODEL = "model/model.json";
  static final String VOCABULARY = "model/vocabulary.json";
  static final String WEIGHTS = "model/weights.safetensors";

  /** Writes them, and x as the weights. */
  void write(double[] x, OutputFolder folder) throws IOException {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("vocabulary", shape.vocabulary());
    sizes.putAll(LanguageWriter.shape(shape));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("formatVersion", FORMAT);
    model.put("shape", sizes);
    model.put("training", LanguageWriter.training(training));
    model.put("prompts", prompts);
    folder.json(MODEL, model);
    folder.json(VOCABULARY, vocabulary.toMap());
    try (OutputStream out = folder.create(WEIGHTS)) {
      Safetensors.write(new Layout(shape), x, out);
    }
  }
}
