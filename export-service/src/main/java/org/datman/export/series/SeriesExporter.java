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
import java.util.UUID;
import java.util.function.Predicate;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.export.claim.Claimant;
import org.datman.export.claim.TakenName;
import org.datman.export.claim.TakenNames;
import org.datman.export.index.ExportPaths;
import org.datman.export.index.SeriesState;
import org.datman.export.index.SeriesStates;
import org.datman.export.outcome.OtherExams;
import org.datman.export.outcome.Renewal;
import org.datman.export.request.ExportRequest;
import org.datman.export.request.Parts;
import org.datman.export.work.EventSender;
import org.datman.export.work.FaultCollector;
import org.datman.export.work.SessionLocks;
import org.datman.platform.event.PermanentException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings the archive to the state of a tagging: exported under its names, or absent. Safe to repeat at any point: the
 * identity of a result is the hash of its inputs, not the existence of its files.
 */
@ApplicationScoped
public class SeriesExporter {

    private static final Logger LOG = Logger.getLogger(SeriesExporter.class);

    /** What publishes the taggings. */
    private static final String SOURCE = "/datman/tagging";

    private final SeriesExport export;
    private final SeriesStates states;
    private final TakenNames taken;
    private final SessionLocks locks;
    private final EventSender sender;
    private final Clock clock;

    SeriesExporter(
            SeriesExport export,
            SeriesStates states,
            TakenNames taken,
            SessionLocks locks,
            EventSender sender,
            Clock clock) {
        this.export = export;
        this.states = states;
        this.taken = taken;
        this.locks = locks;
        this.sender = sender;
        this.clock = clock;
    }

    /** Handles a tagging. */
    public void handle(Envelope<SeriesTagged> cause) throws IOException {
        locks.holding(cause.event().session(), () -> follow(cause));
    }

    /** Handles a series again that was refused its name, from its known tagging. The caller holds the lock of the session. */
    public void retry(TakenName refused) throws IOException {
        Optional<SeriesState> known =
                states.read(refused.session(), refused.scan().orElseThrow());
        if (known.isPresent()) {
            follow(new Envelope<>(
                    UUID.fromString(known.get().taggedId()),
                    SOURCE,
                    known.get().taggedAt(),
                    refused.correlationId(),
                    Optional.empty(),
                    Optional.empty(),
                    known.get().tagged()));
        }
    }

    /** A series that was refused its name, as it is now. */
    public Claimant claimant(TakenName refused) throws IOException {
        return states.read(refused.session(), refused.scan().orElseThrow())
                .map(state -> new Claimant(
                        state.tagged().decision() != Decision.TAGGED
                                || state.exported()
                                        .filter(last -> last.outcome() != Outcome.FAILED
                                                && last.renewal().isEmpty())
                                        .isPresent(),
                        state.paths()))
                .orElse(Claimant.UNKNOWN);
    }

    /** Follows a tagging while the session is locked. */
    private void follow(Envelope<SeriesTagged> cause) throws IOException {
        SessionRef session = cause.event().session();
        Optional<SeriesState> before = states.read(session, cause.event().scan());
        if (before.filter(state -> isNewer(state, cause)).isPresent()) {
            LOG.infof(
                    "Skipped, a newer tagging is already exported event=%s subject=%s",
                    cause.id(), cause.event().identity());
            return;
        }
        SeriesTagged tagged = stillPart(before.orElse(null), cause.event());
        ExportRequest request = new ExportRequest(
                cause,
                tagged,
                cause.id().toString(),
                cause.time(),
                before.orElse(null),
                Parts.of(tagged),
                false,
                clock.instant());
        Optional<String> joined = Parts.group(tagged);
        Optional<String> left = before.map(SeriesState::tagged)
                .flatMap(Parts::group)
                .filter(group -> !joined.equals(Optional.of(group)));
        FaultCollector faults = new FaultCollector();
        faults.collect(() -> {
            if (joined.isPresent()) {
                states.write(request.received());
                combine(cause, tagged.session(), joined.get(), tagged.scan(), false);
            } else {
                followOrWithdraw(request);
            }
        });
        if (left.isPresent()) {
            faults.collect(() -> combine(cause, tagged.session(), left.get(), null, false));
        }
        combineWaiting(
                cause,
                tagged.session(),
                group -> !joined.equals(Optional.of(group)) && !left.equals(Optional.of(group)),
                faults);
        finish(cause, tagged.session(), faults);
    }

