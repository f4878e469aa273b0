package org.datman.export.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.Segments;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.PermanentException;

/** The index of paired data: {@code .datman/resources/<server>/<accession>/<resource>-<hash of path>.json} in the archive. */
@ApplicationScoped
class ResourceStates {

    private static final String FOLDER = ".datman/resources";

    private final Archive archive;

    ResourceStates(Archive archive) {
        this.archive = archive;
    }

    Optional<ResourceState> read(ResourceDiscovered discovered) throws IOException {
        return read(archive.resolve(path(discovered)));
    }

    /** A file by its identity, without reading the others of its session. */
    Optional<ResourceState> find(SessionRef session, String identity) throws IOException {
        String begin = session.identity() + "/resources/";
        int slash = identity.indexOf('/', begin.length());
        return identity.startsWith(begin) && slash > 0
                ? read(archive.resolve(
                        path(session, identity.substring(begin.length(), slash), identity.substring(slash + 1))))
                : Optional.empty();
    }

    /** All files of a session. */
    List<ResourceState> all(SessionRef session) throws IOException {
        Path folder = archive.resolve(folder(session));
        List<ResourceState> states = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            List<Path> files;
            try (Stream<Path> entries = Files.list(folder)) {
                files = entries.filter(file -> file.getFileName().toString().endsWith(".json"))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                read(file).ifPresent(states::add);
            }
        }
        return states;
    }

    /** The session other than {@code session} that has, or may have, a file under that path. */
    Optional<SessionRef> otherOwner(String path, SessionRef session) throws IOException {
        Path folder = archive.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        List<Path> files;
        try (Stream<Path> entries = Files.walk(folder, 3)) {
            files = entries.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        PermanentException unreadable = null;
        for (Path file : files) {
            try {
                Optional<SessionRef> owner = read(file)
                        .filter(state -> state.paths().contains(path))
                        .map(state -> state.discovered().session())
                        .filter(of -> !of.equals(session));
                if (owner.isPresent()) {
                    return owner;
                }
            } catch (PermanentException e) {
                unreadable = e;
            }
        }
        if (unreadable != null) {
            // It may be the owner's: the file is not replaced before it can be read.
            throw unreadable;
        }
        return Optional.empty();
    }

    void write(ResourceState state) throws IOException {
        archive.write(
                FileRole.STATE, path(state.discovered()), EventJson.mapper().writeValueAsBytes(state));
    }

    private static Optional<ResourceState> read(Path file) throws IOException {
        try {
            return Optional.of(EventJson.mapper().readValue(Files.readAllBytes(file), ResourceState.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new PermanentException(
                    new Reason(
                            "unreadable-state",
                            "The index of associated files " + file.getFileName() + " cannot be read: "
                                    + e.getOriginalMessage(),
                            "Move it out of the archive's .datman/resources folder and press 'Reprocess': the session is"
                                    + " then read from XNAT and published again"),
                    e);
        }
    }

    private static String folder(SessionRef session) {
        return FOLDER + "/" + Segments.of(session.server()) + "/" + Segments.of(session.accession());
    }

    private static String path(ResourceDiscovered discovered) {
        return path(discovered.session(), discovered.resource(), discovered.path());
    }

    private static String path(SessionRef session, String resource, String path) {
        String hash = DigestUtils.sha256Hex(path);
        return folder(session) + "/" + Segments.of(resource) + "-" + hash.substring(0, 24) + ".json";
    }
}
