package io.sotto.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * One HTML file that needs nothing else. What it shows stands in it as JSON, which its script turns
 * into text and never into markup. Its policy (Content Security Policy level 3) lets nothing run
 * but that script and uPlot, by their SHA-256, and nothing be fetched.
 */
public final class Page {
  private static final String PLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

  private Page() {}

  /**
   * The page.
   *
   * @param json what {@link RunReport}, {@link AuditReport} or {@link ScoreReport} says, as a JSON
   *     object
   */
  public static String of(String json) {
    String style = text(PLOT + "dist/uPlot.min.css") + "\n" + text("page.css");
    String plot =
        "/*\n" + text(PLOT + "LICENSE") + "\n*/\n" + text(PLOT + "dist/uPlot.iife.min.js");
    String script = text("page.js");
    return text("page.html")
        .replace("{{scripts}}", hash(plot) + " " + hash(script))
        .replace("{{styles}}", hash(style))
        .replace("{{style}}", style)
        .replace("{{plot}}", plot)
        .replace("{{script}}", script)
        .replace("{{data}}", inScript(json)); // last, for a name may look like one of the above
  }

  /** What a result is called: the last part of its path. */
  static String title(String path) {
    String whole = path.replaceAll("/+$", "");
    return whole.substring(whole.lastIndexOf('/') + 1);
  }

  /**
   * The same JSON without what ends a script, opens a comment in it, or ended lines in JavaScript
   * before 2019. All of these can stand within strings only, where an escape means the same.
   */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /** As a policy names an inline script or style. */
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) { // every Java has it
      throw new IllegalStateException(e);
    }
  }

  private static String text(String resource) {
    try (InputStream in = Page.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource %s is missing".formatted(resource));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "").strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
