package org.datman.dashboard.failure;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.acknowledgement.Acknowledgements;
import org.datman.dashboard.picture.PublishedFiles;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.FailedWork;
import org.datman.dashboard.projection.GrantedSessions;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.ReportedFailures;
import org.jspecify.annotations.Nullable;

/** Requests reprocessing from the services, and dismisses failures. */
@ApplicationScoped
public class Reprocess {

    private static final Duration ONE_SUBMIT = Duration.ofSeconds(10);
    private static final String DEAD_LETTERS = ".dlq";

    private final ReportedFailures failures;
    private final Acknowledgements acknowledgements;
    private final DetailsReader detailsReader;
    private final Projector projector;
    private final GrantedSessions sessions;
    private final OwnEvents events;
    private final Clock clock;

    Reprocess(
            ReportedFailures failures,
            Acknowledgements acknowledgements,
            DetailsReader detailsReader,
            Projector projector,
            GrantedSessions sessions,
            OwnEvents events,
            Clock clock) {
        this.failures = failures;
        this.acknowledgements = acknowledgements;
        this.detailsReader = detailsReader;
        this.projector = projector;
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What a retry requests.
     *
     * @param wholeSession whether the whole session is reprocessed although the failure is of one series
     */
    public record Retry(Stage stage, boolean wholeSession) {}

    /**
     * The request that retries the work of a failure. A dead-lettered event was not processed: its service knows nothing
     * of it, so its publisher must publish it again, and that starts where the stage before it does.
     *
     * @param deadLetter the dead-letter topic, empty when the event was not dead-lettered
     * @return empty when no service can publish the event again: a person's decision, for example
     */
    public static Optional<Retry> retryOf(String service, String stage, String deadLetter) {
        String ofService = "." + service + DEAD_LETTERS;
        String topic =
                deadLetter.endsWith(ofService) ? deadLetter.substring(0, deadLetter.length() - ofService.length()) : "";
        if (stage.equals("outbox")) {
            return Optional.empty(); // published without a request once Kafka accepts it
        }
        if (service.equals("ingest")) {
            return topic.equals("configuration-confirmed") ? Optional.empty() : of(Stage.INGEST);
        }
        if (service.equals("tagging")) {
            return of(Stage.TAGGING);
        }
        if (service.equals("dashboard")) {
            return PublishedFiles.madeBy(stage).flatMap(Reprocess::of);
        }
        if (!List.of("export", "qc", "pipeline").contains(service)) {
            return Optional.empty();
        }
        return switch (topic) {
            case "session-discovered", "session-settled", "resource-discovered" -> of(Stage.INGEST);
            case "series-tagged" -> of(Stage.TAGGING);
            // Exported files and results are published again when their series are tagged again; no work is repeated.
            case "series-exported" -> of(service.equals("qc") ? Stage.QC : Stage.TAGGING);
            case "resource-exported" -> of(Stage.INGEST);
            case "qc-complete" -> of(Stage.TAGGING);
            case "session-checked" -> of(Stage.CHECK);
            case "qc-reviewed", "gold-standard-set", "pipeline-cancelled", "pipeline-answered", "pipeline-paused" ->
                Optional.empty();
            default -> own(service, stage);
        };
    }

    private static Optional<Retry> own(String service, String stage) {
        return switch (service) {
            case "export" -> stage.equals("combine") ? Optional.of(new Retry(Stage.INGEST, true)) : of(Stage.EXPORT);
            case "qc" -> of(stage.equals("check") ? Stage.CHECK : Stage.QC);
            default -> of(Stage.PIPELINE);
        };
    }

    private static Optional<Retry> of(Stage stage) {
        return Optional.of(new Retry(stage, false));
    }

    /** Requests a stage again, for a series or, without a scan, for the session. */
    @Transactional
    public ReprocessRequested again(SessionRef session, Stage stage, @Nullable String scan, String requestedBy) {
        return again(request(session, stage, requestedBy)
                .scan(Optional.ofNullable(scan))
                .build());
    }

    /** Requests a pipeline again or, without one, all pipelines of the session. */
    @Transactional
    public ReprocessRequested runAgain(SessionRef session, @Nullable String pipeline, String requestedBy) {
        return again(request(session, Stage.PIPELINE, requestedBy)
                .pipeline(Optional.ofNullable(pipeline))
                .build());
    }

    private ReprocessRequestedBuilder request(SessionRef session, Stage stage, String requestedBy) {
        return ReprocessRequestedBuilder.builder()
                .session(session)
                .stage(stage)
                .requestId(UUID.randomUUID().toString())
                .requestedBy(requestedBy)
                .time(clock.instant())
                .builder();
    }

    /** Several submits of one form are one request. */
    private ReprocessRequested again(ReprocessRequested wanted) {
        String session = wanted.session().identity();
        projector.lock(session);
        return detailsReader.of(session).reprocessRequests().stream()
                .map(Recorded::event)
                .filter(request -> request.time().plus(ONE_SUBMIT).isAfter(wanted.time())
                        && ReprocessRequestedBuilder.builder(request)
                                .requestId(wanted.requestId())
                                .time(wanted.time())
                                .build()
                                .equals(wanted))
                .findFirst()
                .orElseGet(() -> {
                    events.publish(wanted);
                    return wanted;
                });
    }

    /** Retries the work of a failure. Empty when there is no such failure or it cannot be retried. */
    @Transactional
    public Optional<ReprocessRequested> retry(String failure, String requestedBy) {
        return granted(failure)
                .filter(failed -> failed.session().indexOf('/') > 0)
                .flatMap(failed -> retryOf(failed.service(), failed.stage(), failed.deadLetter())
                        .map(retry -> again(request(session(failed.session()), retry.stage(), requestedBy)
                                .scan(Optional.of(failed.scan())
                                        .filter(scan -> !scan.isEmpty() && !retry.wholeSession()))
                                // Its stage is the one work of pipeline that is not a pipeline of a study file.
                                .pipeline(Optional.of(failed.stage()).filter("datman:bids"::equals))
                                .causeEventId(Optional.of(failed.eventId().toString()))
                                .build())));
    }

    /** Dismisses a failure permanently; no work is requested. False when there is no such failure. */
    @Transactional
    public boolean dismiss(String failure, String note, String by) {
        Optional<FailedWork> known = granted(failure);
        known.ifPresent(failed -> acknowledgements.acknowledge(failure, failed.session(), by, note));
        return known.isPresent();
    }

    /** A failure that the request may see. */
    private Optional<FailedWork> granted(String failure) {
        return failures.findWork(failure).filter(failed -> sessions.contains(failed.session()));
    }

    private static SessionRef session(String key) {
        int slash = key.indexOf('/');
        return new SessionRef(key.substring(0, slash), key.substring(slash + 1));
    }
}
