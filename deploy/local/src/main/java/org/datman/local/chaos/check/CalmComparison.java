package org.datman.local.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.local.chaos.check.Violation.Kind;
import org.jspecify.annotations.Nullable;

/** A session has the same files, numbers, verdicts and runs as the one with the same scans that was processed before any fault. */
final class CalmComparison {

    /** Beginning of the keys of metrics that compare an image with earlier ones. */
    private static final String OF_EARLIER_SESSIONS = "local_snr_";

    /** Beginning of the names under which DATMAN itself publishes the end of a failure. */
    private static final String OF_DATMAN = "datman:";

    /** Pictures that are made when there are enough earlier ones. */
    private static final List<String> PICTURES_OF_EARLIER_SESSIONS = List.of("/blink.svg", "/local-snr.png");

    private final Map<String, Map<String, String>> files = new HashMap<>();
    private final Map<String, Map<String, String>> results = new HashMap<>();

    private CalmComparison(RecordedHistory history) {
        for (RecordedFile file : history.files()) {
            if (PICTURES_OF_EARLIER_SESSIONS.stream().anyMatch(file.path()::endsWith)) {
                continue;
            }
            NeutralNames.subject(file.path())
                    .ifPresent(subject -> files.computeIfAbsent(subject, any -> new TreeMap<>())
                            .put(NeutralNames.neutral(file.path()), file.comparable()));
        }
        Map<String, Event> newest = new HashMap<>();
        for (RecordedEvent one : history.events()) {
            newest.merge(
                    one.topic() + " " + one.event().identity(),
                    one.event(),
                    (old, other) -> other.order().isOlderThan(old.order()) ? old : other);
        }
        newest.values().forEach(this::result);
    }

    static List<Violation> in(RecordedHistory history, List<ExpectedSession> expected) {
        CalmComparison comparison = new CalmComparison(history);
        List<Violation> violations = new ArrayList<>();
        expected.stream().filter(session -> !session.calm()).forEach(session -> {
            String subject = NeutralNames.subject(session.name()).orElseThrow();
            String calm = NeutralNames.subject(session.like()).orElseThrow();
            violations.addAll(differences(session.name(), comparison.files, subject, calm));
            violations.addAll(differences(session.name(), comparison.results, subject, calm));
        });
        return violations;
    }

    private void result(Event event) {
        if (event instanceof QcComplete qc) {
            // Those that compare with earlier sessions depend on the order in which sessions arrive.
            List<QcComplete.Metric> own = qc.metrics().stream()
                    .filter(metric -> !metric.key().startsWith(OF_EARLIER_SESSIONS))
                    .toList();
            put(
                    qc.sessionName(),
                    "measurement of " + qc.stem(),
                    "metrics " + own + ", flags " + qc.flags() + ", verdict "
                            + qc.verdict().level());
        } else if (event instanceof PipelineUpdated run && !run.pipeline().startsWith(OF_DATMAN)) {
            put(run.sessionName(), "run of " + run.pipeline(), run.state().toString());
        }
    }

    private void put(String name, String what, String value) {
        NeutralNames.subject(name).ifPresent(subject -> results.computeIfAbsent(subject, any -> new TreeMap<>())
                .put(NeutralNames.neutral(what), NeutralNames.neutral(value)));
    }

    private static List<Violation> differences(
            String name, Map<String, Map<String, String>> all, String subject, String calm) {
        Map<String, String> own = all.getOrDefault(subject, Map.of());
        Map<String, String> expected = all.getOrDefault(calm, Map.of());
        List<Violation> violations = new ArrayList<>();
        Set<String> things = new TreeSet<>(own.keySet());
        things.addAll(expected.keySet());
        for (String thing : things) {
            String here = own.get(thing);
            String there = expected.get(thing);
            if (!Objects.equals(here, there)) {
                violations.add(new Violation(Kind.DIFFERS_FROM_CALM, name, text(thing, here, there)));
            }
        }
        return violations;
    }

    private static String text(String thing, @Nullable String here, @Nullable String there) {
        if (here == null) {
            return thing + " is missing";
        }
        return there == null
                ? thing + " is not in the calm session"
                : thing + " differs: " + HistoryChecker.difference(there, here);
    }
}
