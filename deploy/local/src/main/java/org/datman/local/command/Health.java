package org.datman.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;

/** The health of a process by its health endpoint. */
final class Health {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Health() {}

    /**
     * The answer of a process.
     *
     * @param word {@code ready}, {@code not ready} or {@code no answer}
     * @param reasons its failed checks, with their data
     */
    record Answer(String word, List<String> reasons) {
        boolean ready() {
            return word.equals("ready");
        }
    }

    static Answer of(RunState.Service service, String jdbcUrl, InstallationFolder home)
            throws InterruptedException, IOException {
        if (service.name().equals("postgres")) {
            try {
                LocalPostgres.ask(
                        jdbcUrl,
                        Files.readString(home.secret(InstallationFolder.POSTGRES_PASSWORD))
                                .strip());
                return new Answer("ready", List.of());
            } catch (SQLException e) {
                return new Answer("no answer", List.of(String.valueOf(e.getMessage())));
            }
        }
        if (service.health().isEmpty()) {
            return new Answer("ready", List.of());
        }
        // The overall health of a service: readiness and liveness.
        String address = service.health().replaceFirst("/q/health/ready$", "/q/health");
        try {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create(address))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() < 300
                    ? new Answer("ready", List.of())
                    : new Answer("not ready", reasons(response.body()));
        } catch (IOException e) {
            return new Answer("no answer", List.of());
        }
    }

    /** The failed checks of a MicroProfile health answer. */
    static List<String> reasons(String body) {
        List<String> reasons = new ArrayList<>();
        try {
            for (JsonNode check : JSON.readTree(body).path("checks")) {
                if (check.path("status").asText().equals("DOWN")) {
                    List<String> data = new ArrayList<>();
                    check.path("data").properties().forEach(one -> {
                        // Channels list themselves; those that work say [OK].
                        if (!one.getValue().asText().startsWith("[OK]")) {
                            data.add(one.getKey() + " " + one.getValue().asText());
                        }
                    });
                    reasons.add(check.path("name").asText() + (data.isEmpty() ? "" : ": " + String.join("; ", data)));
                }
            }
        } catch (IOException noJson) {
            // An answer in another format has no readable reasons.
        }
        return reasons;
    }
}
