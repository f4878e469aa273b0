package org.datman.metrics.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.ConvertedScans;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs of real phantoms whose background has a line that is no RF noise: on the GE a streak that crosses the field of view at the phantom's
 * upper edge and is the same in every volume, on the Siemens the edge of an N/2 ghost.
 */
class RealZipperTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "ge-premier-localizer-bold-phantom/04_Ax_fMRI_FF_I01.1_S25.9, 4_",
        "ge-premier-localizer-bold-phantom/06_Ax_fMRI_HF_I11.1_S15.9, 6_",
        "ge-premier-localizer-bold-phantom/08_Ax_fMRI_HF_I01.1_S25.9, 8_",
        "siemens-cimax-xa61-enhanced-phantom/XA61-export, 4_PRODUCT",
    })
    void whatFollowsThePhantomIsNoLine(String archive, String start) throws Exception {
        // Given
        Path nifti = ConvertedScans.converted(folder, archive).stream()
                .filter(f -> f.getFileName().toString().startsWith(start))
                .findFirst()
                .orElseThrow();
        MeasureRequest request =
                MeasureRequest.of("run", QcKind.BOLD, nifti).withSidecar(ConvertedScans.sidecar(nifti));

        // When
        Report report = Measurement.measure(request).report();

        // Then
        assertThat(report.value("zipper_score")).isBetween(0.0, 10.0);
        assertThat(report.flags()).noneMatch(f -> f.kind().equals("zipper"));
    }
}
