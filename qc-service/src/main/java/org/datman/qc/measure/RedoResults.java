package org.datman.qc.measure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.lease.Claim;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.datman.qc.state.QcState;
import org.datman.qc.state.ResultsToRedo;
import org.datman.qc.state.ToRedo;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes outdated results: images whose numbers were made by older definitions than this program has are measured again, which
 * evaluates them too; others whose gold standard a person changed are re-evaluated from their stored numbers. New series always come first: it
 * takes the next result only while none is being measured. Old numbers stay: in their own history, beside the new ones on the dashboard, and in
 * the archive. Several instances share the work by claims.
 */
@ApplicationScoped
public class RedoResults {

    private static final Logger LOG = Logger.getLogger(RedoResults.class);

    /** Stage name in failures; by it the dashboard knows that an old result is kept. */
    static final String STAGE = "remeasure";

    /** At a stop; what is interrupted then is claimed again after the next start. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final QcState state;
    private final MeasureSeries measure;
    private final ResultsToRedo results;
    private final EventPublisher publisher;
    private final WorkerThreads threads;
    private final Duration every;
    private final Workers workers;

    RedoResults(
            QcState state,
            MeasureSeries measure,
            ResultsToRedo results,
            EventPublisher publisher,
            WorkerThreads threads,
            @ConfigProperty(name = "datman.qc.redo-every", defaultValue = "15s") Duration every) {
        this.state = state;
        this.measure = measure;
        this.results = results;
        this.publisher = publisher;
        this.threads = threads;
        this.every = every;
        this.workers = new Workers("qc-redo", 1, every, this::next);
    }

    void onStart(@Observes StartupEvent event) {
        workers.startAfter(every, threads);
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        workers.stop(PATIENCE);
    }

    /** Claims and recomputes one; false when none is left, a series is being measured, or a dependency is unavailable. */
    public boolean next() throws InterruptedException {
        if (measure.busy()) {
            return false;
        }
        String definitions = MetricCatalogue.revision();
        Optional<Claim<ToRedo>> claimed = results.claim(definitions);
        if (claimed.isEmpty()) {
            return false;
        }
        try (Claim<ToRedo> claim = claimed.get()) {
            return settle(claim.work(), definitions);
        }
    }

    /** Recomputes it, or reports why not; false when a dependency is unavailable. */
    private boolean settle(ToRedo claim, String definitions) throws InterruptedException {
        SeriesExported exported = null;
        boolean outdated = claim.outdated();
        try {
            exported = exported(claim).orElse(null);
            if (exported == null || !measure.isMeasured(exported, claim.stem())) {
                LOG.infof(
                        "Not recomputed, the image is no longer exported or measured result=%s scan=%s session=%s",
                        claim.stem(), claim.scan(), claim.session().identity());
                inTransaction(() -> state.redone(claim, definitions));
                return true;
            }
            QcComplete result = claim.result();
            outdated &= isOutdated(result);
            // Its cause is the export, under the event id that it was published with.
            Envelope<SeriesExported> cause = cause(exported);
            if (outdated) {
                LOG.infof("Measured again, the metrics have newer definitions result=%s", claim.stem());
                measure.measureOne(cause, exported, claim.stem());
            } else if (claim.asked() > 0) {
                measure.judgeOne(cause, exported, result);
            }
            inTransaction(() -> state.redone(claim, definitions));
        } catch (MeasurementAborted e) {
            giveUp(claim, exported, definitions, outdated, e.reason());
        } catch (EventFormatException e) {
            // Neither can be done with it.
            unreadable(claim, exported, definitions, e);
        } catch (IOException | RuntimeException e) {
            if (TransientErrors.isOutage(e)) {
                LOG.warnf(e, "Recomputed later, a dependency is unavailable result=%s", claim.stem());
                return false;
            }
            LOG.errorf(e, "Could not be recomputed result=%s", claim.stem());
            giveUp(
                    claim,
                    exported,
                    definitions,
                    outdated,
                    new Reason("unexpected-error", String.valueOf(e), "Look at the log of qc, then press 'Re-run QC'"));
        }
        return true;
    }

    private Optional<SeriesExported> exported(ToRedo claim) throws MeasurementAborted {
        try {
            return inTransaction(() -> state.exported(claim.session(), claim.scan()));
        } catch (IllegalStateException e) {
            if (TransientErrors.isOutage(e)) {
                throw e;
            }
            throw new MeasurementAborted(
                    new Reason(
                            "stored-export-unreadable",
                            "what is known of its export cannot be read any more: " + e.getMessage(),
                            "Press 'Reconvert'; QC measures the new export"),
                    e);
        }
    }

    /**
     * Reports it once, and skips the image until the definitions or the gold standard change again or a person requests it. One that could not be
     * measured may still be evaluated from its stored numbers: if that was requested, it is claimed once more for that.
     */
    private void giveUp(
            ToRedo claim, @Nullable SeriesExported exported, String definitions, boolean outdated, Reason why) {
        String what = outdated ? "measured again by the newer definitions" : "re-evaluated by the new gold standard";
        inTransaction(() -> {
            publish(
                    claim,
                    exported,
                    why,
                    claim.stem() + " could not be " + what + "; its old result is kept: " + why.message());
            state.upToDate(claim, definitions);
            if (!outdated) {
                state.judged(claim);
            }
        });
    }

    private void unreadable(
            ToRedo claim, @Nullable SeriesExported exported, String definitions, EventFormatException why) {
        Reason reason = new Reason(
                "stored-result-unreadable",
                "The stored result on " + claim.stem()
                        + " cannot be read any more, so it was neither measured again nor re-evaluated: "
                        + why.getMessage(),
                "Press 'Re-run QC': the image is measured and the stored result replaced");
        inTransaction(() -> {
            publish(claim, exported, reason, reason.message());
            state.redone(claim, definitions);
        });
    }

    /** In a transaction. The cause is the export, or the old result where the export is not known or cannot be read any more. */
    private void publish(ToRedo claim, @Nullable SeriesExported exported, Reason why, String message) {
        Optional<Envelope<?>> cause = exported == null
                ? readable(claim).map(old -> Envelope.first(old, publisher.source(), old.finished()))
                : Optional.of(cause(exported));
        if (cause.isEmpty()) {
            LOG.errorf(
                    "Not recomputed session=%s scan=%s message=%s",
                    claim.session().identity(), claim.scan(), message);
            return;
        }
        measure.publishFailed(
                cause.get(), claim.session(), claim.scan(), STAGE, new Reason(why.code(), message, why.action()));
    }

    private static Optional<QcComplete> readable(ToRedo claim) {
        try {
            return Optional.of(claim.result());
        } catch (EventFormatException e) {
            return Optional.empty();
        }
    }

    private Envelope<SeriesExported> cause(SeriesExported exported) {
        return Envelope.first(exported, publisher.source(), exported.finished());
    }

    private static <T> T inTransaction(Callable<T> work) {
        return QuarkusTransaction.requiringNew().call(work);
    }

    private static void inTransaction(Runnable work) {
        QuarkusTransaction.requiringNew().run(work);
    }

    /** Whether any of its numbers was made by an older definition than the catalogue has. */
    private static boolean isOutdated(QcComplete result) {
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
