package org.datman.analysis.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.junit.jupiter.api.Test;

class RadialCorrelationTest {

    private static final Grid GRID = Grid.ras(24, 24, 12, 8, 8, 8);

    /** Noise of sd 5; right of the middle a time series of its own with {@code flicker}. */
    private static Series run(double flicker) {
        SplittableRandom random = new SplittableRandom(5);
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < 40; t++) {
            float[] x = new float[GRID.size()];
            double now = flicker * random.nextGaussian();
            for (int v = 0; v < x.length; v++) {
                x[v] = (float) (1000 + t + 5 * random.nextGaussian() + (v % 24 >= 14 ? now : 0));
            }
            volumes.add(x);
        }
        return Series.of(GRID, volumes);
    }

    private static Mask all() {
        boolean[] in = new boolean[GRID.size()];
        Arrays.fill(in, true);
        return new Mask(GRID, in, "all");
    }

    @Test
    void aRegionThatFlickersGoesWithItsSurroundings() {
        // Given a receiver of one side that is intermittent
        Series run = run(40);

        // When
        RadialCorrelation radial = RadialCorrelation.of(run, all(), 0);

        // Then its voxels correlate strongly, those far from it do not
        assertThat(radial.percent()).isBetween(33.0, 46.0);
        assertThat(radial.r()[GRID.index(20, 12, 6)]).isGreaterThan(0.97f);
        assertThat(Math.abs(radial.r()[GRID.index(2, 12, 6)])).isLessThan(0.6f);
    }

    @Test
    void noiseAloneDoesNotCorrelate() {
        // Given
        Series run = run(0);

        // When
        RadialCorrelation radial = RadialCorrelation.of(run, all(), 0);

        // Then
        assertThat(radial.percent()).isZero();
        assertThat(RadialCorrelation.of(run, all(), 30)).isNull();
    }
}
