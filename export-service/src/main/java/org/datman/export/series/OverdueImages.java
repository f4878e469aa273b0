package org.datman.export.series;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.export.index.SeriesStates;
import org.datman.export.index.UnreadableIndex;
import org.datman.export.work.SessionLocks;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Reports images that wait for their parts longer than a session may take to settle, and what they wait for. The failure is removed
 * from the inbox when the image is created.
 */
@ApplicationScoped
class OverdueImages {

    private static final Logger LOG = Logger.getLogger(OverdueImages.class);
    private static final Duration UNKNOWN_STUDY = Duration.ofHours(6);

    private final SeriesExporter exporter;
    private final SeriesStates states;
    private final Studies studies;
    private final Consumer<ProcessingFailed> publisher;
    private final Clock clock;
    private final Duration grace;
    private final Map<String, String> reported = new HashMap<>();
    private boolean allNoted;

    @Inject
    OverdueImages(
            SeriesExporter exporter,
            SeriesStates states,
            Studies studies,
            EventPublisher publisher,
            Clock clock,
            @ConfigProperty(name = "datman.export.overdue-after", defaultValue = "PT30M") Duration grace) {
        this(exporter, states, studies, failed -> publisher.publish(publisher.first(failed)), clock, grace);
    }

    /** @param publisher publishes a failure; returns when Kafka has accepted it */
    OverdueImages(
            SeriesExporter exporter,
            SeriesStates states,
            Studies studies,
            Consumer<ProcessingFailed> publisher,
            Clock clock,
            Duration grace) {
        this.exporter = exporter;
        this.states = states;
        this.studies = studies;
        this.publisher = publisher;
        this.clock = clock;
        this.grace = grace;
    }

    @Scheduled(
            every = "${datman.export.overdue-every:60s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void check() {
        try {
            noteAll();
            List<ProcessingFailed> late = late();
            reported.keySet()
                    .retainAll(late.stream().map(ProcessingFailed::identity).collect(Collectors.toSet()));
            late.forEach(this::publishFailure);
        } catch (IOException | OutageException e) {
            LOG.warnf("Waiting images cannot be checked error=%s", e.getMessage());
        }
    }

    /** Publishes a failure unless it was already published with the same facts. */
    private void publishFailure(ProcessingFailed failed) {
        if (failed.reason().message().equals(reported.get(failed.identity()))) {
            return;
        }
        try {
            publisher.accept(failed);
        } catch (PermanentException refused) {
            LOG.errorf("A failure cannot be published failure=%s error=%s", failed.identity(), refused.getMessage());
        }
        reported.put(failed.identity(), failed.reason().message());
    }

    /**
     * Once after the start: records what waits without a mark, for parts or for its name, because it is from a version before marks or
     * because the mark was lost; publishes a failure for the sessions whose state is unknown.
     */
    private void noteAll() throws IOException {
        if (allNoted) {
            return;
        }
        List<SessionRef> sessions = states.sessions();
        List<ProcessingFailed> unreadable = new ArrayList<>();
        for (SessionRef session : sessions) {
            forOne(session, unreadable, () -> exporter.noteWaiting(session));
        }
        unreadable.forEach(this::publishFailure);
        // No sessions: nothing was exported yet, or the archive is not available yet.
        allNoted = !sessions.isEmpty();
    }

    /** The overdue images, and the sessions whose state is unknown. */
    List<ProcessingFailed> late() throws IOException {
        Instant now = clock.instant();
        List<ProcessingFailed> late = new ArrayList<>();
        for (SessionRef session : states.waiting()) {
            forOne(session, late, () -> {
                for (Map.Entry<String, SeriesExporter.Waiting> entry :
                        exporter.waiting(session).entrySet()) {
                    SeriesExporter.Waiting waiting = entry.getValue();
                    if (!now.isBefore(waiting.since().plus(longest(waiting.study())))) {
                        late.add(failure(session, entry.getKey(), waiting, now));
                    }
                }
            });
        }
        return late;
    }

    /** Runs an action for a session so that its failure does not affect the other sessions. */
    private void forOne(SessionRef session, List<ProcessingFailed> failures, SessionLocks.Work work) {
        try {
            work.run();
        } catch (UnreadableIndex damaged) {
            failures.add(unreadable(session, damaged));
        } catch (IOException e) {
            LOG.warnf(
                    "Waiting images of a session cannot be checked session=%s error=%s",
                    session.identity(), e.toString());
        }
    }

    private ProcessingFailed unreadable(SessionRef session, UnreadableIndex damaged) {
        return ProcessingFailedBuilder.builder()
                .service("export")
                .stage("combine")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(damaged.reason())
                .time(clock.instant())
                .session(Optional.of(session))
                .scan(damaged.scan())
                .cause(Optional.of(damaged.reason().code()))
                .build();
    }

    /** Maximum regular wait for parts: the latest settling of the session, plus a grace period. */
    private Duration longest(String study) {
        return studies.current()
                .study(study)
                .map(StudyConfiguration::settleCap)
                .orElse(UNKNOWN_STUDY)
                .plus(grace);
    }

    private ProcessingFailed failure(SessionRef session, String group, SeriesExporter.Waiting waiting, Instant now) {
        String facts = waiting.facts().isEmpty() ? "nothing that is known" : String.join(", ", waiting.facts());
        return ProcessingFailedBuilder.builder()
                .service("export")
                .stage("combine")
                .kind(ProcessingFailed.Kind.TRANSIENT)
                .attempts(1)
                .reason(new Reason(
                        "waits-for-parts",
                        "The image of which scan " + waiting.scan() + " is a part waits since " + waiting.since()
                                + " for: " + facts,
                        "Press 'Reprocess': the whole session is then read from its server and published again"))
                .time(now)
                .session(Optional.of(session))
                .scan(Optional.of(waiting.scan()))
                .cause(Optional.of(group))
                .build();
    }
}
