package org.datman.export.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.archive.Segments;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.platform.archive.Archive;

/**
 * The index of what is published: {@code .datman/series/<server>/<accession>/<scan>.json} in the archive; and the series of the
 * settled session.
 */
@ApplicationScoped
public class SeriesStates {

    private static final String JSON = ".json";
    private static final String FOLDER = ".datman/series/";
    private static final String WAITING = ".datman/waiting";

    private final Archive archive;

    public SeriesStates(Archive archive) {
        this.archive = archive;
    }

    /** The exported state of a scan. */
    public Optional<SeriesState> read(SessionRef session, String scan) throws IOException {
        return read(archive.resolve(path(session, scan)));
    }

    /** The exported state of the scans of a session. */
    public List<SeriesState> all(SessionRef session) throws IOException {
        List<SeriesState> states = new ArrayList<>();
        for (Path file : entries(archive.resolve(folder(session)))) {
            if (isIndex(file)) {
                read(file).ifPresent(states::add);
            }
        }
        return states;
    }

    /** Stores the state. */
    public void write(SeriesState state) throws IOException {
        archive.write(
                FileRole.STATE,
                path(state.tagged().session(), state.tagged().scan()),
                EventJson.mapper().writeValueAsBytes(state));
    }

    /** The series of the session when it last settled; empty when it has not settled yet. */
    public Optional<SessionSettled> settled(SessionRef session) throws IOException {
        return read(archive.resolve(settledPath(session)), SessionSettled.class, "");
    }

    /** Records that a session settled. */
    public void write(SessionSettled settled) throws IOException {
        archive.write(
                FileRole.STATE,
                settledPath(settled.session()),
                EventJson.mapper().writeValueAsBytes(settled));
    }

    /** Records whether images of a session are waiting, so that they are found without reading all sessions. */
    public void waits(SessionRef session, boolean waits) throws IOException {
        Path mark = archive.resolve(waitingPath(session));
        if (!waits) {
            Files.deleteIfExists(mark);
        } else if (!Files.exists(mark)) {
            archive.write(
                    FileRole.STATE, waitingPath(session), EventJson.mapper().writeValueAsBytes(session));
        }
    }

    /** The sessions with waiting images. */
    public List<SessionRef> waiting() throws IOException {
        List<SessionRef> sessions = new ArrayList<>();
        for (Path server : entries(archive.resolve(WAITING))) {
            for (Path mark : entries(server)) {
                if (isIndex(mark)) {
                    String name = mark.getFileName().toString();
                    session(server, name.substring(0, name.length() - JSON.length()))
                            .ifPresent(sessions::add);
                }
            }
        }
        return sessions;
    }

    /** All sessions with an exported state. */
    public List<SessionRef> sessions() throws IOException {
        List<SessionRef> sessions = new ArrayList<>();
        for (Path server : entries(archive.resolve(FOLDER))) {
            for (Path session : entries(server)) {
                session(server, session.getFileName().toString()).ifPresent(sessions::add);
            }
        }
        return sessions;
    }

    /** The session of an index path; empty when the path is not DATMAN's. */
    private static Optional<SessionRef> session(Path server, String accession) {
        try {
            return Optional.of(new SessionRef(Segments.id(server.getFileName().toString()), Segments.id(accession)));
        } catch (IllegalArgumentException ofSomebodyElse) {
            return Optional.empty();
        }
    }

    private static boolean isIndex(Path file) {
        return file.getFileName().toString().endsWith(JSON);
    }

    /** The content of a folder, in order; empty when the folder is missing. */
    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<SeriesState> read(Path file) throws IOException {
        return read(file, SeriesState.class, UnreadableIndex.scanOf(file).orElse(""));
    }

    private static <T> Optional<T> read(Path file, Class<T> type, String scan) throws IOException {
        try {
            return Optional.of(EventJson.mapper().readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new UnreadableIndex(file.getFileName().toString(), scan, e.getOriginalMessage(), e);
        }
    }

    private static String folder(SessionRef session) {
        return FOLDER + Segments.of(session.server()) + "/" + Segments.of(session.accession());
    }

    private static String waitingPath(SessionRef session) {
        return WAITING + "/" + Segments.of(session.server()) + "/" + Segments.of(session.accession()) + ".json";
    }

    private static String settledPath(SessionRef session) {
        return ".datman/settled/" + Segments.of(session.server()) + "/" + Segments.of(session.accession()) + ".json";
    }

    private static String path(SessionRef session, String scan) {
        return folder(session) + "/" + Segments.of(scan) + ".json";
    }
}
