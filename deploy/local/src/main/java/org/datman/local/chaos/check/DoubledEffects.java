package org.datman.local.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.local.chaos.check.Violation.Kind;

/**
 * Work is published once. A record may be there twice, because a publisher that does not know whether Kafka has it sends it again; then both have one
 * id and the same content, but for times.
 */
final class DoubledEffects {

    /** When and for how long something was done, and on what: the same work done again after a crash differs in these. */
    private static final List<String> TIMES = List.of("started", "finished", "time", "wallSeconds", "usage");

    private DoubledEffects() {}

    static List<Violation> in(RecordedHistory history) {
        List<Violation> violations = new ArrayList<>();
        Map<UUID, RecordedEvent> first = new LinkedHashMap<>();
        for (RecordedEvent event : history.events()) {
            RecordedEvent earlier = first.putIfAbsent(event.id(), event);
            if (earlier != null && !content(earlier.event()).equals(content(event.event()))) {
                violations.add(new Violation(
                        Kind.ID_REUSED,
                        event.place(),
                        "has the id of " + earlier.place() + " ("
                                + event.event().identity() + ") and another content"));
            }
        }
        exports(first, violations);
        runs(first, violations);
        return violations;
    }

    private static JsonNode content(Event event) {
        ObjectNode node = EventJson.mapper().valueToTree(event);
        return node.remove(TIMES);
    }

    private static void exports(Map<UUID, RecordedEvent> events, List<Violation> violations) {
        Set<SessionRef> again = new LinkedHashSet<>();
        events.values().forEach(one -> {
            if (one.event() instanceof ReprocessRequested request) {
                again.add(request.session());
            }
        });
        Map<String, List<RecordedEvent>> exports = new LinkedHashMap<>();
        events.values().forEach(one -> {
            if (one.event() instanceof SeriesExported export
                    && export.outcome() == SeriesExported.Outcome.EXPORTED
                    && export.renewal().isEmpty()
                    // Somebody, or export itself after a refusal, asked for another one.
                    && !again.contains(export.session())) {
                collect(
                        exports,
                        export.identity() + " at revision " + export.seriesRevision() + " as " + export.sessionName()
                                + " by configuration " + export.configRevision(),
                        one);
            }
        });
        report(exports, "was exported", violations);
    }

    private static void runs(Map<UUID, RecordedEvent> events, List<Violation> violations) {
        Map<String, List<RecordedEvent>> requests = new LinkedHashMap<>();
        Map<String, List<RecordedEvent>> ends = new LinkedHashMap<>();
        events.values().forEach(one -> {
            if (one.event() instanceof PipelineRequested request && request.byRules()) {
                collect(requests, request.identity() + " run " + request.runKey(), one);
            } else if (one.event() instanceof PipelineUpdated update
                    && update.state() == PipelineUpdated.State.SUCCEEDED) {
                collect(ends, update.identity() + " run " + update.runKey(), one);
            }
        });
        report(requests, "was requested by the rules", violations);
        report(ends, "succeeded", violations);
    }

    private static void collect(Map<String, List<RecordedEvent>> groups, String key, RecordedEvent event) {
        groups.computeIfAbsent(key, any -> new ArrayList<>()).add(event);
    }

    private static void report(Map<String, List<RecordedEvent>> groups, String what, List<Violation> violations) {
        BiConsumer<String, List<RecordedEvent>> judge = (key, events) -> {
            if (events.size() > 1) {
                violations.add(new Violation(
                        Kind.TWICE,
                        key,
                        what + " " + events.size() + " times: "
                                + String.join(
                                        ", ",
                                        events.stream()
                                                .map(RecordedEvent::place)
                                                .toList())));
            }
        };
        groups.forEach(judge);
    }
}
