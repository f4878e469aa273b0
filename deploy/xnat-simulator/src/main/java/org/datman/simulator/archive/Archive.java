package org.datman.simulator.archive;

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

/**
 * What the simulated XNAT holds, and everything that can happen to it. All methods are safe to call from any thread;
 * each change is told to the listeners in the order in which the changes were made. Sessions are addressed by accession
 * id. Refusals are {@link ArchiveException}s with XNAT's status.
 */
public final class Archive {

    /** What an import does when the session is there already, XNAT's `overwrite` parameter. */
    public enum Overwrite {
        /** Refuse with 409. */
        NONE,
        /** Merge; a file that exists already is refused. */
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
    public Archive(String siteId, Clock clock, Path stateFile) {
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

    /** Null when there is none. */
    public synchronized Project project(String id) {
        return store.projects.get(id);
    }

    /** Null when there is none. */
    public synchronized Subject subject(String id) {
        return store.subjects.get(id);
    }

    /** Null when there is none. */
    public synchronized Session session(String id) {
        return store.sessions.get(id);
    }

    /** A session of a project (its own or shared into it) by label or accession id, null when there is none. */
    public synchronized Session find(String project, String key) {
        return store.sessions.values().stream()
                .filter(s -> s.labelIn(project) != null)
                .filter(s -> s.id().equals(key) || s.labelIn(project).equals(key))
                .findFirst()
                .orElse(null);
    }

    /** A subject of a project by label or accession id, null when there is none. */
    public synchronized Subject findSubject(String project, String key) {
        return store.subjects.values().stream()
                .filter(s -> s.labelIn(project) != null)
                .filter(s -> s.id().equals(key) || s.labelIn(project).equals(key))
                .findFirst()
                .orElse(null);
    }

    // ---- projects, subjects, sessions -----------------------------------------------------------------------------

    /** Creates a project, or returns the one that is there. */
    public synchronized Project createProject(String id) {
        var known = store.projects.get(id);
        if (known != null) return known;
        var project = new Project(id, id, id, "", List.of(), clock.instant());
        store.projects.put(id, project);
        store.save();
        return project;
    }

    /** Creates a subject, or returns the one that is there. */
    public synchronized Subject createSubject(String project, String label) {
        createProject(project);
        var known = findSubject(project, label);
        if (known != null) return known;
        var subject = new Subject(store.nextSubject(), label, project, List.of(), List.of(), clock.instant());
        store.subjects.put(subject.id(), subject);
        store.save();
        return subject;
    }

    /** A session without any scan, as a PUT or a hasty database save makes it. Tells CREATED. */
    public synchronized Session createSession(String project, String subject, String label, String modality) {
        if (find(project, label) != null) throw new ArchiveException(409, "Session already exists: " + label);
        var session =
                newSession(new Incoming(project, subject, label, "", modality, "", "", Map.of(), List.of(), List.of()));
        return put(ArchiveEvent.Kind.CREATED, session, "");
    }

    /**
     * Brings a study into the archive: a new session, or a merge by XNAT's rules. Tells CREATED or MERGED.
     *
     * @throws ArchiveException 409 as the import service says it
     */
    public synchronized Added add(Incoming incoming, Overwrite overwrite) {
        var known = find(incoming.project(), incoming.label());
        var merge = new Merge(store::nextNumber, clock.instant(), overwrite == Overwrite.DELETE);
        if (known == null) {
            var session = merge.into(newSession(incoming), incoming);
            return new Added(put(ArchiveEvent.Kind.CREATED, session, ""), true);
        }
        if (overwrite == Overwrite.NONE && !known.scans().isEmpty()) {
            throw new ArchiveException(409, "Session already exists, retry with overwrite enabled");
        }
        if (!known.uid().isEmpty() && !incoming.uid().isEmpty() && !known.uid().equals(incoming.uid())) {
            throw new ArchiveException(409, "Invalid modification of session UID via archive process.");
        }
        var target = known.uid().isEmpty()
                ? known.withStudy(
                        incoming.uid(), incoming.modality(), incoming.date(), incoming.time(), incoming.fields())
                : known;
        return new Added(put(ArchiveEvent.Kind.MERGED, merge.into(target, incoming), ""), false);
    }

    private Session newSession(Incoming incoming) {
        var subject = createSubject(incoming.project(), incoming.subject());
        var now = clock.instant();
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
        var session = require(id);
        var taken = find(session.project(), label);
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
        var session = require(id);
        if (find(project, session.label()) != null) {
            throw new ArchiveException(409, "Label already in use in " + project + ": " + session.label());
        }
        var subject =
                createSubject(project, store.subjects.get(session.subjectId()).label());
        return put(ArchiveEvent.Kind.MODIFIED, session.withHome(project, subject.id()), "");
    }

    /** Lends a session (and its subject) to another project under a label of its own. */
    public synchronized Session share(String id, String project, String label) {
        var session = require(id);
        if (find(project, label) != null) throw new ArchiveException(409, "Label already in use: " + label);
        var subject = store.subjects.get(session.subjectId());
        if (subject.labelIn(project) == null) {
            store.subjects.put(subject.id(), subject.withShare(new Share(project, subject.label())));
        }
        return put(
                ArchiveEvent.Kind.SHARED,
                session.withShares(Lists.plus(session.shares(), new Share(project, label))),
                "");
    }

    /** Takes a session back from a project that it was lent to. */
    public synchronized Session unshare(String id, String project) {
        var session = require(id);
        return put(
                ArchiveEvent.Kind.MODIFIED,
                session.withShares(
                        Lists.without(session.shares(), share -> share.project().equals(project))),
                "");
    }

    /** Deletes a subject with its sessions. */
    public synchronized void deleteSubject(String id) {
        if (!store.subjects.containsKey(id)) {
            throw new ArchiveException(404, "Unable to find the specified subject: " + id);
        }
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
        var session = require(id);
        var scan = new Scan(
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
        var subject = store.subjects.get(id);
        if (subject == null) throw new ArchiveException(404, "Unable to find the specified subject: " + id);
        var renamed = subject.withLabel(label);
        store.subjects.put(id, renamed);
        store.save();
        return renamed;
    }

    /** Deletes a session. */
    public synchronized void delete(String id) {
        var session = require(id);
        store.sessions.remove(id);
        store.save();
        publish(new ArchiveEvent(ArchiveEvent.Kind.DELETED, session, "", clock.instant()));
    }

    /** Deletes a session and brings the same content back: same label, new accession id. */
    public synchronized Session recreate(String id) {
        var old = require(id);
        delete(id);
        var now = clock.instant();
        var fresh = new Session(
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
        return put(ArchiveEvent.Kind.CREATED, fresh, "");
    }

    // ---- scans and resources ---------------------------------------------------------------------------------------

    /** Removes a scan. */
    public synchronized Session removeScan(String id, String scanId) {
        var session = require(id);
        requireScan(session, scanId);
        return put(
                ArchiveEvent.Kind.SCAN_REMOVED,
                session.withScans(Lists.without(session.scans(), s -> s.id().equals(scanId))),
                scanId);
    }

    /** Edits a scan (id, type, quality, resources …); like XNAT it does not move `last_modified` of the session. */
    public synchronized Session editScan(String id, String scanId, UnaryOperator<Scan> change) {
        var session = require(id);
        requireScan(session, scanId);
        return replace(ArchiveEvent.Kind.MODIFIED, session.withScan(scanId, change), scanId);
    }

    /** Edits a session's own values; the accession id must stay. */
    public synchronized Session edit(String id, UnaryOperator<Session> change) {
        return put(ArchiveEvent.Kind.MODIFIED, change.apply(require(id)), "");
    }

    /** Adds an empty resource to a session; an empty label is allowed (address it by its number). */
    public synchronized Resource addResource(String id, String label, String format, String content) {
        var session = require(id);
        if (!label.isEmpty()
                && session.resources().stream().anyMatch(r -> r.label().equals(label))) {
            throw new ArchiveException(409, "Specified resource already exists: " + label);
        }
        var resource = Resource.of(store.nextNumber(), label, format, content, List.of());
        replace(
                ArchiveEvent.Kind.RESOURCE_CREATED,
                session.withResources(Lists.plus(session.resources(), resource)),
                label);
        return resource;
    }

    /** Adds an empty resource to a scan. */
    public synchronized Resource addScanResource(
            String id, String scanId, String label, String format, String content) {
        var session = require(id);
        var scan = requireScan(session, scanId);
        if (!label.isEmpty()
                && scan.resources().stream().anyMatch(r -> r.label().equals(label))) {
            throw new ArchiveException(409, "Specified resource already exists: " + label);
        }
        var resource = Resource.of(store.nextNumber(), label, format, content, List.of());
        replace(
                ArchiveEvent.Kind.RESOURCE_CREATED,
                session.withScan(scanId, s -> s.withResources(Lists.plus(s.resources(), resource))),
                label);
        return resource;
    }

    /**
     * Puts files into a session's resource (label or number), replacing those of the same path.
     * A resource that is not there is made. Like XNAT it does not move `last_modified`.
     */
    public synchronized Session addFiles(String id, String resource, List<ArchivedFile> files) {
        if (require(id).resources().stream().noneMatch(r -> r.answersTo(resource))) {
            addResource(id, resource, "", "");
        }
        return editResources(
                ArchiveEvent.Kind.FILES_UPLOADED, id, "", resource, r -> r.withFiles(union(r.files(), files)));
    }

    /** Puts files into a scan's resource, as {@link #addFiles}. */
    public synchronized Session addScanFiles(String id, String scanId, String resource, List<ArchivedFile> files) {
        if (requireScan(require(id), scanId).resources().stream().noneMatch(r -> r.answersTo(resource))) {
            addScanResource(id, scanId, resource, "", "");
        }
        return editResources(
                ArchiveEvent.Kind.FILES_UPLOADED, id, scanId, resource, r -> r.withFiles(union(r.files(), files)));
    }

    /** Removes files by path from a resource; `scanId` empty means a resource of the session. */
    public synchronized Session removeFiles(String id, String scanId, String resource, List<String> paths) {
        return editResources(
                ArchiveEvent.Kind.FILES_UPLOADED,
                id,
                scanId,
                resource,
                r -> r.withFiles(Lists.without(r.files(), f -> paths.contains(f.path()))));
    }

    /** Renames one file of a resource, for the odd names that XNATs hold. */
    public synchronized Session renameFile(String id, String scanId, String resource, String from, String to) {
        return editResources(
                ArchiveEvent.Kind.FILES_UPLOADED,
                id,
                scanId,
                resource,
                r -> r.withFiles(Lists.replace(
                        r.files(),
                        f -> f.path().equals(from),
                        f -> new ArchivedFile(to, f.source(), f.size(), f.modified()))));
    }

    /** Removes a resource; `scanId` empty means a resource of the session. */
    public synchronized Session removeResource(String id, String scanId, String resource) {
        var session = require(id);
        var changed = scanId.isEmpty()
                ? session.withResources(Lists.without(session.resources(), r -> r.answersTo(resource)))
                : session.withScan(
                        scanId, s -> s.withResources(Lists.without(s.resources(), r -> r.answersTo(resource))));
        if (changed.equals(session)) throw new ArchiveException(404, "Unable to find resource " + resource);
        return replace(ArchiveEvent.Kind.RESOURCE_REMOVED, changed, resource);
    }

    /**
     * Makes the catalogue of a resource lie: lists say `count` and `size` until the catalogue is refreshed. Tells
     * nobody, as a catalogue that goes stale tells nobody.
     */
    public synchronized Session makeStale(String id, String scanId, String resource, String count, String size) {
        var changed = inResource(require(id), scanId, resource, r -> r.withReported(count, size));
        store.sessions.put(id, changed);
        store.save();
        return changed;
    }

    /** Makes all catalogues of a session tell the truth again. */
    public synchronized Session refreshCatalogs(String id) {
        UnaryOperator<Resource> truth = r -> r.withReported(null, null);
        var session = require(id);
        var changed = session.withResources(Lists.replace(session.resources(), r -> true, truth))
                .withScans(Lists.replace(
                        session.scans(),
                        s -> true,
                        s -> s.withResources(Lists.replace(s.resources(), r -> true, truth))));
        return replace(ArchiveEvent.Kind.CATALOG_REFRESHED, changed, "");
    }

    /** Tells an event without changing anything: what a re-run of a script, or a storm, does. */
    public void announce(ArchiveEvent.Kind kind, String id, String detail) {
        publish(new ArchiveEvent(kind, require(id), detail, clock.instant()));
    }

    // ---- inside ----------------------------------------------------------------------------------------------------

    private Session editResources(
            ArchiveEvent.Kind kind, String id, String scanId, String resource, UnaryOperator<Resource> change) {
        return replace(kind, inResource(require(id), scanId, resource, change), resource);
    }

    private Session inResource(Session session, String scanId, String resource, UnaryOperator<Resource> change) {
        var at = scanId.isEmpty()
                ? session.resources()
                : requireScan(session, scanId).resources();
        if (at.stream().noneMatch(r -> r.answersTo(resource))) {
            throw new ArchiveException(404, "Unable to find resource " + resource);
        }
        return scanId.isEmpty()
                ? session.withResources(Lists.replace(session.resources(), r -> r.answersTo(resource), change))
                : session.withScan(scanId, s -> s.withResource(resource, change));
    }

    private static List<ArchivedFile> union(List<ArchivedFile> old, List<ArchivedFile> added) {
        var byPath = new HashMap<String, ArchivedFile>();
        added.forEach(f -> byPath.put(f.path(), f));
        var result = new ArrayList<ArchivedFile>();
        for (var file : old) {
            var newer = byPath.remove(file.path());
            result.add(newer == null ? file : newer);
        }
        added.stream().filter(f -> byPath.containsKey(f.path())).forEach(result::add);
        return result;
    }

    private Session require(String id) {
        var session = session(id);
        if (session == null) throw new ArchiveException(404, "Unable to find the specified experiment.");
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
