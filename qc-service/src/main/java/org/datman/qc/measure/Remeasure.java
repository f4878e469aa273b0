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
import org.datman.contracts.event.SeriesExported;
import org.datman.metrics.model.MetricCatalogue;
import org.datman.platform.event.EventPublisher;
import org.datman.qc.state.QcState;

/**
 * Measures images again whose results were made by older definitions than this program has. New series always come first: it takes
 * the next image only while none is being measured. The old numbers stay: in their own history, beside the new ones on the dashboard,
 * and in the archive. Several instances share the work by claims.
 */
@ApplicationScoped
public class Remeasure {

    /** Longer than any image takes; then the claim of a worker that was killed lapses. */
    private static final Duration LEASE = Duration.ofMinutes(30);

    private final QcState state;
    private final MeasureSeries measure;
    private final EventPublisher publisher;
    private final Clock clock;

    Remeasure(QcState state, MeasureSeries measure, EventPublisher publisher, Clock clock) {
        this.state = state;
        this.measure = measure;
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
        while (!measure.busy() && next()) {
            // One more.
        }
    }

    /** Claims and does one; false when none is left. */
    private boolean next() {
        String definitions = MetricCatalogue.revision();
        Instant now = clock.instant();
        Optional<QcComplete> claimed =
                QuarkusTransaction.requiringNew().call(() -> state.claimOutdated(definitions, now, now.plus(LEASE)));
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
        } catch (IOException | RuntimeException e) {
            // An outage, or a fault that every try would meet: new series go on, and this one is tried when its claim
            // lapses.
            Log.errorf(
                    e, "%s could not be measured again by the newer definitions; its old result stands", result.stem());
        }
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
