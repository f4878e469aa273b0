package org.datman.export.resource;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.ResourceExportedBuilder;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.SessionNaming;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.export.claim.Claimant;
import org.datman.export.claim.TakenName;
import org.datman.export.claim.TakenNames;
import org.datman.export.download.SourceOutage;
import org.datman.export.work.EventSender;
import org.datman.export.work.FaultCollector;
import org.datman.export.work.SessionLocks;
import org.datman.export.work.WorkDirectory;
import org.datman.export.xnat.Denials;
import org.datman.export.xnat.Xnat;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatGone;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatProtocol;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps the files of a session's resources in the archive in sync with XNAT: added, replaced, moved, withdrawn. */
@ApplicationScoped
public class ResourceExporter {

    private static final Logger LOG = Logger.getLogger(ResourceExporter.class);
    private static final int ATTEMPTS = 2;

    /** What publishes the discovered files. */
    private static final String SOURCE = "/datman/ingest";

    private final Xnat xnat;
    private final Archive archive;
    private final ResourceStates states;
    private final Withdrawal withdrawal;
    private final SessionLocks locks;
    private final WorkDirectory workDirectory;
    private final EventSender sender;
    private final Clock clock;
    private final Denials denials;
    private final TakenNames taken;

    ResourceExporter(
            Xnat xnat,
            Archive archive,
            ResourceStates states,
            Withdrawal withdrawal,
            SessionLocks locks,
            WorkDirectory workDirectory,
            EventSender sender,
            Clock clock,
            Denials denials,
            TakenNames taken) {
        this.xnat = xnat;
        this.archive = archive;
        this.states = states;
        this.withdrawal = withdrawal;
        this.locks = locks;
        this.workDirectory = workDirectory;
        this.sender = sender;
        this.clock = clock;
        this.denials = denials;
        this.taken = taken;
    }

    /** The study and name of a session. */
    private record Place(String study, String sessionName) {}

    /** Handles a discovered resource. */
    public void handle(Envelope<ResourceDiscovered> cause, StudyConfigurations studies) throws IOException {
        ResourceDiscovered discovered = cause.event();
        locks.holding(discovered.session(), () -> {
            ResourceState before = states.read(discovered).orElse(null);
            if (before != null && isNewer(before, cause)) {
                LOG.infof(
                        "Skipped, a newer state is already exported event=%s subject=%s",
                        cause.id(), discovered.identity());
                return;
            }
            follow(cause, discovered, before, studies, false);
        });
    }

    /** Exports all paired data of a session again; requests for one scan are ignored. */
    public void again(Envelope<ReprocessRequested> cause, StudyConfigurations studies) throws IOException {
        ReprocessRequested request = cause.event();
        if (request.scan().isPresent()) {
            return;
        }
        locks.holding(request.session(), () -> {
            FaultCollector faults = new FaultCollector();
            for (ResourceState state : states.all(request.session())) {
                faults.collect(() -> follow(cause, state.discovered(), state, studies, true));
            }
            faults.end();
        });
    }

    /** Handles a file again that was refused its name, from its known discovery. The caller holds the lock of the session. */
    public void retry(TakenName refused, StudyConfigurations studies) throws IOException {
        Optional<ResourceState> known = state(refused);
        if (known.isPresent()) {
            ResourceState state = known.get();
            Envelope<ResourceDiscovered> cause = new Envelope<>(
                    EventId.of(state.discovered()),
                    SOURCE,
                    state.discoveredAt(),
                    refused.correlationId(),
                    Optional.empty(),
                    Optional.empty(),
                    state.discovered());
            follow(cause, state.discovered(), state, studies, false);
        }
    }

    /** A file that was refused its name, as it is now. */
    public Claimant claimant(TakenName refused) throws IOException {
        return state(refused)
                .map(state -> new Claimant(
                        state.discovered().removed()
                                || state.exported()
                                        .filter(last -> last.outcome() != Outcome.FAILED
                                                && last.renewal().isEmpty())
                                        .isPresent(),
                        state.paths()))
                .orElse(Claimant.UNKNOWN);
    }

    private Optional<ResourceState> state(TakenName refused) throws IOException {
        return states.find(refused.session(), refused.file().orElseThrow());
    }

    private static boolean isNewer(ResourceState state, Envelope<ResourceDiscovered> cause) {
        int order = state.discoveredAt().compareTo(cause.time());
        return state.exported().isPresent()
                && (order > 0
                        || order == 0
                                && state.discovered().resourceRevision()
                                        > cause.event().resourceRevision());
    }

