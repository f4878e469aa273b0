package org.datman.qc.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.contracts.study.TagRule;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.OutageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** <a href="{@docRoot}/../docs/qc-specification.md#F94">F94</a>: the standard of the day of the scan decides, so that old sessions keep their verdicts. */
class HeaderCheckTest {

    private static final String STUDY = """
            StudyTag: SPN
            XnatProjects: [SPN01]
            Tags:
              T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat, Count: 1 }
            Sites: {CMH: {}}
            GoldStandards:
              - { Site: CMH, Tag: T1, From: 2020-01-01, Parameters: { RepetitionTime: 2.3 } }
              - { Site: CMH, Tag: T1, From: 2022-06-01, Parameters: { RepetitionTime: 2.4 } }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "2020-01-01, 2.3, ''",
        "2022-05-31, 2.3, ''",
        "2022-05-31, 2.4, 2.3",
        "2022-06-01, 2.4, ''",
        "2022-06-01, 2.3, 2.4",
    })
    void theStandardOfTheDayDecides(LocalDate day, double repetitionTime, String expected) throws Exception {
        // Given
        Path sidecar = sidecar(repetitionTime);

        // When
        HeaderCheck.Outcome outcome = compare(day, sidecar);

        // Then
        assertThat(outcome.problem()).isNull();
        assertThat(outcome.differences())
                .extracting(HeaderDifference::expected)
                .isEqualTo(expected.isEmpty() ? java.util.List.of() : java.util.List.of(Optional.of(expected)));
    }

    @Test
    void beforeTheFirstStandardNothingIsCompared() throws Exception {
        // Given
        Path sidecar = sidecar(9);

        // When
        HeaderCheck.Outcome outcome = compare(LocalDate.of(2019, 12, 31), sidecar);

        // Then
        assertThat(outcome.standard()).isNull();
        assertThat(outcome.differences()).isEmpty();
    }

    @Test
    void aStorageThatIsAwayIsWaitedForAndLeavesNoVerdict() throws Exception {
        // Given a file that answers "Input/output error"
        Path faulty = Path.of("/proc/self/mem");
        assumeTrue(Files.isReadable(faulty), "skipped: there is no /proc/self/mem");
        Path sidecar = Files.createSymbolicLink(folder.resolve("away.json"), faulty);

        // When
        Throwable compared = catchThrowable(() -> compare(LocalDate.of(2021, 1, 1), sidecar));
        Throwable read = catchThrowable(() -> new HeaderCheck(new Archive(folder), folder).read(sidecar, null));

        // Then
        assertThat(compared).isInstanceOf(OutageException.class);
        assertThat(read).isInstanceOf(OutageException.class);
    }

    @Test
    void anArchiveThatIsAwayIsWaitedForAndNoHeaderCountsAsMissing() {
        // Given a folder that is no archive, and may not become one
        HeaderCheck check = new HeaderCheck(new Archive(folder, false), folder);

        // When
        Throwable read = catchThrowable(() -> check.read(folder.resolve("series.json"), null));

        // Then
        assertThat(read).isInstanceOf(OutageException.class).hasMessageContaining("is it mounted?");
    }

    @Test
    void aSidecarThatCannotBeReadIsAProblemAndNotSilence() throws Exception {
        // Given
        Path sidecar = Files.writeString(folder.resolve("broken.json"), "{");

        // When
        HeaderCheck.Outcome outcome = compare(LocalDate.of(2021, 1, 1), sidecar);

        // Then
        assertThat(outcome.problem()).contains("sidecar broken.json");
    }

    @Test
    void aNumberThatIsNoneIsAbsentAndTheRestIsCompared() throws Exception {
        // Given what dcm2niix prints for a number that it could not work out
        Path sidecar = Files.writeString(
                folder.resolve("nan.json"), "{\"RepetitionTime\": 2.5, \"PhaseResolution\": nan, \"EchoTime\": -inf}");

        // When
        HeaderCheck.Outcome outcome = compare(LocalDate.of(2021, 1, 1), sidecar);

        // Then
        assertThat(outcome.problem()).isNull();
        assertThat(outcome.differences()).singleElement().satisfies(difference -> assertThat(difference.actual())
                .contains("2.5"));
    }

    private Path sidecar(double repetitionTime) throws IOException {
        return Files.writeString(folder.resolve("series.json"), "{\"RepetitionTime\": " + repetitionTime + "}");
    }

    private HeaderCheck.Outcome compare(LocalDate day, Path sidecar) throws IOException {
        Path studies = Files.createDirectories(folder.resolve("studies"));
        Files.writeString(studies.resolve("SPN.yml"), STUDY);
        StudyConfiguration study =
                StudyConfigurations.load(studies).byProject("SPN01").orElseThrow();
        TagRule rule = study.tag("CMH", "T1").orElseThrow();
        return new HeaderCheck(new Archive(folder), studies).compare(study, "CMH", rule, day, null, sidecar, null);
    }
}