    /**
     * A part without files on XNAT at this time is still a part: the current image of all parts is not
     * rebuilt from fewer. Any other negative decision removes the part.
     */
    private SeriesTagged stillPart(@Nullable SeriesState state, SeriesTagged tagged) throws IOException {
        if (state == null || tagged.decision() != Decision.NOT_CONVERTIBLE) {
            return tagged;
        }
        SeriesTagged known = state.tagged();
        Optional<String> group = Parts.group(known);
        if (group.isEmpty()
                || Parts.members(group.get(), states.all(tagged.session())).stream()
                        .noneMatch(SeriesState::isPublished)) {
            return tagged;
        }
        String before = known.sessionName().orElseThrow();
        String now = tagged.sessionName().orElse(before);
        return known.with(part -> part.seriesRevision(tagged.seriesRevision())
                .sessionName(Optional.of(now))
                .assignments(known.assignments().stream()
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

    /** Records what of a session waits and is not recorded so: images for their parts; failed series for their names. */
    void noteWaiting(SessionRef session) throws IOException {
        if (!waiting(session).isEmpty()) {
            locks.holding(session, () -> recordWaiting(session));
        }
        for (SeriesState state : states.all(session)) {
            SeriesTagged tagged = state.tagged();
            boolean refused = state.exported()
                    .filter(last -> last.outcome() == Outcome.FAILED)
                    .flatMap(SeriesExported::reason)
                    .filter(reason -> reason.code().equals(TakenNames.CODE))
                    .isPresent();
            if (refused && !tagged.assignments().isEmpty()) {
                // Where it is not the first name that is taken, the first retry stores the one that is.
                String stem = tagged.assignments().get(0).stem();
                taken.note(TakenName.ofScan(
                        session, tagged.scan(), ExportPaths.of(FileRole.PROVENANCE, tagged, stem), state.taggedId()));
            }
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
    private void combineWaiting(Envelope<?> cause, SessionRef session, Predicate<String> wanted, FaultCollector faults)
            throws IOException {
        List<SeriesState> all = states.all(session);
        for (String group : groups(all)) {
            boolean waits = Parts.members(group, all).stream().anyMatch(state -> !isPublished(state));
            if (waits && wanted.test(group)) {
                faults.collect(() -> combine(cause, session, group, null, false));
            }
        }
    }

    /** Session-level work after the work on its series. */
    private void finish(Envelope<?> cause, SessionRef session, FaultCollector faults) throws IOException {
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
        SessionSettled settled = states.settled(session).orElse(null);
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
            FaultCollector faults = new FaultCollector();
            for (String group : groups(states.all(settled.session()))) {
                faults.collect(() -> combine(cause, settled.session(), group, null, false));
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
     * @param about the scan of the cause: it is published in any case; null for all of them
     */
    private void combine(Envelope<?> cause, SessionRef session, String group, @Nullable String about, boolean repeat)
            throws IOException {
        List<SeriesState> all = states.all(session);
        List<SeriesState> members = Parts.members(group, all);
        if (members.isEmpty()
                || !Parts.allThere(members, all, states.settled(session).orElse(null))) {
            LOG.infof("Waits for its parts session=%s group=%s parts=%d", session.identity(), group, members.size());
            return;
        }
        Parts parts = new Parts(members.stream().map(SeriesState::tagged).toList());
        SeriesExported image = export.export(requestFor(cause, members.get(0), parts, repeat));
        boolean made = (image.outcome() == Outcome.EXPORTED || image.outcome() == Outcome.PARTIAL)
                && image.renewal().isEmpty();
        for (SeriesState member : members.subList(1, members.size())) {
            boolean asked = about == null || about.equals(member.tagged().scan());
            if (!made && member.isPublished()) {
                // The export from before it became a part is kept while there is no image of all parts.
                Reason why = image.renewal().or(image::reason).orElseThrow();
                Reason ofImage = new Reason(Renewal.FAILED, why.message(), why.action());
                export.keep(requestFor(cause, member, parts, repeat), ofImage);
            } else {
                export.publishPart(requestFor(cause, member, parts, repeat), asked);
            }
        }
    }

    private ExportRequest requestFor(Envelope<?> cause, SeriesState state, Parts parts, boolean repeat) {
        return new ExportRequest(
                cause, state.tagged(), state.taggedId(), state.taggedAt(), state, parts, repeat, clock.instant());
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
            FaultCollector faults = new FaultCollector();
            for (SeriesState state : known) {
                if (Parts.group(state.tagged()).isEmpty()) {
                    faults.collect(() -> followOrWithdraw(requestFor(cause, state, Parts.of(state.tagged()), true)));
                }
            }
            for (String group : groups(known)) {
                faults.collect(() -> combine(cause, request.session(), group, null, true));
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
            export.export(request);
        } else {
            export.withdraw(request);
        }
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
}
