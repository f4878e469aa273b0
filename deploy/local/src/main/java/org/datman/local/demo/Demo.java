package org.datman.local.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;
import org.datman.simulator.scanner.PlantedFault;
import org.jspecify.annotations.Nullable;

/** Watches a running system until every session is finished, prints the progress, and evaluates the outcome. */
public final class Demo {

    private static final Duration POLL = Duration.ofMillis(300);
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration PRINT_EVERY = Duration.ofSeconds(2);

    private static final Duration PRINT_UNCHANGED = Duration.ofSeconds(30);

    private final InstallationFolder home;
    private final StudyConfigurations studies;
    private final PrintWriter out;
    private String printedProgress = "";
    private Duration printedAt = Duration.ZERO;

    /** @param studies those that the system runs with */
    public Demo(InstallationFolder home, StudyConfigurations studies, PrintWriter out) {
        this.home = home;
        this.studies = studies;
        this.out = out;
    }

    /**
     * The expected outcome of a demo.
     *
     * @param sessions labels of the expected sessions
     * @param planted the faults that must be found in them
     * @param references the reference images of some sessions, by label
     * @param latest the time after the start of the last planned event
     */
    public record Expected(
            List<String> sessions,
            List<PlantedFault> planted,
            Map<String, ReferenceImages> references,
            Duration latest) {}

    /**
     * Consumes events until all sessions are finished or the time is over.
     *
     * @return whether every session was finished and every planted fault was found
     */
    public boolean follow(Expected expected, Duration patience, Duration buildTime, @Nullable Path report)
            throws IOException {
        RunState state = RunState.running(home.runState())
                .orElseThrow(() -> new IOException("DATMAN is not running; its logs are in " + home.logs()));
        long started = System.nanoTime();
        long lastPrinted = 0;
        long calmSince = System.nanoTime();
        List<Duration> ends = new ArrayList<>();
        try (EventLog eventLog = new EventLog(state.bootstrapServers())) {
            while (true) {
                Set<String> news = eventLog.listen(POLL);
                long now = System.nanoTime();
                SessionHistories own = eventLog.histories().only(expected.sessions());
                if (keepsWaiting(expected, own, news)) {
                    calmSince = now;
                }
                Duration elapsed = Duration.ofNanos(now - started);
                for (long ended = ended(own); ends.size() < ended; ) {
                    ends.add(elapsed);
                }
                boolean over = elapsed.compareTo(patience) > 0;
                // A session that got into its dataset is no event.
                boolean calm = now - calmSince > CALM.toNanos()
                        && elapsed.compareTo(expected.latest()) > 0
                        && BidsDatasets.of(home.archive(), studies, own, false)
                                .waiting()
                                .isEmpty();
                if (now - lastPrinted > PRINT_EVERY.toNanos() || over || calm) {
                    lastPrinted = now;
                    printProgress(expected, own, elapsed);
                }
                if (over || calm) {
                    return judge(expected, own, eventLog.unreadable(), ends, buildTime, elapsed, report);
                }
            }
        }
    }

    /**
     * Whether an expected session is not finished, or had a new event in the last poll. Other sessions (the history of the phantom)
     * are not waited for.
     *
     * @param own the histories of the expected sessions
     * @param news identities of all sessions with new events in the last poll
     */
    static boolean keepsWaiting(Expected expected, SessionHistories own, Set<String> news) {
        return own.sessions().stream().anyMatch(history -> news.contains(history.session.identity()))
                || !expected.sessions().stream().allMatch(label -> ended(label, own));
    }

    private static boolean ended(String label, SessionHistories histories) {
        return histories
                .called(label)
                .filter(history -> EndState.waitingFor(history).isEmpty())
                .isPresent();
    }

    private static long ended(SessionHistories histories) {
        return histories.sessions().stream()
                .filter(history -> EndState.waitingFor(history).isEmpty())
                .count();
    }

    private void printProgress(Expected expected, SessionHistories histories, Duration elapsed) {
        String progress = progress(expected, histories);
        if (!progress.equals(printedProgress) || elapsed.minus(printedAt).compareTo(PRINT_UNCHANGED) > 0) {
            printedProgress = progress;
            printedAt = elapsed;
            out.printf(Locale.ROOT, "  %3d s  %s%n", elapsed.toSeconds(), progress);
            out.flush();
        }
    }

    /** The progress of the sessions as text. */
    static String progress(Expected expected, SessionHistories histories) {
        long series = histories.sessions().stream()
                .mapToLong(history -> history.series.size())
                .sum();
        long verdicts = histories.sessions().stream()
                .flatMap(history -> history.series.values().stream())
                .mapToLong(one -> one.measured.size())
                .sum();
        return String.format(
                Locale.ROOT,
                "%d of %d sessions at their end, %d series seen, %d verdicts",
                expected.sessions().stream()
                        .filter(label -> ended(label, histories))
                        .count(),
                expected.sessions().size(),
                series,
                verdicts);
    }

