package org.datman.export.claim;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.PermanentException;

/**
 * What waits for a name of another session: {@code .datman/name-taken/<digest>.json} in the archive, one file per series or associated
 * file, named by a digest of whose it is. A refusal is stored before it is published. The file is deleted once the data need the name
 * no longer: they have it, are exported under another, are gone, or were tried again while it was free.
 */
@ApplicationScoped
public class TakenNames {

    /** Code of the failures of which the names are stored here. */
    public static final String CODE = "name-taken";

    private static final String FOLDER = ".datman/name-taken";

    private final Archive archive;

    public TakenNames(Archive archive) {
        this.archive = archive;
    }

    /**
     * Stores that a name was refused.
     *
     * @param message what was refused and who has the name
     * @return the reason for the failed export
     */
    public Reason refused(TakenName taken, String message) throws IOException {
        write(taken);
        return new Reason(
                CODE,
                message,
                "Rename or remove one of the two sessions on the server, if neither is deleted already; it is tried again by itself when"
                        + " the name is free");
    }

    /** Stores a refusal of which only the failure is known, unless one is stored for the same data. */
    public void note(TakenName taken) throws IOException {
        if (!Files.exists(archive.resolve(path(taken)))) {
            write(taken);
        }
    }

    private void write(TakenName taken) throws IOException {
        archive.write(FileRole.STATE, path(taken), EventJson.mapper().writeValueAsBytes(taken));
    }

    private static String path(TakenName taken) {
        String owner = String.join(
                "\n",
                taken.session().identity(),
                taken.scan().orElse(""),
                taken.file().orElse(""));
        return FOLDER + "/" + DigestUtils.sha256Hex(owner) + ".json";
    }

    /** The files of the stored refusals. */
    public List<Path> stored() throws IOException {
        Path folder = archive.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** The refusal in a file; empty when it is deleted. */
    public Optional<TakenName> read(Path stored) throws IOException {
        try {
            return Optional.of(EventJson.mapper().readValue(Files.readAllBytes(stored), TakenName.class));
        } catch (NoSuchFileException done) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new PermanentException(
                    new Reason(
                            "unreadable-state",
                            "Which name was refused cannot be read from " + FOLDER + "/" + stored.getFileName() + ": "
                                    + e.getOriginalMessage(),
                            "Move the file out of the archive's .datman folder, and press 'Reprocess' on each session with a"
                                    + " failure name-taken"),
                    e);
        }
    }

    /**
     * Whether a refused name can be had.
     *
     * @param claimant what was refused it
     */
    public boolean isFree(TakenName taken, Claimant claimant) {
        return claimant.paths().contains(taken.path())
                || !Files.exists(archive.resolve(taken.path()), LinkOption.NOFOLLOW_LINKS);
    }
}
