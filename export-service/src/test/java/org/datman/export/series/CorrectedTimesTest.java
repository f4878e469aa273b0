package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times of the sidecar are those of the DICOM headers, whatever the version of the converter writes. */
class CorrectedTimesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private static JsonNode sidecar(ExportFixture fixture, SeriesExported exported) throws IOException {
        return JSON.readTree(fixture.archive
                .resolve(exported.products()
                        .get(0)
                        .file(FileRole.SIDECAR)
                        .orElseThrow()
                        .path())
                .toFile());
    }

    private static SeriesExported export(ExportFixture fixture, Session session, String scanId) throws IOException {
        Scan scan = session.scans().stream()
                .filter(one -> scanId.isEmpty() || one.id().equals(scanId))
                .findFirst()
                .orElseThrow();
        return fixture.export(fixture.tagged(session, scan, ExportFixture.tag("FBN", "05", "epi")));
    }

    /**
     * Frame times of the DICOM (FrameAcquisitionDateTime, AcquisitionDateTime) of the first and the last slice of the NIfTI. Debian's
     * dcm2niix 1.0.20220720 is up to 1.41, 4.22, 0.89 and 0.35 s off here; 1.0.20241211 and 1.0.20260724 agree with these.
     */
    @ParameterizedTest
    @CsvSource({
        "siemens-prisma-xa30-classic-vs-enhanced-phantom, enhanced-5, '', 63, 1.41, 0",
        "siemens-prisma-xa30-classic-vs-enhanced-phantom, classic-5001-5005, 5001, 63, 1.41, 0",
        "siemens-cimax-xa61-enhanced-phantom, XA61-export, 4, 10, 0, 0.4825",
        "siemens-cimax-xa61-enhanced-phantom, XA61-export, 6, 10, 0.605, 0",
        "siemens-cimax-xa61-enhanced-phantom, XA61-export, 2, 10, 0.605, 0.485",
    })
    void sliceTimesAreThoseOfTheFrames(
            String session, String archive, String scan, int slices, double first, double last) throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Session loaded = fixture.loadShared(session, archive);

            // When
            SeriesExported exported = export(fixture, loaded, scan);

            // Then
            JsonNode sidecar = sidecar(fixture, exported);
            assertThat(sidecar.path("SliceTiming").size()).isEqualTo(slices);
            assertThat(sidecar.path("SliceTiming").get(0).asDouble()).isCloseTo(first, within(0.0051));
            assertThat(sidecar.path("SliceTiming").get(slices - 1).asDouble()).isCloseTo(last, within(0.0051));
            assertThat(StreamSupport.stream(sidecar.path("SliceTiming").spliterator(), false))
                    .allMatch(time -> time.asDouble() >= 0
                            && time.asDouble() < sidecar.path("RepetitionTime").asDouble());
        }
    }

    /** A field map measured in groups of slices: both versions of dcm2niix write times up to 52.4 s at a repetition of 0.4 s. */
    @Test
    void impossibleSliceTimesNeverLeaveAndAreReported() throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Session loaded = fixture.loadShared("siemens-prisma-vd13-multiecho", "2_me_FieldMap_GRE");

            // When
            SeriesExported exported = export(fixture, loaded, "");

            // Then
            assertThat(sidecar(fixture, exported).has("SliceTiming")).isFalse();
            assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
            assertThat(exported.reason().orElseThrow().message()).contains("SliceTiming of the converter was left out");
        }
    }

    /** The scanner's clock jumps back in the middle of the run (dcm2niix issue 911): every version writes 1.579 s instead of 2 s. */
    @Test
    void aClockThatJumpsDoesNotChangeTheRepetitionTime() throws IOException {
        Path cases =
                Path.of(System.getProperty("datman.shared-data", "none")).resolveSibling("cases/dicom/CLOCK.tar.xz");
        Assumptions.assumeTrue(Files.exists(cases), "Skipped: the cases of public reports are not here");
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Session loaded = fixture.load(cases);

            // When
            SeriesExported exported = export(fixture, loaded, "");

            // Then
            assertThat(sidecar(fixture, exported).path("RepetitionTime").asDouble())
                    .isEqualTo(2);
            assertThat(sidecar(fixture, exported).has("RepetitionTimeExcitation"))
                    .isFalse();
            try (NiftiReader nifti = NiftiReader.open(fixture.archive.resolve(exported.products()
                    .get(0)
                    .file(FileRole.NIFTI)
                    .orElseThrow()
                    .path()))) {
                assertThat(nifti.header().repetitionTimeSeconds()).isEqualTo(2);
            }
            assertThat(exported.reason().orElseThrow().message()).contains("not the converter's 1.57895 s");
            String provenance = Files.readString(fixture.archive.resolve(exported.products()
                    .get(0)
                    .file(FileRole.PROVENANCE)
                    .orElseThrow()
                    .path()));
            assertThat(provenance).contains("RepetitionTime is 2 s");
        }
    }
}
