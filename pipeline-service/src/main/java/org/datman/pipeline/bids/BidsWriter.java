package org.datman.pipeline.bids;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdatedBuilder;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.pipeline.bids.BidsQueue.Task;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.Texts;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.lease.Claim;
import org.datman.platform.outbox.Outbox;
import org.datman.platform.study.Studies;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Writes the sessions of the queue into the BIDS datasets of their studies. What cannot be in a dataset is published, and closed by a later
 * update of the name {@link BidsQueue#NAME}.
 */
@ApplicationScoped
class BidsWriter {

    private static final Logger LOG = Logger.getLogger(BidsWriter.class);
    private static final String UNKNOWN = "unknown";
    private static final int ATTEMPTS = 3;
    private static final int SHOWN = 5;
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** For transactions that write files while they hold the study; slow storage needs more than the default of a minute. */
    private static final int LONG_SECONDS = 3600;

    private static final Duration RETRY_FOREIGN = Duration.ofMinutes(5);
    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final BidsQueue queue;
    private final BidsReader reader;
    private final PipelineState state;
    private final Studies studies;
    private final Archive archive;
    private final Outbox outbox;
    private final WorkerThreads threads;
    private final Clock clock;
    private final String version;
    private final Workers workers;

    private final Duration retryAfter;

    /** Of the one worker: how many times in a row the storage refused a session. */
    private final Map<String, Integer> refusals = new HashMap<>();

    /** Of the one worker: the rules that the sessions were last compared with. */
    private String comparedWith = "";

    BidsWriter(
            BidsQueue queue,
            BidsReader reader,
            PipelineState state,
            Studies studies,
            Archive archive,
            Outbox outbox,
            WorkerThreads threads,
            Clock clock,
            @ConfigProperty(name = "datman.bids.retry-after") Duration retryAfter,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.queue = queue;
        this.reader = reader;
        this.state = state;
        this.studies = studies;
        this.archive = archive;
        this.outbox = outbox;
        this.threads = threads;
        this.clock = clock;
        this.retryAfter = retryAfter;
        this.version = version;
        this.workers = new Workers("bids-writer", 1, IDLE, this::next);
    }

    void onStart(@Observes StartupEvent event) {
        workers.start(threads);
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        workers.stop(PATIENCE);
    }

    private boolean next() {
        StudyConfigurations current = studies.current();
        if (!current.revision().equals(comparedWith)) {
            QuarkusTransaction.requiringNew()
                    .run(() -> current.valid().forEach((code, study) -> queue.rulesChanged(code, rules(study))));
            comparedWith = current.revision();
        }
        Optional<Claim<Task>> claimed = queue.claim();
        if (claimed.isEmpty()) {
            return false;
        }
        try (Claim<Task> claim = claimed.get()) {
            write(claim, current);
        }
        return true;
    }

    private void write(Claim<Task> claim, StudyConfigurations current) {
        String session = claim.work().session().identity();
        String code = "";
        String rules = "";
        try {
            Optional<BidsReader.Known> known = QuarkusTransaction.requiringNew()
                    .call(() -> reader.known(claim.work().session()));
            Optional<StudyConfiguration> study =
                    known.flatMap(each -> current.study(each.facts().study()));
            if (known.isPresent() && study.isPresent()) {
                code = study.get().code();
                rules = rules(study.get());
                write(claim, study.get(), reader.read(known.get(), study.get()));
                refusals.remove(session);
            } else {
                QuarkusTransaction.requiringNew().run(() -> queue.held(claim).ifPresent(row -> {
                    unchecked(() -> leave(row));
                    // A study that is not known yet has another revision than this once it is.
                    known.ifPresent(each -> row.takes(each.facts().study(), "", "", ""));
                    row.isWritten(claim.work().wanted(), known.isPresent() ? UNKNOWN : "", "");
                    over(row);
                }));
            }
        } catch (DatasetFolder.InvalidSessionException invalid) {
            giveUp(
                    claim,
                    code,
                    rules,
                    new Reason(
                            "bids-not-valid",
                            "The session cannot be in the BIDS dataset, which it would make invalid: "
                                    + invalid.getMessage(),
                            "Report the fault to the maintainers of DATMAN with this message"));
        } catch (DatasetFolder.ForeignDatasetException foreign) {
            QuarkusTransaction.requiringNew().run(() -> queue.held(claim).ifPresent(row -> {
                row.tryLater(clock.instant().plus(RETRY_FOREIGN), false);
                fail(
                        row,
                        new Reason(
                                "bids-folder-foreign",
                                foreign.getMessage() + ", and nothing in it is touched",
                                "Move that folder out of the folder of the study"));
            }));
        } catch (IOException | RuntimeException e) {
            if (TransientErrors.isOutage(e)) {
                LOG.warnf(
                        "BIDS is written later, a dependency is unavailable session=%s error=%s",
                        session, e.toString());
                putOff(claim, false);
                refused(claim, e);
            } else if (putOff(claim, true) >= ATTEMPTS) {
                LOG.errorf(e, "A session could not be written to its BIDS dataset session=%s", session);
                giveUp(
                        claim,
                        code,
                        rules,
                        new Reason(
                                "bids-not-written",
                                "The session could not be written to the BIDS dataset: " + Texts.line(e),
                                "Look at the log of the pipeline service, then press 'Re-import' of the session"));
            } else {
                LOG.warnf(e, "A session could not be written to its BIDS dataset, will retry session=%s", session);
            }
        }
    }

    private void write(Claim<Task> claim, StudyConfiguration study, BidsSession session)
            throws IOException, DatasetFolder.InvalidSessionException {
        String identity = claim.work().session().identity();
        DatasetFolder dataset = new DatasetFolder(archive, session.study(), session.dataset(), version);
        try (DatasetFolder.Prepared prepared = dataset.prepare(session)) {
            SessionPlan plan = prepared.plan();
            // The folder is taken before its files are written: another session that wants it finds it taken.
            AtomicReference<String> summaryBefore = new AtomicReference<>("");
            boolean mine = QuarkusTransaction.requiringNew()
                    .timeout(LONG_SECONDS)
                    .call(() -> {
                        state.lock(claim.work().session());
                        queue.lockStudy(session.study());
                        BidsSessionRow row = queue.held(claim).orElse(null);
                        if (row == null) {
                            return false;
                        }
                        row.named(session.id().sessionName());
                        Optional<String> rival = plan.isEmpty()
                                ? Optional.empty()
                                : queue.rival(session, identity)
                                        .map(other -> other.ref().identity());
                        if (!row.folder().isEmpty()
                                && (plan.isEmpty() || rival.isPresent() || isElsewhere(row, session))) {
                            unchecked(() -> leave(row));
                        } else if (!row.folder().isEmpty()) {
                            summaryBefore.set(row.summary());
                        }
                        if (!plan.isEmpty() && rival.isEmpty()) {
                            row.takes(
                                    session.study(),
                                    session.dataset(),
                                    session.folder(),
                                    session.id().fullSubject());
                            return true;
                        }
                        row.takes(session.study(), session.dataset(), "", "");
                        row.isWritten(claim.work().wanted(), rules(study), "");
                        state.decideAgain(claim.work().session());
                        rival.ifPresentOrElse(other -> fail(row, taken(session, other)), () -> report(row, plan));
                        return false;
                    });
            if (mine) {
                QuarkusTransaction.requiringNew().timeout(LONG_SECONDS).run(() -> {
                    // Before the row, as by those who consume events.
                    state.lock(claim.work().session());
                    queue.lockStudy(session.study());
                    queue.held(claim).ifPresent(row -> {
                        String summary = json(BidsSummary.of(plan));
                        row.isWritten(claim.work().wanted(), rules(study), summary);
                        row.has(plan.content());
                        state.decideAgain(claim.work().session());
                        queue.flush();
                        unchecked(() -> {
                            dataset.publish(prepared);
                            dataset.writeLog(plan, study.revision());
                            if (!summary.equals(summaryBefore.get()) || !dataset.hasTables()) {
                                dataset.writeTables(summaries(session.study(), session.dataset()));
                            }
                            dataset.removeLeft(clock.instant().minus(ABANDONED));
                        });
                        report(row, plan);
                    });
                });
                LOG.infof(
                        "Session is in its BIDS dataset session=%s folder=%s images=%d",
                        identity, session.folder(), plan.images().size());
            }
        }
    }

    /**
     * What of a study file decides about its datasets, and the version of DATMAN, as a digest: another text of the same rules writes nothing
     * again.
     */
    private String rules(StudyConfiguration study) {
        StringBuilder text = new StringBuilder(version).append('\n');
        new TreeMap<>(study.sites()).forEach((site, of) -> new TreeMap<>(of.tags())
                .forEach((tag, rule) -> rule.findBids().ifPresent(bids -> text.append(List.of(
                                site,
                                tag,
                                bids.datatype(),
                                bids.suffix(),
                                new TreeMap<>(bids.entities()),
                                bids.intendedFor(),
                                bids.reproIn(),
                                bids.aslContext(),
                                new TreeMap<>(bids.metadata()),
                                bids.findEvents()))
                        .append('\n'))));
        return DigestUtils.sha256Hex(text.toString());
    }

    private static boolean isElsewhere(BidsSessionRow row, BidsSession session) {
        return !row.study().equals(session.study())
                || !row.dataset().equals(session.dataset())
                || !row.folder().equals(session.folder());
    }

    /** Takes a session out of the dataset that it is in. */
    private void leave(BidsSessionRow row) throws IOException {
        if (row.folder().isEmpty()) {
            return;
        }
        String study = row.study();
        String dataset = row.dataset();
        queue.lockStudy(study);
        DatasetFolder folder = new DatasetFolder(archive, study, dataset, version);
        folder.remove(row.folder());
        row.takes(study, dataset, "", "");
        queue.flush();
        folder.writeTables(summaries(study, dataset));
        queue.folderFreed(study);
    }

    private List<BidsSummary> summaries(String study, String dataset) throws IOException {
        List<BidsSummary> summaries = new ArrayList<>();
        for (BidsSessionRow row : queue.ofDataset(study, dataset)) {
            summaries.add(EventJson.mapper().readValue(row.summary(), BidsSummary.class));
        }
        return summaries;
    }

    /** Publishes which images are left out by a fault, and which headers contradict the study file; or that none is and does any more. */
    private void report(BidsSessionRow row, SessionPlan plan) {
        reason(plan).ifPresentOrElse(reason -> fail(row, reason), () -> over(row));
    }

    /** What a person must look at in a session that was written. */
    static Optional<Reason> reason(SessionPlan plan) {
        List<Reason> reasons = new ArrayList<>();
        List<String> left = faults(plan.leftOut(), code -> !code.equals(LeftOut.CAME_AS_BIDS));
        if (!left.isEmpty()) {
            reasons.add(new Reason(
                    "bids-images-left-out",
                    (left.size() == 1 ? "One image is" : left.size() + " images are") + " not in the BIDS dataset: "
                            + shown(left),
                    "Correct Bids of its tag in the study file, or blacklist it. What BIDS requires and no header has, as of asl, m0scan"
                            + " and fieldmap images, can be given under Metadata"));
        }
        if (!plan.refused().isEmpty()) {
            reasons.add(new Reason(
                    "bids-supplied-refused",
                    "Nothing of the folder " + SuppliedSession.LABEL + " of the session is in the BIDS dataset: "
                            + shown(plan.refused()),
                    "Correct the files and labels in that folder on XNAT, or remove the folder; ./datman bids validate lists what a"
                            + " dataset breaks"));
        }
        List<String> gaveWay = Stream.concat(plan.leftOut().stream(), plan.files().stream())
                .filter(each -> each.reason().code().equals(LeftOut.CAME_AS_BIDS))
                .map(BidsWriter::text)
                .toList();
        if (!gaveWay.isEmpty()) {
            reasons.add(new Reason(
                    "bids-supplied-twice",
                    "What came in the folder " + SuppliedSession.LABEL
                            + " is in the BIDS dataset instead of what DATMAN made: " + shown(gaveWay),
                    "Remove the file from that folder on XNAT, or Bids from the tag in the study file"));
        }
        List<String> contradictions = plan.images().stream()
                .flatMap(image -> image.contradictions().stream()
                        .map(text -> image.image().stem() + ": " + text))
                .toList();
        if (!contradictions.isEmpty()) {
            reasons.add(
                    new Reason(
                            "bids-metadata-contradicts",
                            "The BIDS dataset has the value of the header where the study file has another: "
                                    + shown(contradictions),
                            "Correct Metadata in Bids of the tag in the study file, or blacklist it if it was acquired wrongly"));
        }
        List<String> files = faults(plan.files(), code -> !code.equals(LeftOut.CAME_AS_BIDS));
        if (!files.isEmpty()) {
            reasons.add(new Reason(
                    "bids-events-left-out",
                    (files.size() == 1 ? "One behavioural file has" : files.size() + " behavioural files have")
                            + " not become events: " + shown(files),
                    "Correct Events in Bids of the tag in the study file, or the file on XNAT"));
        }
        return reasons.stream()
                .findFirst()
                .map(first -> new Reason(
                        first.code(),
                        reasons.stream().map(Reason::message).collect(Collectors.joining(". ")),
                        first.action()));
    }

    private static List<String> faults(List<LeftOut> leftOut, Predicate<String> code) {
        return leftOut.stream()
                .filter(each -> each.fault() && code.test(each.reason().code()))
                .map(BidsWriter::text)
                .toList();
    }

    private static String text(LeftOut each) {
        return each.stem() + ": " + each.reason().message();
    }

    private static String shown(List<String> texts) {
        return String.join("; ", texts.subList(0, Math.min(SHOWN, texts.size())));
    }

    private static Reason taken(BidsSession session, String other) {
        return new Reason(
                "bids-folder-taken",
                "The session would be " + session.folder() + " in the BIDS dataset, where session " + other
                        + " is or its subject label belongs to another participant",
                "Rename one of the two on XNAT");
    }

    private void fail(BidsSessionRow row, Reason reason) {
        String what = reason.code() + ": " + reason.message();
        if (what.equals(row.failure())) {
            return;
        }
        int count = row.fails(what);
        outbox.publish(ProcessingFailedBuilder.builder()
                .service("pipeline")
                .stage(BidsQueue.NAME)
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(count)
                .reason(reason)
                .time(clock.instant())
                .session(Optional.of(row.ref()))
                .build());
    }

    /** Publishes that a failure is over, which closes it. */
    private void over(BidsSessionRow row) {
        if (row.failure().isEmpty()) {
            return;
        }
        int count = row.fails("");
        outbox.publish(PipelineUpdatedBuilder.builder()
                .session(row.ref())
                .study(row.study())
                .sessionName(row.name())
                .pipeline(BidsQueue.NAME)
                .tool(BidsQueue.NAME)
                .toolVersion(version)
                .runKey(BidsQueue.NAME)
                .attempt(count)
                .state(PipelineUpdated.State.SUCCEEDED)
                .outputs(List.of())
                .time(clock.instant())
                .reason(Optional.empty())
                .build());
    }

    private int putOff(Claim<Task> claim, boolean counts) {
        return QuarkusTransaction.requiringNew().call(() -> queue.held(claim)
                .map(row -> row.tryLater(clock.instant().plus(retryAfter), counts))
                .orElse(0));
    }

    /** What the storage refuses for long is for a person to repair, while the session is tried again. */
    private void refused(Claim<Task> claim, Exception refusal) {
        String session = claim.work().session().identity();
        if (refusals.merge(session, 1, Integer::sum) >= ATTEMPTS) {
            QuarkusTransaction.requiringNew().run(() -> queue.held(claim)
                    .ifPresent(row -> fail(
                            row,
                            new Reason(
                                    "bids-storage-refuses",
                                    "The session cannot be written to the BIDS dataset: " + Texts.line(refusal),
                                    "Let the account that DATMAN runs as write in the folders bids and bids-phantoms of the study, and see that the disk"
                                            + " has space; it is tried again by itself"))));
        }
    }

    /**
     * Leaves the session as it is in the dataset, without its sign-off, until something about it or its rules changes.
     *
     * @param study empty when it is not known
     * @param rules those that it fails with; empty like the study
     */
    private void giveUp(Claim<Task> claim, String study, String rules, Reason reason) {
        QuarkusTransaction.requiringNew().timeout(LONG_SECONDS).run(() -> {
            state.lock(claim.work().session());
            // Those that get the dataset go on with it as it is.
            state.decideAgain(claim.work().session());
            queue.held(claim).ifPresent(row -> {
                row.isWritten(claim.work().wanted(), rules.isEmpty() ? row.revision() : rules, notSignedOff(row));
                if (row.folder().isEmpty()) {
                    row.takes(study.isEmpty() ? row.study() : study, row.dataset(), "", "");
                } else {
                    keepAsBefore(row);
                }
                fail(row, reason);
            });
        });
    }

    private void keepAsBefore(BidsSessionRow row) {
        queue.lockStudy(row.study());
        queue.flush();
        DatasetFolder dataset = new DatasetFolder(archive, row.study(), row.dataset(), version);
        try {
            dataset.putBack(row.folder());
            dataset.writeTables(summaries(row.study(), row.dataset()));
        } catch (IOException | UncheckedIOException | DatasetFolder.ForeignDatasetException e) {
            LOG.errorf(e, "A session that failed could not be marked in its dataset session=%s", row.ref());
        }
    }

    private static String notSignedOff(BidsSessionRow row) {
        if (row.summary().isEmpty()) {
            return "";
        }
        try {
            return json(EventJson.mapper()
                    .readValue(row.summary(), BidsSummary.class)
                    .notSignedOff());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(BidsSummary summary) {
        try {
            return EventJson.mapper().writeValueAsString(summary);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface FileWork {
        void run() throws IOException;
    }

    private static void unchecked(FileWork work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
