package org.datman.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.study.AcceptedStudies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive is made once, at the first start; afterwards its empty folder is a mount that is away. */
class InstallationFolderTest {

    @TempDir
    Path folder;

    @Test
    void theFirstStartMakesTheArchive() throws Exception {
        // Given
        InstallationFolder home = new InstallationFolder(folder, folder);

        // When
        boolean there = home.makeArchive();

        // Then
        assertThat(there).isTrue();
        assertThat(home.archive().resolve(ArchiveMark.PATH)).exists();
    }

    @Test
    void aLaterStartWritesNothingIntoTheEmptyFolderOfAMountThatIsAway() throws Exception {
        // Given
        InstallationFolder home = new InstallationFolder(folder, folder);
        Files.createDirectories(home.postgres());
        Files.createDirectories(home.archive());

        // When
        boolean there = home.makeArchive();

        // Then
        assertThat(there).isFalse();
        assertThat(home.archive()).isEmptyDirectory();
    }

    @Test
    void aMissingMountIsNoNewArchiveWhereThePostgresqlIsTheLabs() throws Exception {
        // Given an installation without a PostgreSQL of its own that has run, and then its mount is away
        InstallationFolder home = new InstallationFolder(folder, folder);
        home.makeArchive();
        FileUtils.cleanDirectory(home.archive().toFile());

        // When
        boolean there = home.makeArchive();

        // Then
        assertThat(there).isFalse();
        assertThat(home.archive()).isEmptyDirectory();
    }

    @Test
    void anArchiveOfBeforeThereWasAMarkGetsIt() throws Exception {
        // Given
        InstallationFolder home = new InstallationFolder(folder, folder);
        Files.createDirectories(home.postgres());
        Path accepted = home.archive().resolve(AcceptedStudies.PATH);
        Files.createDirectories(accepted.getParent());
        Files.writeString(accepted, "{}");

        // When
        boolean there = home.makeArchive();

        // Then
        assertThat(there).isTrue();
    }
}
