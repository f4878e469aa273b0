package org.datman.export.series;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.study.Format;
import org.datman.export.publish.SeriesState;
import org.datman.export.publish.SeriesStates;
import org.datman.export.work.Sayer;
import org.datman.export.work.Scratch;
import org.datman.export.work.SessionLocks;
import org.datman.export.xnat.Xnat;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.ResourceRef;
import org.jboss.logging.Logger;

/**
 * Brings the archive to what a tagging says: exported under these names, or not there. Safe to repeat at any point: the
 * identity of a result is the hash of its inputs, not the existence of its files.
 */
@ApplicationScoped
public class SeriesExporter {

    private static final Logger LOG = Logger.getLogger(SeriesExporter.class);

    private final Xnat xnat;
    private final SeriesSource source;
    private final Publication publication;
    private final SeriesStates states;
    private final SessionLocks locks;
    private final Scratch scratch;
    private final Sayer sayer;
    private final Clock clock;

    SeriesExporter(
            Xnat xnat,
            SeriesSource source,
            Publication publication,
            SeriesStates states,
            SessionLocks locks,
            Scratch scratch,
            Sayer sayer,
            Clock clock) {
        this.xnat = xnat;
        this.source = source;
        this.publication = publication;
        this.states = states;
        this.locks = locks;
        this.scratch = scratch;
        this.sayer = sayer;
        this.clock = clock;
    }

    /** Does what a tagging asks for. */
    public void handle(Envelope<SeriesTagged> cause) throws IOException {
        SeriesTagged tagged = cause.event();
        locks.holding(tagged.session(), () -> {
            Optional<SeriesState> before = states.read(tagged.session(), tagged.scan());
            if (before.filter(state -> isNewer(state, cause)).isPresent()) {
                LOG.infof(
                        "Passed over, a newer tagging is exported already event=%s subject=%s",
                        cause.id(), tagged.identity());
                return;
            }
            follow(new Task(cause, tagged, cause.id().toString(), cause.time(), before, false, clock.instant()));
        });
    }

    /** Exports a session, or one of its scans, again from the tagging that is known, even if nothing changed. */
    public void again(Envelope<ReprocessRequested> cause) throws IOException {
        ReprocessRequested request = cause.event();
        locks.holding(request.session(), () -> {
            List<SeriesState> known = states.all(request.session()).stream()
                    .filter(state -> request.scan()
                            .map(scan -> scan.equals(state.tagged().scan()))
                            .orElse(true))
                    .toList();
            if (known.isEmpty()) {
                throw new PermanentException(new Reason(
                        "nothing-to-export",
                        "Nothing is known of "
                                + request.scan()
                                        .map(scan -> "scan " + scan + " of ")
                                        .orElse("") + "session "
                                + request.session().identity() + " that could be exported again",
                        "Ask for the tagging stage instead: exporting follows from it"));
            }
            for (SeriesState state : known) {
                follow(new Task(
                        cause,
                        state.tagged(),
                        state.taggedId(),
                        state.taggedAt(),
                        Optional.of(state),
                        true,
                        clock.instant()));
            }
        });
    }

    /** Whether what is there follows from something that was said later. */
    private static boolean isNewer(SeriesState state, Envelope<SeriesTagged> cause) {
        if (state.exported().isEmpty() || state.taggedId().equals(cause.id().toString())) {
            return false;
        }
        int order = state.taggedAt().compareTo(cause.time());
        return order > 0
                || order == 0 && state.tagged().seriesRevision() > cause.event().seriesRevision();
    }

    private void follow(Task task) throws IOException {
        SeriesTagged tagged = task.tagged();
        if (tagged.decision() != Decision.TAGGED) {
            withdraw(task);
            return;
        }
        if (tagged.study().isEmpty()
                || tagged.sessionName().isEmpty()
                || tagged.assignments().isEmpty()) {
            throw new PermanentException(new Reason(
                    "tagging-incomplete",
                    "The tagging of " + tagged.identity() + " says TAGGED but has no study, session name or tag",
                    "Look at the tagging service"));
        }
        SeriesState after;
        try (Scratch.Folder folder = scratch.open()) {
            Optional<SeriesState> same = unchanged(task);
            after = same.isPresent() ? same.get() : export(task, folder);
        } catch (SeriesFailure failure) {
            after = fail(task, failure.reason());
        }
        sayer.say(task.cause(), after.exported().orElseThrow());
    }

    /** What is published already, when it is exactly what would be made now; told under the new revision. */
    private Optional<SeriesState> unchanged(Task task) throws IOException {
        Optional<SeriesState> usable = usable(task);
        if (usable.isEmpty()) {
            return Optional.empty();
        }
        SeriesExported exported = usable.get().exported().orElseThrow();
        String key =
                RunKey.of(conversionKey(exported, task.tagged()), task.tagged().assignments());
        if (!exported.runKey().equals(key)
                || !isSamePlace(exported, task.tagged())
                || !publication.intact(usable.get())) {
            return Optional.empty();
        }
        SeriesTagged tagged = task.tagged();
        SeriesExported again = new SeriesExported(
                tagged.session(),
                tagged.seriesRevision(),
                exported.exportRevision(),
                exported.outcome(),
                exported.study(),
                exported.site(),
                exported.sessionName(),
                tagged.phantom(),
                tagged.scan(),
                tagged.seriesNumber(),
                tagged.date(),
                exported.products(),
                exported.reason(),
                exported.source(),
                exported.converter(),
                exported.runKey(),
                tagged.configRevision(),
                exported.started(),
                exported.finished());
        SeriesState after = task.after(
                again,
                usable.get().images(),
                usable.get().dicoms(),
                usable.get().conversionKey());
        return Optional.of(
                publication.settle(after, task.cause(), Reason.of("left-over", "A change had been interrupted")));
    }

