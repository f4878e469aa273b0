package org.datman.dashboard.projection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;

/** The latest events of one session by kind. Empty where no event was consumed yet. */
public final class SessionDetails {

    private final List<StoredEvents.Stored> events;
    private final List<OpenFailure> failures;

    SessionDetails(List<StoredEvents.Stored> events, List<OpenFailure> failures) {
        this.events = List.copyOf(events);
        this.failures = List.copyOf(failures);
    }

    public Optional<Recorded<SessionDiscovered>> discovered() {
        return all(SessionDiscovered.class).stream().findFirst();
    }

    public Optional<Recorded<SessionSettled>> settled() {
        return all(SessionSettled.class).stream().findFirst();
    }

    public Optional<Recorded<SessionChecked>> checked() {
        return all(SessionChecked.class).stream().findFirst();
    }

    public List<Recorded<ResourceDiscovered>> resources() {
        return all(ResourceDiscovered.class);
    }

    public List<Recorded<ResourceExported>> exportedResources() {
        return all(ResourceExported.class);
    }

    /** Newest first. A waiting or not applicable pipeline is dropped once there is a newer event about it. */
    public List<Recorded<PipelineUpdated>> runs() {
        Set<String> seen = new HashSet<>();
        return all(PipelineUpdated.class).stream()
                .sorted(Comparator.comparing((Recorded<PipelineUpdated> run) -> run.at())
                        .reversed())
                .filter(run ->
                        seen.add(run.event().pipeline()) || isARun(run.event().state()))
                .toList();
    }

    private static boolean isARun(PipelineUpdated.State state) {
        return state != PipelineUpdated.State.WAITING && state != PipelineUpdated.State.NOT_APPLICABLE;
    }

    public List<Recorded<PipelineRequested>> requestedRuns() {
        return all(PipelineRequested.class);
    }

    /** The cancellation of a run that is under way; empty when nobody cancelled it. */
    public Optional<PipelineCancelled> cancelled(PipelineUpdated run) {
        return all(PipelineCancelled.class).stream()
                .map(Recorded::event)
                .filter(event -> event.pipeline().equals(run.pipeline())
                        && event.runKey().equals(run.runKey())
                        && event.attempt() == run.attempt())
                .findFirst();
    }

    /** The answer of which a run of a manual step is; empty for a run of a tool, or when a person asked for the step again. */
    public Optional<PipelineAnswered> answered(PipelineUpdated run) {
        return requestedRuns().stream()
                .map(Recorded::event)
                .filter(asked -> asked.pipeline().equals(run.pipeline())
                        && asked.runKey().equals(run.runKey()))
                .flatMap(asked -> PipelineAnswered.keyOf(asked).stream())
                .findFirst()
                .flatMap(key -> answered(run.pipeline(), key));
    }

    /**
     * The last answer to a manual step; empty when there is none or a person asked for the step again.
     *
     * @param key what was looked at
     */
    public Optional<PipelineAnswered> answered(String pipeline, String key) {
        return all(PipelineAnswered.class).stream()
                .map(Recorded::event)
                .filter(event ->
                        event.pipeline().equals(pipeline) && event.runKey().equals(key))
                .max(Comparator.comparing(PipelineAnswered::time))
                .filter(event -> event.answer() != PipelineAnswered.Answer.REOPENED);
    }

    public List<Recorded<ReprocessRequested>> reprocessRequests() {
        return all(ReprocessRequested.class);
    }

    /** What people assigned to its series, the latest about each. */
    public List<Recorded<SeriesAssigned>> assignments() {
        return all(SeriesAssigned.class);
    }

    /** All decisions of people, newest first. */
    public List<QcReviewed> reviews() {
        return all(QcReviewed.class).stream()
                .map(Recorded::event)
                .sorted(Comparator.comparing(QcReviewed::time)
                        .thenComparing(QcReviewed::reviewId)
                        .reversed())
                .toList();
    }

    /** Open failures, newest first. */
    public List<OpenFailure> failures() {
        return failures;
    }

    /** The details of each series that an event names, by series number where there is one. */
    public List<SeriesDetails> series() {
        Map<String, List<StoredEvents.Stored>> byScan = new TreeMap<>();
        for (StoredEvents.Stored event : events) {
            if (!event.scan().isEmpty()) {
                byScan.computeIfAbsent(event.scan(), scan -> new ArrayList<>()).add(event);
            }
        }
        List<Recorded<QcReviewed>> signOffs = signOffs(events);
        return byScan.entrySet().stream()
                .map(entry -> series(entry.getKey(), entry.getValue(), signOffs, failures))
                .filter(SessionDetails::isASeries)
                .sorted(Comparator.comparingLong(SessionDetails::number).thenComparing(SeriesDetails::scan))
                .toList();
    }

    /** Whether any event other than a person's request names the scan. */
    private static boolean isASeries(SeriesDetails series) {
        return series.discovered() != null
                || series.tagged() != null
                || series.exported() != null
                || !series.measured().isEmpty()
                || !series.failures().isEmpty();
    }

    private static long number(SeriesDetails series) {
        return series.findSeriesNumber()
                .or(() -> new ScanId(series.scan()).number())
                .orElse(Long.MAX_VALUE);
    }

    /** The details of one series from its latest events, including the sign-offs. */
    static SeriesDetails series(String scan, List<StoredEvents.Stored> events, List<OpenFailure> failures) {
        return series(
                scan, events.stream().filter(event -> event.scan().equals(scan)).toList(), signOffs(events), failures);
    }

    private static List<Recorded<QcReviewed>> signOffs(List<StoredEvents.Stored> events) {
        return select(events, QcReviewed.class).stream()
                .filter(review -> review.event().stem().isEmpty())
                .toList();
    }

    private static SeriesDetails series(
            String scan,
            List<StoredEvents.Stored> own,
            List<Recorded<QcReviewed>> signOffs,
            List<OpenFailure> failures) {
        return new SeriesDetails(
                scan,
                select(own, SeriesDiscovered.class).stream().findFirst().orElse(null),
                select(own, SeriesTagged.class).stream().findFirst().orElse(null),
                select(own, SeriesExported.class).stream().findFirst().orElse(null),
                select(own, QcComplete.class),
                select(own, QcReviewed.class),
                signOffs,
                failures.stream().filter(f -> f.scan().equals(scan)).toList());
    }

    private <E extends Event> List<Recorded<E>> all(Class<E> type) {
        return select(events, type);
    }

    private static <E extends Event> List<Recorded<E>> select(List<StoredEvents.Stored> events, Class<E> type) {
        List<Recorded<E>> selected = new ArrayList<>();
        for (StoredEvents.Stored event : events) {
            if (type.isInstance(event.recorded().event())) {
                selected.add(new Recorded<>(
                        type.cast(event.recorded().event()),
                        event.recorded().at(),
                        event.recorded().lastAt(),
                        event.recorded().eventId()));
            }
        }
        return selected;
    }
}
