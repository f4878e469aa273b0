package org.datman.ingest.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.study.StudyConfigurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change never withdraws a study's files without confirmation, whatever its cause. */
class DecisionTest {

    private static final long MOST = 5;

    @TempDir
    Path folder;

    @Test
    void aCopyOfAStudyFileDoesNotTakeOverItsProject() throws IOException {
        // Given: the copy comes first by name, and the folder alone would prefer it
        StudyConfigurations holding = studies("SPN P1");
        StudyConfigurations proposed = studies("AAA P1", "SPN P1");
        assertThat(proposed.valid()).containsOnlyKeys("AAA");

        // When
        Decision decision = decide(holding, proposed, Map.of("P1", 372L), "");

        // Then
        assertThat(decision.accepted()).isEmpty();
        assertThat(decision.held()).isEmpty();
    }

    @Test
    void anotherStudysNewTextDoesNotTakeOverAProjectEither() throws IOException {
        // Given
        StudyConfigurations holding = studies("AAA P1", "SPN P2");

        // When
        Decision decision = decide(holding, studies("AAA P1,P2", "SPN P2"), Map.of("P2", 372L), "");

        // Then
        assertThat(decision.accepted()).isEmpty();
    }

    @Test
    void aProjectThatOneStudyGivesToAnotherIsNoLossWhenBothTextsHoldTogether() throws IOException {
        // Given
        StudyConfigurations holding = studies("AAA P1", "SPN P2,P3");

        // When
        Decision decision = decide(holding, studies("AAA P1,P2", "SPN P3"), Map.of("P2", 372L), "");

        // Then
        assertThat(decision.accepted()).extracting(ConfigurationChange::study).containsExactly("AAA", "SPN");
    }

    @Test
    void whatReliedOnAHeldChangeWaitsForItToo() throws IOException {
        // Given: SPN moves P2 to AAA and drops P3, which costs 20 series
        StudyConfigurations holding = studies("AAA P1", "SPN P2,P3");

        // When
        Decision decision = decide(holding, studies("AAA P1,P2", "SPN P4"), Map.of("P2", 372L, "P3", 20L), "");

        // Then
        assertThat(decision.accepted()).isEmpty();
        assertThat(decision.held()).extracting(Held::study, Held::series).containsExactly(tuple("SPN", 20L));
    }

    @Test
    void aStudyThatIsGoneWaitsUntilItIsConfirmedAndMayThenBeReplaced() throws IOException {
        // Given
        StudyConfigurations holding = studies("SPN P1");
        StudyConfigurations renamed = studies("SPX P1");

        // When
        Decision first = decide(holding, renamed, Map.of("P1", 372L), "");
        Decision confirmed = decide(holding, renamed, Map.of("P1", 372L), "SPN");

        // Then
        assertThat(first.accepted()).isEmpty();
        assertThat(first.held()).extracting(Held::study).containsExactly("SPN");
        assertThat(confirmed.accepted()).extracting(ConfigurationChange::study).containsExactlyInAnyOrder("SPN", "SPX");
    }

    @Test
    void aNewStudyAndATextThatCostsFewAreAccepted() throws IOException {
        // Given
        StudyConfigurations holding = studies("SPN P1,P2");

        // When
        Decision decision = decide(holding, studies("NEW P9", "SPN P1"), Map.of("P1", 372L, "P2", MOST), "");

        // Then
        assertThat(decision.accepted()).extracting(ConfigurationChange::study).containsExactly("NEW", "SPN");
        assertThat(decision.held()).isEmpty();
    }

    @Test
    void aStudyThatTakesNoChangeUnseenHoldsEachUntilItIsConfirmedAndCannotReleaseItself() throws IOException {
        // Given
        StudyConfigurations holding = studies("SPN P1 AutoAccept: false");
        StudyConfigurations proposed = studies("NEW P9 AutoAccept: false", "SPN P1 AutoAccept: true");

        // When
        Decision first = decide(holding, proposed, Map.of(), "");
        Decision confirmed = decide(holding, proposed, Map.of(), "SPN");

        // Then
        assertThat(first.accepted()).extracting(ConfigurationChange::study).containsExactly("NEW");
        assertThat(first.held()).singleElement().satisfies(held -> {
            assertThat(held.study()).isEqualTo("SPN");
            assertThat(held.series()).isZero();
            assertThat(held.message()).contains("AutoAccept: false", "No file would be withdrawn");
        });
        assertThat(confirmed.accepted()).extracting(ConfigurationChange::study).containsExactly("NEW", "SPN");
    }

    @Test
    void aHeldTextNamesTheHeaderElementsThatWereNotReadYet() throws IOException {
        // Given
        StudyConfigurations holding = studies("SPN P1");
        Path own = Files.createTempDirectory(folder, "studies");
        Files.writeString(own.resolve("SPN.yml"), """
                StudyTag: SPN
                XnatProjects: [P1]
                Sites: {CMH: {}}
                Tags:
                  T1: {Pattern: {Header: {PixelSpacing: {Max: 1}}}, QcType: anat}
                """);

        // When
        Decision decision = Decision.of(
                ConfigurationChange.between(holding, StudyConfigurations.load(own)),
                holding,
                open -> Map.of("SPN", 372L),
                change -> false,
                MOST);

        // Then
        assertThat(decision.held()).singleElement().satisfies(held -> assertThat(held.message())
                .contains("up to 372 series", "depends on PixelSpacing"));
    }

    /** Series are lost when no study has their project any more. */
    private static Decision decide(
            StudyConfigurations holding, StudyConfigurations proposed, Map<String, Long> series, String confirmed) {
        Function<List<ConfigurationChange>, Map<String, Long>> losses = open -> {
            StudyConfigurations after = Decision.after(open, holding);
            Map<String, Long> lost = new HashMap<>();
            series.forEach((project, count) -> holding.byProject(project)
                    .filter(before -> after.byProject(project).isEmpty())
                    .ifPresent(before -> lost.merge(before.code(), count, Long::sum)));
            return lost;
        };
        return Decision.of(
                ConfigurationChange.between(holding, proposed),
                holding,
                losses,
                change -> change.study().equals(confirmed),
                MOST);
    }

    /** Studies such as "SPN P1,P2": code and XNAT projects, and a further line if any. */
    private StudyConfigurations studies(String... all) throws IOException {
        Path own = Files.createTempDirectory(folder, "studies");
        for (String one : all) {
            String[] parts = one.split(" ", 3);
            String code = parts[0];
            Files.writeString(
                    own.resolve(code + ".yml"),
                    List.of(
                                    "StudyTag: " + code,
                                    "XnatProjects: [" + parts[1] + "]",
                                    parts.length > 2 ? parts[2] : "IsOpen: true",
                                    "Sites: {CMH: {}}",
                                    "Tags:",
                                    "  T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}")
                            .stream()
                            .collect(Collectors.joining("\n")));
        }
        return StudyConfigurations.load(own);
    }
}
