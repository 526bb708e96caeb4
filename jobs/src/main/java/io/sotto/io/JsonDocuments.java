package io.sotto.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sotto.problem.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and its answer for each line of a file, as JSON: {@code {"prompt": "2+2=", "answer":
 * "4"}}. Other fields, and lines without anything, are passed over.
 *
 * @param agent the field that says whose it is; null if the file does
 */
record JsonDocuments(@Nullable String agent) implements Documents {
  private static final long serialVersionUID = 1;
  private static final String PROMPT = "prompt";
  private static final String ANSWER = "answer";
  private static final String EXAMPLE = "such as {\"prompt\": \"2+2=\", \"answer\": \"4\"}";
  private static final char MARK = '\uFEFF';
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  @Override
  public void read(TextPart part, Configuration hadoop, Taker taker) throws IOException {
    InputFile file = part.file();
    long lines = 0;
    long prompts = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new LineBound(file, file.open(hadoop)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (lines++ == 0 && line.indexOf(MARK) == 0) {
          line = line.substring(1);
        }
        if (!line.isBlank()) {
          take(line, file.at(lines), part.agent(), taker);
          prompts++;
        }
      }
    }
    if (prompts == 0) {
      throw new BadInputException(
          "%s holds no prompt. Write one on each line, %s, or take the file out."
              .formatted(file.place(), EXAMPLE));
    }
  }

  private void take(String line, String where, String holder, Taker taker) throws IOException {
    if (CsvRows.isBroken(line)) {
      throw new BadInputException(
          "%s: the line is not UTF-8. Save the file as UTF-8.".formatted(where));
    }
    String prompt = null;
    String answer = null;
    String named = null;
    try (JsonParser json = JSON.createParser(line)) {
      boolean object = json.nextToken() == JsonToken.START_OBJECT;
      while (object && json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        String text = value.isScalarValue() && value != JsonToken.VALUE_NULL ? json.getText() : "";
        if (name.equals(PROMPT)) {
          prompt = text;
        } else if (name.equals(ANSWER)) {
          answer = text;
        } else if (name.equals(agent)) {
          named = text;
        }
        json.skipChildren();
      }
      if (!object || json.nextToken() != null) {
        throw new BadInputException(
            "%s: the line is not one JSON object. Write a prompt on each line, %s."
                .formatted(where, EXAMPLE));
      }
    } catch (JsonProcessingException e) { // its message would show the line
      throw new BadInputException(
          "%s: the line is not JSON, seen at character %d. Write a prompt on each line, %s."
              .formatted(where, e.getLocation().getColumnNr(), EXAMPLE),
          e);
    }
    String whose = agent == null ? holder : given(named, agent, where).strip();
    if (taker.wants(whose)) {
      taker.document(
          where, whose, given(prompt, PROMPT, where), given(answer, ANSWER, where), true, true);
    }
  }

  private static String given(@Nullable String value, String field, String where) {
    if (value == null || value.isBlank()) {
      throw new BadInputException(
          "%s: there is no text in the field '%s'. Put one there, %s, or take the line out."
              .formatted(where, field, EXAMPLE));
    }
    return value;
  }
}
