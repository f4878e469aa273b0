package org.datman.metrics.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiImage;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ACR phantom: a drawn one whose numbers are known, and real scans against the values that hazen publishes for them (<a href="{@docRoot}/../docs/qc-specification.md#F110">F110</a>). */
class AcrScenariosTest {

    private static final int N = 256;
    private static final double MM = 1;
    private static final double SIGMA = 5;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void theNumbersOfADrawnPhantomAreFoundFromEitherEndAndTurned(boolean reversed, boolean turned) throws Exception {
        // Given: 190 mm wide, signal 1000 that falls by 10 % from left to right over 100 mm, ramps 44 and 56 mm, ghost
        // strips of 12, bars at the rim that differ by -2 and 3 mm, six spokes in slice 8, all in the others
        float[][] slices = phantom(44, 56, 12);

        // When
        Measured measured = measure(write(turned ? turned(slices) : slices, reversed));

        // Then: circles of 1 cm2 inside 200 cm2 have their centres up to 74 mm from the middle
        Report report = measured.report();
        double piu = 100 * (1 - (0.148 * 1000) / 2000);
        assertThat(report.value("acr_first_slice")).isEqualTo(reversed ? 10 : 0);
        assertThat(report.value("acr_length_x")).isCloseTo(190, within(1.0));
        assertThat(report.value("acr_length_y")).isCloseTo(190, within(1.0));
        assertThat(report.value("acr_length_5_x")).isCloseTo(190, within(1.0));
        assertThat(report.value("acr_length_5_rising")).isCloseTo(190, within(1.0));
        assertThat(report.value("acr_length_5_falling")).isCloseTo(190, within(1.0));
        assertThat(report.value("acr_piu")).isCloseTo(piu, within(0.5));
        assertThat(report.value("acr_psg")).isCloseTo(100 * 2 * (12 + 20 - 20) / (2 * 1000.0), within(0.1));
        assertThat(report.value("acr_slice_thickness")).isCloseTo(0.2 * 44 * 56 / 100, within(0.15));
        assertThat(report.value("acr_slice_thickness_fwhm")).isCloseTo(0.2 * 44 * 56 / 100, within(0.1));
        assertThat(report.value("acr_snr")).isCloseTo(1000 / SIGMA, within(20.0));
        assertThat(report.value("acr_position_1")).isCloseTo(turned ? 2 : -2, within(0.3));
        assertThat(report.value("acr_position_11")).isCloseTo(turned ? -3 : 3, within(0.3));
        assertThat(report.value("acr_lcod_8")).isEqualTo(6);
        assertThat(report.value("acr_lcod_9")).isGreaterThanOrEqualTo(9);
        assertThat(report.value("acr_lcod_11")).isEqualTo(10);
        assertThat(measured.pictures())
                .extracting(p -> p.fileName())
                .containsExactly(
                        "mosaic.png",
                        "background.png",
                        "background-log.png",
                        "phantom.png",
                        "low-contrast.png",
                        "kspace.png",
                        "profiles.svg",
                        "spectra.svg");
    }

    @Test
    void twoAcquisitionsGiveTheSnrOfTheirDifference() throws Exception {
        // Given
        float[][] first = phantom(50, 50, 0, 1);
        float[][] second = phantom(50, 50, 0, 2);

        // When
        Report report = measure(write(first, false, second)).report();

        // Then
        assertThat(report.value("acr_snr_subtraction")).isCloseTo(1000 / SIGMA, within(12.0));
    }

    @Test
    void missingSlicesGiveReasons() throws Exception {
        // Given: ten slices
        float[][] ten = java.util.Arrays.copyOf(phantom(50, 50, 0), 10);

        // When
        Report report = measure(write(ten, false)).report();

        // Then
        assertThat(report.metrics().get("acr_piu").reason()).isEqualTo("not_11_slices");
        assertThat(report.metrics().get("acr_length_x").reason()).isEqualTo("not_11_slices");
        assertThat(report.value("efc")).isNotNull();
    }

    @Test
    void aSliceWithoutRampsHasNoThickness() throws Exception {
        // Given
        float[][] slices = phantom(0, 0, 0);

        // When
        Report report = measure(write(slices, false)).report();

        // Then
        assertThat(report.metrics().get("acr_slice_thickness").reason()).isEqualTo("ramps_not_found");
        assertThat(report.value("acr_length_x")).isNotNull();
    }