    private boolean judge(
            Expected expected,
            SessionHistories histories,
            int unreadable,
            List<Duration> ends,
            Duration buildTime,
            Duration elapsed,
            @Nullable Path report)
            throws IOException {
        boolean good = true;
        out.println();
        out.println("Sessions");
        for (String label : expected.sessions()) {
            Optional<SessionHistory> history = histories.called(label);
            List<String> waiting = history.map(EndState::waitingFor).orElse(List.of("its first event"));
            good &= waiting.isEmpty();
            out.printf("  %-36s %s%n", label, waiting.isEmpty() ? summary(history.get()) : "WAITS FOR " + waiting);
        }
        if (!expected.planted().isEmpty()) {
            out.println();
            out.println("Planted faults");
            for (PlantedFault fault : expected.planted()) {
                Optional<String> how = PlantedFaults.found(fault, histories);
                good &= how.isPresent();
                out.printf(
                        "  %-22s %-28s %s%n",
                        fault.kind().key(), fault.sessionLabel(), how.orElse("NOT FOUND " + fault.details()));
            }
        }
        DemoFindings findings = DemoFindings.of(histories.sessions());
        print(findings);
        BidsDatasets bids = BidsDatasets.of(home.archive(), studies, histories, true);
        good &= bids.isGood();
        out.println();
        out.println("BIDS datasets");
        bids.lines().forEach(line -> out.println("  " + line));
        ArrayNode comparisons = EventJson.mapper().createArrayNode();
        if (!expected.references().isEmpty()) {
            out.println();
            boolean withTags = expected.references().values().stream()
                    .anyMatch(reference -> reference.kinds().file() != null);
            out.println("Images of the references"
                    + (withTags
                            ? ""
                            : " (tags are not compared: no --reference-kinds, and the study files have no "
                                    + ReferenceKinds.FILE + " beside them)"));
            for (Map.Entry<String, ReferenceImages> reference :
                    expected.references().entrySet()) {
                good &= compare(reference.getKey(), reference.getValue(), histories, comparisons);
            }
        }
        RunState state = RunState.read(home.runState()).orElseThrow();
        ObjectNode node = DemoReport.of(
                histories,
                unreadable,
                findings,
                expected.planted(),
                state,
                WebhookTimes.of(state.xnatUrl()),
                ends,
                buildTime,
                elapsed);
        node.set("references", comparisons);
        node.set("bids", EventJson.mapper().valueToTree(bids));
        node.put("good", good);
        out.println();
        out.println("Figures");
        node.get("figures")
                .properties()
                .forEach(figure -> out.printf("  %s: %s%n", figure.getKey(), figure.getValue()));
        out.flush();
        if (report != null) {
            EventJson.mapper().writerWithDefaultPrettyPrinter().writeValue(report.toFile(), node);
            out.println("  report: " + report);
        }
        return good;
    }

    private boolean compare(String label, ReferenceImages reference, SessionHistories histories, ArrayNode comparisons)
            throws IOException {
        List<ReferenceImages.Comparison> compared = reference.compare(
                histories.called(label).orElseGet(() -> new SessionHistory(new SessionRef("", label))), home.archive());
        Map<ReferenceImages.Outcome, Long> counts = compared.stream()
                .collect(Collectors.groupingBy(ReferenceImages.Comparison::outcome, Collectors.counting()));
        long unequal = counts.getOrDefault(ReferenceImages.Outcome.UNEQUAL, 0L);
        out.printf(
                "  %-36s %d equal, %d unequal, %d without reference%n",
                label,
                counts.getOrDefault(ReferenceImages.Outcome.EQUAL, 0L),
                unequal,
                counts.getOrDefault(ReferenceImages.Outcome.NO_REFERENCE, 0L));
        for (ReferenceImages.Comparison one : compared) {
            if (one.outcome() != ReferenceImages.Outcome.EQUAL) {
                out.printf("    %s: %s: %s%n", text(one.outcome()), one.image(), one.remark());
            }
            ObjectNode node = comparisons.addObject();
            node.put("session", label);
            node.put("image", one.image());
            node.put("outcome", text(one.outcome()));
            if (one.stem() != null) {
                node.put("stem", one.stem());
            }
            if (!one.remark().isEmpty()) {
                node.put("remark", one.remark());
            }
        }
        return unequal == 0;
    }

    private static String text(ReferenceImages.Outcome outcome) {
        return switch (outcome) {
            case EQUAL -> "equal";
            case UNEQUAL -> "unequal";
            case NO_REFERENCE -> "no reference";
        };
    }

    /** Every image that did not pass with its reasons: only a reader can recognize a false flag. */
    private void print(DemoFindings findings) {
        out.println();
        out.printf(
                "Verdicts %s: %d flagged or not measurable, %d contradictions of headers%n",
                findings.levels(), findings.flags(), findings.contradictions());
        String session = "";
        for (DemoFindings.Finding finding : findings.notPassed()) {
            if (!finding.session().equals(session)) {
                session = finding.session();
                out.println("  " + session);
            }
            out.printf("    %-5s %s%n", finding.level(), finding.stem());
            finding.reasons().forEach(reason -> out.println("          " + reason));
        }
    }

    private static String summary(SessionHistory history) {
        long tagged = history.series.values().stream()
                .flatMap(series -> series.tagged.stream())
                .filter(tagging -> tagging.decision() == SeriesTagged.Decision.TAGGED)
                .count();
        StringBuilder text = new StringBuilder()
                .append(history.series.size())
                .append(" series, ")
                .append(tagged)
                .append(" tagged");
        for (QcComplete.Level level : QcComplete.Level.values()) {
            long count = history.series.values().stream()
                    .flatMap(series -> series.current().stream())
                    .filter(qc -> qc.verdict().level() == level)
                    .count();
            if (count > 0) {
                text.append(", ").append(count).append(' ').append(level);
            }
        }
        history.discovered
                .flatMap(discovered -> discovered.nameProblem())
                .ifPresent(problem -> text.append(", no name: ").append(problem.code()));
        history.checked.filter(checked -> !checked.complete()).ifPresent(checked -> text.append(", ")
                .append(String.join("; ", checked.reasons())));
        return text.toString();
    }
}
