package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.datman.pipeline.PythonPackages;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code amico-noddi} of the catalogue, really run on compartments that are known. */
class NoddiTest {

    private static final int DIRECTIONS = 32;

    /** Diffusivity along neurites and of free water, mm2/s, as AMICO presets them. */
    private static final double ALONG = 1.7e-3;

    private static final double FREE = 3e-3;

    private static final double DENSITY = 0.6;
    private static final double WATER = 0.5;

    @TempDir
    Path folder;

    private static PythonPackages python;

    /** It takes a minute: once. */
    @BeforeAll
    static void amico(@TempDir Path packages) throws Exception {
        python = PythonPackages.large(packages, "dmri-amico==2.1.1");
    }

    @Test
    void densityAndFreeWaterAreThoseOfTheSignal() throws Exception {
        // Given
        String shells = "0" + " 1000".repeat(DIRECTIONS) + " 2500".repeat(DIRECTIONS);
        CatalogueRun run = run(shells);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then half of the voxels have free water
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
        assertThat(ended.measures()).hasSize(4).containsEntry("mask_voxels brain_mask 1", 64.0);
        assertThat(ended.measures().get("neurite_density_index_mean brain_mask 1"))
                .isCloseTo(DENSITY, within(0.08));
        assertThat(ended.measures().get("free_water_fraction_mean brain_mask 1"))
                .isCloseTo(WATER / 2, within(0.07));
        assertThat(ended.measures().get("orientation_dispersion_index_mean brain_mask 1"))
                .isLessThan(0.05);
    }

    @Test
    void oneShellIsNotEnough() throws Exception {
        // Given as scanners write one shell: b-values that round to two hundreds
        CatalogueRun run = run("0" + " 1045 1050 1055 1060".repeat(DIRECTIONS / 2));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.errors()).contains("NODDI needs two shells");
    }

    private CatalogueRun run(String bval) throws Exception {
        String[] b = bval.split(" ");
        double[][] directions = TensorBall.directions(DIRECTIONS);
        StringBuilder bvec = new StringBuilder();
        float[][] volumes = new float[b.length][64];
        for (int axis = 0; axis < 3; axis++) {
            for (int v = 0; v < b.length; v++) {
                bvec.append(v == 0 ? 0 : directions[(v - 1) % DIRECTIONS][axis]).append(' ');
            }
            bvec.append('\n');
        }
        for (int v = 0; v < b.length; v++) {
            double x = v == 0 ? 0 : directions[(v - 1) % DIRECTIONS][0];
            for (int voxel = 0; voxel < 64; voxel++) {
                volumes[v][voxel] = (float) (1000 * signal(Double.parseDouble(b[v]), x, voxel < 32 ? 0 : WATER));
            }
        }
        float[][] mask = {new float[64]};
        Arrays.fill(mask[0], 1);
        return new CatalogueRun(folder, "amico-noddi")
                .programs(Path.of(python.program("python3")).getParent())
                .file("dwi", "s.nii", TestNifti.of(4, 2, volumes))
                .file("mask", "mask.nii", TestNifti.of(4, 2, mask))
                .file("bval", "s.bval", bval)
                .file("bvec", "s.bvec", bvec.toString());
    }

    /** Of sticks along x, the space around them, and free water (Zhang et al. 2012, without dispersion). */
    private static double signal(double b, double x, double water) {
        double across = ALONG * (1 - DENSITY);
        double inside = Math.exp(-b * ALONG * x * x);
        double around = Math.exp(-b * (ALONG * x * x + across * (1 - x * x)));
        return (1 - water) * (DENSITY * inside + (1 - DENSITY) * around) + water * Math.exp(-b * FREE);
    }
}
