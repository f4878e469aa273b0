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
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.study.Format;
import org.datman.export.download.RemoteFolder;
import org.datman.export.publish.SeriesState;
import org.datman.export.publish.SeriesStates;
import org.datman.export.work.EventSender;
import org.datman.export.work.Faults;
import org.datman.export.work.SessionLocks;
import org.datman.export.work.WorkDirectory;
import org.datman.export.xnat.Denials;
import org.datman.export.xnat.Xnat;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatDenied;
import org.jboss.logging.Logger;

/**
 * Brings the archive to the state of a tagging: exported under its names, or absent. Safe to repeat at any point: the
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
    private final WorkDirectory workDirectory;
    private final EventSender sender;
    private final Clock clock;
    private final Denials denials;

    SeriesExporter(
            Xnat xnat,
            SeriesSource source,
            Publication publication,
            SeriesStates states,
            SessionLocks locks,
            WorkDirectory workDirectory,
            EventSender sender,
            Clock clock,
            Denials denials) {
        this.xnat = xnat;
        this.source = source;
        this.publication = publication;
        this.states = states;
        this.locks = locks;
        this.workDirectory = workDirectory;
        this.sender = sender;
        this.clock = clock;
        this.denials = denials;
    }

    /** Handles a tagging. */
    public void handle(Envelope<SeriesTagged> cause) throws IOException {
        SessionRef session = cause.event().session();
        locks.holding(session, () -> {
            Optional<SeriesState> before = states.read(session, cause.event().scan());
            if (before.filter(state -> isNewer(state, cause)).isPresent()) {
                LOG.infof(
                        "Skipped, a newer tagging is already exported event=%s subject=%s",
                        cause.id(), cause.event().identity());
                return;
            }
            SeriesTagged tagged = stillPart(before, cause.event());
            ExportRequest request = new ExportRequest(
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
            Faults faults = new Faults();
            faults.collect(() -> {
                if (joined.isPresent()) {
                    states.write(request.received());
                    combine(cause, tagged.session(), joined.get(), Optional.of(tagged.scan()), false);
                } else {
                    followOrWithdraw(request);
                }
            });
            if (left.isPresent()) {
                faults.collect(() -> combine(cause, tagged.session(), left.get(), Optional.empty(), false));
            }
            combineWaiting(
                    cause,
                    tagged.session(),
                    group -> !joined.equals(Optional.of(group)) && !left.equals(Optional.of(group)),
                    faults);
            finish(cause, tagged.session(), faults);
        });
    }

    /**
     * A part without files on XNAT at this time is still a part: the current image of all parts is not
     * rebuilt from fewer. Any other negative decision removes the part.
     */
    private SeriesTagged stillPart(Optional<SeriesState> state, SeriesTagged tagged) throws IOException {
        Optional<SeriesTagged> known = state.map(SeriesState::tagged);
        Optional<String> group = known.flatMap(Parts::group);
        if (tagged.decision() != Decision.NOT_CONVERTIBLE
                || group.isEmpty()
                || Parts.members(group.get(), states.all(tagged.session())).stream()
                        .noneMatch(SeriesState::isPublished)) {
            return tagged;
        }
        String before = known.get().sessionName().orElseThrow();
        String now = tagged.sessionName().orElse(before);
        return known.get().with(part -> part.seriesRevision(tagged.seriesRevision())
                .sessionName(Optional.of(now))
                .assignments(known.get().assignments().stream()
                        .map(one -> one.withStem(
                                one.stem().startsWith(before)
                                        ? now + one.stem().substring(before.length())
                                        : one.stem()))
                        .toList())
                .reason(tagged.reason())
                .resource(Optional.empty())
                .fileCount(tagged.fileCount())
                .fingerprint(tagged.fingerprint())
                .configRevision(tagged.configRevision()));
    }

    /** Records waiting images of a session, if any. */
    void noteWaiting(SessionRef session) throws IOException {
        if (!waiting(session).isEmpty()) {
            locks.holding(session, () -> recordWaiting(session));
        }
    }

    /** Records whether images of a session are waiting, so that an overdue one is reported. */
    private void recordWaiting(SessionRef session) throws IOException {
        states.waits(session, !waiting(session).isEmpty());
    }

    /**
     * Checks the images with waiting parts again. An image waits for the session to settle and for each of its series to be
     * tagged, its own parts or not: whichever of these occurs last must trigger the check.
     */
    private void combineWaiting(Envelope<?> cause, SessionRef session, Predicate<String> wanted, Faults faults)
            throws IOException {
        List<SeriesState> all = states.all(session);
        for (String group : groups(all)) {
            boolean waits = Parts.members(group, all).stream().anyMatch(state -> !isPublished(state));
            if (waits && wanted.test(group)) {
                faults.collect(() -> combine(cause, session, group, Optional.empty(), false));
            }
        }
    }

    /** Session-level work after the work on its series. */
    private void finish(Envelope<?> cause, SessionRef session, Faults faults) throws IOException {
        faults.collect(() -> publishOtherExams(cause, session));
        faults.collect(() -> recordWaiting(session));
        faults.end();
    }

    /** Whether the last published export of a scan results from its known tagging. */
    private static boolean isPublished(SeriesState state) {
        return state.exported()
                .filter(published -> published.outcome() != Outcome.WITHDRAWN
                        && published.seriesRevision() == state.tagged().seriesRevision()
                        && published.configRevision().equals(state.tagged().configRevision())
                        && published
                                .sessionName()
                                .equals(state.tagged().sessionName().orElse("")))
                .isPresent();
    }

    /** What the images of a session wait for, by group key; empty when none waits. */
    public Map<String, Waiting> waiting(SessionRef session) throws IOException {
        List<SeriesState> all = states.all(session);
        Optional<SessionSettled> settled = states.settled(session);
        Map<String, Waiting> waiting = new TreeMap<>();
        for (String group : groups(all)) {
            List<SeriesState> members = Parts.members(group, all);
            List<SeriesState> unpublished =
                    members.stream().filter(state -> !isPublished(state)).toList();
            if (!unpublished.isEmpty()) {
                waiting.put(
                        group,
                        new Waiting(
                                unpublished.get(0).tagged().scan(),
                                unpublished.get(0).tagged().study().orElse(""),
                                unpublished.stream()
                                        .map(SeriesState::taggedAt)
                                        .min(Comparator.naturalOrder())
                                        .orElseThrow(),
                                Parts.missing(members, all, settled)));
            }
        }
        return waiting;
    }

    /**
     * An image that is not created yet.
     *
     * @param scan the first waiting part
     * @param study of the session
     * @param since when the first part was tagged
     * @param facts what it waits for, as text; empty when nothing is missing
     */
    public record Waiting(String scan, String study, Instant since, List<String> facts) {}

    /** Creates the images combined from several series: the session has settled, so all parts are present. */
    public void handleSettled(Envelope<SessionSettled> cause) throws IOException {
        SessionSettled settled = cause.event();
        locks.holding(settled.session(), () -> {
            if (states.settled(settled.session())
                    .filter(known -> known.settleRevision() > settled.settleRevision())
                    .isPresent()) {
                LOG.infof("Skipped, the session settled again event=%s", cause.id());
                return;
            }
            states.write(settled);
            Faults faults = new Faults();
            for (String group : groups(states.all(settled.session()))) {
                faults.collect(() -> combine(cause, settled.session(), group, Optional.empty(), false));
            }
            finish(cause, settled.session(), faults);
        });
    }

    private static Set<String> groups(List<SeriesState> states) {
        Set<String> groups = new TreeSet<>();
        states.forEach(state -> Parts.group(state.tagged()).ifPresent(groups::add));
        return groups;
    }

    /**
     * Creates the image of a group of series under the name of the leading one and publishes the others as parts of
     * it. Does nothing while more parts may arrive: they all are published as waiting then, and the settled session or its last
     * tagging triggers it again.
     *
     * @param about the scan of the cause: it is published in any case
     */
    private void combine(Envelope<?> cause, SessionRef session, String group, Optional<String> about, boolean repeat)
            throws IOException {
        List<SeriesState> all = states.all(session);
        List<SeriesState> members = Parts.members(group, all);
        if (members.isEmpty() || !Parts.allThere(members, all, states.settled(session))) {
            LOG.infof("Waits for its parts session=%s group=%s parts=%d", session.identity(), group, members.size());
            return;
        }
        Parts parts = new Parts(members.stream().map(SeriesState::tagged).toList());
        SeriesExported image = follow(requestFor(cause, members.get(0), parts, repeat));
        boolean made = (image.outcome() == Outcome.EXPORTED || image.outcome() == Outcome.PARTIAL)
                && image.renewal().isEmpty();
        for (SeriesState member : members.subList(1, members.size())) {
            boolean asked =
                    about.isEmpty() || about.get().equals(member.tagged().scan());
            if (!made && member.isPublished()) {
                // The export from before it became a part is kept while there is no image of all parts.
                Reason why = image.renewal().or(image::reason).orElseThrow();
                Reason ofImage = new Reason(Renewal.FAILED, why.message(), why.action());
                sender.send(
                        cause,
                        keepPrevious(requestFor(cause, member, parts, repeat), ofImage)
                                .exported()
                                .orElseThrow());
            } else {
                publishPart(requestFor(cause, member, parts, repeat), asked);
            }
        }
    }

    private ExportRequest requestFor(Envelope<?> cause, SeriesState state, Parts parts, boolean repeat) {
        return new ExportRequest(
                cause,
                state.tagged(),
                state.taggedId(),
                state.taggedAt(),
                Optional.of(state),
                parts,
                repeat,
                clock.instant());
    }

    /** Published before it is stored: a crash between the two publishes it again, under the same id. */
    private void publishPart(ExportRequest request, boolean asked) throws IOException {
        Reason reason = Reason.of(
                "part-of-scan",
                "Part of scan " + request.parts().leading().scan() + ": scans "
                        + request.parts().scans() + " are one image");
        boolean known = request.last()
                .filter(last -> last.outcome() == Outcome.COMBINED
                        && last.reason().equals(Optional.of(reason))
                        && last.seriesRevision() == request.tagged().seriesRevision()
                        && last.sessionName()
                                .equals(request.tagged().sessionName().orElse(""))
                        && last.configRevision().equals(request.tagged().configRevision()))
                .isPresent();
        if (known && !asked) {
            return;
        }
        SeriesExported part = known
                ? request.last().orElseThrow()
                : withoutFiles(
                        request, Outcome.COMBINED, reason, request.parts().scans());
        sender.send(request.cause(), part);
        publication.settle(request.afterNothing(part), request.cause(), reason);
    }

    /** Exports a session, or one of its scans, again from the known tagging, even if nothing changed. */
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
                        "No tagging is stored for "
                                + request.scan()
                                        .map(scan -> "scan " + scan + " of ")
                                        .orElse("") + "session "
                                + request.session().identity(),
                        "Press 'Re-tag': exporting follows from it"));
            }
            Faults faults = new Faults();
            for (SeriesState state : known) {
                if (Parts.group(state.tagged()).isEmpty()) {
                    faults.collect(() -> followOrWithdraw(requestFor(cause, state, Parts.of(state.tagged()), true)));
                }
            }
            for (String group : groups(known)) {
                faults.collect(() -> combine(cause, request.session(), group, Optional.empty(), true));
            }
            finish(cause, request.session(), faults);
        });
    }

    /** Whether the stored state results from a later event. */
    private static boolean isNewer(SeriesState state, Envelope<SeriesTagged> cause) {
        if (state.exported().isEmpty() || state.taggedId().equals(cause.id().toString())) {
            return false;
        }
        int order = state.taggedAt().compareTo(cause.time());
        return order > 0
                || order == 0 && state.tagged().seriesRevision() > cause.event().seriesRevision();
    }

    private void followOrWithdraw(ExportRequest request) throws IOException {
        if (request.tagged().decision() == Decision.TAGGED) {
            follow(request);
        } else {
            withdraw(request);
        }
    }

    /** Exports a tagged series, and publishes the outcome. */
    private SeriesExported follow(ExportRequest request) throws IOException {
        SeriesTagged tagged = request.tagged();
        if (tagged.study().isEmpty()
                || tagged.sessionName().isEmpty()
                || tagged.assignments().isEmpty()) {
            throw new PermanentException(new Reason(
                    "tagging-incomplete",
                    "The tagging of " + tagged.identity() + " is TAGGED but has no study, session name or tag",
                    "Check the tagging service"));
        }
        SeriesState after = outcome(request);
        SeriesExported exported = after.exported().orElseThrow();
        sender.send(request.cause(), exported);
        return exported;
    }

    /**
     * Publishes each scan of a session again whose note on scans of another exam has changed: because one was added
     * or removed. Published before it is stored: a crash between the two publishes it again, under the same id.
     */
    private void publishOtherExams(Envelope<?> cause, SessionRef session) throws IOException {
        List<SeriesState> all = states.all(session);
        for (SeriesState state : all) {
            Optional<SeriesExported> corrected = OtherExams.corrected(state, all);
            if (corrected.isPresent()) {
                sender.send(cause, corrected.get());
                states.write(state.withExported(corrected.get()));
            }
        }
    }

    private SeriesState outcome(ExportRequest request) throws IOException {
        Optional<SeriesTagged> bare = request.parts().series().stream()
                .filter(part -> part.resource().isEmpty())
                .findFirst();
        if (bare.isPresent()) {
            return failed(
                    request,
                    new Reason(
                            "no-dicom-resource",
                            "XNAT has no resource with DICOM files for scan "
                                    + bare.get().scan(),
                            "Check the scan on XNAT; archive its DICOM files again if they are missing"));
        }
        try (WorkDirectory.Folder folder = workDirectory.open()) {
            Optional<SeriesState> same = unchanged(request);
            return same.isPresent() ? same.get() : export(request, folder);
        } catch (SeriesFailure failure) {
            return failed(request, failure.reason());
        } catch (XnatDenied denied) {
            return failed(request, denials.refused(request.tagged().session(), denied));
        }
    }

    /** Publishes the failure; an earlier export is never removed by it. */
    private SeriesState failed(ExportRequest request, Reason reason) throws IOException {
        return request.before().filter(SeriesState::isPublished).isPresent()
                ? keepPrevious(request, reason)
                : fail(request, reason);
    }

    /**
     * The previous export is kept, under the current names if its files can be renamed, and the reason is published why it was not
     * replaced and which of its files are missing.
     */
    private SeriesState keepPrevious(ExportRequest request, Reason why) throws IOException {
        SeriesTagged tagged = request.tagged();
        SeriesState before = request.before().orElseThrow();
        SeriesExported current = before.exported().orElseThrow();
        List<FileRef> lost = publication.lost(before);
        LOG.warnf("Export was not replaced subject=%s reason=%s lost=%d", tagged.identity(), why.code(), lost.size());
        Reason reason = Renewal.failed(current, why, lost);
        Optional<SeriesState> moved = lost.isEmpty() ? underNewNames(request, before, reason) : Optional.empty();
        if (moved.isPresent()) {
            return moved.get();
        }
        boolean sameNames = tagged.decision() != Decision.TAGGED || hasNamesOf(tagged, before);
        Reason published = sameNames
                ? reason
                : new Reason(
                        reason.code(), reason.message() + ". Its files still have their former names", reason.action());
        SeriesExported keptExport = current.with(again -> again.seriesRevision(tagged.seriesRevision())
                .exportRevision(request.nextRevision())
                .configRevision(tagged.configRevision())
                .renewal(Optional.of(published)));
        SeriesState after = request.after(keptExport, before.images(), before.dicoms(), before.conversionKey())
                .withExam(before.exam());
        return publication.settle(after, request.cause(), Reason.of("left-over", "A change had been interrupted"));
    }

    private static boolean hasNamesOf(SeriesTagged tagged, SeriesState state) {
        SeriesExported current = state.exported().orElseThrow();
        return current.runKey().equals(RunKey.of(state.conversionKey(), tagged.assignments()))
                && isSamePlace(current, tagged);
    }

    /** Renames the current export although it could not be created again: an outdated name is not kept. */
    private Optional<SeriesState> underNewNames(ExportRequest request, SeriesState before, Reason renewal)
            throws IOException {
        SeriesTagged tagged = request.tagged();
        if (tagged.decision() != Decision.TAGGED
                || hasNamesOf(tagged, before)
                || wantsDicom(tagged) && before.dicoms().isEmpty()
                || SeriesSource.wantsNifti(tagged) && before.images().isEmpty()) {
            return Optional.empty();
        }
        try (WorkDirectory.Folder folder = workDirectory.open()) {
            Optional<ExportInputs> inputs = publication.material(before, folder.path());
            return inputs.isEmpty()
                    ? Optional.empty()
                    : Optional.of(publication.publish(inputs.get(), request, Optional.of(renewal)));
        } catch (SeriesFailure nameTaken) {
            return Optional.empty();
        }
    }

    private static boolean wantsDicom(SeriesTagged tagged) {
        return tagged.assignments().stream().anyMatch(a -> FileLayout.wants(a, Format.DCM));
    }

    /** The published export, if it is identical to the one that would be created; published with the new revision. */
    private Optional<SeriesState> unchanged(ExportRequest request) throws IOException {
        Optional<SeriesState> usable = usable(request);
        if (usable.isEmpty()) {
            return Optional.empty();
        }
        SeriesExported exported = usable.get().exported().orElseThrow();
        String key = RunKey.of(
                conversionKey(exported, request.tagged()), request.tagged().assignments());
        if (!exported.runKey().equals(key)
                || !isSamePlace(exported, request.tagged())
                || !publication.intact(usable.get())) {
            return Optional.empty();
        }
        SeriesTagged tagged = request.tagged();
        // The files are identical to a new export: an earlier failed attempt is resolved.
        SeriesExported again = exported.with(same -> same.seriesRevision(tagged.seriesRevision())
                .exportRevision(exported.renewal().isPresent() ? request.nextRevision() : exported.exportRevision())
                .phantom(tagged.phantom())
                .seriesNumber(tagged.seriesNumber())
                .date(tagged.date())
                .configRevision(tagged.configRevision())
                .renewal(Optional.empty()));
        SeriesState after = request.after(
                        again,
                        usable.get().images(),
                        usable.get().dicoms(),
                        usable.get().conversionKey())
                .withExam(usable.get().exam());
        return Optional.of(
                publication.settle(after, request.cause(), Reason.of("left-over", "A change had been interrupted")));
    }

    private SeriesState export(ExportRequest request, WorkDirectory.Folder folder) throws IOException, SeriesFailure {
        Optional<ExportInputs> kept = kept(request, folder);
        ExportInputs inputs =
                kept.isPresent() ? kept.get() : source.fetch(request.parts(), this::remote, folder.path());
        return publication.publish(inputs, request, Optional.empty());
    }

    private RemoteFolder remote(SeriesTagged tagged) {
        return xnat.folder(
                tagged.session(),
                ResourceRef.ofScan(
                        tagged.session().accession(),
                        tagged.scan(),
                        tagged.resource().orElseThrow()));
    }

    /** The files already in the archive, when only their names change. */
    private Optional<ExportInputs> kept(ExportRequest request, WorkDirectory.Folder folder) throws IOException {
        Optional<SeriesState> usable = usable(request);
        if (usable.isEmpty()) {
            return Optional.empty();
        }
        SeriesState state = usable.get();
        boolean sameConversion =
                state.conversionKey().equals(conversionKey(state.exported().orElseThrow(), request.tagged()));
        if (!sameConversion || wantsDicom(request.tagged()) && state.dicoms().isEmpty() || !publication.intact(state)) {
            return Optional.empty();
        }
        return publication.material(state, folder.path());
    }

    /** The earlier export of exactly the tagged files; empty when everything must be repeated. */
    private static Optional<SeriesState> usable(ExportRequest request) {
        return request.before().filter(state -> !request.force()).filter(state -> state.exported()
                .filter(e -> e.outcome() == Outcome.EXPORTED || e.outcome() == Outcome.PARTIAL)
                .flatMap(SeriesExported::source)
                .filter(s -> s.fingerprint().equals(request.parts().fingerprint()))
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
     * Withdraws the files of a scan. For a scan that was never exported no event is needed: the tagging itself
     * already states why there is nothing.
     */
    private void withdraw(ExportRequest request) throws IOException {
        SeriesTagged tagged = request.tagged();
        if (tagged.decision() == Decision.NOT_CONVERTIBLE
                && request.before().filter(SeriesState::isPublished).isPresent()) {
            // The scan exists and there is no negative decision; XNAT only has no files of it at this time.
            sender.send(
                    request.cause(),
                    keepPrevious(request, tagged.reason()).exported().orElseThrow());
            return;
        }
        if (request.last().isEmpty()) {
            // Never exported, or started, aborted and never published: its possible files are withdrawn without an
            // event too.
            publication.settle(request.received(), request.cause(), tagged.reason());
            return;
        }
        SeriesExported last = request.last().get();
        boolean alreadyGone = last.outcome() == Outcome.WITHDRAWN
                && last.seriesRevision() == tagged.seriesRevision()
                && last.configRevision().equals(tagged.configRevision());
        SeriesExported gone = alreadyGone ? last : withdrawn(request, last);
        publication.settle(request.afterNothing(gone), request.cause(), tagged.reason());
        sender.send(request.cause(), gone);
    }

    private SeriesExported withdrawn(ExportRequest request, SeriesExported last) {
        return last.with(gone -> gone.seriesRevision(request.tagged().seriesRevision())
                .exportRevision(request.nextRevision())
                .outcome(Outcome.WITHDRAWN)
                .products(List.of())
                .reason(Optional.of(request.tagged().reason()))
                .configRevision(request.tagged().configRevision())
                .started(request.started())
                .finished(clock.instant())
                .completeness(Optional.empty())
                .renewal(Optional.empty()));
    }

    /** Publishes the failure of a series without a current export. */
    private SeriesState fail(ExportRequest request, Reason reason) throws IOException {
        SeriesTagged tagged = request.tagged();
        LOG.warnf("Export failed subject=%s reason=%s", tagged.identity(), reason.code());
        SeriesExported failed =
                withoutFiles(request, Outcome.FAILED, reason, request.parts().fingerprint() + " " + reason.code());
        return publication.settle(request.afterNothing(failed), request.cause(), reason);
    }

    private SeriesExported withoutFiles(ExportRequest request, Outcome outcome, Reason reason, String inputs) {
        SeriesTagged tagged = request.tagged();
        return SeriesExportedBuilder.builder()
                .session(tagged.session())
                .seriesRevision(tagged.seriesRevision())
                .exportRevision(request.nextRevision())
                .outcome(outcome)
                .study(tagged.study().orElseThrow())
                .site(tagged.site().orElse(""))
                .sessionName(tagged.sessionName().orElseThrow())
                .phantom(tagged.phantom())
                .scan(tagged.scan())
                .products(List.of())
                .runKey(RunKey.of(inputs, tagged.assignments()))
                .configRevision(tagged.configRevision())
                .started(request.started())
                .finished(clock.instant())
                .seriesNumber(tagged.seriesNumber())
                .date(tagged.date())
                .reason(Optional.of(reason))
                .build();
    }
}
