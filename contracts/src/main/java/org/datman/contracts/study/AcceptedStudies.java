package org.datman.contracts.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.EventJson;

/**
 * The texts of the valid studies, as ingest accepted them and every service uses them: the last valid ones, whatever
 * the folder of the studies contains now. They survive restarts, faults in the files and an unavailable folder.
 *
 * @param studies by study code
 */
public record AcceptedStudies(List<Accepted> studies) {

    /** Their path in the archive. */
    public static final String PATH = ".datman/studies/accepted.json";

    public AcceptedStudies {
        studies = List.copyOf(studies);
    }

    /**
     * The text of a study.
     *
     * @param code study code
     * @param file name of the file that it was read from
     * @param text all of it
     * @param revision digest of the text, as events name it
     * @param time when it was accepted
     * @param by login name of who confirmed it; empty when it needed no confirmation
     */
    public record Accepted(String code, String file, String text, String revision, Instant time, String by) {}

    /** Reads them; empty when none were accepted yet. */
    public static Optional<AcceptedStudies> read(Path file) throws IOException {
        try {
            return Optional.of(EventJson.mapper().readValue(Files.readAllBytes(file), AcceptedStudies.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Their JSON form. */
    public byte[] json() {
        try {
            return EventJson.mapper().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can always be written as JSON", e);
        }
    }

    /** The studies, without those that this version of DATMAN no longer understands: those are errors. */
    public StudyConfigurations configurations() {
        List<ConfigurationError> errors = new ArrayList<>();
        List<StudyConfiguration> read = new ArrayList<>();
        for (Accepted accepted : studies) {
            StudyReader.Outcome outcome =
                    StudyReader.read(accepted.file(), accepted.text().getBytes(StandardCharsets.UTF_8));
            errors.addAll(outcome.errors());
            outcome.findStudy().ifPresent(read::add);
        }
        return StudyConfigurations.of(StudyConfigurations.withoutConflicts(read, errors), errors);
    }
}
