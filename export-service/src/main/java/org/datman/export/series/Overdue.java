package org.datman.export.series;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.export.publish.SeriesStates;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells of images that wait for their parts longer than a session ever takes to settle, and for which fact. The failure goes
 * from the inbox when the image is made.
 */
@ApplicationScoped
class Overdue {

    private static final Logger LOG = Logger.getLogger(Overdue.class);
    private static final Duration UNKNOWN_STUDY = Duration.ofHours(6);

    private final SeriesExporter exporter;
    private final SeriesStates states;
    private final Studies studies;
    private final EventPublisher publisher;
    private final Clock clock;
    private final Duration grace;
    private final Map<String, List<String>> told = new HashMap<>();

    Overdue(
            SeriesExporter exporter,
            SeriesStates states,
            Studies studies,
            EventPublisher publisher,
            Clock clock,
            @ConfigProperty(name = "datman.export.overdue-after", defaultValue = "PT30M") Duration grace) {
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
    void look() {
        try {
            for (ProcessingFailed late : late()) {
                publisher.say(publisher.first(late));
                told.put(late.identity(), List.of(late.reason().message()));
            }
        } catch (IOException | OutageException e) {
            LOG.warnf("What waits cannot be looked at: %s", e.getMessage());
        }
    }

    /** What is overdue and has not been told yet with these facts. */
    List<ProcessingFailed> late() throws IOException {
        Instant now = clock.instant();
        List<ProcessingFailed> late = new ArrayList<>();
        Set<String> stillWaiting = new HashSet<>();
        for (SessionRef session : states.waiting()) {
            for (Map.Entry<String, SeriesExporter.Waiting> entry :
                    exporter.waiting(session).entrySet()) {
                SeriesExporter.Waiting waiting = entry.getValue();
                if (now.isBefore(waiting.since().plus(longest(waiting.study())))) {
                    continue;
                }
                ProcessingFailed failed = failure(session, entry.getKey(), waiting, now);
                stillWaiting.add(failed.identity());
                if (!List.of(failed.reason().message()).equals(told.get(failed.identity()))) {
                    late.add(failed);
                }
            }
        }
        told.keySet().retainAll(stillWaiting);
        return late;
    }

    /** The longest that parts may rightly wait: until the session settles at the latest, and some time to do it. */
    private Duration longest(String study) {
        return studies.current()
                .study(study)
                .map(StudyConfiguration::settleCap)
                .orElse(UNKNOWN_STUDY)
                .plus(grace);
    }

    private ProcessingFailed failure(SessionRef session, String group, SeriesExporter.Waiting waiting, Instant now) {
        String facts = waiting.facts().isEmpty() ? "nothing that is known" : String.join(", ", waiting.facts());
        return new ProcessingFailed(
                "export",
                "combine",
                ProcessingFailed.Kind.TRANSIENT,
                Optional.of(session),
                Optional.of(waiting.scan()),
                Optional.of(group),
                1,
                new Reason(
                        "waits-for-parts",
                        "The image of which scan " + waiting.scan() + " is a part waits since " + waiting.since()
                                + " for: " + facts,
                        "Press 'Reprocess': the whole session is then read from XNAT and told again"),
                Optional.empty(),
                now);
    }
}
