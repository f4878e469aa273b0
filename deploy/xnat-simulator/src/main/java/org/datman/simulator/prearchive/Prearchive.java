package org.datman.simulator.prearchive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.http.Times;
import org.datman.simulator.importer.StudyFolderReader;

/** The waiting studies and the actions on them. Kept in memory only. Thread-safe. */
public final class Prearchive {
    private final SimulatedArchive archive;
    private final StudyFolderReader reader;
    private final Path incoming;
    private final Clock clock;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    /** @param incoming folder for objects that are received one by one */
    public Prearchive(SimulatedArchive archive, StudyFolderReader reader, Path incoming, Clock clock) {
        this.archive = archive;
        this.reader = reader;
        this.incoming = incoming;
        this.clock = clock;
    }

    public synchronized List<Waiting> all() {
        return List.copyOf(waiting.values());
    }

    /** @throws ArchiveException 404 when there is no such study */
    public synchronized Waiting require(String url) {
        Waiting found = waiting.get(url);
        if (found == null) {
            throw new ArchiveException(404, "No such prearchive session: " + url);
        }
        return found;
    }

    /** Adds a whole study. */
    public synchronized Waiting park(Incoming study, Waiting.Status status) {
        Instant now = clock.instant();
        return put(new Waiting(study, study.project(), freeTimestamp(study), study.label(), status, null, now, now));
    }

    /** Two uploads of one label within a millisecond still are two. */
    private String freeTimestamp(Incoming study) {
        Instant time = clock.instant();
        while (waiting.containsKey(
                "/prearchive/projects/" + study.project() + "/" + Times.prearchive(time) + "/" + study.label())) {
            time = time.plusMillis(1);
        }
        return Times.prearchive(time);
    }

    private Waiting put(Waiting one) {
        waiting.put(one.url(), one);
        return one;
    }

    /**
     * Adds one object: to the others of its study that are received for the project, or as the first one.
     *
     * @param study the attributes of the object alone
     * @param name name of its file
     */
    public synchronized Waiting receive(Path object, Incoming study, String name) throws IOException {
        Optional<Waiting> known = waiting.values().stream()
                .filter(w -> w.status() == Waiting.Status.RECEIVING)
                .filter(w -> w.project().equals(study.project())
                        && w.study().uid().equals(study.uid())
                        && w.folder().equals(study.label()))
                .findFirst();
        Instant now = clock.instant();
        Path received = known.map(Waiting::received).orElse(null);
        if (received == null) {
            received = Files.createDirectories(incoming.resolve("received-" + UUID.randomUUID()));
        }
        Files.copy(object, received.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        return put(
                known.isPresent()
                        ? known.get().as(Waiting.Status.RECEIVING, known.get().study(), now)
                        : new Waiting(
                                study,
                                study.project(),
                                freeTimestamp(study),
                                study.label(),
                                Waiting.Status.RECEIVING,
                                received,
                                now,
                                now));
    }

    /** Builds the received study and makes it ready: XNAT does so after a quiet period, or on request. */
    public synchronized Waiting build(String url) throws IOException {
        Waiting one = require(url);
        Incoming study = one.study();
        if (one.received() != null) {
            study = reader.read(List.of(one.received()), one.project(), study.subject(), study.label())
                    .study();
        }
        return put(one.as(Waiting.Status.READY, study, clock.instant()));
    }

    /** Removes a status such as CONFLICT; a study still being received keeps its status. */
    public synchronized Waiting reset(String url) {
        Waiting one = require(url);
        Waiting.Status status = one.status() == Waiting.Status.CONFLICT ? Waiting.Status.READY : one.status();
        return put(one.as(status, one.study(), clock.instant()));
    }

    public synchronized Waiting move(String url, String project) {
        if (archive.project(project) == null) {
            throw new ArchiveException(404, "Unable to identify project " + project);
        }
        Waiting moved = require(url).in(project, clock.instant());
        if (!moved.url().equals(url) && waiting.containsKey(moved.url())) {
            throw new ArchiveException(409, "Session already exists in the prearchive of " + project);
        }
        waiting.remove(url);
        return put(moved);
    }

    public synchronized Waiting delete(String url) {
        Waiting one = require(url);
        waiting.remove(url);
        return one;
    }

    /**
     * Archives a study under the project, subject and label that it is to have.
     *
     * @throws ArchiveException 400 from {@code Unassigned}, 409 while it is received or when the archive rejects it; it then waits on
     */
    public synchronized Session archive(
            String url, String project, String subject, String label, SimulatedArchive.Overwrite overwrite) {
        Waiting one = require(url);
        if (one.project().equals(Waiting.UNASSIGNED)) {
            throw new ArchiveException(400, "Cannot archive sessions from the Unassigned folder.");
        }
        if (one.status() == Waiting.Status.RECEIVING) {
            throw new ArchiveException(409, "Operation already in progress on this prearchive entry.");
        }
        try {
            Session session = archive.add(one.study().to(project, subject, label), overwrite)
                    .session();
            waiting.remove(url);
            return session;
        } catch (ArchiveException refused) {
            put(one.as(Waiting.Status.CONFLICT, one.study(), clock.instant()));
            throw refused;
        }
    }
}
