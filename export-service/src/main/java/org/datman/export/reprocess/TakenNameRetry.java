package org.datman.export.reprocess;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.export.claim.Claimant;
import org.datman.export.claim.TakenName;
import org.datman.export.claim.TakenNames;
import org.datman.export.resource.ResourceExporter;
import org.datman.export.series.SeriesExporter;
import org.datman.export.work.SessionLocks;
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
 * created again under its label arrives before the deletion of the first one is confirmed. A retry that cannot be handled is
 * published as a failure after at most {@value #MOST_ROUNDS} rounds, and repeated when the service starts.
 */
@ApplicationScoped
class TakenNameRetry {

    private static final Logger LOG = Logger.getLogger(TakenNameRetry.class);

    /** Faults that are none of the data may pass: so often it is tried before it is a failure. */
    private static final int MOST_ROUNDS = 5;

    /** Faulty rounds by stored refusal. */
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();

    private final TakenNames names;
    private final SeriesExporter series;
    private final ResourceExporter resources;
    private final SessionLocks locks;
    private final Studies studies;
    private final EventPublisher publisher;
    private final Clock clock;

    TakenNameRetry(
            TakenNames names,
            SeriesExporter series,
            ResourceExporter resources,
            SessionLocks locks,
            Studies studies,
            EventPublisher publisher,
            Clock clock) {
        this.names = names;
        this.series = series;
        this.resources = resources;
        this.locks = locks;
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
            String key = "";
            TakenName taken = null;
            try {
                key = stored.getFileName() + " " + Files.getLastModifiedTime(stored);
                taken = names.read(stored).orElse(null);
                boolean givenUp = faults.getOrDefault(key, 0) >= MOST_ROUNDS;
                if (taken != null && (givenUp ? claimant(taken).served() : isDue(taken))) {
                    locks.holding(taken.session(), () -> settle(stored));
                    faults.remove(key);
                }
            } catch (NoSuchFileException done) {
                LOG.debugf("Done by another process file=%s", stored.getFileName());
            } catch (IOException | RuntimeException e) {
                if (TransientErrors.isOutage(e)) {
                    LOG.warnf("Refused names are tried again later error=%s", Texts.of(e));
                    return;
                }
                count(key, stored, taken, e);
            }
        }
    }

    /** Whether something is to be done, as far as it can be known without the lock. */
    private boolean isDue(TakenName taken) throws IOException {
        Claimant claimant = claimant(taken);
        return claimant.served() || names.isFree(taken, claimant);
    }

    /** Exports what was refused the name, if it still needs it; deletes the refusal unless the name was refused again. */
    private void settle(Path stored) throws IOException {
        TakenName taken = names.read(stored).orElse(null);
        if (taken == null || !isDue(taken)) {
            return;
        }
        if (!claimant(taken).served()) {
            export(taken);
        }
        if (names.read(stored).equals(Optional.of(taken)) && isDue(taken)) {
            Files.deleteIfExists(stored);
        }
    }

    private Claimant claimant(TakenName taken) throws IOException {
        return taken.scan().isPresent() ? series.claimant(taken) : resources.claimant(taken);
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

    /** Counts a faulty round; publishes the failure with the last one. What no repetition changes has one round only. */
    private void count(String key, Path stored, @Nullable TakenName taken, Exception e) {
        PermanentException permanent = e instanceof PermanentException known ? known : null;
        int rounds = permanent == null ? faults.getOrDefault(key, 0) + 1 : MOST_ROUNDS;
        if (faults.getOrDefault(key, 0) >= MOST_ROUNDS) {
            return;
        }
        LOG.errorf(e, "A refused name cannot be tried again file=%s rounds=%d", stored.getFileName(), rounds);
        if (rounds == MOST_ROUNDS) {
            Reason reason = permanent != null
                    ? permanent.reason()
                    : new Reason(
                            "unexpected-error",
                            "What was refused its name could not be exported in " + rounds
                                    + " attempts although the name is free: " + Texts.of(e),
                            "Look at the log of export, then press 'Reconvert'");
            try {
                publisher.publish(publisher.first(ProcessingFailedBuilder.builder()
                        .service("export")
                        .stage("export")
                        .kind(ProcessingFailed.Kind.PERMANENT)
                        .attempts(permanent == null ? rounds : 1)
                        .reason(reason)
                        .time(clock.instant())
                        .session(Optional.ofNullable(taken).map(TakenName::session))
                        .scan(Optional.ofNullable(taken).flatMap(TakenName::scan))
                        .cause(Optional.of(stored.getFileName().toString()))
                        .build()));
            } catch (PermanentException | OutageException refused) {
                LOG.warnf(
                        "A failure cannot be published now file=%s error=%s",
                        stored.getFileName(), refused.getMessage());
                return;
            }
        }
        faults.put(key, rounds);
    }
}
