package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A real Chromium without a window, and one page in it, driven by the Chrome DevTools Protocol
 * (chromedevtools.github.io/devtools-protocol). Nothing of it is fetched: it is the package {@code
 * chromium} of the system.
 */
final class Chromium implements AutoCloseable {
  /** How light the page is, and the least contrast of what stands on it. */
  static final String CONTRAST =
      """
      (() => {
        const light = (c) => {
          const [r, g, b] = c.match(/[0-9.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const paper = light(getComputedStyle(document.body).backgroundColor);
        const worst = Math.min(...[...document.querySelectorAll('p, h1, h2, dt, dd, a, td, th, small')]
          .map(e => light(getComputedStyle(e).color))
          .map(ink => (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)));
        return [paper, worst];
      })()
      """;

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private static final String LISTENS = "DevTools listening on ";
  private static final int SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger commands = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<JsonNode>> awaited = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private String session = "";

  /**
   * Starts it.
   *
   * @param profile an empty folder for what it keeps
   */
  Chromium(Path profile) throws Exception {
    process =
        new ProcessBuilder(
                binary(),
                "--headless",
                "--no-sandbox", // cannot be had as root, and the page is ours
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader says = process.errorReader(StandardCharsets.UTF_8);
    String line = says.readLine();
    while (line != null && !line.startsWith(LISTENS)) {
      line = says.readLine();
    }
    if (line == null) {
      throw new IOException("Chromium ended before it listened: " + process.waitFor());
    }
    Thread drain = new Thread(() -> says.lines().forEach(ignored -> {}), "chromium");
    drain.setDaemon(true);
    drain.start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(line.substring(LISTENS.length()).strip()), new Listener())
            .get(SECONDS, TimeUnit.SECONDS);
    JsonNode target = send("Target.createTarget", Map.of("url", "about:blank"));
    session =
        send(
                "Target.attachToTarget",
                Map.of("targetId", target.get("targetId").asText(), "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network", "Audits")) {
      send(domain + ".enable", Map.of());
    }
  }

  private static String binary() {
    return NAMES.stream()
        .flatMap(
            name ->
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseGet(
            () ->
                fail(
                    "There is no Chromium, which reports are opened with. Install it: apt-get install -y"
                        + " chromium (Debian), or put a chromium in PATH."));
  }

  /** Puts together what comes in parts. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        take(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void take(String text) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    CompletableFuture<JsonNode> asked = answers.remove(message.path("id").asInt(-1));
    if (asked != null) {
      asked.complete(message);
      return;
    }
    events.add(message);
    CompletableFuture<JsonNode> waiting = awaited.remove(message.get("method").asText());
    if (waiting != null) {
      waiting.complete(message);
    }
  }

  /** Sends a command, and returns its result. */
  JsonNode send(String method, Map<String, ?> parameters) throws Exception {
    int id = commands.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    Map<String, Object> message =
        session.isEmpty()
            ? Map.of("id", id, "method", method, "params", parameters)
            : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
    socket.sendText(JSON.writeValueAsString(message), true).get(SECONDS, TimeUnit.SECONDS);
    JsonNode got = answer.get(SECONDS, TimeUnit.SECONDS);
    if (got.has("error")) {
      throw new IOException(method + ": " + got.get("error"));
    }
    return got.get("result");
  }

  /** Opens a file, and waits until it is loaded. */
  void open(Path file) throws Exception {
    events.clear();
    CompletableFuture<JsonNode> loaded = new CompletableFuture<>();
    awaited.put("Page.loadEventFired", loaded);
    send("Page.navigate", Map.of("url", file.toUri().toString()));
    loaded.get(SECONDS, TimeUnit.SECONDS);
  }

  /** The value of an expression, by way of JSON. */
  JsonNode value(String expression) throws Exception {
    JsonNode answer =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /** What happened since a file was opened. */
  List<JsonNode> events(Predicate<String> method) {
    return events.stream().filter(event -> method.test(event.get("method").asText())).toList();
  }

  /** Ends it, and waits until it has. */
  @Override
  public void close() {
    socket.abort();
    process.destroy();
    process.onExit().join();
  }

  /** Nothing went wrong, nothing was fetched, nobody was asked anything. */
  void assertQuiet(Path page) {
    assertThat(
            events(
                method ->
                    List.of(
                            "Runtime.exceptionThrown",
                            "Runtime.consoleAPICalled",
                            "Log.entryAdded",
                            "Audits.issueAdded",
                            "Page.javascriptDialogOpening")
                        .contains(method)))
        .isEmpty();
    assertThat(events("Network.requestWillBeSent"::equals))
        .extracting(event -> event.at("/params/request/url").asText())
        .containsOnly(page.toUri().toString());
  }
}
