package org.datman.qc.measure;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.metrics.model.MetricCatalogue;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.Outages;
import org.datman.qc.state.QcState;

/**
 * Measures images again whose results were made by older definitions than this program has. New series always come first: it takes
 * the next image only while none is being measured. The old numbers stay: in their own history, beside the new ones on the dashboard,
 * and in the archive. Several instances share the work by claims.
 */
@ApplicationScoped
public class Remeasure {

    /** As failures name it. */
    static final String STAGE = "remeasure";

    /** What an image takes beside the longest measurement; then the claim of a worker that was killed lapses. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final QcState state;
    private final MeasureSeries measure;
    private final Workbench workbench;
    private final EventPublisher publisher;
    private final Clock clock;

    Remeasure(QcState state, MeasureSeries measure, Workbench workbench, EventPublisher publisher, Clock clock) {
        this.state = state;
        this.measure = measure;
        this.workbench = workbench;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Until none is left or a new series comes. */
    @Scheduled(
            identity = "remeasure",
            every = "${datman.qc.remeasure-every:30s}",
            delayed = "${datman.qc.remeasure-every:30s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void run() {
        while (!measure.busy() && !Thread.currentThread().isInterrupted() && next()) {
            // One more.
        }
    }

    /** Claims and does one; false when none is left. */
    private boolean next() {
        String definitions = MetricCatalogue.revision();
        Instant now = clock.instant();
        Optional<QcComplete> claimed = QuarkusTransaction.requiringNew()
                .call(() -> state.claimOutdated(
                        definitions,
                        now,
                        now.plus(workbench.longest().multipliedBy(2)).plus(LEASE)));
        claimed.ifPresent(result -> again(result, definitions));
        return claimed.isPresent();
    }

    private void again(QcComplete result, String definitions) {
        String accession = result.session().accession();
        Optional<SeriesExported> exported = QuarkusTransaction.requiringNew()
                .call(() -> state.exported(accession, result.scan()))
                .filter(e -> e.products().stream().anyMatch(p -> p.stem().equals(result.stem())));
        if (exported.isEmpty() || !outdated(result)) {
            QuarkusTransaction.requiringNew()
                    .run(() -> state.upToDate(accession, result.scan(), result.stem(), definitions));
            return;
        }
        Log.infof("Measuring %s again: its metrics have newer definitions", result.stem());
        // What it answers is the export, under the id that it was said with.
        Envelope<SeriesExported> cause = Envelope.first(
                exported.get(), publisher.source(), exported.get().finished());
        try {
            measure.measureOne(cause, exported.get(), result.stem());
        } catch (NotMeasured e) {
            giveUp(cause, result, definitions, e.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (Outages.isOutage(e)) {
                Log.warnf(e, "%s waits to be measured again: something is away", result.stem());
            } else {
                Log.errorf(e, "%s could not be measured again", result.stem());
                giveUp(
                        cause,
                        result,
                        definitions,
                        new Reason(
                                "unexpected-error",
                                String.valueOf(e),
                                "Look at the log of qc, then press 'Re-run QC'"));
            }
        }
    }

    /** Says so once, and leaves the image until the definitions change again or a person asks. */
    private void giveUp(Envelope<SeriesExported> cause, QcComplete result, String definitions, Reason why) {
        String message = result.stem()
                + " could not be measured again by the newer definitions; its old result stands: " + why.message();
        QuarkusTransaction.requiringNew().run(() -> {
            measure.sayFailed(cause, cause.event(), STAGE, new Reason(why.code(), message, why.action()));
            state.upToDate(result.session().accession(), result.scan(), result.stem(), definitions);
        });
    }

    /** Whether any of its numbers was made by an older definition than the catalogue has. */
    static boolean outdated(QcComplete result) {
        return result.metrics().stream().anyMatch(metric -> MetricCatalogue.find(metric.key())
                .filter(definition -> definition.version() > version(metric.version()))
                .isPresent());
    }

    private static int version(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
