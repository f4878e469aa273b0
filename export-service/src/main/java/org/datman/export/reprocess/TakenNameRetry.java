package org.datman.export.reprocess;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.export.claim.TakenName;
import org.datman.export.claim.TakenNames;
import org.datman.export.resource.ResourceExporter;
import org.datman.export.series.SeriesExporter;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.event.Texts;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exports what was refused its name once the name is free: its holder was withdrawn or renamed. A session that is deleted on XNAT and
 * created again under its label arrives before the deletion of the first one is confirmed. A retry that fails is published as a
 * failure, once per process and problem, and repeated.
 */
@ApplicationScoped
class TakenNameRetry {

    private static final Logger LOG = Logger.getLogger(TakenNameRetry.class);

    private final Map<Path, String> reported = new ConcurrentHashMap<>();
    private final TakenNames names;
    private final SeriesExporter series;
    private final ResourceExporter resources;
    private final Studies studies;
    private final EventPublisher publisher;
    private final Clock clock;

    TakenNameRetry(
            TakenNames names,
            SeriesExporter series,
            ResourceExporter resources,
            Studies studies,
            EventPublisher publisher,
            Clock clock) {
        this.names = names;
        this.series = series;
        this.resources = resources;
        this.studies = studies;
        this.publisher = publisher;
        this.clock = clock;
    }

    @Scheduled(
            every = "${datman.export.retry-taken-every:60s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void retry() throws IOException {
        for (Path stored : names.stored()) {
            TakenName free = null;
            try {
                free = names.free(stored).orElse(null);
                if (free != null) {
                    export(free);
                    Files.deleteIfExists(stored);
                    reported.remove(stored);
                }
            } catch (IOException | RuntimeException e) {
                if (TransientErrors.isOutage(e)) {
                    LOG.warnf("Refused names are tried again later error=%s", Texts.of(e));
                    return;
                }
                report(stored, free, e);
            }
        }
    }

    private void export(TakenName free) throws IOException {
        LOG.infof(
                "The name is free, exporting session=%s path=%s", free.session().identity(), free.path());
        if (free.scan().isPresent()) {
            series.retry(free);
        } else {
            resources.retry(free, studies.current());
        }
    }

    /** Publishes a failure unless it was already published with the same problem. */
    private void report(Path stored, @Nullable TakenName free, Exception e) {
        Reason reason = e instanceof PermanentException permanent
                ? permanent.reason()
                : new Reason(
                        "unexpected-error",
                        "What was refused its name cannot be exported although the name is free: " + Texts.of(e),
                        "Look at the log of export; it is tried again by itself every minute");
        if (reason.message().equals(reported.get(stored))) {
            return;
        }
        LOG.errorf(e, "A refused name cannot be tried again file=%s reason=%s", stored.getFileName(), reason.code());
        try {
            publisher.publish(publisher.first(ProcessingFailedBuilder.builder()
                    .service("export")
                    .stage("export")
                    .kind(ProcessingFailed.Kind.PERMANENT)
                    .attempts(1)
                    .reason(reason)
                    .time(clock.instant())
                    .session(Optional.ofNullable(free).map(TakenName::session))
                    .scan(Optional.ofNullable(free).flatMap(TakenName::scan))
                    .cause(Optional.of(stored.getFileName().toString()))
                    .build()));
            reported.put(stored, reason.message());
        } catch (PermanentException | OutageException refused) {
            LOG.warnf("A failure cannot be published now file=%s error=%s", stored.getFileName(), refused.getMessage());
        }
    }
}
