package io.sotto.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import io.sotto.model.WordCounts;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import io.sotto.run.ModelSettings;
import io.sotto.run.RunSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code model { ... }}, and what of {@code data} and {@code problem} is about texts.
 *
 * @param values what was given
 * @param warnings takes sentences about what is not used
 */
record LanguageReader(Values values, List<String> warnings) {
  private static final String VOCABULARY = "model.vocabulary";
  private static final String SIZE = VOCABULARY + ".size";

  /** How many tokens there are if pairs are asked for, and no number is. */
  private static final int PAIRS = 512;

  private static final int MOST_PAIRS = 1 << 16;

  /** Inner widths are a multiple of this, which suits vectors of any processor. */
  private static final int LANES = 16;

  /** Sets that suit costs that are not convex. */
  private static final List<String> SETS = List.of("ball", "box");

  /** What is said of rows only. */
  private static final List<String> OF_ROWS =
      List.of(
          "formula",
          "loss",
          "objective",
          "parameters",
          "huber-delta",
          "quantile-level",
          "l2",
          "l1",
          "group-lasso.weight",
          "group-lasso.groups",
          "class-weights");

  /** What is said of experts only. */
  private static final List<String> OF_EXPERTS =
      List.of(
          "expert-inner",
          "shared",
          "active",
          "groups",
          "active-groups",
          "balance-loss",
          "balance-step");

  private static final Pattern COMPLAINT =
      Pattern.compile("(model\\.[a-z-]+) = .*", Pattern.DOTALL);

  /** Whether a text of the command line is a block of this key, whose default is a name. */
  static boolean isBlock(String key, String text) {
    return key.equals(VOCABULARY) && text.strip().startsWith("{");
  }

  /** Refuses what is about texts, where there are rows. */
  void refuse() {
    Object format = values.at("data.format").unwrapped();
    for (String key : List.of("data.text", "data.prompt")) {
      if (values.changed(key)) {
        throw values.bad(
            key,
            values.at(key),
            "that is said of texts, and data.format is %s: leave it out, or set data.format = text"
                .formatted(format));
      }
    }
    ConfigObject model = (ConfigObject) values.schema().value("model");
    for (String name : new TreeSet<>(model.keySet())) {
      String key = "model." + name;
      if (values.changed(key)) {
        throw values.bad(
            key,
            values.at(key),
            ("models of language are of texts, and data.format is %s: leave the block model out, or"
                    + " set data.format = text")
                .formatted(format));
      }
    }
  }

  /**
   * The model, and where in a table the texts are.
   *
   * @param constraints the sets that x must lie in
   */
  RunConfig.Language language(List<RunSettings.Constraint> constraints) {
    for (String key : OF_ROWS) {
      if (values.changed("problem." + key)) {
        throw values.bad(
            "problem." + key,
            values.at("problem." + key),
            "that is said of rows, and the loss of texts is that of the block model: leave it out");
      }
    }
    for (int i = 0; i < constraints.size(); i++) {
      String set = constraints.get(i).set().name();
      if (!SETS.contains(set)) {
        throw new BadInputException(
            "%s: %s.set is '%s'; a model of language takes %s only: choose one of them, or none."
                .formatted(
                    values.place(values.at("problem.constraints")),
                    RunSettings.Constraint.key(i),
                    set,
                    String.join(" and ", SETS)));
      }
    }
    ModelSettings model = model();
    Training training = training();
    unused(model.least().experts() == 0, OF_EXPERTS, "model.experts");
    unused(model.least().mtp() == 0, List.of("mtp-weight"), "model.mtp");
    return new RunConfig.Language(
        values.text("data.text"), values.text("data.prompt"), model, training);
  }

  private void unused(boolean unused, List<String> names, String chooser) {
    for (String name : names) {
      String key = "model." + name;
      if (unused && values.changed(key)) {
        ConfigValue value = values.at(key);
        warnings.add(
            "%s: %s is %s, and %s = %s does not use it."
                .formatted(
                    values.place(value),
                    key,
                    Values.show(value),
                    chooser,
                    values.at(chooser).unwrapped()));
      }
    }
  }

