package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.TinySeries;
import org.datman.platform.event.OutageException;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever XNAT does to a download, the export is complete, or the reason is published. */
class FaultyXnatTest {

    private static final String ZIP = "format=zip";

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    private Session session;
    private SeriesTagged tagged;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
        session = fixture.loadT1(6);
        tagged = fixture.t1(session);
    }

    static Stream<Arguments> zipFaults() {
        return Stream.of(
                Arguments.of("cut off", FaultRule.truncate(2000).on(ZIP)),
                Arguments.of(
                        "cut off, but ended properly",
                        FaultRule.of(Fault.TRUNCATE_CLEANLY).withBytes(2000).on(ZIP)),
                Arguments.of("entries missing", FaultRule.missingEntries(2).on(ZIP)),
                Arguments.of("a wrong byte", FaultRule.wrongByte(700).on(ZIP)),
                Arguments.of("nothing in it", FaultRule.of(Fault.EMPTY_ZIP).on(ZIP)),
                Arguments.of("no body", FaultRule.of(Fault.EMPTY_BODY).on(ZIP)),
                Arguments.of(
                        "login page once",
                        FaultRule.of(Fault.LOGIN_PAGE).on(ZIP).times(1)),
                Arguments.of(
                        "session ended once",
                        FaultRule.of(Fault.SESSION_EXPIRED).on(ZIP).times(1)),
                Arguments.of("502 once", FaultRule.status(502).on(ZIP).times(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("zipFaults")
    void aFaultyZipIsRepairedFileByFile(String name, FaultRule rule) throws IOException {
        // Given
        Map<String, String> whole = calm();
        fixture.simulator.faults().add(rule);

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.source().orElseThrow().fileCount()).isEqualTo(6);
        assertThat(fixture.publicFiles()).isEqualTo(whole);
    }

    @Test
    void aFileThatXnatListsButDoesNotHaveIsNamed() throws IOException {
        // Given
        String path = ExportFixture.dicom(session.scans().get(0)).files().get(2).path();
        fixture.simulator.loseScanFile(session.id(), session.scans().get(0).id(), "DICOM", path);

        // When
        SeriesExported failed = fixture.export(tagged);

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("incomplete-download");
        assertThat(failed.reason().orElseThrow().message()).contains("1 of 6", path);
        assertThat(fixture.publicFiles()).isEmpty();
    }

    @Test
    void aFileThatXnatNeverSendsHoldsBackTheOthersForSomeMinutesOnly() throws IOException {
        // Given
        String path = ExportFixture.dicom(session.scans().get(0)).files().get(2).path();
        fixture.simulator.faults().add(FaultRule.status(500).on(ZIP));
        fixture.simulator.faults().add(FaultRule.status(500).on(path));
        for (int round = 1; round <= 2; round++) {
            assertThatThrownBy(() -> fixture.export(tagged)).isInstanceOf(OutageException.class);
        }
        fixture.now = ExportFixture.NOW.plus(Duration.ofMinutes(5));

        // When
        SeriesExported failed = fixture.export(tagged);

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("not-delivered");
        assertThat(failed.reason().orElseThrow().message()).contains("XNAT answers and does not deliver this", "500");
        fixture.simulator.faults().clear();
        assertThat(fixture.export(tagged).outcome()).isEqualTo(Outcome.EXPORTED);
    }

    @Test
    void whileXnatDoesNotAnswerAtAllEverythingWaitsHoweverLong() {
        // Given
        fixture.simulator.faults().add(FaultRule.status(503));
        for (int round = 1; round <= 4; round++) {
            assertThatThrownBy(() -> fixture.export(tagged)).isInstanceOf(OutageException.class);
        }
        fixture.now = ExportFixture.NOW.plus(Duration.ofHours(5));

        // When / Then
        assertThatThrownBy(() -> fixture.export(tagged)).isInstanceOf(OutageException.class);
        assertThat(fixture.published).isEmpty();
    }

    @Test
    void filesThatChangeMeanwhileAreReadAgainAndItIsReported() throws IOException {
        // Given
        TinySeries.write(folder.resolve("more"), 5, "Sag T1", 7, 1, 1);
        byte[] late = Files.readAllBytes(folder.resolve("more/IM0007.dcm"));
        fixture.simulator.faults().add(FaultRule.doing(() -> addLate(late)).on(ZIP));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.products().get(0).dimensions()).containsExactly(16, 16, 7, 1);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("source-changed-meanwhile");
        assertThat(exported.source().orElseThrow().fingerprint()).isNotEqualTo(tagged.fingerprint());
    }

    @Test
    void withoutChecksumsOnlySizesAreComparedAndItIsReported() throws IOException {
        // Given
        fixture.simulator.faults().add(FaultRule.blank("digest").on("/files"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.reason().orElseThrow().message()).contains("6 files have no MD5");
    }

    @Test
    void aFileThatIsNoDicomIsReported() throws IOException {
        // Given
        Session with = fixture.simulator.addScanFile(
                session.id(),
                session.scans().get(0).id(),
                "DICOM",
                "notes.txt",
                "hello there".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        // When
        SeriesExported exported = fixture.export(fixture.t1(with));

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.reason().orElseThrow().message()).contains("notes.txt");
    }

    @Test
    void anOutageLeavesEverythingAsItWas() {
        // Given
        fixture.simulator.faults().add(FaultRule.status(503));

        // When
        // Then
        assertThatThrownBy(() -> fixture.export(tagged)).isInstanceOf(OutageException.class);
        assertThat(fixture.archive.root().resolve("SPN01")).doesNotExist();
        assertThat(fixture.published).isEmpty();
    }

    private Map<String, String> calm() throws IOException {
        try (ExportFixture other = new ExportFixture(folder.resolve("calm"))) {
            other.export(other.t1(other.loadT1(6)));
            return other.publicFiles().entrySet().stream()
                    .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    private void addLate(byte[] late) {
        try {
            fixture.simulator.addScanFile(session.id(), session.scans().get(0).id(), "DICOM", "late.dcm", late);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
