package org.datman.platform.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.platform.event.OutageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which studies are in force while the archive with the accepted texts is unavailable or unreadable. */
class StudiesTest {

    @TempDir
    Path folder;

    private Path archive;

    @BeforeEach
    void aStudyInTheFolder() throws Exception {
        archive = Files.createDirectories(folder.resolve("archive"));
        Files.createDirectories(folder.resolve("studies"));
        Files.writeString(folder.resolve("studies/SPN01.yml"), """
                StudyTag: SPN01
                FullName: A study
                XnatProjects: [SPN01_CMH]
                Tags:
                  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat, Count: 1 }
                Sites:
                  CMH: {}
                """);
    }

    @Test
    void whileTheArchiveIsAwaySinceTheStartTheFolderAloneDoesNotHold() {
        // Given
        Studies studies = studies(false);

        // When / Then
        assertThatThrownBy(studies::current)
                .isInstanceOf(OutageException.class)
                .hasMessageContaining(archive.toString())
                .hasMessageContaining("is it mounted?");
    }

    @Test
    void onceTheArchiveIsThereTheStudiesHoldAndGoOnHoldingWhileItIsAwayAgain() throws Exception {
        // Given
        Studies studies = studies(false);
        ArchiveMark.create(archive);
        boolean held = studies.current().valid().containsKey("SPN01");

        // When
        Files.delete(archive.resolve(ArchiveMark.PATH));

        // Then
        assertThat(held).isTrue();
        assertThat(studies.current().valid()).containsKey("SPN01");
    }

    @Test
    void whereAnArchiveIsStillToBeMadeTheFolderHolds() {
        // Given
        Studies studies = studies(true);

        // When / Then
        assertThat(studies.current().valid()).containsKey("SPN01");
    }

    @Test
    void whatCannotBeReadIsShownAsAnErrorThatStatesWhereAndWhatToDo() throws Exception {
        // Given
        ArchiveMark.create(archive);
        Path accepted = archive.resolve(AcceptedStudies.PATH);
        Files.createDirectories(accepted.getParent());
        Files.writeString(accepted, "{ not JSON");
        Studies studies = studies(false);

        // When
        StudyConfigurations shown = studies.shown();

        // Then
        assertThat(shown.valid()).isEmpty();
        assertThat(shown.errors())
                .singleElement()
                .extracting(ConfigurationError::problem)
                .asString()
                .contains(accepted.toString(), "cannot be read", "restore the file");
        assertThatThrownBy(studies::current).isInstanceOf(OutageException.class);
    }

    private Studies studies(boolean create) {
        return new Studies(
                folder.resolve("studies"), Optional.of(archive), create, Duration.ofSeconds(1), Clock.systemUTC());
    }
}
