package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.testkit.Fixtures;
import org.datman.metrics.OtherProgram;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A functional run against nipype and MRtrix3, with the same mask. */
@Tag("other-programs")
class OtherProgramsBoldTest {

    private static final Grid GRID = Grid.axial(32, 32, 10, 6, 6, 6);
    private static final int VOLUMES = 24;
    private static final String DVARS = """
            import sys, numpy
            from nipype.algorithms import confounds
            try:
                import nitime
            except ImportError:
                # nipype imports Yule and Walker's lag-1 autocorrelation from there; python3-nipype does not bring it along.
                confounds._AR_est_YW = lambda x, order, rxx=None: numpy.dot(x[1:], x[:-1]) / numpy.dot(x, x)
            standard, plain, voxelwise = confounds.compute_dvars(sys.argv[1], sys.argv[2], remove_zerovariance=True, variance_tol=1e-7)
            print(*plain, *standard, *voxelwise)
            """;

    @TempDir
    private Path folder;

    @Test
    void dvarsAreThoseOfNipype() throws Exception {
        // Given
        OtherProgram.neededInPython("import nipype", "python3-nipype");
        EpiSeries run = run();
        Series series = Fixtures.series(run);
        Mask mask = mask(series);
        double[] theirs = OtherProgram.python(
                folder, DVARS, Fixtures.write(folder, "run.nii", run), Fixtures.write(folder, "mask.nii", GRID, mask));

        // When
        Temporal ours = Temporal.of(series, mask, 0, 2, run.trSeconds());

        // Then: nipype estimates the autocorrelation in single precision
        assertThat(theirs).hasSize(3 * (VOLUMES - 1));
        double[][] courses = {ours.dvarsN, ours.dvarsStd, ours.dvarsVstd};
        for (int c = 0; c < courses.length; c++) {
            for (int t = 1; t < VOLUMES; t++) {
                double expected = theirs[c * (VOLUMES - 1) + t - 1];
                assertThat(courses[c][t]).isCloseTo(expected, within(1e-5 * expected));
            }
        }
    }

    @Test
    void meanAndSpreadOfAMaskAreThoseOfMrstats() throws Exception {
        // Given
        OtherProgram.needed("mrstats", "mrtrix3");
        EpiSeries run = run();
        Series series = Fixtures.series(run);
        Mask mask = mask(series);
        Path file = Fixtures.write(folder, "run.nii", run);
        Path inside = Fixtures.write(folder, "mask.nii", GRID, mask);
        double[] mean = OtherProgram.numbers(
                OtherProgram.run(folder, "mrstats", file, "-mask", inside, "-output", "mean", "-quiet"));
        double[] sd = OtherProgram.numbers(
                OtherProgram.run(folder, "mrstats", file, "-mask", inside, "-output", "std", "-quiet"));
        double[] median = OtherProgram.numbers(
                OtherProgram.run(folder, "mrstats", file, "-mask", inside, "-output", "median", "-quiet"));

        // When
        double[] course = Temporal.of(series, mask, 0, 2, run.trSeconds()).global;

        // Then: it prints six digits
        assertThat(mean).hasSize(VOLUMES);
        for (int t = 0; t < VOLUMES; t++) {
            float[] values = mask.values(series.volume(t).data());
            assertThat(course[t]).isCloseTo(mean[t], Percentage.withPercentage(1e-3));
            assertThat(Statistics.sd(values, 1)).isCloseTo(sd[t], Percentage.withPercentage(1e-3));
            assertThat(Statistics.median(values)).isCloseTo(median[t], Percentage.withPercentage(1e-3));
        }
    }

    private static EpiSeries run() {
        double[] common = new double[VOLUMES];
        Arrays.setAll(common, t -> 8 * Math.sin(t));
        return EpiSeries.of(GRID, VOLUMES).sigma(8).commonSignal(common).seed(11);
    }

    private static Mask mask(Series series) {
        return Masks.inner(Masks.automask(series.grid(), series.volume(0).data(), 0.5, 1));
    }
}
