package io.sotto.cli;

import io.sotto.io.ModelFolder;
import io.sotto.model.Generator;
import io.sotto.model.Kernels;
import io.sotto.model.Layout;
import io.sotto.model.Sampler;
import io.sotto.model.Vocabulary;
import io.sotto.model.task.Response;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Writes a text with the model of a result. It takes Spark's configuration of file systems and
 * nothing else of Spark, so that it starts at once.
 */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Write a text with the model of language in a result.",
      "The text goes to standard output, and nothing else does; the prompt is not repeated.",
      "A response <thought>[answer] of a model that was trained on prompts is also taken apart: "
          + "two lines on standard error give its thought and its answer.",
      "The same options give the same text."
    })
final class GenerateCommand implements Callable<Integer> {
  /** What a locale without the characters of an argument makes of them. */
  private static final char LOST = '\uFFFD';

  /** Of a large alphabet, how many characters a message shows. */
  private static final int SHOWN = 200;

  @Parameters(
      index = "0",
      paramLabel = "RESULT",
      description = "The output of a run with data.format = text: a path, or any Hadoop URI.")
  private String result = "";

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text goes on from. Without it: the start of a text.")
  private String prompt = "";

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "500",
      description = "Write at most so many tokens (${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.8",
      description = {
        "0 takes the most likely token each time, 1 draws as the model says, in between is "
            + "bolder than the one and more careful than the other (${DEFAULT-VALUE})."
      })
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = {
        "Draw only from the most likely tokens, as many as together have this probability "
            + "(${DEFAULT-VALUE})."
      })
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the draws; another seed gives another text (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--plain",
      description = {
        "Do without speculative decoding, in which the model also predicts the token after the "
            + "next, so that one pass may give two. The text is the same."
      })
  private boolean plain;

  @Option(names = "--stats", description = "Then say on standard error how fast that was.")
  private boolean stats;

  @Override
  public Integer call() throws IOException {
    require(tokens >= 1, "--tokens", tokens, "a whole number from 1 on");
    require(
        temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
        "--temperature",
        temperature,
        "a number from 0 on");
    require(topP > 0 && topP <= 1, "--top-p", topP, "above 0 and at most 1");
    ModelFolder model =
        new ModelFolder("RESULT", result, SparkHadoopUtil.get().newConfiguration(new SparkConf()));
    Vocabulary vocabulary = model.vocabulary();
    int[] given = encoded(vocabulary);
    boolean begins = model.prompts() || given.length == 0;
    int[] before =
        IntStream.concat(
                begins ? IntStream.of(vocabulary.end()) : IntStream.of(), IntStream.of(given))
            .toArray();
    Generator generator =
        new Generator(new Layout(model.shape()), Kernels.fastest(), model.weights(), !plain);
    TextStream text = new TextStream(System.out);
    List<Integer> written = new ArrayList<>();
    long start = System.nanoTime();
    generator.generate(
        before,
        new Sampler(temperature, topP, seed),
        token -> {
          written.add(token);
          text.write(vocabulary.bytes(token));
          return token != vocabulary.end() && written.size() < tokens && !text.isClosed();
        });
    double seconds = 1e-9 * (System.nanoTime() - start);
    text.end();
    PrintStream err = System.err;
    if (!text.endsLine()) {
      err.println(); // for a terminal, where both meet
    }
    if (model.prompts()) {
      boolean ended = written.get(written.size() - 1) == vocabulary.end();
      parts(vocabulary.decode(written.stream().mapToInt(i -> i).toArray()), ended)
          .forEach(err::println);
    }
    if (stats) {
      err.println(words(generator, written.size(), seconds));
    }
    return ExitCode.DONE;
  }

  /**
   * Thought and answer of a response, a line each; no line if it has neither.
   *
   * @param ended whether it came to an end
   */
  static List<String> parts(String response, boolean ended) {
    Response parts = Response.of(true, response);
    if (parts.thought().isEmpty() && parts.answer() == null) {
      return List.of();
    }
    return List.of(
        "thought: " + (parts.thought().isEmpty() ? "none" : parts.thought()),
        "answer: "
            + (parts.answer() != null && ended
                ? parts.answer()
                : ended
                    ? "none, since the response is not <thought>[answer]"
                    : "none, since the response was cut; raise --tokens"));
  }

  private int[] encoded(Vocabulary vocabulary) {
    if (prompt.indexOf(LOST) >= 0) {
      throw new BadInputException(
          "--prompt holds characters that did not arrive, since the locale is not of UTF-8. Run it"
              + " with LC_ALL=C.UTF-8.");
    }
    try {
      return vocabulary.encode(prompt, "--prompt");
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + " " + known(vocabulary), e);
    }
  }

  /** The characters that a model knows. */
  private static String known(Vocabulary vocabulary) {
    String all = vocabulary.decode(IntStream.range(0, vocabulary.size()).toArray());
    int count = all.codePointCount(0, all.length());
    String shown =
        all.substring(0, all.offsetByCodePoints(0, Math.min(SHOWN, count)))
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\r", "\\r")
            .replaceAll("\\p{Cntrl}", "?");
    return count > SHOWN
        ? "Of %d characters that it has, the first are: %s".formatted(count, shown)
        : "It has: %s".formatted(shown);
  }

  private static String words(Generator generator, int written, double seconds) {
    String rate =
        String.format(
            Locale.ROOT,
            "%,d tokens in %.2f s (%,.0f tokens/s)",
            written,
            seconds,
            written / seconds);
    if (generator.passes() == 0) {
      return rate;
    }
    String words =
        String.format(
            Locale.ROOT,
            "%s; %,d passes after the prompt, of %.2f tokens each",
            rate,
            generator.passes(),
            (written - 1.0) / generator.passes());
    return generator.drafted() == 0
        ? words + "; no token was predicted ahead"
        : words
            + String.format(
                Locale.ROOT,
                "; of %,d tokens predicted ahead %,d were taken (%.1f %%)",
                generator.drafted(),
                generator.accepted(),
                100.0 * generator.accepted() / generator.drafted());
  }

  private void require(boolean holds, String option, Object value, String what) {
    if (!holds) {
      throw new BadInputException("%s is %s; it must be %s.".formatted(option, value, what));
    }
  }
}