    private void follow(
            Envelope<?> cause,
            ResourceDiscovered discovered,
            @Nullable ResourceState before,
            StudyConfigurations studies,
            boolean repeat)
            throws IOException {
        if (discovered.removed()) {
            Reason removed = Reason.of("removed-from-xnat", "The file was removed from XNAT");
            if (before != null && before.exported().isPresent()) {
                ResourceExported last = before.exported().get();
                Place place = new Place(last.study(), last.sessionName());
                settle(
                        cause,
                        before,
                        outcome(discovered, place, Outcome.WITHDRAWN, null, removed),
                        discovered,
                        removed);
            } else {
                LOG.infof("Removed before it was exported subject=%s", discovered.identity());
            }
            return;
        }
        Place place = place(cause, discovered, before, studies);
        Reason moved = Reason.of("replaced", "The file was replaced or its session renamed");
        try {
            String relative = free(cause, discovered, place);
            ResourceExported exported = store(cause, discovered, before, place, relative, repeat);
            settle(cause, before, exported, discovered, moved);
        } catch (ResourcePath.InvalidPathException refused) {
            settle(
                    cause,
                    before,
                    failed(cause, discovered, before, place, refused.reason()),
                    discovered,
                    refused.reason());
        } catch (IncompleteException incomplete) {
            settle(
                    cause,
                    before,
                    failed(cause, discovered, before, place, incomplete.reason),
                    discovered,
                    incomplete.reason);
        }
    }

    private Place place(
            Envelope<?> cause,
            ResourceDiscovered discovered,
            @Nullable ResourceState before,
            StudyConfigurations studies)
            throws IOException {
        SessionNaming.Resolution resolution = SessionNaming.resolve(
                studies, discovered.project(), discovered.subjectLabel(), discovered.sessionLabel());
        if (resolution instanceof SessionNaming.Resolved resolved) {
            return new Place(resolved.study().code(), resolved.sessionName());
        }
        SessionNaming.Unresolved unresolved = (SessionNaming.Unresolved) resolution;
        Reason reason = new Reason(unresolved.reason().code(), unresolved.message(), unresolved.action());
        if (before != null && before.exported().isPresent()) {
            // The session lost its name or study: its files are not left under an outdated name.
            ResourceExported last = before.exported().get();
            Place old = new Place(last.study(), last.sessionName());
            settle(cause, before, outcome(discovered, old, Outcome.WITHDRAWN, null, reason), discovered, reason);
        }
        throw new PermanentException(reason);
    }

    /**
     * The path in the archive; if two resources have the same label, the second contains its id. A path of another session of the same name, of
     * another project or another XNAT server, is never taken over.
     */
    private String free(Envelope<?> cause, ResourceDiscovered discovered, Place place)
            throws IOException, ResourcePath.InvalidPathException, IncompleteException {
        String folder = place.study() + "/resources/" + place.sessionName() + "/" + ResourcePath.level(discovered);
        String wanted = folder + ResourcePath.of(discovered.label(), discovered.path());
        boolean isOfSession = states.all(discovered.session()).stream()
                .filter(state -> !state.discovered().identity().equals(discovered.identity()))
                .anyMatch(state -> state.paths().contains(wanted));
        String path = isOfSession
                ? folder + ResourcePath.of(discovered.label() + "-" + discovered.resource(), discovered.path())
                : wanted;
        // Only a file that is there can be another's: the states of all sessions are read in that case alone.
        boolean mine = states.read(discovered)
                .filter(state -> state.paths().contains(path))
                .isPresent();
        Optional<SessionRef> other = mine || !Files.exists(archive.resolve(path), LinkOption.NOFOLLOW_LINKS)
                ? Optional.empty()
                : states.otherOwner(path, discovered.session());
        if (other.isPresent()) {
            throw new IncompleteException(taken.refused(
                    TakenName.ofFile(discovered.session(), discovered.identity(), path, cause.correlationId()),
                    "The name " + path + " belongs to a file of session "
                            + other.get().identity() + " already"));
        }
        return path;
    }

