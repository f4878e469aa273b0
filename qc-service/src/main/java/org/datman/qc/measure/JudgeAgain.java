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
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.Outages;
import org.datman.qc.state.QcState;
import org.datman.qc.state.QcState.ToJudge;

/**
 * Judges images anew whose gold standard a person changed after they were measured. New series come first: it takes the next result only
 * while none is being measured. Several instances share the work by claims, and a result that was asked for again meanwhile is taken again.
 */
@ApplicationScoped
public class JudgeAgain {

    /** What an image takes beside the longest measurement; then the claim of a worker that was killed lapses. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final QcState state;
    private final MeasureSeries measure;
    private final Workbench workbench;
    private final EventPublisher publisher;
    private final Clock clock;

    JudgeAgain(QcState state, MeasureSeries measure, Workbench workbench, EventPublisher publisher, Clock clock) {
        this.state = state;
        this.measure = measure;
        this.workbench = workbench;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Until none is left or a new series comes. */
    @Scheduled(
            identity = "judge-again",
            every = "${datman.qc.judge-again-every:15s}",
            delayed = "${datman.qc.judge-again-every:15s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void run() {
        while (!measure.busy() && !Thread.currentThread().isInterrupted() && next()) {
            // One more.
        }
    }

    /** Claims and does one; false when none is left. */
    private boolean next() {
        Instant now = clock.instant();
        Optional<ToJudge> claimed = QuarkusTransaction.requiringNew()
                .call(() -> state.claimToJudge(
                        now, now.plus(workbench.longest().multipliedBy(2)).plus(LEASE)));
        return claimed.isPresent() && judge(claimed.get());
    }

    /** False when something is away: then the claim lapses and the rest would wait for the same. */
    private boolean judge(ToJudge one) {
        String stem = one.result().stem();
        Optional<SeriesExported> exported = QuarkusTransaction.requiringNew()
                .call(() -> state.exported(
                        one.result().session().accession(), one.result().scan()));
        if (exported.isEmpty()) {
            done(one);
            return true;
        }
        // What it answers is the export, under the id that it was said with.
        Envelope<SeriesExported> cause = Envelope.first(
                exported.get(), publisher.source(), exported.get().finished());
        try {
            measure.judgeOne(cause, exported.get(), one.result());
            done(one);
        } catch (NotMeasured e) {
            giveUp(cause, one, e.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (Outages.isOutage(e)) {
                Log.warnf(e, "%s waits to be judged anew: something is away", stem);
                return false;
            }
            Log.errorf(e, "%s could not be judged anew", stem);
            giveUp(
                    cause,
                    one,
                    new Reason("unexpected-error", String.valueOf(e), "Look at the log of qc, then press 'Re-run QC'"));
        }
        return true;
    }

    private void done(ToJudge one) {
        QuarkusTransaction.requiringNew().run(() -> state.judged(one));
    }

    /** Says so once, and leaves the image until the gold standard changes again or a person asks. */
    private void giveUp(Envelope<SeriesExported> cause, ToJudge one, Reason why) {
        String message = one.result().stem() + " could not be judged by the new gold standard; its old result stands: "
                + why.message();
        QuarkusTransaction.requiringNew().run(() -> {
            measure.sayFailed(cause, cause.event(), Remeasure.STAGE, new Reason(why.code(), message, why.action()));
            state.judged(one);
        });
    }
}
