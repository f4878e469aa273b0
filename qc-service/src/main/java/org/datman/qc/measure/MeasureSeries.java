package org.datman.qc.measure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.outbox.Outbox;
import org.datman.qc.check.SessionCheck;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.Trends;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Consumes exported series, measures their images and publishes the results; measures again on a person's request. */
@ApplicationScoped
class MeasureSeries {

    private static final Logger LOG = Logger.getLogger(MeasureSeries.class);

    /** Most starts of an image whose worker process ends before it is done. */
    private static final int MOST_BEGUN = 3;

    /** More than there are writing threads. */
    private static final int LOCKS = 64;

    private final EventConsumer consumer;
    private final QcState state;
    private final Outbox outbox;
    private final Measurer measurer;
    private final OldResults oldResults;
    private final SessionCheck check;
    private final Trends trends;
    private final Clock clock;
    private final AtomicInteger atWork = new AtomicInteger();

    /**
     * For each session one thread at a time writes results and stores exports: a result of an older export detects that it is older before it
     * overwrites or withdraws files of the newer one. Remaining race: another process that owned the session's partition before, or holds a
     * claim, and had passed that check when the newer export arrived, may overwrite files, so that their new result names
     * other bytes; 'Re-run QC' writes them again.
     */
    private final Lock[] writing =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);

    MeasureSeries(
            EventConsumer consumer,
            QcState state,
            Outbox outbox,
            Measurer measurer,
            OldResults oldResults,
            SessionCheck check,
            Trends trends,
            Clock clock) {
        this.consumer = consumer;
        this.state = state;
        this.outbox = outbox;
        this.measurer = measurer;
        this.oldResults = oldResults;
        this.check = check;
        this.trends = trends;
        this.clock = clock;
    }

    @Incoming("series-exported")
    @Blocking
    CompletionStage<Void> onExported(Message<byte[]> message) {
        return consumer.consume(message, SeriesExported.class, "measure", exported -> {
            SeriesExported event = exported.event();
            if (isCurrent(exported)) {
                measure(exported, event, false, null);
            } else {
                LOG.infof(
                        "Not measured, a newer export is known and was measured instead export=%d revision=%d scan=%s session=%s",
                        event.exportRevision(),
                        event.seriesRevision(),
                        event.scan(),
                        event.session().identity());
            }
        });
    }

    /** Stores an export and withdraws the results that it no longer covers; false when a newer one is stored. */
    private boolean isCurrent(Envelope<SeriesExported> exported) throws IOException {
        SeriesExported event = exported.event();
        Lock lock = writing(event.session());
        lock.lock();
        try {
            boolean current = QuarkusTransaction.requiringNew().call(() -> {
                boolean newest = state.store(exported);
                if (newest) {
                    List<String> stems =
                            event.products().stream().map(Product::stem).toList();
                    trends.only(exported, event.session(), event.scan(), stems);
                }
                check.check(exported, event.session());
                return newest;
            });
            if (current) {
                oldResults.withdrawGone(exported);
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private Lock writing(SessionRef session) {
        return writing[Math.floorMod(session.hashCode(), LOCKS)];
    }

    @Incoming("gold-standard-set")
    @Blocking
    CompletionStage<Void> onGoldStandard(Message<byte[]> message) {
        return consumer.consume(
                message, GoldStandardSet.class, "gold-standard", gold -> QuarkusTransaction.requiringNew()
                        .run(() -> {
                            GoldStandardSet event = gold.event();
                            if (!state.store(gold)) {
                                LOG.infof(
                                        "The gold standard is not stored, another was set later for the same day result=%s set=%s",
                                        event.stem(), event.time());
                                return;
                            }
                            int results = state.judgeAgain(event);
                            LOG.infof(
                                    "Results are re-evaluated by a gold standard results=%d study=%s site=%s tag=%s from=%s standard=%s",
                                    results, event.study(), event.site(), event.tag(), event.validFrom(), event.stem());
                        }));
    }

    @Incoming("reprocess-requested")
    @Blocking
    CompletionStage<Void> onReprocess(Message<byte[]> message) {
        return consumer.consume(message, ReprocessRequested.class, "reprocess", request -> {
            ReprocessRequested event = request.event();
            if (event.stage() == Stage.QC) {
                List<SeriesExported> selected =
                        QuarkusTransaction.requiringNew().call(() -> state.seriesOf(event.session())).stream()
                                .filter(series -> event.scan().isEmpty()
                                        || event.scan().get().equals(series.scan()))
                                .flatMap(series -> Stream.ofNullable(series.exported()))
                                .toList();
                int images = 0;
                for (SeriesExported exported : selected) {
                    images += measure(request, exported, true, event.stem().orElse(null));
                }
                if (selected.isEmpty()) {
                    askForExports(request);
                } else if (images == 0) {
                    publishNothingToMeasure(request, selected);
                }
            } else if (event.stage() == Stage.CHECK) {
                QuarkusTransaction.requiringNew().run(() -> check.checkAgain(request, event.session()));
            }
            // The other stages are handled by other services, which consume the same request.
        });
    }

    /**
     * No export is stored here: this database was lost, or nothing was exported. Tagging again makes the
     * export service publish its exports again, which are then measured.
     */
    private void askForExports(Envelope<ReprocessRequested> request) {
        ReprocessRequested event = request.event();
        LOG.warnf(
                "No exported series stored, requesting tagging session=%s scan=%s",
                event.session().identity(), event.scan().orElse("all"));
        QuarkusTransaction.requiringNew()
                .run(() -> publish(
                        request,
                        ReprocessRequestedBuilder.builder()
                                .session(event.session())
                                .stage(Stage.TAGGING)
                                .requestId("exports-unknown/" + event.requestId())
                                .requestedBy("qc")
                                .time(clock.instant())
                                .scan(event.scan())
                                .causeEventId(event.causeEventId())
                                .build()));
    }

    /** Reports a request for an image that no longer exists or is not measured. */
    private void publishNothingToMeasure(Envelope<ReprocessRequested> request, List<SeriesExported> selected) {
        ReprocessRequested event = request.event();
        String there = selected.stream()
                .flatMap(exported -> exported.products().stream())
                .map(product -> product.stem() + (isMeasured(product) ? "" : " (not measured by the study's rules)"))
                .collect(Collectors.joining(", "));
        String message = event.stem()
                        .map(stem -> "There is no image " + stem + " to be measured")
                        .orElse("There is no image to be measured")
                + event.scan().map(scan -> " in scan " + scan).orElse("") + "; exported are: "
                + (there.isEmpty() ? "none" : there);
        Reason reason = new Reason(
                "nothing-to-measure",
                message,
                "Press 'Re-run QC' on an image that is there. One that should be there and is not: press 'Reconvert'; one that"
                        + " should be measured: change the QC kind of its tag in the study's file");
        QuarkusTransaction.requiringNew()
                .run(() ->
                        publishFailed(request, event.session(), event.scan().orElse(null), RedoResults.STAGE, reason));
    }

    /** Whether it is to be measured by the study's rules and is kept as NIfTI; the dashboard shows both from the export. */
    private static boolean isMeasured(Product product) {
        return product.measurable();
    }

    /** Whether an export has an image of this name that is to be measured. */
    boolean isMeasured(SeriesExported exported, String stem) {
        return exported.products().stream().anyMatch(product -> product.stem().equals(stem) && isMeasured(product));
    }

    /** Whether a series of a consumed event is being measured. */
    boolean busy() {
        return atWork.get() > 0;
    }

    /**
     * Measures the images of a series, or only one of them. A failed one does not stop the others: it is reported at the end.
     *
     * @param only the stem of the only image to measure, or null for all
     * @return number of images to be measured
     */
    private int measure(Envelope<?> cause, SeriesExported exported, boolean again, @Nullable String only)
            throws IOException, InterruptedException {
        List<MeasurementAborted> failures = new ArrayList<>();
        int images = 0;
        atWork.incrementAndGet();
        try {
            for (Product product : exported.products()) {
                if (!isMeasured(product) || only != null && !only.equals(product.stem())) {
                    continue;
                }
                images++;
                try {
                    measure(cause, exported, product, again, measurer::measure);
                } catch (MeasurementAborted e) {
                    failures.add(e);
                }
            }
        } finally {
            atWork.decrementAndGet();
        }
        if (!failures.isEmpty() && isSuperseded(exported)) {
            LOG.infof(
                    "Failures are dropped, the scan was exported again during the measurement scan=%s",
                    exported.scan());
        } else if (!failures.isEmpty()) {
            String all =
                    failures.stream().map(failure -> failure.reason().message()).collect(Collectors.joining("; "));
            Reason first = failures.get(0).reason();
            QuarkusTransaction.requiringNew()
                    .run(() ->
                            publishFailed(cause, exported, "measure", new Reason(first.code(), all, first.action())));
        }
        return images;
    }

    /** Measures one image again; publishes nothing when the series was exported again meanwhile. */
    void measureOne(Envelope<?> cause, SeriesExported exported, String stem)
            throws IOException, MeasurementAborted, InterruptedException {
        for (Product product : exported.products()) {
            if (product.stem().equals(stem)) {
                measure(cause, exported, product, true, measurer::measureAgain);
            }
        }
    }

    /**
     * Re-evaluates one image from its stored numbers; publishes nothing when its result is current, or its series was exported again. An
     * image that could not be measured has none: it is measured once more, so that its header is compared with the gold standard all the same.
     */
    void judgeOne(Envelope<?> cause, SeriesExported exported, QcComplete result)
            throws IOException, MeasurementAborted, InterruptedException {
        for (Product product : exported.products()) {
            if (product.stem().equals(result.stem())) {
                Measurer.Plan plan =
                        measurer.plan(exported, product, gold(exported, product).orElse(null));
                if (!Measurer.isOf(plan, result)) {
                    boolean error = result.verdict().level() == QcComplete.Level.ERROR;
                    measure(cause, exported, product, true, error ? measurer::measure : measurer::judgeAgain);
                }
            }
        }
    }

    private Optional<GoldStandardSet> gold(SeriesExported exported, Product product) {
        return QuarkusTransaction.requiringNew()
                .call(() ->
                        state.goldStandard(exported.study(), exported.site(), product.tag(), Measurer.day(exported)));
    }

    private void publishFailed(Envelope<?> cause, SeriesExported exported, String stage, Reason reason) {
        publishFailed(cause, exported.session(), exported.scan(), stage, reason);
    }

    /**
     * Publishes what could not be done with a session. In a transaction.
     *
     * @param scan the scan, or null when it is about all
     */
    void publishFailed(Envelope<?> cause, SessionRef session, @Nullable String scan, String stage, Reason reason) {
        LOG.errorf(
                "Not measured stage=%s session=%s scan=%s reason=%s message=%s",
                stage, session.identity(), scan == null ? "all" : scan, reason.code(), reason.message());
        publish(
                cause,
                ProcessingFailedBuilder.builder()
                        .service("qc")
                        .stage(stage)
                        .kind(ProcessingFailed.Kind.PERMANENT)
                        .attempts(1)
                        .reason(reason)
                        .time(clock.instant())
                        .session(Optional.of(session))
                        .scan(Optional.ofNullable(scan))
                        .cause(Optional.of(cause.id().toString()))
                        .build());
    }

    /** How an image is measured. */
    private interface Way {
        Measurer.Draft measure(Measurer.Plan plan, @Nullable QcComplete before)
                throws IOException, MeasurementAborted, InterruptedException;
    }

    /** Records start and end, so that an image that crashes its worker each time is not retried for ever. */
    private Measurer.Draft work(Measurer.Plan plan, @Nullable QcComplete before, Way way)
            throws IOException, MeasurementAborted, InterruptedException {
        SessionRef session = plan.exported().session();
        String scan = plan.exported().scan();
        String stem = plan.product().stem();
        int begun = QuarkusTransaction.requiringNew().call(() -> state.begin(session, scan, stem));
        try {
            if (begun > MOST_BEGUN) {
                throw new MeasurementAborted(
                        new Reason(
                                "worker-ended",
                                stem + " was started " + MOST_BEGUN + " times and its worker crashed each time",
                                "Check the log of the system for why qc was killed (out of memory?), then press"
                                        + " 'Re-run QC'"),
                        null);
            }
            return way.measure(plan, before);
        } finally {
            QuarkusTransaction.requiringNew().run(() -> state.end(session, scan, stem));
        }
    }

    private void measure(Envelope<?> cause, SeriesExported exported, Product product, boolean again, Way way)
            throws IOException, MeasurementAborted, InterruptedException {
        SessionRef session = exported.session();
        GoldStandardSet gold = gold(exported, product).orElse(null);
        Measurer.Plan plan = measurer.plan(exported, product, gold);
        QcComplete before = QuarkusTransaction.requiringNew()
                .call(() -> state.result(session, exported.scan(), product.stem()))
                .orElse(null);
        boolean known =
                before != null && !again && before.runKey().equals(plan.runKey()) && measurer.filesAreWhole(before);
        Measurer.Draft draft = known ? null : work(plan, before, way);
        Lock lock = writing(session);
        lock.lock();
        try {
            if (isSuperseded(exported)) {
                LOG.infof("The result is dropped, its series was exported again meanwhile result=%s", product.stem());
                return;
            }
            QcComplete result = draft == null ? Objects.requireNonNull(before) : measurer.write(draft);
            store(cause, exported, product, gold, before, result);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stores and publishes a result whose files are written.
     *
     * @param gold the standard that it was compared with, or null
     * @param before the result that it replaces, or null
     */
    private void store(
            Envelope<?> cause,
            SeriesExported exported,
            Product product,
            @Nullable GoldStandardSet gold,
            @Nullable QcComplete before,
            QcComplete result)
            throws IOException {
        SessionRef session = exported.session();
        Trends.Image image = measurer.image(exported, result);
        if (before != null) {
            oldResults.withdrawReplaced(cause, before, result);
        }
        boolean stored = QuarkusTransaction.requiringNew().call(() -> {
            trends.lock(session);
            // Superseded in another process.
            if (state.isSuperseded(exported)) {
                LOG.infof("The result is dropped, its series was exported again meanwhile result=%s", product.stem());
                return false;
            }
            state.store(result);
            if (!state.goldStandard(exported.study(), exported.site(), product.tag(), Measurer.day(exported))
                    .equals(Optional.ofNullable(gold))) {
                // Another standard was set while this was measured, when there was no result yet that could have been
                // marked.
                state.judgeAgain(session, exported.scan(), product.stem());
            }
            publish(cause, result);
            trends.add(cause, image);
            // Its header may be inconsistent with those of the other series.
            check.check(cause, exported.session());
            return true;
        });
        if (!stored) {
            oldResults.withdrawDropped(cause, result);
        }
    }

    private boolean isSuperseded(SeriesExported exported) {
        return QuarkusTransaction.requiringNew().call(() -> state.isSuperseded(exported));
    }

    private void publish(Envelope<?> cause, Event event) {
        outbox.publish(cause, event);
    }
}
