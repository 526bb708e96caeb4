package io.sotto.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.report.Page;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes {@code report.html}. */
public final class ReportFile {
  private static final String NAME = "report.html";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportFile() {}

  /**
   * Writes the page. A page that cannot be made is told of and left out: the result that it would
   * show is not lost for it. One that cannot be written ends the run, as any other file does.
   *
   * @param content what stands on it
   * @param told takes a sentence if it is left out
   */
  public static void write(
      OutputFolder folder, Supplier<Map<String, @Nullable Object>> content, Consumer<String> told)
      throws IOException {
    String page;
    try {
      page = Page.of(JSON.writeValueAsString(content.get()));
    } catch (RuntimeException | JsonProcessingException e) {
      told.accept(
          "%s is left out, since it could not be made (%s). All other files of the result are there."
              .formatted(NAME, e));
      return;
    }
    folder.text(NAME, page);
  }
}
