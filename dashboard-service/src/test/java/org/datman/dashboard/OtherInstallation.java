package org.datman.dashboard;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.study.AcceptedStudies;

/**
 * Settings that no other test may have, in one application, because each takes time to start: behind a proxy, and with accepted study
 * texts that cannot be read.
 */
public final class OtherInstallation implements QuarkusTestProfile {

    private static final Path ARCHIVE = Path.of("target", "archive-with-unreadable-studies");

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            ArchiveMark.create(ARCHIVE);
            Path accepted = ARCHIVE.resolve(AcceptedStudies.PATH);
            Files.createDirectories(accepted.getParent());
            Files.writeString(accepted, "{ \"studies\": [ {");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("DATMAN_BEHIND_PROXY", "true", "datman.archive", ARCHIVE.toString());
    }
}