    private ResourceExported store(
            Envelope<?> cause,
            ResourceDiscovered discovered,
            @Nullable ResourceState before,
            Place place,
            String relative,
            boolean repeat)
            throws IOException, IncompleteException {
        FileRef kept = Optional.ofNullable(before)
                .filter(state -> !repeat && isSameContent(state.discovered(), discovered))
                .flatMap(ResourceState::exported)
                // A file that was only kept has an earlier content.
                .filter(last -> last.renewal().isEmpty())
                .flatMap(ResourceExported::file)
                .orElse(null);
        if (kept != null && archive.verify(kept).isEmpty()) {
            if (kept.path().equals(relative)) {
                return outcome(discovered, place, Outcome.EXPORTED, kept, null);
            }
        } else {
            kept = null;
        }
        announce(discovered, before, relative);
        try (WorkDirectory.Folder folder = workDirectory.open()) {
            Path file = folder.path().resolve("file");
            if (kept != null) {
                WorkDirectory.linkOrCopy(archive.resolve(kept.path()), file);
            } else {
                download(discovered, file);
                keepReplaced(cause, discovered, before, relative, file);
            }
            FileRef taken = archive.store(FileRole.RESOURCE, file, relative);
            return outcome(discovered, place, Outcome.EXPORTED, taken, null);
        }
    }

    private static boolean isSameContent(ResourceDiscovered known, ResourceDiscovered now) {
        return now.md5().isPresent() && known.md5().equals(now.md5()) && known.size() == now.size();
    }

    private static final class IncompleteException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Reason reason;

