package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.ConvertedScans;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The human T1 among the real scans. What is expected are N4 and Atropos of ANTs (antspyx 0.6.3) inside our mask: {@code
 * n4_bias_field_correction(image, mask, shrink_factor=4 or 2 for voxels above 1.5 mm, convergence={'iters': [50, 50, 50, 50], 'tol':
 * 1e-7})}, then {@code atropos(a=n4, x=mask, i='kmeans[3]', m='[0.1,1x1x1]', c='[5,0]')}; medians, sd and MAD are weighted by its
 * probabilities.
 */
class RealT1Test {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // series, shares of CSF, grey and white, grey over white, CJV, SNR of grey and of white
        "siemens-prisma-xa30-enhanced/5_anat-T1w_acq-tfl, 0.242, 0.339, 0.419, 0.734, 0.709, 7.45, 9.18",
        "siemens-prisma-xa30-enhanced/6_anat-T1w_acq-tfl, 0.262, 0.377, 0.361, 0.698, 0.628, 7.57, 11.75",
        "philips-elition-classic/1301_ADNI_Sag3D_MPRAGE, 0.191, 0.411, 0.398, 0.711, 0.498, 8.32, 16.07",
    })
    void tissueAgreesWithAnts(
            String series,
            double csf,
            double grey,
            double white,
            double ratio,
            double cjv,
            double greySnr,
            double whiteSnr)
            throws Exception {
        // Given
        Path nifti = converted(series);

        // When
        Report report = measured(nifti);

        // Then
        assertNamed(report);
        assertThat(report.value("icvs_csf")).isCloseTo(csf, within(0.05));
        assertThat(report.value("icvs_gm")).isCloseTo(grey, within(0.05));
        assertThat(report.value("icvs_wm")).isCloseTo(white, within(0.05));
        assertThat(report.value("summary_gm_median") / 1000).isCloseTo(ratio, within(0.05));
        assertThat(report.value("cjv")).isCloseTo(cjv, within(0.2 * cjv));
        assertThat(report.value("snr_gm")).isCloseTo(greySnr, within(0.2 * greySnr));
        assertThat(report.value("snr_wm")).isCloseTo(whiteSnr, within(0.2 * whiteSnr));
        assertThat(report.value("brain_volume")).isBetween(1.2, 1.75);
        assertThat(report.value("brain_open")).isLessThan(0.2);
    }

    @Test
    void thickSlicesAreNamedToo() throws Exception {
        // Given: 2D FLASH, 35 sagittal slices of 4.8 mm
        Path nifti = converted("siemens-prisma-ve11-t1-dwi/3_t1_fl2d_sag");

        // When
        Report report = measured(nifti);

        // Then
        assertNamed(report);
        // With room to the limits of the gate: the next one is not cut off by chance.
        assertThat(report.value("brain_open")).isLessThan(0.8 * TissueMetrics.MOST_OPEN);
        assertThat(report.value("brain_volume")).isLessThan(0.95 * TissueMetrics.MOST_LITRES);
        assertThat(report.value("icvs_wm")).isBetween(0.35, 0.5);
        assertThat(report.value("summary_gm_median") / 1000).isBetween(0.78, 0.88);
    }

    @Test
    void aPhantomsT1IsNotNamed() throws Exception {
        // Given: a field of points
        Path nifti = converted("ge-pioneer-t1-dwi-phantom/05_3D_Ax_T1_MP_RAGE_R22");

        // When
        Report report = measured(nifti);

        // Then
        for (String key : TissueMetrics.keys()) {
            assertThat(report.metrics().get(key).value()).as(key).isNull();
            assertThat(report.metrics().get(key).reason()).as(key).isNotBlank();
        }
    }

    private static void assertNamed(Report report) {
        for (String key : TissueMetrics.keys()) {
            // Air that is masked or rounded away has its own reasons.
            if (!key.startsWith("snrd_") && !key.equals("cnr") && !key.equals("snr_qap")) {
                assertThat(report.value(key))
                        .as(key + " " + report.metrics().get(key).reason())
                        .isNotNull();
            }
        }
    }

    private static Report measured(Path nifti) throws Exception {
        return Measurement.measure(MeasureRequest.of("t1", QcKind.ANAT, nifti)).report();
    }

    private Path converted(String series) throws Exception {
        return ConvertedScans.converted(folder, series).get(0);
    }
}
