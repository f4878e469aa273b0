package org.datman.simulator.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;

/** Loads folders, zips and tars into the archive as sessions. Files are used in place; archives are unpacked to a work folder. */
public final class SessionLoader {
    private final SimulatedArchive archive;
    private final StudyFolderReader reader;

    public SessionLoader(SimulatedArchive archive, StudyFolderReader reader) {
        this.archive = archive;
        this.reader = reader;
    }

    /** The sessions of a folder: its sub-folders and archives, by name. */
    public static List<Path> sessionsIn(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(p -> Files.isDirectory(p) || Unpacker.isArchive(p))
                    .filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(p -> p.getFileName().toString()))
                    .toList();
        }
    }

    /** Loads every session of a folder; a name that exists already is left as it is (so a restart loads nothing twice). */
    public List<Session> loadFolder(Path folder, LoadOptions options) throws IOException {
        List<Session> result = new ArrayList<>();
        for (Path source : sessionsIn(folder)) {
            String label = options.label().apply(Unpacker.baseName(source));
            Session known = archive.find(options.project(), label);
            result.add(known != null ? known : addSession(source, options));
        }
        return result;
    }

    /**
     * Loads one session from a folder, zip, tar, tar.gz or tar.xz of any depth.
     *
     * @throws ArchiveException 409 when a session of that label is there already
     */
    public Session addSession(Path source, LoadOptions options) throws IOException {
        return addSession(List.of(source), options);
    }

    /** Loads one session from several places (images here, paired data there); the first one names it. */
    public Session addSession(List<Path> sources, LoadOptions options) throws IOException {
        Path first = sources.get(0);
        String name = Files.isDirectory(first) ? first.getFileName().toString() : Unpacker.baseName(first);
        Incoming study = reader.read(
                        sources,
                        options.project(),
                        options.subject().apply(name),
                        options.label().apply(name))
                .study();
        if (options.announceFirst()) {
            archive.createSession(study.project(), study.subject(), study.label(), study.modality());
        }
        return archive.add(study, SimulatedArchive.Overwrite.NONE).session();
    }

    /** Adds what a folder or archive holds to a session by XNAT's merge rules: a late series, a repeated one, paired data. */
    public Session addTo(String sessionId, Path source) throws IOException {
        Session session = archive.session(sessionId);
        if (session == null) {
            throw new ArchiveException(404, "Unable to find the specified experiment.");
        }
        String subject = archive.subjectOf(session).label();
        Incoming study = reader.read(List.of(source), session.project(), subject, session.label())
                .study();
        return archive.add(sameStudy(study, session), SimulatedArchive.Overwrite.DELETE)
                .session();
    }

    /** Late files of the same visit may carry no study, or (phantoms, resends) another; the session keeps its own. */
    private static Incoming sameStudy(Incoming study, Session session) {
        return new Incoming(
                study.project(),
                study.subject(),
                study.label(),
                session.uid(),
                study.modality(),
                study.date(),
                study.time(),
                study.fields(),
                study.series(),
                study.others());
    }
}