    /**
     * Thickness: hazen 2's 5.89 for the Siemens phantom; for GE its 9.99 are pixels of 0.5078 mm. At half maximum hazen 1's 4.91 and
     * 5.02. Bars: hazen reads them off to 0.2 pixel and shifts profiles. Spokes: of four slices, hazen 39 and 17.
     */
    @ParameterizedTest
    @CsvSource({
        "Siemens, 67.49, 0.035, 191.41, 187.5, 339.1, 5.89, 4.91, -0.59, -1.56, 39",
        "GE, 83.78, 0.485, 190.93, 188.9, 39.98, 5.07, 5.02, 0.41, 0.3, 17"
    })
    void realScansAgreeWithHazen(
            String name,
            double piu,
            double psg,
            double x,
            double y,
            double snr,
            double thickness,
            double fwhm,
            double bars1,
            double bars11,
            int spokes)
            throws Exception {
        // Given (docs/qc-specification.md#F110)
        Path nifti = convert(name);

        // When
        Report report = measure(nifti).report();

        // Then
        assertThat(report.value("acr_piu")).isCloseTo(piu, within(1.0));
        assertThat(report.value("acr_psg")).isCloseTo(psg, within(0.05));
        assertThat(report.value("acr_length_x")).isCloseTo(x, within(1.0));
        assertThat(report.value("acr_length_y")).isCloseTo(y, within(1.0));
        assertThat(report.value("acr_snr")).isCloseTo(snr, within(0.05 * snr));
        assertThat(report.value("acr_slice_thickness")).isCloseTo(thickness, within(0.5));
        assertThat(report.value("acr_slice_thickness_fwhm")).isCloseTo(fwhm, within(0.1));
        assertThat(report.value("acr_position_1")).isCloseTo(bars1, within(0.6));
        assertThat(report.value("acr_position_11")).isCloseTo(bars11, within(0.6));
        assertThat(report.value("acr_lcod")).isCloseTo(spokes, within(3.0));
    }

    @Test
    void twoRealScansGiveHazensSnrOfTheirDifference() throws Exception {
        // Given: the Siemens phantom twice, as two volumes of one image (docs/qc-specification.md#F110)
        NiftiImage first = NiftiImage.read(convert("Siemens"));
        NiftiImage second = NiftiImage.read(convert("Siemens2"));
        NiftiHeader header =
                NiftiHeader.of(NiftiDataType.FLOAT32, first.header().affine(), N, N, 11, 2);
        Path both = folder.resolve("both.nii");
        NiftiWriter.write(both, header, List.of(first.volumes()[0], second.volumes()[0]));

        // When
        Report report = measure(both).report();

        // Then
        assertThat(report.value("acr_snr_subtraction")).isCloseTo(76.52, within(0.05 * 76.52));
    }

    @Test
    void theRealLocalizerGivesTheHeight() throws Exception {
        // Given
        Path nifti = convert("GE_Signa_1.5T_Sagittal_Localizer");

        // When
        Report report = measure(nifti).report();

        // Then
        assertThat(report.value("acr_height")).isCloseTo(148, within(1.0));
    }

    /** Eleven slices: a disc; in slice 1 a dark bar with two ramps, in slice 5 a grid, elsewhere nothing; air of 20, strips brighter. */
    private static float[][] phantom(double lowerMm, double upperMm, double ghost) {
        return phantom(lowerMm, upperMm, ghost, 110);
    }

    private static float[][] phantom(double lowerMm, double upperMm, double ghost, long seed) {
        Random random = new Random(seed);
        float[][] slices = new float[11][N * N];
        for (int k = 0; k < 11; k++) {
            for (int j = 0; j < N; j++) {
                for (int i = 0; i < N; i++) {
                    double x = (i - (N - 1) / 2.0) * MM;
                    double y = (j - (N - 1) / 2.0) * MM;
                    slices[k][j * N + i] =
                            (float) (signal(k, x, y, lowerMm, upperMm, ghost) + SIGMA * random.nextGaussian());
                }
            }
        }
        return slices;
    }