    private SeriesState export(Task task, Scratch.Folder folder) throws IOException, SeriesFailure {
        Optional<Material> kept = kept(task, folder);
        Material material = kept.isPresent() ? kept.get() : fetched(task.tagged(), folder);
        return publication.publish(material, task);
    }

    private Material fetched(SeriesTagged tagged, Scratch.Folder folder) throws IOException, SeriesFailure {
        String resource = tagged.resource()
                .orElseThrow(() -> new SeriesFailure(new Reason(
                        "no-dicom-resource",
                        "XNAT has no resource with DICOM files for the scan",
                        "Look at the scan on XNAT; archive its DICOM files again if they are missing")));
        ResourceRef ref = ResourceRef.ofScan(tagged.session().accession(), tagged.scan(), resource);
        return source.fetch(xnat.folder(tagged.session(), ref), tagged, folder.path());
    }

    /** The files that lie in the archive already, when only their names change. */
    private Optional<Material> kept(Task task, Scratch.Folder folder) throws IOException {
        Optional<SeriesState> usable = usable(task);
        if (usable.isEmpty()) {
            return Optional.empty();
        }
        SeriesState state = usable.get();
        boolean wantsDicom = task.tagged().assignments().stream().anyMatch(a -> Plan.wants(a, Format.DCM));
        boolean sameConversion =
                state.conversionKey().equals(conversionKey(state.exported().orElseThrow(), task.tagged()));
        if (!sameConversion || wantsDicom && state.dicoms().isEmpty() || !publication.intact(state)) {
            return Optional.empty();
        }
        return publication.material(state, folder.path());
    }

    /** What was exported before of the very files that the tagging is about; empty when all is to be done anew. */
    private static Optional<SeriesState> usable(Task task) {
        return task.before().filter(state -> !task.anew()).filter(state -> state.exported()
                .filter(e -> e.outcome() == Outcome.EXPORTED || e.outcome() == Outcome.PARTIAL)
                .flatMap(SeriesExported::source)
                .filter(s -> s.fingerprint().equals(task.tagged().fingerprint()))
                .isPresent());
    }

    private String conversionKey(SeriesExported exported, SeriesTagged tagged) {
        return source.conversionKey(exported.source().orElseThrow().sha256(), SeriesSource.wantsNifti(tagged));
    }

    private static boolean isSamePlace(SeriesExported exported, SeriesTagged tagged) {
        return exported.study().equals(tagged.study().orElse(""))
                && exported.sessionName().equals(tagged.sessionName().orElse(""));
    }

    /**
     * Takes the files of a scan out of the public names. A scan that never was exported needs no word: the tagging itself has
     * told everybody why there is nothing.
     */
    private void withdraw(Task task) throws IOException {
        if (task.before().isEmpty()) {
            return;
        }
        SeriesTagged tagged = task.tagged();
        if (task.last().isEmpty()) {
            // An export was begun, broke off and was never said: its files go without a word too.
            SeriesState nothing = new SeriesState(
                    tagged, task.taggedId(), task.taggedAt(), Optional.empty(), List.of(), List.of(), "", List.of());
            publication.settle(nothing, task.cause(), tagged.reason());
            return;
        }
        SeriesExported last = task.last().get();
        boolean alreadyGone = last.outcome() == Outcome.WITHDRAWN
                && last.seriesRevision() == tagged.seriesRevision()
                && last.configRevision().equals(tagged.configRevision());
        SeriesExported gone = alreadyGone ? last : withdrawn(task, last);
        publication.settle(task.afterNothing(gone), task.cause(), tagged.reason());
        sayer.say(task.cause(), gone);
    }

    private SeriesExported withdrawn(Task task, SeriesExported last) {
        return new SeriesExported(
                last.session(),
                task.tagged().seriesRevision(),
                task.nextRevision(),
                Outcome.WITHDRAWN,
                last.study(),
                last.site(),
                last.sessionName(),
                last.phantom(),
                last.scan(),
                last.seriesNumber(),
                last.date(),
                List.of(),
                Optional.of(task.tagged().reason()),
                last.source(),
                last.converter(),
                last.runKey(),
                task.tagged().configRevision(),
                task.started(),
                clock.instant());
    }

    /** Tells the failure. What was published of an earlier state of the series is no longer what XNAT has, so it goes too. */
    private SeriesState fail(Task task, Reason reason) throws IOException {
        SeriesTagged tagged = task.tagged();
        LOG.warnf("Export failed subject=%s reason=%s", tagged.identity(), reason.code());
        SeriesExported failed = new SeriesExported(
                tagged.session(),
                tagged.seriesRevision(),
                task.nextRevision(),
                Outcome.FAILED,
                tagged.study().orElseThrow(),
                tagged.site().orElse(""),
                tagged.sessionName().orElseThrow(),
                tagged.phantom(),
                tagged.scan(),
                tagged.seriesNumber(),
                tagged.date(),
                List.of(),
                Optional.of(reason),
                Optional.empty(),
                Optional.empty(),
                RunKey.of(tagged.fingerprint() + " " + reason.code(), tagged.assignments()),
                tagged.configRevision(),
                task.started(),
                clock.instant());
        return publication.settle(task.afterNothing(failed), task.cause(), reason);
    }
}
