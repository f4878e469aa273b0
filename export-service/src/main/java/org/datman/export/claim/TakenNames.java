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
import java.util.UUID;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.PermanentException;

/**
 * The refused names: {@code .datman/name-taken/<random>.json} in the archive, one file per refusal. A refusal is stored before it is
 * published, and its file is deleted after the data were tried again, so that a crash between the two tries once more. Each refusal
 * has a file of its own: a refusal during the retry is not deleted with the one that is retried.
 */
@ApplicationScoped
public class TakenNames {

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
        archive.write(
                FileRole.STATE,
                FOLDER + "/" + UUID.randomUUID() + ".json",
                EventJson.mapper().writeValueAsBytes(taken));
        return new Reason(
                "name-taken",
                message,
                "Rename or remove one of the two sessions on XNAT, if neither is deleted already; it is tried again by itself when"
                        + " the name is free");
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

    /** The refusal in a file, when there is no longer a file under its name; empty otherwise. */
    public Optional<TakenName> free(Path stored) throws IOException {
        try {
            TakenName taken = EventJson.mapper().readValue(Files.readAllBytes(stored), TakenName.class);
            return Files.exists(archive.resolve(taken.path()), LinkOption.NOFOLLOW_LINKS)
                    ? Optional.empty()
                    : Optional.of(taken);
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
}
