package org.datman.export.series;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.study.Format;
import org.datman.export.download.RemoteFolder;
import org.datman.export.publish.SeriesState;
import org.datman.export.publish.SeriesStates;
import org.datman.export.work.Sayer;
import org.datman.export.work.Scratch;
import org.datman.export.work.SessionLocks;
import org.datman.export.xnat.Denials;
import org.datman.export.xnat.Xnat;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatDenied;
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
    private final Denials denials;

    SeriesExporter(
            Xnat xnat,
            SeriesSource source,
            Publication publication,
            SeriesStates states,
            SessionLocks locks,
            Scratch scratch,
            Sayer sayer,
            Clock clock,
            Denials denials) {
        this.xnat = xnat;
        this.source = source;
        this.publication = publication;
        this.states = states;
        this.locks = locks;
        this.scratch = scratch;
        this.sayer = sayer;
        this.clock = clock;
        this.denials = denials;
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
            Task task = new Task(
                    cause,
                    tagged,
                    cause.id().toString(),
                    cause.time(),
                    before,
                    Parts.of(tagged),
                    false,
                    clock.instant());
            Optional<String> joined = Parts.group(tagged);
            Optional<String> left = before.map(SeriesState::tagged)
                    .flatMap(Parts::group)
                    .filter(group -> !joined.equals(Optional.of(group)));
            if (joined.isPresent()) {
                states.write(task.heard());
                combine(cause, tagged.session(), joined.get(), Optional.of(tagged.scan()), false);
            } else {
                follow(task);
            }
            if (left.isPresent()) {
                combine(cause, tagged.session(), left.get(), Optional.empty(), false);
            }
            combineWaiting(
                    cause,
                    tagged.session(),
                    group -> !joined.equals(Optional.of(group)) && !left.equals(Optional.of(group)));
            note(tagged.session());
        });
    }

    /** Notes whether images of a session wait, so that one that waits too long is missed by somebody. */
    private void note(SessionRef session) throws IOException {
        states.waits(session, !waiting(session).isEmpty());
    }

    /**
     * Asks again of the images whose parts wait. An image waits for the session to settle and for each of its series to be
     * tagged, its own parts or not: whichever of these comes last must ask.
     */
    private void combineWaiting(Envelope<?> cause, SessionRef session, Predicate<String> wanted) throws IOException {
        List<SeriesState> all = states.all(session);
        for (String group : groups(all)) {
            boolean waits = Parts.members(group, all).stream().anyMatch(state -> !isTold(state));
            if (waits && wanted.test(group)) {
                combine(cause, session, group, Optional.empty(), false);
            }
        }
    }

    /** Whether what was said of a scan last follows from the tagging that is known of it. */
    private static boolean isTold(SeriesState state) {
        return state.exported()
                .filter(told -> told.outcome() != Outcome.WITHDRAWN
                        && told.seriesRevision() == state.tagged().seriesRevision()
                        && told.configRevision().equals(state.tagged().configRevision())
                        && told.sessionName()
                                .equals(state.tagged().sessionName().orElse("")))
                .isPresent();
    }

    /** What the images of a session wait for, by what their parts have in common; empty when none waits. */
    public Map<String, Waiting> waiting(SessionRef session) throws IOException {
        List<SeriesState> all = states.all(session);
        Optional<SessionSettled> settled = states.settled(session);
        Map<String, Waiting> waiting = new TreeMap<>();
        for (String group : groups(all)) {
            List<SeriesState> members = Parts.members(group, all);
            List<SeriesState> untold =
                    members.stream().filter(state -> !isTold(state)).toList();
            if (!untold.isEmpty()) {
                waiting.put(
                        group,
                        new Waiting(
                                untold.get(0).tagged().scan(),
                                untold.get(0).tagged().study().orElse(""),
                                untold.stream()
                                        .map(SeriesState::taggedAt)
                                        .min(Comparator.naturalOrder())
                                        .orElseThrow(),
                                Parts.missing(members, all, settled)));
            }
        }
        return waiting;
    }

    /**
     * An image that is not made yet.
     *
     * @param scan the first of its parts that waits
     * @param study of the session
     * @param since when the first of them was tagged
     * @param facts what it waits for, in words; empty when nothing is missing
     */
    public record Waiting(String scan, String study, Instant since, List<String> facts) {}

    /** Makes the images that are put together of several series: now that the session has settled, all parts are there. */
    public void handleSettled(Envelope<SessionSettled> cause) throws IOException {
        SessionSettled settled = cause.event();
        locks.holding(settled.session(), () -> {
            if (states.settled(settled.session())
                    .filter(known -> known.settleRevision() > settled.settleRevision())
                    .isPresent()) {
                LOG.infof("Passed over, the session settled again event=%s", cause.id());
                return;
            }
            states.write(settled);
            for (String group : groups(states.all(settled.session()))) {
                combine(cause, settled.session(), group, Optional.empty(), false);
            }
            note(settled.session());
        });
    }

    private static Set<String> groups(List<SeriesState> states) {
        Set<String> groups = new TreeSet<>();
        states.forEach(state -> Parts.group(state.tagged()).ifPresent(groups::add));
        return groups;
    }

    /**
     * Makes the image of a group of series under the name of the leading one and tells of the others that they are parts of
     * it. Does nothing while parts may still come: they all show as waiting then, and the settled session or its last
     * tagging brings it here again.
     *
     * @param about the scan that the cause is about: it is told of in any case
     */
    private void combine(Envelope<?> cause, SessionRef session, String group, Optional<String> about, boolean anew)
            throws IOException {
        List<SeriesState> all = states.all(session);
        List<SeriesState> members = Parts.members(group, all);
        if (members.isEmpty() || !Parts.allThere(members, all, states.settled(session))) {
            LOG.infof("Waits for its parts session=%s group=%s parts=%d", session.identity(), group, members.size());
            return;
        }
        Parts parts = new Parts(members.stream().map(SeriesState::tagged).toList());
        follow(task(cause, members.get(0), parts, anew));
        for (SeriesState member : members.subList(1, members.size())) {
            boolean asked =
                    about.isEmpty() || about.get().equals(member.tagged().scan());
            tellPart(task(cause, member, parts, anew), asked);
        }
    }

    private Task task(Envelope<?> cause, SeriesState state, Parts parts, boolean anew) {
        return new Task(
                cause,
                state.tagged(),
                state.taggedId(),
                state.taggedAt(),
                Optional.of(state),
                parts,
                anew,
                clock.instant());
    }

    /** Said before it is remembered: a kill between the two says it once more, under the same id. */
    private void tellPart(Task task, boolean asked) throws IOException {
        Reason reason = Reason.of(
                "part-of-scan",
                "Part of scan " + task.parts().leading().scan() + ": scans "
                        + task.parts().scans() + " are one image");
        boolean known = task.last()
                .filter(last -> last.outcome() == Outcome.COMBINED
                        && last.reason().equals(Optional.of(reason))
                        && last.seriesRevision() == task.tagged().seriesRevision()
                        && last.sessionName().equals(task.tagged().sessionName().orElse(""))
                        && last.configRevision().equals(task.tagged().configRevision()))
                .isPresent();
        if (known && !asked) {
            return;
        }
        SeriesExported part = known
                ? task.last().orElseThrow()
                : withoutFiles(task, Outcome.COMBINED, reason, task.parts().scans());
        sayer.say(task.cause(), part);
        publication.settle(task.afterNothing(part), task.cause(), reason);
    }

    /** Exports a session, or one of its scans, again from the tagging that is known, even if nothing changed. */
    public void again(Envelope<ReprocessRequested> cause) throws IOException {
        ReprocessRequested request = cause.event();
        locks.holding(request.session(), () -> {
            List<SeriesState> known = states.all(request.session()).stream()
                    .filter(state ->
                            state.exported().isPresent() || state.tagged().decision() == Decision.TAGGED)
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
                if (Parts.group(state.tagged()).isEmpty()) {
                    follow(task(cause, state, Parts.of(state.tagged()), true));
                }
            }
            for (String group : groups(known)) {
                combine(cause, request.session(), group, Optional.empty(), true);
            }
            note(request.session());
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
        Optional<SeriesTagged> bare = task.parts().series().stream()
                .filter(part -> part.resource().isEmpty())
                .findFirst();
        if (bare.isPresent()) {
            after = fail(
                    task,
                    new Reason(
                            "no-dicom-resource",
                            "XNAT has no resource with DICOM files for scan "
                                    + bare.get().scan(),
                            "Look at the scan on XNAT; archive its DICOM files again if they are missing"));
            sayer.say(task.cause(), after.exported().orElseThrow());
            return;
        }
        try (Scratch.Folder folder = scratch.open()) {
            Optional<SeriesState> same = unchanged(task);
            after = same.isPresent() ? same.get() : export(task, folder);
        } catch (SeriesFailure failure) {
            after = fail(task, failure.reason());
        } catch (XnatDenied denied) {
            after = fail(task, denials.refused(tagged.session(), denied));
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
                exported.finished(),
                exported.completeness());
        SeriesState after = task.after(
                        again,
                        usable.get().images(),
                        usable.get().dicoms(),
                        usable.get().conversionKey())
                .withExam(usable.get().exam());
        return Optional.of(
                publication.settle(after, task.cause(), Reason.of("left-over", "A change had been interrupted")));
    }

    private SeriesState export(Task task, Scratch.Folder folder) throws IOException, SeriesFailure {
        Optional<Material> kept = kept(task, folder);
        Material material = kept.isPresent() ? kept.get() : source.fetch(task.parts(), this::remote, folder.path());
        return publication.publish(material, task);
    }

    private RemoteFolder remote(SeriesTagged tagged) {
        return xnat.folder(
                tagged.session(),
                ResourceRef.ofScan(
                        tagged.session().accession(),
                        tagged.scan(),
                        tagged.resource().orElseThrow()));
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
                .filter(s -> s.fingerprint().equals(task.parts().fingerprint()))
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
        SeriesTagged tagged = task.tagged();
        if (task.last().isEmpty()) {
            // Never exported, or begun, broken off and never said: what there may be of files goes without a word too.
            SeriesState nothing = new SeriesState(
                    tagged,
                    task.taggedId(),
                    task.taggedAt(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    "",
                    List.of(),
                    Optional.empty());
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
        SeriesExported failed =
                withoutFiles(task, Outcome.FAILED, reason, task.parts().fingerprint() + " " + reason.code());
        return publication.settle(task.afterNothing(failed), task.cause(), reason);
    }

    private SeriesExported withoutFiles(Task task, Outcome outcome, Reason reason, String inputs) {
        SeriesTagged tagged = task.tagged();
        return new SeriesExported(
                tagged.session(),
                tagged.seriesRevision(),
                task.nextRevision(),
                outcome,
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
                RunKey.of(inputs, tagged.assignments()),
                tagged.configRevision(),
                task.started(),
                clock.instant());
    }
}
