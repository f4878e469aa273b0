package org.datman.simulator.archive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The content of the simulated XNAT, and all changes to it. All methods are thread-safe;
 * listeners are notified of each change in the order in which the changes were made. Sessions are addressed by accession
 * id. Refusals are {@link ArchiveException}s with XNAT's status.
 */
public final class SimulatedArchive {

    /** What an import does when the session already exists, XNAT's {@code overwrite} parameter. */
    public enum Overwrite {
        /** Reject with 409. */
        NONE,
        /** Merge; a file that exists already is rejected. */
        APPEND,
        /** Merge; a file that exists already is replaced. */
        DELETE
    }

    /** The result of adding a study: the session, and whether it was new. */
    public record Added(Session session, boolean created) {}

    private final Store store;
    private final Clock clock;
    private final Digests digests = new Digests();
    private final List<Consumer<ArchiveEvent>> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param siteId start of every accession id
     * @param stateFile where rows are kept between runs, null to forget them
     */
    public SimulatedArchive(String siteId, Clock clock, @Nullable Path stateFile) {
        this.store = new Store(siteId, stateFile);
        this.clock = clock;
    }

    public void onEvent(Consumer<ArchiveEvent> listener) {
        listeners.add(listener);
    }

    public Digests digests() {
        return digests;
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    public synchronized List<Project> projects() {
        return List.copyOf(store.projects.values());
    }

    public synchronized List<Subject> subjects() {
        return List.copyOf(store.subjects.values());
    }

    public synchronized List<Session> sessions() {
        return List.copyOf(store.sessions.values());
    }

    public synchronized @Nullable Project project(String id) {
        return store.projects.get(id);
    }

    public synchronized @Nullable Subject subject(String id) {
        return store.subjects.get(id);
    }

    public synchronized @Nullable Session session(String id) {
        return store.sessions.get(id);
    }

    /** A session of a project (its own or shared into it) by label or accession id, null when there is none. */
    public synchronized @Nullable Session find(String project, String key) {
        return store.sessions.values().stream()
                .filter(s -> {
                    String label = s.labelIn(project);
                    return label != null && (label.equals(key) || s.id().equals(key));
                })
                .findFirst()
                .orElse(null);
    }

    /** @throws ArchiveException 404 when it is not there any more */
    public synchronized Subject subjectOf(Session session) {
        return requireSubject(session.subjectId());
    }

    /** A subject of a project by label or accession id, null when there is none. */
    public synchronized @Nullable Subject findSubject(String project, String key) {
        return store.subjects.values().stream()
                .filter(s -> {
                    String label = s.labelIn(project);
                    return label != null && (label.equals(key) || s.id().equals(key));
                })
                .findFirst()
                .orElse(null);
    }

    public synchronized @Nullable Assessor assessor(String id) {
        return store.assessors.get(id);
    }

    /** The assessors of a session, in the order in which they were created. */
    public synchronized List<Assessor> assessorsOf(String session) {
        return store.assessors.values().stream()
                .filter(assessor -> assessor.session().equals(session))
                .toList();
    }

    // ---- projects, subjects, sessions -----------------------------------------------------------------------------

    /** Creates a project, or returns the one that is there. */
    public synchronized Project createProject(String id) {
        Project known = store.projects.get(id);
        if (known != null) {
            return known;
        }
        Project project = new Project(id, id, id, "", List.of(), clock.instant());
        store.projects.put(id, project);
        store.save();
        return project;
    }

    /** Creates a subject, or returns the one that is there. */
    public synchronized Subject createSubject(String project, String label) {
        createProject(project);
        Subject known = findSubject(project, label);
        if (known != null) {
            return known;
        }
        Subject subject =
                new Subject(store.nextSubject(), label, project, List.of(), List.of(), clock.instant(), Map.of());
        store.subjects.put(subject.id(), subject);
        store.save();
        return subject;
    }

    /** A session without any scan, as a PUT or an early database save creates it. Publishes CREATED. */
    public synchronized Session createSession(String project, String subject, String label, String modality) {
        if (find(project, label) != null) {
            throw new ArchiveException(409, "Session already exists: " + label);
        }
        Session session =
                newSession(new Incoming(project, subject, label, "", modality, "", "", Map.of(), List.of(), List.of()));
        return put(ArchiveEvent.Kind.CREATED, session, "");
    }

    /**
     * Brings a study into the archive: a new session, or a merge by XNAT's rules. Publishes CREATED or MERGED.
     *
     * @throws ArchiveException 409 like the import service
     */
    public synchronized Added add(Incoming incoming, Overwrite overwrite) {
        Session known = find(incoming.project(), incoming.label());
        Merge merge = new Merge(store::nextNumber, clock.instant(), overwrite == Overwrite.DELETE);
        if (known == null) {
            Session session = merge.into(newSession(incoming), incoming);
            return new Added(put(ArchiveEvent.Kind.CREATED, session, ""), true);
        }
        if (overwrite == Overwrite.NONE && !known.scans().isEmpty()) {
            throw new ArchiveException(409, "Session already exists, retry with overwrite enabled");
        }
        if (!known.uid().isEmpty() && !incoming.uid().isEmpty() && !known.uid().equals(incoming.uid())) {
            throw new ArchiveException(409, "Invalid modification of session UID via archive process.");
        }
        Session target = known.uid().isEmpty()
                ? known.withStudy(
                        incoming.uid(), incoming.modality(), incoming.date(), incoming.time(), incoming.fields())
                : known;
        return new Added(put(ArchiveEvent.Kind.MERGED, merge.into(target, incoming), ""), false);
    }

    private Session newSession(Incoming incoming) {
        Subject subject = createSubject(incoming.project(), incoming.subject());
        Instant now = clock.instant();
        return new Session(
                store.nextSession(),
                incoming.label(),
                incoming.project(),
                subject.id(),
                incoming.uid(),
                incoming.modality(),
                incoming.date(),
                incoming.time(),
                incoming.label(),
                incoming.fields(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                now,
                now);
    }

    /** A new label; the accession id stays. 409 when the label is taken. */
    public synchronized Session rename(String id, String label) {
        Session session = require(id);
        Session taken = find(session.project(), label);
        if (taken != null && !taken.id().equals(id)) {
            throw new ArchiveException(409, "Label already in use: " + label);
        }
        return put(ArchiveEvent.Kind.RENAMED, session.withLabel(label, label), "");
    }

    /** A new label while the archive's folder keeps the old name, as after a rename that failed half-way. */
    public synchronized Session renameKeepingFolder(String id, String label) {
        return put(
                ArchiveEvent.Kind.RENAMED,
                require(id).withLabel(label, require(id).archiveDir()),
                "");
    }

    /** Moves a session, with its subject's label, to another project; the accession id stays. */
    public synchronized Session move(String id, String project) {
        Session session = require(id);
        if (find(project, session.label()) != null) {
            throw new ArchiveException(409, "Label already in use in " + project + ": " + session.label());
        }
        Subject subject = createSubject(project, subjectOf(session).label());
        return put(ArchiveEvent.Kind.MODIFIED, session.withHome(project, subject.id()), "");
    }

    /** Shares a session (and its subject) with another project under a separate label. */
    public synchronized Session share(String id, String project, String label) {
        Session session = require(id);
        if (find(project, label) != null) {
            throw new ArchiveException(409, "Label already in use: " + label);
        }
        Subject subject = subjectOf(session);
        if (subject.labelIn(project) == null) {
            store.subjects.put(subject.id(), subject.withShare(new Share(project, subject.label())));
        }
        return put(
                ArchiveEvent.Kind.SHARED,
                session.withShares(Lists.plus(session.shares(), new Share(project, label))),
                "");
    }

    /** Shares a subject, without its sessions, with another project under a separate label. */
    public synchronized Subject shareSubject(String id, String project, String label) {
        Subject subject = requireSubject(id);
        requireProject(project);
        if (findSubject(project, label) != null) {
            throw new ArchiveException(409, "Label already in use: " + label);
        }
        if (subject.labelIn(project) != null) {
            throw new ArchiveException(409, "Already shared into " + project);
        }
        return put(subject.withShare(new Share(project, label)));
    }

    /** Ends the share of a subject with a project. */
    public synchronized Subject unshareSubject(String id, String project) {
        Subject subject = requireSubject(id);
        if (subject.shares().stream().noneMatch(share -> share.project().equals(project))) {
            throw new ArchiveException(404, "The subject is not shared into " + project);
        }
        return put(subject.withShares(
                Lists.without(subject.shares(), share -> share.project().equals(project))));
    }

    /** Edits a subject's own values. */
    public synchronized Subject editSubject(String id, UnaryOperator<Subject> change) {
        return put(change.apply(requireSubject(id)));
    }

    /** Edits a project's own values. */
    public synchronized Project editProject(String id, UnaryOperator<Project> change) {
        Project project = change.apply(requireProject(id));
        store.projects.put(id, project);
        store.save();
        return project;
    }

    private Subject put(Subject subject) {
        store.subjects.put(subject.id(), subject);
        store.save();
        return subject;
    }

    /** Ends the share of a session with a project. */
    public synchronized Session unshare(String id, String project) {
        Session session = require(id);
        return put(
                ArchiveEvent.Kind.MODIFIED,
                session.withShares(
                        Lists.without(session.shares(), share -> share.project().equals(project))),
                "");
    }

    /** Deletes a subject with its sessions. */
    public synchronized void deleteSubject(String id) {
        requireSubject(id);
        store.sessions.values().stream()
                .filter(session -> session.subjectId().equals(id))
                .map(Session::id)
                .toList()
                .forEach(this::delete);
        store.subjects.remove(id);
        store.save();
    }

    /** Adds a scan without files. */
    public synchronized Session addScan(String id, String scanId, String xsiType) {
        Session session = require(id);
        Scan scan = new Scan(
                scanId,
                store.nextNumber(),
                "",
                session.modality(),
                xsiType,
                "",
                "",
                "usable",
                "",
                0,
                Map.of(),
                Map.of(),
                List.of(),
                clock.instant());
        return put(ArchiveEvent.Kind.MODIFIED, session.withScans(Lists.plus(session.scans(), scan)), scanId);
    }

    /** Renames a subject. */
    public synchronized Subject renameSubject(String id, String label) {
        return put(requireSubject(id).withLabel(label));
    }

    /** Deletes a session. */
    public synchronized void delete(String id) {
        Session session = require(id);
        store.sessions.remove(id);
        store.assessors.values().removeIf(assessor -> assessor.session().equals(id));
        store.save();
        publish(new ArchiveEvent(ArchiveEvent.Kind.DELETED, session, "", clock.instant()));
    }

    /** Deletes a session and creates it again with the same content: same label, new accession id. */
    public synchronized Session recreate(String id) {
        Session old = require(id);
        List<Assessor> assessors = assessorsOf(id);
        delete(id);
        Instant now = clock.instant();
        Session fresh = new Session(
                store.nextSession(),
                old.label(),
                old.project(),
                old.subjectId(),
                old.uid(),
                old.modality(),
                old.date(),
                old.time(),
                old.label(),
                old.fields(),
                old.variables(),
                List.of(),
                old.scans(),
                old.resources(),
                now,
                now);
        put(ArchiveEvent.Kind.CREATED, fresh, "");
        assessors.forEach(assessor -> createAssessor(fresh.id(), assessor.label(), assessor.xsiType()));
        return fresh;
    }

    // ---- assessors --------------------------------------------------------------------------------------------------

    /** Creates an assessor of a session, with a label that no other experiment of its project has. Publishes nothing. */
    public synchronized Assessor createAssessor(String session, String label, String xsiType) {
        String project = require(session).project();
        boolean taken = find(project, label) != null
                || store.assessors.values().stream()
                        .anyMatch(known -> known.label().equals(label)
                                && require(known.session()).project().equals(project));
        if (taken) {
            throw new ArchiveException(409, "Experiment already exists: " + label);
        }
        Assessor assessor = new Assessor(store.nextSession(), label, xsiType, session, clock.instant());
        store.assessors.put(assessor.id(), assessor);
        store.save();
        return assessor;
    }

    // ---- scans and resources ---------------------------------------------------------------------------------------

    /** Removes a scan. */
    public synchronized Session removeScan(String id, String scanId) {
        Session session = require(id);
        requireScan(session, scanId);
        return put(
                ArchiveEvent.Kind.SCAN_REMOVED,
                session.withScans(Lists.without(session.scans(), s -> s.id().equals(scanId))),
                scanId);
    }

    /** Edits a scan (id, type, quality, resources …); like XNAT it does not change {@code last_modified} of the session. */
    public synchronized Session editScan(String id, String scanId, UnaryOperator<Scan> change) {
        Session session = require(id);
        requireScan(session, scanId);
        return replace(ArchiveEvent.Kind.MODIFIED, session.withScan(scanId, change), scanId);
    }

    /** Edits a session's own values; the accession id must stay. */
    public synchronized Session edit(String id, UnaryOperator<Session> change) {
        return put(ArchiveEvent.Kind.MODIFIED, change.apply(require(id)), "");
    }

    /** Adds an empty resource to a session; an empty label is allowed (address it by its number). */
    public Resource addResource(String id, String label, String format, String content) {
        return addResource(Holder.session(id), label, format, content);
    }

    /** Adds an empty resource to a scan. */
    public Resource addScanResource(String id, String scanId, String label, String format, String content) {
        return addResource(Holder.scan(id, scanId), label, format, content);
    }

    /** Adds an empty resource. */
    public synchronized Resource addResource(Holder holder, String label, String format, String content) {
        List<Resource> there = resources(holder);
        if (!label.isEmpty() && there.stream().anyMatch(r -> r.label().equals(label))) {
            throw new ArchiveException(409, "Specified resource already exists: " + label);
        }
        Resource resource = Resource.of(store.nextNumber(), label, format, content, List.of());
        put(ArchiveEvent.Kind.RESOURCE_CREATED, holder, Lists.plus(there, resource), label);
        return resource;
    }

    /**
     * Puts files into a session's resource (label or number), replacing those of the same path.
     * A missing resource is created. Like XNAT it does not change {@code last_modified}.
     */
    public synchronized Session addFiles(String id, String resource, List<ArchivedFile> files) {
        addFiles(Holder.session(id), resource, files);
        return require(id);
    }

    /** Puts files into a scan's resource, as {@link #addFiles(String, String, List)}. */
    public synchronized Session addScanFiles(String id, String scanId, String resource, List<ArchivedFile> files) {
        addFiles(Holder.scan(id, scanId), resource, files);
        return require(id);
    }

    /** Puts files into a resource, as {@link #addFiles(String, String, List)}. */
    public synchronized void addFiles(Holder holder, String resource, List<ArchivedFile> files) {
        if (resources(holder).stream().noneMatch(r -> r.answersTo(resource))) {
            addResource(holder, resource, "", "");
        }
        editResources(ArchiveEvent.Kind.FILES_UPLOADED, holder, resource, r -> r.withFiles(union(r.files(), files)));
    }

    /** Removes files by path from a resource. */
    public synchronized void removeFiles(Holder holder, String resource, List<String> paths) {
        editResources(
                ArchiveEvent.Kind.FILES_REMOVED,
                holder,
                resource,
                r -> r.withFiles(Lists.without(r.files(), f -> paths.contains(f.path()))));
    }

    /** Renames one file of a resource, for unusual names as on real XNATs; {@code scanId} empty means a resource of the session. */
    public synchronized Session renameFile(String id, String scanId, String resource, String from, String to) {
        editResources(
                ArchiveEvent.Kind.FILES_UPLOADED,
                Holder.scan(id, scanId),
                resource,
                r -> r.withFiles(Lists.replace(r.files(), f -> f.path().equals(from), f -> f.withPath(to))));
        return require(id);
    }

    /** Removes a resource; {@code scanId} empty means a resource of the session. */
    public synchronized Session removeResource(String id, String scanId, String resource) {
        removeResource(Holder.scan(id, scanId), resource);
        return require(id);
    }

    /** Removes a resource. */
    public synchronized void removeResource(Holder holder, String resource) {
        List<Resource> there = resources(holder);
        List<Resource> left = Lists.without(there, r -> r.answersTo(resource));
        if (left.size() == there.size()) {
            throw new ArchiveException(404, "Unable to find resource " + resource);
        }
        put(ArchiveEvent.Kind.RESOURCE_REMOVED, holder, left, resource);
    }

    /**
     * Makes the catalogue of a resource stale: lists report {@code count} and {@code size} until the catalogue is refreshed. Publishes
     * no event, like a catalogue that becomes stale.
     */
    public synchronized Session makeStale(String id, String scanId, String resource, String count, String size) {
        UnaryOperator<Resource> lie = r -> r.answersTo(resource) ? r.withReported(count, size) : r;
        List<Resource> there = resources(Holder.scan(id, scanId));
        if (there.stream().noneMatch(r -> r.answersTo(resource))) {
            throw new ArchiveException(404, "Unable to find resource " + resource);
        }
        List<Resource> resources = Lists.replace(there, r -> true, lie);
        Session session = require(id);
        Session changed = scanId.isEmpty()
                ? session.withResources(resources)
                : session.withScan(scanId, scan -> scan.withResources(resources));
        store.sessions.put(id, changed);
        store.save();
        return changed;
    }

    /** Refreshes all catalogues of a session. */
    public Session refreshCatalogs(String id) {
        return refreshCatalogs(id, false);
    }

    /**
     * Refreshes all catalogues of a session.
     *
     * @param forget whether files missing on disk are removed from the catalogue
     */
    public synchronized Session refreshCatalogs(String id, boolean forget) {
        UnaryOperator<Resource> truth = r -> r.withReported(null, null)
                .withFiles(forget ? Lists.without(r.files(), f -> !Files.isReadable(f.source())) : r.files());
        Session session = require(id);
        Session changed = session.withResources(Lists.replace(session.resources(), r -> true, truth))
                .withScans(Lists.replace(
                        session.scans(),
                        s -> true,
                        s -> s.withResources(Lists.replace(s.resources(), r -> true, truth))));
        return replace(ArchiveEvent.Kind.CATALOG_REFRESHED, changed, "");
    }

    /** Publishes an event without a change, like a repeated script or an event storm. */
    public void announce(ArchiveEvent.Kind kind, String id, String detail) {
        publish(new ArchiveEvent(kind, require(id), detail, clock.instant()));
    }

    // ---- internal --------------------------------------------------------------------------------------------------

    private List<Resource> resources(Holder holder) {
        return switch (holder.level()) {
            case PROJECT -> requireProject(holder.id()).resources();
            case SUBJECT -> requireSubject(holder.id()).resources();
            case SESSION -> require(holder.id()).resources();
            case SCAN -> requireScan(require(holder.id()), holder.scan()).resources();
        };
    }

    /** Changes of sessions are published; XNAT's events of projects and subjects are not simulated. */
    private void put(ArchiveEvent.Kind kind, Holder holder, List<Resource> resources, String detail) {
        switch (holder.level()) {
            case PROJECT -> {
                store.projects.put(holder.id(), requireProject(holder.id()).withResources(resources));
                store.save();
            }
            case SUBJECT -> {
                store.subjects.put(holder.id(), requireSubject(holder.id()).withResources(resources));
                store.save();
            }
            case SESSION -> replace(kind, require(holder.id()).withResources(resources), detail);
            case SCAN ->
                replace(
                        kind,
                        require(holder.id()).withScan(holder.scan(), scan -> scan.withResources(resources)),
                        detail);
        }
    }

    private void editResources(ArchiveEvent.Kind kind, Holder holder, String resource, UnaryOperator<Resource> change) {
        List<Resource> there = resources(holder);
        if (there.stream().noneMatch(r -> r.answersTo(resource))) {
            throw new ArchiveException(404, "Unable to find resource " + resource);
        }
        put(kind, holder, Lists.replace(there, r -> r.answersTo(resource), change), resource);
    }

    private Project requireProject(String id) {
        Project project = store.projects.get(id);
        if (project == null) {
            throw new ArchiveException(404, "Unable to identify project " + id);
        }
        return project;
    }

    private Subject requireSubject(String id) {
        Subject subject = store.subjects.get(id);
        if (subject == null) {
            throw new ArchiveException(404, "Unable to find the specified subject: " + id);
        }
        return subject;
    }

    private static List<ArchivedFile> union(List<ArchivedFile> old, List<ArchivedFile> added) {
        Map<String, ArchivedFile> byPath = new HashMap<>();
        added.forEach(f -> byPath.put(f.path(), f));
        List<ArchivedFile> result = new ArrayList<>();
        for (ArchivedFile file : old) {
            ArchivedFile newer = byPath.remove(file.path());
            result.add(newer == null ? file : newer);
        }
        added.stream().filter(f -> byPath.containsKey(f.path())).forEach(result::add);
        return result;
    }

    private Session require(String id) {
        Session session = session(id);
        if (session == null) {
            throw new ArchiveException(404, "Unable to find the specified experiment.");
        }
        return session;
    }

    private static Scan requireScan(Session session, String scanId) {
        return session.scans().stream()
                .filter(s -> s.id().equals(scanId))
                .findFirst()
                .orElseThrow(() -> new ArchiveException(404, "Unable to find scan " + scanId + " of " + session.id()));
    }

    private Session put(ArchiveEvent.Kind kind, Session session, String detail) {
        return replace(kind, session.withModified(clock.instant()), detail);
    }

    private Session replace(ArchiveEvent.Kind kind, Session session, String detail) {
        store.sessions.put(session.id(), session);
        store.save();
        publish(new ArchiveEvent(kind, session, detail, now()));
        return session;
    }

    private Instant now() {
        return clock.instant();
    }

    private void publish(ArchiveEvent event) {
        listeners.forEach(l -> l.accept(event));
    }
}
