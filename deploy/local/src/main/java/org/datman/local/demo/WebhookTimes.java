package org.datman.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the simulated XNAT sent a webhook of which session: the start of the time to a verdict. A real XNAT records no such times.
 *
 * @param bySession times of the accepted webhooks, by accession, in order
 */
record WebhookTimes(Map<String, TreeSet<Instant>> bySession) {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookTimes.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Reads them from the simulator; empty without one. */
    static WebhookTimes of(String xnatUrl) {
        Map<String, TreeSet<Instant>> times = new TreeMap<>();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(xnatUrl + "/_sim/webhooks"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                for (JsonNode delivery : JsonMapper.builder().build().readTree(answer.body())) {
                    if (delivery.path("status").asInt() == 202) {
                        times.computeIfAbsent(delivery.path("session").asText(), session -> new TreeSet<>())
                                .add(Instant.parse(delivery.path("time").asText()));
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("The simulator does not report when it sent its webhooks", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new WebhookTimes(times);
    }

    /**
     * The webhook that announced a series: the first one after the previous listing, which did not have the series yet.
     *
     * @param known the times at which the session's series were first reported
     */
    Optional<Instant> before(String accession, Instant discovered, List<Instant> known) {
        Instant lookBefore = known.stream()
                .filter(time -> time.isBefore(discovered.minusSeconds(2)))
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        return Optional.ofNullable(bySession.get(accession))
                .map(times -> times.higher(lookBefore))
                .filter(time -> !time.isAfter(discovered));
    }
}
