package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.datman.imaging.nifti.NiftiImage;
import org.datman.pipeline.PythonPackages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ants-registration} of the catalogue, really run on a planted bias field and a planted displacement. */
class AntsTest {

    private static final int SIDE = 48;
    private static final float VOXEL = 2;

    /** In voxels. */
    private static final double[] SHIFT = {2, -1.5, 1};

    private static final double BRIGHTNESS = 100;

    @TempDir
    Path folder;

    private PythonPackages python;

    @BeforeEach
    void ants() throws Exception {
        python = PythonPackages.large(folder, "antspyx==0.6.3");
    }

    @Test
    void theBiasFieldIsTakenAwayAndTheDisplacementFound() throws Exception {
        // Given
        float[] biased = head(new double[3], 0.5);
        CatalogueRun run = new CatalogueRun(folder, "ants-registration")
                .programs(Path.of(python.program("python3")).getParent())
                .file("fixed", "fixed.nii", TestNifti.of(SIDE, VOXEL, biased))
                .file("moving", "moving.nii", TestNifti.of(SIDE, VOXEL, head(SHIFT, 0)));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
        double displacement = VOXEL * Math.sqrt(SHIFT[0] * SHIFT[0] + SHIFT[1] * SHIFT[1] + SHIFT[2] * SHIFT[2]);
        assertThat(ended.measures().get("displacement_of_centre moving mm")).isCloseTo(displacement, within(0.5));
        assertThat(ended.measures().get("rotation moving degree")).isLessThan(2);
        assertThat(ended.measures().get("bias_field_ratio fixed 1")).isGreaterThan(1.3);
        assertThat(ended.measures().get("bias_field_ratio moving 1")).isLessThan(1.3);
        float[] corrected =
                NiftiImage.read(ended.folder().resolve("fixed_n4.nii.gz")).volumes()[0];
        assertThat(unevenness(corrected)).isLessThan(0.4 * unevenness(biased));
    }

    /** An ellipsoid with two boxes and a bar in it; the bias is a slope along x. */
    private static float[] head(double[] shift, double bias) {
        float[] voxels = new float[SIDE * SIDE * SIDE];
        double centre = (SIDE - 1) / 2.0;
        for (int k = 0, i = 0; k < SIDE; k++) {
            for (int j = 0; j < SIDE; j++) {
                for (int x = 0; x < SIDE; x++, i++) {
                    double u = x - centre - shift[0];
                    double v = j - centre - shift[1];
                    double w = k - centre - shift[2];
                    voxels[i] = (float) (tissue(u, v, w) * (1 + bias * (x - centre) / centre));
                }
            }
        }
        return voxels;
    }

    private static double tissue(double u, double v, double w) {
        if (Math.abs(u - 8) < 5 && Math.abs(v - 4) < 9 && Math.abs(w) < 4) {
            return 2 * BRIGHTNESS;
        }
        if (Math.abs(u + 9) < 3 && Math.abs(v + 6) < 8 && Math.abs(w - 3) < 6) {
            return 0.3 * BRIGHTNESS;
        }
        if (Math.abs(u) < 12 && Math.abs(v - 14) < 2 && Math.abs(w + 5) < 3) {
            return 1.5 * BRIGHTNESS;
        }
        return u * u / 400 + v * v / 484 + w * w / 256 < 1 ? BRIGHTNESS : 0;
    }

    /** Standard deviation over mean of what has one brightness in truth. */
    private static double unevenness(float[] voxels) {
        double centre = (SIDE - 1) / 2.0;
        double n = 0;
        double sum = 0;
        double squares = 0;
        for (int k = 0, i = 0; k < SIDE; k++) {
            for (int j = 0; j < SIDE; j++) {
                for (int x = 0; x < SIDE; x++, i++) {
                    if (tissue(x - centre, j - centre, k - centre) == BRIGHTNESS) {
                        n++;
                        sum += voxels[i];
                        squares += voxels[i] * voxels[i];
                    }
                }
            }
        }
        return Math.sqrt(squares / n - sum / n * (sum / n)) / (sum / n);
    }
}
