package io.sotto.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.config.LanguageWriter;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import io.sotto.problem.BadInputException;
import io.sotto.run.ModelSettings;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The folder {@code model/} of a result, which {@link ModelFiles} wrote. */
public final class ModelFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RUN = "run.json";

  private final String key;
  private final FileSystem system;
  private final Path result;
  private final ModelShape shape;
  private final Training training;
  private final boolean prompts;
  private final Vocabulary vocabulary;

  /**
   * Reads all but the weights.
   *
   * @param key the configuration key or option that names the result, for messages
   * @param result the folder of the whole result, as any Hadoop URI
   * @throws BadInputException if there is no model in it, or it is damaged
   */
  public ModelFolder(String key, String result, Configuration hadoop) throws IOException {
    this.key = key;
    HadoopPath place = HadoopPath.of(key, result, hadoop);
    this.system = place.system();
    this.result = place.path();
    JsonNode model = json(ModelFiles.MODEL);
    if (model.path("formatVersion").asInt() != ModelFiles.FORMAT) {
      throw new BadInputException(
          "%s: formatVersion is %s; this version reads %d. Use the version that wrote it."
              .formatted(where(ModelFiles.MODEL), model.path("formatVersion"), ModelFiles.FORMAT));
    }
    Numbers sizes = new Numbers(where(ModelFiles.MODEL), "shape", model.path("shape"));
    this.shape = shape(sizes);
    this.training =
        training(new Numbers(where(ModelFiles.MODEL), "training", model.path("training")));
    this.prompts = model.path("prompts").asBoolean(false);
    this.vocabulary =
        Vocabulary.of(
            JSON.convertValue(
                json(ModelFiles.VOCABULARY), new TypeReference<Map<String, Object>>() {}),
            where(ModelFiles.VOCABULARY));
    if (vocabulary.size() != shape.vocabulary()) {
      throw new BadInputException(
          "%s: there are %d tokens, and the model is for %d. Put the files of one run beside each"
                  .formatted(where(ModelFiles.VOCABULARY), vocabulary.size(), shape.vocabulary())
              + " other.");
    }
  }

  private static ModelShape shape(Numbers sizes) {
    ModelShape shape =
        new ModelShape(
            sizes.whole("vocabulary"),
            sizes.whole("width"),
            sizes.whole("layers"),
            sizes.whole("dense-layers"),
            sizes.whole("heads"),
            sizes.whole("head"),
            sizes.whole("query-latent"),
            sizes.whole("latent"),
            sizes.whole("rope"),
            sizes.whole("inner"),
            sizes.whole("expert-inner"),
            sizes.whole("experts"),
            sizes.whole("shared"),
            sizes.whole("active"),
            sizes.whole("groups"),
            sizes.whole("active-groups"),
            sizes.whole("window"),
            sizes.whole("mtp"));
    sizes.requireNoMoreThan(LanguageWriter.shape(shape).size() + 1);
    return shape;
  }

  private static Training training(Numbers numbers) {
    return new Training(
        numbers.whole("batch"),
        numbers.number("clip"),
        numbers.number("mtp-weight"),
        numbers.number("balance-loss"),
        numbers.number("balance-step"),
        numbers.precision(),
        numbers.number("hold-out"),
        numbers.whole("evaluated"));
  }

  /**
   * Refuses to go on with a model of another shape or vocabulary; its window may be another one.
   *
   * @param now the model that is asked for
   * @throws BadInputException names the key
   */
  public void requireFits(ModelSettings now) throws IOException {
    Map<String, Object> asked = LanguageWriter.shape(now.least());
    LanguageWriter.shape(shape)
        .forEach(
            (name, was) -> {
              if (!name.equals("window")) {
                requireSame("model." + name, was, asked.get(name));
              }
            });
    requireSame("model.vocabulary", vocabulary.kind().word(), now.vocabulary().word());
    if (now.vocabulary() == Vocabulary.Kind.PAIRS && now.tokens() != vocabulary.size()) {
      // it has fewer than were asked for, if no other pair occurred twice
      JsonNode then = json(RUN).at("/configuration/model/vocabulary/size");
      requireSame("model.vocabulary.size", then.asInt(vocabulary.size()), now.tokens());
    }
  }

  private void requireSame(String what, Object was, @Nullable Object asked) {
    if (!was.equals(asked)) {
      throw new BadInputException(
          "%s is %s; that of the model in %s is %s. Set it to %s, or leave %s out."
              .formatted(what, asked, key, was, was, key));
    }
  }

  /**
   * Refuses a model of another shape or other tokens than those of another one.
   *
   * @param otherKey the configuration key that names the other
   * @throws BadInputException names both keys
   */
  public void requireSameAs(ModelFolder other, String otherKey) {
    if (!shape.equals(other.shape) || !vocabulary.equals(other.vocabulary)) {
      throw new BadInputException(
          ("%s is '%s', whose model has %s; that of %s has %s. Name the output of a run that began"
                  + " with the same model.")
              .formatted(
                  key,
                  result,
                  shape.equals(other.shape) ? vocabulary : shape,
                  otherKey,
                  shape.equals(other.shape) ? other.vocabulary : other.shape));
    }
  }

  /** The shape of the model. */
  public ModelShape shape() {
    return shape;
  }

  /** How it was trained. */
  public Training training() {
    return training;
  }

  /** Whether it was trained to answer prompts: then a prompt stands at the beginning. */
  public boolean prompts() {
    return prompts;
  }

  /** Its tokens. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * Reads the weights, as x is laid out.
   *
   * @throws BadInputException if they are damaged, of another shape, or no numbers
   */
  public double[] weights() throws IOException {
    Path file = new Path(result, ModelFiles.WEIGHTS);
    String where = where(ModelFiles.WEIGHTS);
    try (InputStream in = new BufferedInputStream(system.open(file), 1 << 16)) {
      return Safetensors.read(new Layout(shape), in, system.getFileStatus(file).getLen(), where);
    } catch (FileNotFoundException e) {
      throw missing(ModelFiles.WEIGHTS, e);
    } catch (IOException e) {
      throw IoFailure.input(where + " cannot be read", e);
    }
  }

  private JsonNode json(String name) throws IOException {
    try (InputStream in = system.open(new Path(result, name))) {
      return JSON.readTree(in);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          "%s: it is not JSON. The file is damaged; fetch it again.".formatted(where(name)), e);
    } catch (FileNotFoundException e) {
      throw missing(name, e);
    } catch (IOException e) {
      throw IoFailure.input(where(name) + " cannot be read", e);
    }
  }

  private BadInputException missing(String name, IOException e) {
    return new BadInputException(
        "%s is '%s'; there is no %s in it. Name the output of a run with data.format = text."
            .formatted(key, result, name),
        e);
  }

  private String where(String name) {
    return new Path(result, name).toString();
  }

  /** Values by key. */
  private record Numbers(String where, String block, JsonNode values) {

    int whole(String key) {
      JsonNode value = values.path(key);
      if (!value.isInt()) {
        throw bad(key, value, "a whole number");
      }
      return value.intValue();
    }

    double number(String key) {
      JsonNode value = values.path(key);
      if (!value.isNumber()) {
        throw bad(key, value, "a number");
      }
      return value.doubleValue();
    }

    Training.Precision precision() {
      String word = values.path("precision").asText();
      for (Training.Precision precision : Training.Precision.values()) {
        if (precision.name().toLowerCase(Locale.ROOT).equals(word)) {
          return precision;
        }
      }
      throw bad("precision", values.path("precision"), "float or fp8");
    }

    void requireNoMoreThan(int count) {
      if (values.size() > count) {
        throw new BadInputException(
            "%s: %s has %d keys, and %d are known. Use the version that wrote it."
                .formatted(where, block, values.size(), count));
      }
    }

    private BadInputException bad(String key, JsonNode value, String what) {
      return new BadInputException(
          "%s: %s.%s is %s, and must be %s. The file is damaged; fetch it again."
              .formatted(
                  where, block, key, value.isMissingNode() ? "missing" : value.toString(), what));
    }
  }
}
