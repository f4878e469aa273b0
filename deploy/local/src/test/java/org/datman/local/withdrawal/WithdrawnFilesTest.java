package org.datman.local.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.archive.ArchiveMark;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WithdrawnFilesTest {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    @TempDir
    Path archive;

    @BeforeEach
    void twoSessions() throws IOException {
        ArchiveMark.create(archive);
        Files.createDirectories(archive.resolve("ST/nii/S1"));
        Files.writeString(archive.resolve("ST/nii/S1/new.nii.gz"), "public");
        withdraw("2026-11-01/a", "E1", "2026-11-01T10:00:00Z");
        withdraw("2026-11-30/b", "E2", "2026-11-30T10:00:00Z");
    }

    private void withdraw(String place, String accession, String time) throws IOException {
        Path folder =
                Files.createDirectories(archive.resolve(".datman/withdrawn").resolve(place));
        Files.writeString(folder.resolve("withdrawn.json"), """
                {"session": {"server": "xnat", "accession": "%s"}, "subject": "3", "event": "x", "time": "%s", "paths": ["ST/nii/S1/a.nii.gz"],
                 "reason": {"code": "session-deleted", "message": "It was deleted on XNAT", "action": ""}}
                """.formatted(accession, time));
        Path file = folder.resolve("ST/nii/S1/a.nii.gz");
        Files.createDirectories(folder.resolve("ST/nii/S1"));
        Files.writeString(file, "bytes");
    }

    @Test
    void whatIsKeptOfASessionIsListed() throws Exception {
        // Given a note that nobody can read, beside the others
        Path damaged = Files.createDirectories(archive.resolve(".datman/withdrawn/2026-11-30/c"));
        Files.writeString(damaged.resolve("withdrawn.json"), "{");
        List<Path> unreadable = new ArrayList<>();

        // When
        List<WithdrawnFiles.Withdrawn> found =
                new WithdrawnFiles(archive).list(one -> one.isOf("xnat/E1"), unreadable::add);

        // Then
        assertThat(found).singleElement().satisfies(one -> {
            assertThat(one.files()).isEqualTo(1);
            assertThat(one.bytes()).isEqualTo(5);
            assertThat(one.time()).isEqualTo("2026-11-01T10:00:00Z");
            assertThat(one.reason()).isEqualTo("It was deleted on XNAT");
        });
        assertThat(unreadable).containsExactly(damaged.resolve("withdrawn.json"));
    }

    @Test
    void whatIsRemovedIsGoneAndItsNoteSaysSo() throws Exception {
        // Given
        WithdrawnFiles files = new WithdrawnFiles(archive);
        WithdrawnFiles.Withdrawn first =
                files.list(one -> one.isOf("E1"), damaged -> {}).get(0);

        // When
        files.remove(first, NOW);

        // Then
        assertThat(first.folder()).isDirectoryContaining("glob:**/withdrawn.json");
        assertThat(first.folder().toFile().list()).hasSize(1);
        assertThat(first.folder().resolve("withdrawn.json"))
                .content()
                .contains("\"removed\" : \"2026-12-01T12:00:00Z\"", "session-deleted");
        assertThat(files.list(one -> true, damaged -> {}))
                .extracting(WithdrawnFiles.Withdrawn::accession)
                .containsExactly("E2");
        assertThat(archive.resolve("ST/nii/S1/new.nii.gz")).exists();
    }
}
