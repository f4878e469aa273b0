package org.datman.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcComplete;
import org.datman.local.process.RunState;
import org.datman.simulator.scanner.PlantedFault;
import org.jspecify.annotations.Nullable;

/** The outcome of a demo: per series header facts, decision, files, metrics, verdict and times; per fault how it was found. */
final class DemoReport {

    private DemoReport() {}

    static ObjectNode of(
            SessionHistories histories,
            int unreadable,
            DemoFindings findings,
            List<PlantedFault> planted,
            RunState state,
            WebhookTimes webhooks,
            List<Duration> ends,
            Duration buildTime,
            Duration elapsed) {
        ObjectNode report = EventJson.mapper().createObjectNode();
        ArrayNode sessions = report.putArray("sessions");
        for (SessionHistory history : histories.sessions()) {
            ObjectNode session = sessions.addObject();
            session.put("accession", history.accession);
            session.put("label", history.label());
            session.put("atEnd", EndState.waitingFor(history).isEmpty());
            session.set("waitingFor", EventJson.mapper().valueToTree(EndState.waitingFor(history)));
            session.set("facts", tree(history.discovered.orElse(null)));
            session.set("settled", tree(history.settled.orElse(null)));
            session.set("checked", tree(history.checked.orElse(null)));
            session.set("pipelines", tree(history.runs.values()));
            session.set("failures", tree(history.failures));
            ArrayNode series = session.putArray("series");
            for (SeriesHistory one : history.series.values()) {
                ObjectNode node = series.addObject();
                node.put("scan", one.scan);
                node.set("facts", tree(one.discovered));
                node.set("decision", tree(one.tagged));
                node.set("export", tree(one.exported));
                node.set("qc", tree(Optional.of(one.measured.values())));
                node.set("times", EventJson.mapper().valueToTree(one.times));
            }
        }
        ArrayNode faults = report.putArray("planted");
        for (PlantedFault fault : planted) {
            ObjectNode node = faults.addObject();
            node.put("kind", fault.kind().key());
            node.put("session", fault.sessionLabel());
            fault.seriesNumber().ifPresent(number -> node.put("series", number));
            node.put("tag", fault.tag());
            node.set("details", EventJson.mapper().valueToTree(fault.details()));
            Optional<String> found = PlantedFaults.found(fault, histories);
            node.put("found", found.isPresent());
            found.ifPresent(how -> node.put("how", how));
        }
        report.set("notPassed", EventJson.mapper().valueToTree(findings.notPassed()));
        ObjectNode figures = report.putObject("figures");
        figures.set("verdictsByLevel", EventJson.mapper().valueToTree(findings.levels()));
        figures.put("flagged", findings.flags());
        figures.put("headerContradictions", findings.contradictions());
        List<Double> seconds = webhookToVerdict(histories, webhooks);
        figures.put("verdicts", seconds.size());
        quantile(seconds, 0.5).ifPresent(s -> figures.put("webhookToVerdictMedianSeconds", s));
        quantile(seconds, 0.95).ifPresent(s -> figures.put("webhookToVerdictP95Seconds", s));
        ArrayNode atEnd = figures.putArray("sessionsAtEndAfterSeconds");
        ends.forEach(end -> atEnd.add(end.toMillis() / 1000.0));
        figures.put("servicesReadySeconds", state.readyMillis() / 1000.0);
        figures.put("buildSeconds", buildTime.toMillis() / 1000.0);
        figures.put("elapsedSeconds", elapsed.toMillis() / 1000.0);
        figures.put("unreadableRecords", unreadable);
        ObjectNode memory = figures.putObject("peakMemoryMiB");
        state.services().forEach(service -> memory.put(service.name(), service.peakMemoryKiB() / 1024));
        ObjectNode processor = figures.putObject("processorSeconds");
        state.services().forEach(service -> processor.put(service.name(), service.processorMillis() / 1000));
        return report;
    }

    /** Seconds from the webhook that announced a series (else from its first event) to each of its verdicts. */
    static List<Double> webhookToVerdict(SessionHistories histories, WebhookTimes webhooks) {
        List<Double> seconds = new ArrayList<>();
        for (SessionHistory history : histories.sessions()) {
            List<Instant> known = history.series.values().stream()
                    .flatMap(series -> series.firstDiscovered.stream())
                    .toList();
            for (SeriesHistory series : history.series.values()) {
                for (QcComplete qc : series.measured.values()) {
                    series.firstDiscovered
                            .map(first -> webhooks.before(history.accession, first, known)
                                    .orElse(first))
                            .map(begin -> seconds(begin, qc.finished()))
                            .ifPresent(seconds::add);
                }
            }
        }
        seconds.sort(null);
        return seconds;
    }

    /** Smallest value that at least that share of the sorted values does not exceed. */
    static Optional<Double> quantile(List<Double> sorted, double share) {
        if (sorted.isEmpty()) {
            return Optional.empty();
        }
        int rank = (int) Math.ceil(share * sorted.size());
        return Optional.of(sorted.get(Math.max(0, rank - 1)));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static JsonNode tree(@Nullable Object value) {
        return EventJson.mapper().valueToTree(value);
    }
}
