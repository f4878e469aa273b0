package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.command.RealSessions.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which study, site and names the sessions of {@code demo --from} get. */
class RealSessionsTest {

    private static final Place LAB = new Place("REAL", "LAB", "REAL");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "ge-mr750-bold, REAL_LAB_GEMR750BOLD_01_01",
        "ge-mr750-bold.tar.xz, REAL_LAB_GEMR750BOLD_01_01",
        "SPN01_CMH_0001_01_01, SPN01_CMH_0001_01_01"
    })
    void aNameThatFollowsTheGrammarStaysAndAnotherIsMade(String name, String expected) {
        // Given a folder's name

        // When
        String label = RealSessions.label(name, LAB);

        // Then
        assertThat(label).isEqualTo(expected);
    }

    @Test
    void theStudyAndSiteAreThoseOfTheOnlyProject() throws IOException {
        // Given
        study("SPN01", "[SPN01_CMH]", "CMH: {}");

        // When
        Place place = Place.of(StudyConfigurations.load(folder), null);

        // Then
        assertThat(place).isEqualTo(new Place("SPN01", "CMH", "SPN01_CMH"));
    }

    @Test
    void amongSeveralProjectsOneMustBeChosen() throws IOException {
        // Given
        study("SPN01", "[SPN01_CMH]", "CMH: {}");
        study("SPN02", "[SPN02_CMH]", "CMH: {}");
        StudyConfigurations studies = StudyConfigurations.load(folder);

        // When
        Place chosen = Place.of(studies, "SPN02_CMH");

        // Then
        assertThat(chosen.study()).isEqualTo("SPN02");
        assertThatThrownBy(() -> Place.of(studies, null))
                .hasMessageContaining("[SPN01_CMH, SPN02_CMH]")
                .hasMessageContaining("--project");
        assertThatThrownBy(() -> Place.of(studies, "SPN03_CMH")).hasMessageContaining("SPN03_CMH");
    }

    @Test
    void faultsOfTheConfigurationAreReportedBeforeAnythingStarts() throws IOException {
        // Given
        Files.writeString(folder.resolve("SPN01.yml"), "StudyTag: SPN01\nSites: 3\n");
        StudyConfigurations studies = StudyConfigurations.load(folder);

        // When
        // Then
        assertThatThrownBy(() -> Place.of(studies, null)).hasMessageContaining("SPN01.yml:2");
    }

    @Test
    void everySessionIsLinkedUnderItsName() throws IOException {
        // Given
        Files.createDirectories(folder.resolve("from/ge-mr750-bold"));
        Files.writeString(folder.resolve("from/uih-dwi.zip"), "");

        // When
        Map<String, String> names = RealSessions.link(folder.resolve("from"), LAB, folder.resolve("links"));

        // Then
        assertThat(names)
                .containsExactly(
                        Map.entry("REAL_LAB_GEMR750BOLD_01_01", "ge-mr750-bold"),
                        Map.entry("REAL_LAB_UIHDWI_01_01", "uih-dwi"));
        assertThat(folder.resolve("links/REAL_LAB_UIHDWI_01_01.zip")).isSymbolicLink();
    }

    private void study(String code, String projects, String sites) throws IOException {
        Files.writeString(folder.resolve(code + ".yml"), """
                StudyTag: %s
                XnatProjects: %s
                Sites: {%s}
                Tags:
                  T1: {Pattern: {SeriesDescription: T1}, QcType: anat}
                """.formatted(code, projects, sites));
    }
}
