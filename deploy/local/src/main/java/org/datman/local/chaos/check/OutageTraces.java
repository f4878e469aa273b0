package org.datman.local.chaos.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.local.chaos.check.Violation.Kind;

/** An outage puts nothing on a dead-letter topic, and after its end no failure is open. */
final class OutageTraces {

    /** End of the code of a reason by which a failure that begins and ends is over. */
    private static final String OVER = "-resumed";

    private OutageTraces() {}

    static List<Violation> in(RecordedHistory history) {
        List<Violation> violations = new ArrayList<>();
        history.deadLetters()
                .forEach(letter -> violations.add(new Violation(
                        Kind.DEAD_LETTER, letter.topic() + "@" + letter.offset(), letter.key() + ": " + letter.why())));
        history.unreadable().forEach(record -> violations.add(new Violation(Kind.DEAD_LETTER, record, "is no event")));
        Map<String, ProcessingFailed> newest = new LinkedHashMap<>();
        for (RecordedEvent one : history.events()) {
            if (one.event() instanceof ProcessingFailed failure) {
                newest.merge(
                        failure.identity(),
                        failure,
                        (old, other) -> other.order().isOlderThan(old.order()) ? old : other);
            }
        }
        newest.values().stream()
                // When that of a session is over, its page knows.
                .filter(failure ->
                        failure.session().isEmpty() && !failure.reason().code().endsWith(OVER))
                .forEach(failure -> violations.add(new Violation(
                        Kind.OPEN_FAILURE,
                        failure.service() + " " + failure.stage(),
                        failure.reason().code() + ": " + failure.reason().message())));
        history.readModel().forEach((address, answer) -> {
            if (address.startsWith("/api/sessions/")) {
                failures(answer)
                        .forEach(failure -> violations.add(new Violation(
                                Kind.OPEN_FAILURE,
                                address,
                                failure.path("service").asText() + ": "
                                        + failure.path("message").asText() + " (of "
                                        + failure.path("time").asText() + ")")));
            }
        });
        return violations;
    }

    private static JsonNode failures(String answer) {
        try {
            return EventJson.mapper().readTree(answer).path("failures");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