    private static double signal(int k, double x, double y, double lowerMm, double upperMm, double ghost) {
        if (Math.hypot(x, y) > 95) {
            return 20 + (Math.abs(y) > 98 ? ghost : 0);
        }
        double full = 1000 * (1 - x / 1000);
        // The half at the patient's right is on the left of the picture.
        double length = k == 0 ? (x > 0 ? 30 : 28) : k == 10 ? (x > 0 ? 28 : 31) : 0;
        if (Math.abs(x) < 6 && y > 95 - length) {
            return 40;
        }
        if (k >= 7) {
            return full * disc(k, x, y + 8);
        }
        if (k == 0 && Math.abs(y) < 6 && Math.abs(x) < 88) {
            double width = y < 0 ? lowerMm : upperMm;
            return Math.abs(x) < width / 2 ? 250 : 60;
        }
        // The insert for resolution darkens slice 1 further, as in the real phantom.
        boolean insert = k == 0 && y < -20 && y > -60 && Math.abs(x) < 60;
        boolean grid =
                k == 4 && (Math.floorMod((int) Math.round(x), 15) == 0 || Math.floorMod((int) Math.round(y), 15) == 0);
        return insert ? 60 : grid ? 200 : full;
    }

    /** Low-contrast disc in its dark ring. */
    private static double disc(int k, double x, double y) {
        double away = Math.hypot(x, y);
        if (away > 45 && away < 51) {
            return 0.05;
        }
        double[] contrast = {0.014, 0.025, 0.036, 0.051};
        for (int spoke = 0; spoke < (k == 7 ? 6 : 10); spoke++) {
            double angle = Math.toRadians(200 - 36 * spoke + 9 * (10 - k));
            for (double radius : LowContrast.RADII_MM) {
                double hole = Math.hypot(x - radius * Math.sin(angle), y + radius * Math.cos(angle));
                if (hole < LowContrast.DIAMETERS_MM[spoke] / 2) {
                    return 1 + contrast[k - 7];
                }
            }
        }
        return 1;
    }

    /** Columns and rows exchanged: left and right as well. */
    private static float[][] turned(float[][] slices) {
        float[][] out = new float[slices.length][N * N];
        for (int k = 0; k < slices.length; k++) {
            for (int v = 0; v < N * N; v++) {
                out[k][v % N * N + v / N] = slices[k][v];
            }
        }
        return out;
    }

    private Path write(float[][] slices, boolean reversed) throws Exception {
        return write(slices, reversed, null);
    }

    private Path write(float[][] slices, boolean reversed, float[][] second) throws Exception {
        double[][] affine = {{MM, 0, 0, -N / 2.0}, {0, MM, 0, -N / 2.0}, {0, 0, 10, -50}, {0, 0, 0, 1}};
        Path file = folder.resolve("acr.nii");
        int n = slices.length;
        NiftiHeader header = second == null
                ? NiftiHeader.of(NiftiDataType.FLOAT32, affine, N, N, n)
                : NiftiHeader.of(NiftiDataType.FLOAT32, affine, N, N, n, 2);
        float[] first = volume(slices, reversed);
        NiftiWriter.write(file, header, second == null ? List.of(first) : List.of(first, volume(second, reversed)));
        return file;
    }

    private static float[] volume(float[][] slices, boolean reversed) {
        int n = slices.length;
        float[] volume = new float[n * N * N];
        for (int k = 0; k < n; k++) {
            System.arraycopy(slices[reversed ? n - 1 - k : k], 0, volume, k * N * N, N * N);
        }
        return volume;
    }

    private static Measured measure(Path nifti) throws Exception {
        return Measurement.measure(MeasureRequest.of("acr", QcKind.ACR, nifti));
    }

    private Path convert(String name) throws Exception {
        Path archive = Path.of(System.getProperty("datman.shared-data", "nowhere"), "acr-phantom", name + ".tar.xz");
        Assumptions.assumeTrue(Files.isReadable(archive), "skipped: no real scans in datman.shared-data");
        Assumptions.assumeTrue(runs("dcm2niix", "-v"), "skipped: dcm2niix is not installed");
        Path dicom = Files.createDirectory(folder.resolve(name));
        assertThat(runs("tar", "-C", dicom.toString(), "-xf", archive.toString()))
                .isTrue();
        assertThat(runs("dcm2niix", "-z", "n", "-f", name, "-o", folder.toString(), dicom.toString()))
                .isTrue();
        return folder.resolve(name + ".nii");
    }

    private static boolean runs(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && (process.exitValue() == 0 || command.length == 2);
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