  private ModelSettings model() {
    Vocabulary.Kind kind = kind();
    int tokens = kind == Vocabulary.Kind.PAIRS ? pairs() : 0;
    int width = count("width");
    int heads = count("heads");
    if (values.auto("model.head") && width % heads != 0) {
      throw values.bad(
          "model.heads",
          values.at("model.heads"),
          "it does not divide model.width, which is %d: give one that does, or set model.head"
              .formatted(width));
    }
    int groups = count("groups");
    int fewest =
        switch (kind) {
          case CHARACTERS -> 2;
          case BYTES -> Vocabulary.ofBytes().size();
          case PAIRS -> WordCounts.FEWEST;
        };
    try {
      return new ModelSettings(
          kind,
          tokens,
          new ModelShape(
              fewest,
              width,
              count("layers"),
              fromZero("dense-layers"),
              heads,
              countOr("head", width / heads),
              count("query-latent"),
              count("latent"),
              count("rope"),
              countOr("inner", inner(width)),
              countOr("expert-inner", Math.max(1, width / 2)),
              fromZero("experts"),
              fromZero("shared"),
              count("active"),
              groups,
              countOr("active-groups", groups),
              count("window"),
              fromZero("mtp")));
    } catch (BadInputException e) {
      String complaint = String.valueOf(e.getMessage());
      Matcher key = COMPLAINT.matcher(complaint);
      throw key.matches()
          ? new BadInputException(values.place(values.at(key.group(1))) + ": " + complaint, e)
          : e;
    }
  }

  /** 8/3 of the width, rounded up. */
  private static int inner(int width) {
    long inner = (8L * width + 2) / 3;
    return (int) Math.min(Integer.MAX_VALUE, (inner + LANES - 1) / LANES * LANES);
  }

  private Vocabulary.Kind kind() {
    ConfigValue given = values.at(VOCABULARY);
    if (!(given instanceof ConfigObject block)) {
      return values.choice(VOCABULARY, given, Vocabulary.Kind.class);
    }
    List<String> known = List.of("name", "size");
    for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new BadInputException(
            "%s: unknown key %s.%s; maybe %s.%s is meant."
                .formatted(
                    values.place(entry.getValue()),
                    VOCABULARY,
                    ConfigUtil.joinPath(entry.getKey()),
                    VOCABULARY,
                    Registry.nearest(entry.getKey(), known)));
      }
    }
    ConfigValue name = block.get("name");
    if (name == null) {
      throw values.bad(
          VOCABULARY, given, "its name is missing: write { name = pairs, size = 512 }");
    }
    Vocabulary.Kind kind = values.choice(VOCABULARY + ".name", name, Vocabulary.Kind.class);
    if (block.containsKey("size") && kind != Vocabulary.Kind.PAIRS) {
      throw values.bad(
          VOCABULARY,
          given,
          "only pairs are of a size that is asked for: write model.vocabulary = " + kind.word());
    }
    return kind;
  }

  private int pairs() {
    return values.at(VOCABULARY) instanceof ConfigObject block && block.containsKey("size")
        ? (int)
            values.whole(
                SIZE,
                WordCounts.FEWEST,
                MOST_PAIRS,
                "a whole number from %d to %d".formatted(WordCounts.FEWEST, MOST_PAIRS))
        : PAIRS;
  }

  private Training training() {
    return new Training(
        count("batch"),
        values.number("model.clip", c -> c > 0, "a number above 0"),
        numberFromZero("mtp-weight"),
        numberFromZero("balance-loss"),
        numberFromZero("balance-step"),
        values.choice("model.precision", Training.Precision.class),
        values.number(
            "model.hold-out", share -> share > 0 && share < 1, "a number above 0 and below 1"),
        count("evaluated"));
  }

  private double numberFromZero(String name) {
    return values.number("model." + name, number -> number >= 0, "a number from 0 on");
  }

  private int count(String name) {
    return (int) values.whole("model." + name, 1, Integer.MAX_VALUE, "a whole number from 1 on");
  }

  private int fromZero(String name) {
    return (int) values.whole("model." + name, 0, Integer.MAX_VALUE, "a whole number from 0 on");
  }

  private int countOr(String name, int otherwise) {
    return values.auto("model." + name)
        ? otherwise
        : (int)
            values.whole("model." + name, 1, Integer.MAX_VALUE, "auto or a whole number from 1 on");
  }
}
