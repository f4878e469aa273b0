package org.datman.dashboard;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A headless Chromium, driven through its DevTools protocol. Its errors are recorded as problems. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final Conversation conversation;

    private Browser(Process process, Path profile, WebSocket socket, Conversation conversation) {
        this.process = process;
        this.profile = profile;
        this.socket = socket;
        this.conversation = conversation;
    }

    private static Browser start(Path chromium) throws Exception {
        Path profile = Files.createTempDirectory("datman-browser");
        Process process = new ProcessBuilder(List.of(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1300,1400",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank"))
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("chromium.log").toFile())
                .start();
        Path portFile = profile.resolve("DevToolsActivePort");
        Awaitility.await("Chromium to start")
                .atMost(PATIENCE)
                .until(() ->
                        Files.exists(portFile) && Files.readAllLines(portFile).size() >= 2);
        int port = Integer.parseInt(Files.readAllLines(portFile).get(0));
        HttpClient client = HttpClient.newHttpClient();
        JsonNode pages = JSON.readTree(client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        String address = "";
        for (JsonNode page : pages) {
            if (page.path("type").asText().equals("page")) {
                address = page.path("webSocketDebuggerUrl").asText();
            }
        }
        Conversation conversation = new Conversation();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(address), conversation)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Browser browser = new Browser(process, profile, socket, conversation);
        browser.send("Runtime.enable", Map.of());
        browser.send("Log.enable", Map.of());
        browser.send("Page.enable", Map.of());
        return browser;
    }

    /** Of the Chromium of this machine; skips the test where there is none. */
    static Browser start() throws Exception {
        assumeThat(Files.isExecutable(CHROMIUM))
                .as("Chromium is not installed at " + CHROMIUM + " (apt-get install chromium); its walk is skipped")
                .isTrue();
        return start(CHROMIUM);
    }

    /** Logs the administrator of the tests in. */
    void logIn(URI home) {
        open(home.resolve("/login"));
        await("document.querySelector('[name=j_username]') !== null");
        evaluate("document.querySelector('[name=j_username]').value = '" + Dashboard.USER + "';"
                + "document.querySelector('[name=j_password]').value = '" + Dashboard.PASSWORD + "';"
                + "document.querySelector('form').submit()");
        await("location.pathname !== '/login' && document.querySelector('.who') !== null");
    }

    void open(URI address) {
        send("Page.navigate", Map.of("url", address.toString()));
    }

    /** The value of an expression as text. */
    String evaluate(String expression) {
        return send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
                .path("result")
                .path("value")
                .asText();
    }

    /** The text that a promise resolves to. */
    String resolve(String promise) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", promise, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value").asText();
    }

    /** Waits until an expression is true. */
    void await(String expression) {
        Awaitility.await(expression)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(150))
                .until(() -> evaluate(expression).equals("true"));
    }

    /** Presses a key that makes a character. */
    void key(String key) {
        send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "text", key));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /** Presses Escape. */
    void escape() {
        for (String type : List.of("keyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", "Escape", "code", "Escape", "windowsVirtualKeyCode", 27));
        }
    }

    /** Shows pages as on a screen of this width. */
    void width(int pixels) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    /** A picture of the whole page, as PNG. */
    byte[] wholePage() {
        JsonNode size = send("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
        // Beyond the window there is no scroll bar, and the page is as wide as the window.
        double width = Double.parseDouble(evaluate("String(window.innerWidth)"));
        return java.util.Base64.getDecoder()
                .decode(send(
                                "Page.captureScreenshot",
                                Map.of(
                                        "format",
                                        "png",
                                        "captureBeyondViewport",
                                        true,
                                        "clip",
                                        Map.of(
                                                "x", 0,
                                                "y", 0,
                                                "width", width,
                                                "height",
                                                        Math.min(
                                                                6_000,
                                                                size.path("height")
                                                                        .asDouble()),
                                                "scale", 1)))
                        .path("data")
                        .asText());
    }

    /** A picture of the visible part, as PNG. */
    byte[] screenshot() {
        return java.util.Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asText());
    }

    /** Errors of scripts, and what the content security policy refused. */
    List<String> problems() {
        return List.copyOf(conversation.problems);
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        ObjectNode message = JSON.createObjectNode();
        int id = conversation.ids.incrementAndGet();
        message.put("id", id).put("method", method).set("params", JSON.valueToTree(parameters));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        conversation.waiting.put(id, answer);
        socket.sendText(message.toString(), true).join();
        JsonNode answered =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        return answered.path("result");
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        // Its other processes go on writing into the profile for a moment.
        List<ProcessHandle> family = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        for (ProcessHandle each : family) {
            CompletableFuture<ProcessHandle> end = each.onExit();
            try {
                end.get(10, TimeUnit.SECONDS);
            } catch (TimeoutException late) {
                each.destroyForcibly();
                end.join();
            } catch (ExecutionException e) {
                throw new IllegalStateException("The end of a process cannot fail", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static final class Conversation implements WebSocket.Listener {

        private final AtomicInteger ids = new AtomicInteger();
        private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
        private final List<String> problems = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                try {
                    receive(JSON.readTree(whole.getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    problems.add("unreadable: " + whole);
                }
            }
            webSocket.request(1);
            return null;
        }

        private void receive(JsonNode message) {
            if (message.has("id")) {
                CompletableFuture<JsonNode> answer =
                        waiting.remove(message.path("id").asInt());
                if (answer != null) {
                    answer.complete(message);
                }
            } else if (message.path("method").asText().equals("Runtime.exceptionThrown")) {
                problems.add(message.path("params").path("exceptionDetails").toString());
            } else if (message.path("method").asText().equals("Log.entryAdded")) {
                JsonNode entry = message.path("params").path("entry");
                boolean picture = entry.path("url").asText().contains("/files/");
                if (entry.path("level").asText().equals("error") && !picture) {
                    problems.add(entry.path("text").asText() + " "
                            + entry.path("url").asText());
                }
            }
        }
    }
}
