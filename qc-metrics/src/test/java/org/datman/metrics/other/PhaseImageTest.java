package org.datman.metrics.other;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.datman.synthetic.FieldMap;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseImageTest {

    private static final Grid GRID = Grid.axial(64, 64, 24, 3.5, 3.5, 4.5);
    private static final List<String> OF_MAGNITUDE = List.of("sigma_bg", "efc", "fber", "fwhm_x", "sigma_img");

    @TempDir
    private Path folder;

    @Test
    void aPhaseImageHasNoNumbersOfAMagnitude() throws Exception {
        // Given: a phase difference in 12 bits
        float[] phase = FieldMap.of(GRID, Head.adult(), 10, 1).phaseDifference(0.00246);

        // When
        Report report = measure(phase, "[\"ORIGINAL\", \"PRIMARY\", \"P\", \"ND\", \"PHASE\"]");

        // Then
        for (String key : OF_MAGNITUDE) {
            assertThat(report.metrics().get(key).reason()).as(key).isEqualTo("phase_image");
        }
        assertThat(report.value("phase_turn")).isEqualTo(4096);
        assertThat(report.value("phase_coherent")).isBetween(0.15, 0.6);
        assertThat(report.value("phase_noise_deg")).isLessThan(8);
    }

    @Test
    void noiseAndWrapsOfAPhaseRampAreThoseThatWereMade() throws Exception {
        // Given: three turns from side to side, 5 degrees of noise, in radians
        Random random = new Random(5);
        float[] ramp = new float[GRID.voxels()];
        for (int v = 0; v < ramp.length; v++) {
            double turns = 3.0 * (v % GRID.nx()) / GRID.nx() + random.nextGaussian() * 5 / 360;
            ramp[v] = (float) (2 * Math.PI * (turns - Math.rint(turns)));
        }

        // When
        Report report = measure(ramp, "[\"ORIGINAL\", \"PRIMARY\", \"PHASE MAP\", \"P\", \"FFE\"]");

        // Then
        assertThat(report.value("phase_noise_deg")).isCloseTo(5, within(0.3));
        assertThat(report.value("phase_wraps")).isCloseTo(3.0 / GRID.nx(), within(0.02));
        assertThat(report.value("phase_coherent")).isGreaterThan(0.9);
    }

    @Test
    void aMagnitudeImageHasNoPhase() throws Exception {
        // Given
        float[] magnitude = FieldMap.of(GRID, Head.adult(), 10, 1).magnitude(1);

        // When
        Report report = measure(magnitude, "[\"ORIGINAL\", \"PRIMARY\", \"M\", \"ND\"]");

        // Then
        assertThat(report.value("efc")).isNotNull();
        assertThat(report.metrics().get("phase_noise_deg").reason()).isEqualTo("no_phase_image");
    }

    @ParameterizedTest
    @CsvSource({"bold, tsnr", "anat, snr_core", "dwi, ndc", "other, efc"})
    void theImageTypeDecidesBeforeTheTag(String kind, String ofMagnitude) throws Exception {
        // Given: a phase image under a tag of magnitudes
        float[] phase = FieldMap.of(GRID, Head.adult(), 10, 1).phaseDifference(0.00246);

        // When
        Report report = measure(kind, phase, "[\"ORIGINAL\", \"PRIMARY\", \"P\", \"ND\", \"PHASE\"]");

        // Then
        assertThat(report.kind().key()).isEqualTo(kind);
        assertThat(report.metrics().get(ofMagnitude).reason()).isEqualTo("phase_image");
        assertThat(report.value("phase_turn")).isEqualTo(4096);
        assertThat(report.flags()).isEmpty();
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.PASS);
    }

    private Report measure(float[] image, String type) throws Exception {
        return measure("other", image, type);
    }

    private Report measure(String kind, float[] image, String type) throws Exception {
        Path json = folder.resolve("map.json");
        Files.writeString(json, "{\"ImageType\": " + type + "}");
        return Measurement.measure(
                        MeasureRequest.of("map", QcKind.of(kind), Fixtures.write(folder, "map.nii", GRID, image))
                                .withSidecar(json))
                .report();
    }
}
