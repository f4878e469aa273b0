package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.plots.report.TemporalSpectrum;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The old spectrum of a run (qcmon, scipy's periodogram), at the series' own TR. */
class TemporalSpectrumTest {

    private static final Grid GRID = Grid.ras(12, 12, 6, 3, 3, 3);
    private static final double TR = 0.8;

    @ParameterizedTest
    @ValueSource(ints = {40, 41})
    void aWaveOnWhiteNoiseIsAPeakOnAFlatGround(int volumes) {
        // Given: noise of variance 4; in half of the voxels a wave of 3 with 8 periods in the run; a slope in all
        Random random = new Random(volumes);
        List<float[]> run = new ArrayList<>();
        for (int t = 0; t < volumes; t++) {
            float[] volume = new float[GRID.size()];
            for (int v = 0; v < volume.length; v++) {
                double wave = v % 2 == 0 ? 3 * Math.cos(2 * Math.PI * 8 * t / volumes) : 0;
                volume[v] = (float) (1000 + 2.0 * t + wave + 2 * random.nextGaussian());
            }
            run.add(volume);
        }
        boolean[] all = new boolean[GRID.size()];
        java.util.Arrays.fill(all, true);

        // When
        TemporalSpectrum spectrum = Temporal.of(Series.of(GRID, run), new Mask(GRID, all, "all"), 0, 2, TR).spectrum;

        // Then: noise has 2 v TR, the wave a² / 2 over the width of a frequency; with it half of the voxels differ
        double width = 1 / (volumes * TR);
        double noise = 2 * 4 * TR;
        double peak = 9 / 2.0 / width;
        assertThat(spectrum.hz()).hasSize(volumes / 2 + 1).startsWith(0);
        assertThat(spectrum.hz()[8]).isCloseTo(8 * width, within(1e-12));
        assertThat(spectrum.mean()[12]).isCloseTo(noise, Percentage.withPercentage(10));
        assertThat(spectrum.sd()[12]).isCloseTo(noise, Percentage.withPercentage(20));
        assertThat(spectrum.mean()[8]).isCloseTo(peak / 2 + noise, Percentage.withPercentage(5));
        assertThat(spectrum.sd()[8]).isGreaterThan(peak / 2);
        assertThat(spectrum.mean()[0]).isLessThan(1e-6);
    }
}