        private IncompleteException(Reason reason) {
            super(reason.message());
            this.reason = reason;
        }
    }

    private static ResourceRef ref(ResourceDiscovered discovered) {
        String id = discovered.resource();
        String accession = discovered.session().accession();
        String owner = discovered.owner().orElse("");
        return switch (discovered.level().orElse(Level.SESSION)) {
            case PROJECT -> ResourceRef.ofProject(owner, id);
            case SUBJECT -> ResourceRef.ofSubject(owner, id);
            case SESSION -> ResourceRef.ofSession(accession, id);
            case SCAN -> ResourceRef.ofScan(accession, owner, id);
        };
    }

    private void download(ResourceDiscovered discovered, Path target) throws IncompleteException {
        ResourceRef ref = ref(discovered);
        String problem = "";
        try {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                Downloaded downloaded = xnat.folder(discovered.session(), ref).file(discovered.path(), target);
                boolean sizeAgrees = downloaded.size() == discovered.size();
                boolean md5Agrees =
                        discovered.md5().map(downloaded.md5()::equalsIgnoreCase).orElse(true);
                if (sizeAgrees && md5Agrees) {
                    denials.delivered(discovered.session(), discovered.identity());
                    return;
                }
                problem = sizeAgrees
                        ? "its MD5 is " + downloaded.md5() + ", "
                                + discovered.md5().orElse("") + " is listed"
                        : downloaded.size() + " bytes received, " + discovered.size() + " are listed";
            }
        } catch (XnatOutage e) {
            throw new IncompleteException(denials.undelivered(
                    discovered.session(),
                    discovered.identity(),
                    new SourceOutage("The file cannot be read from XNAT now: " + e.getMessage(), e)));
        } catch (XnatDenied e) {
            throw new IncompleteException(denials.refused(discovered.session(), e));
        } catch (XnatGone e) {
            problem = "XNAT no longer has it";
        } catch (XnatProtocol e) {
            problem = e.getMessage();
        }
        throw new IncompleteException(new Reason(
                "incomplete-download",
                "The file is not as XNAT lists it: " + problem,
                "If it was changed just now, the new one follows by itself; else refresh the catalog on XNAT"));
    }

    /** Keeps a copy of a file that is overwritten with other content. */
    private void keepReplaced(
            Envelope<?> cause,
            ResourceDiscovered discovered,
            @Nullable ResourceState before,
            String relative,
            Path file)
            throws IOException {
        Optional<FileRef> old = Optional.ofNullable(before)
                .flatMap(ResourceState::exported)
                .flatMap(ResourceExported::file)
                .filter(known -> known.path().equals(relative));
        if (old.isPresent() && !old.get().sha256().equals(Archive.sha256(file))) {
            withdrawal.preserve(
                    List.of(old.get()),
                    discovered.session(),
                    "resource " + discovered.resource(),
                    Reason.of("replaced", "A new export of the file has other content under the same name"),
                    cause.id());
        }
    }

    /**
     * Publishes the failure. A previously exported file is kept, under the current name of its session if it can be moved: data
     * cannot be acquired twice.
     */
    private ResourceExported failed(
            Envelope<?> cause,
            ResourceDiscovered discovered,
            @Nullable ResourceState before,
            Place place,
            Reason reason)
            throws IOException {
        LOG.warnf("Export failed subject=%s reason=%s", discovered.identity(), reason.code());
        Optional<ResourceExported> last = Optional.ofNullable(before)
                .flatMap(ResourceState::exported)
                .filter(exported -> exported.outcome() == Outcome.EXPORTED
                        && exported.file().isPresent());
        if (last.isEmpty()) {
            return outcome(discovered, place, Outcome.FAILED, null, reason);
        }
        FileRef file = last.get().file().orElseThrow();
        boolean intact = archive.verify(file).isEmpty();
        Place old = new Place(last.get().study(), last.get().sessionName());
        Place now = old;
        if (!old.equals(place) && intact) {
            try (WorkDirectory.Folder folder = workDirectory.open()) {
                String relative = free(cause, discovered, place);
                announce(discovered, before, relative);
                Path copy = folder.path().resolve("file");
                WorkDirectory.linkOrCopy(archive.resolve(file.path()), copy);
                file = archive.store(FileRole.RESOURCE, copy, relative);
                now = place;
            } catch (ResourcePath.InvalidPathException | IncompleteException noSuchName) {
                LOG.infof("File keeps its former name subject=%s", discovered.identity());
            }
        }
        Reason renewal = new Reason(
                "renewal-failed",
                "The file of " + last.get().finished()
                        + (intact ? " is kept" : " is missing or not as it was published")
                        + "; exporting it again failed: " + reason.message()
                        + (now.equals(place) ? "" : ". It still has its former name"),
                reason.action());
        return ResourceExportedBuilder.builder()
                .session(discovered.session())
                .resourceRevision(discovered.resourceRevision())
                .outcome(Outcome.EXPORTED)
                .study(now.study())
                .sessionName(now.sessionName())
                .resource(discovered.resource())
                .label(discovered.label())
                .path(discovered.path())
                .finished(last.get().finished())
                .file(Optional.of(file))
                .reason(last.get().reason())
                .renewal(Optional.of(renewal))
                .level(Optional.of(level(discovered)))
                .owner(discovered.owner())
                .build();
    }

    private ResourceExported outcome(
            ResourceDiscovered discovered,
            Place place,
            Outcome outcome,
            @Nullable FileRef file,
            @Nullable Reason reason) {
        return ResourceExportedBuilder.builder()
                .session(discovered.session())
                .resourceRevision(discovered.resourceRevision())
                .outcome(outcome)
                .study(place.study())
                .sessionName(place.sessionName())
                .resource(discovered.resource())
                .label(discovered.label())
                .path(discovered.path())
                .finished(clock.instant())
                .file(Optional.ofNullable(file))
                .reason(Optional.ofNullable(reason))
                .level(Optional.of(level(discovered)))
                .owner(discovered.owner())
                .build();
    }

    private static Level level(ResourceDiscovered discovered) {
        return discovered.level().orElse(Level.SESSION);
    }

    /** Records the path that is about to be written. */
    private void announce(ResourceDiscovered discovered, @Nullable ResourceState before, String relative)
            throws IOException {
        TreeSet<String> paths = new TreeSet<>(before == null ? List.of() : before.unsettled());
        paths.add(relative);
        states.write(
                before == null
                        ? new ResourceState(discovered, Instant.EPOCH, Optional.empty(), List.copyOf(paths))
                        : new ResourceState(
                                before.discovered(), before.discoveredAt(), before.exported(), List.copyOf(paths)));
    }

    /** Stores the state, withdraws obsolete files, publishes. */
    private void settle(
            Envelope<?> cause,
            @Nullable ResourceState before,
            ResourceExported exported,
            ResourceDiscovered discovered,
            Reason why)
            throws IOException {
        Instant publishedAt =
                before == null || cause.event() instanceof ResourceDiscovered ? cause.time() : before.discoveredAt();
        TreeSet<String> obsolete = new TreeSet<>();
        states.read(discovered).ifPresent(known -> obsolete.addAll(known.paths()));
        exported.file().ifPresent(file -> obsolete.remove(file.path()));
        states.write(new ResourceState(discovered, publishedAt, Optional.of(exported), List.copyOf(obsolete)));
        withdrawal.withdraw(obsolete, discovered.session(), "resource " + discovered.resource(), why, cause.id());
        if (!obsolete.isEmpty()) {
            states.write(new ResourceState(discovered, publishedAt, Optional.of(exported), List.of()));
        }
        sender.send(cause, exported);
    }
}
