package org.datman.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.EventJson;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;

/** What changed rules of pipelines would do, as the pipeline service of this machine tells. */
final class PipelinePreviewRequest {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int SHOWN = 20;

    private PipelinePreviewRequest() {}

    static JsonNode send(InstallationFolder home, Path file) throws IOException, InterruptedException {
        String health = RunState.running(home.runState()).stream()
                .flatMap(state -> state.services().stream())
                .filter(service -> service.name().equals("pipeline"))
                .map(RunState.Service::health)
                .findFirst()
                .orElseThrow(() -> new IOException("DATMAN is not running here; a preview needs its pipeline service"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(health).resolve("/preview"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(file)))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        JsonNode json = EventJson.mapper().readTree(answer.body());
        if (answer.statusCode() != 200) {
            throw new IOException(json.path("problem").asText());
        }
        return json;
    }

    /** The preview for people. */
    static List<String> lines(JsonNode preview) {
        List<String> lines = new ArrayList<>();
        lines.add(preview.path("sessions").asInt() + " sessions of study "
                + preview.path("study").asText());
        for (JsonNode pipeline : preview.path("pipelines")) {
            lines.add("");
            lines.add(pipeline.path("pipeline").asText());
            add(lines, pipeline.path("unchanged").asInt(), "stay as they are");
            add(lines, pipeline.path("runs").asInt(), "run");
            add(lines, pipeline.path("follows").asInt(), "run after those whose outputs they get");
            pipeline.path("waits")
                    .properties()
                    .forEach(reason -> add(lines, reason.getValue().asInt(), "wait: " + reason.getKey()));
            pipeline.path("notWanted")
                    .properties()
                    .forEach(reason -> add(lines, reason.getValue().asInt(), "are not run: " + reason.getKey()));
            add(lines, pipeline.path("noLonger").asInt(), "of these are run by the rules of now");
            add(lines, pipeline.path("removed").asInt(), "have no such pipeline any more");
            JsonNode stale = pipeline.path("stale");
            add(lines, stale.size(), "results become out of date" + (stale.isEmpty() ? "" : ":"));
            for (int i = 0; i < Math.min(stale.size(), SHOWN); i++) {
                lines.add("          " + stale.get(i).asText());
            }
            if (stale.size() > SHOWN) {
                lines.add("          and " + (stale.size() - SHOWN) + " more (--json lists all)");
            }
        }
        lines.add("");
        lines.add(preview.path("bids").asText());
        return lines;
    }

    private static void add(List<String> lines, int number, String what) {
        if (number > 0) {
            lines.add(String.format(java.util.Locale.ROOT, "  %6d %s", number, what));
        }
    }
}
