package org.datman.analysis.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.junit.jupiter.api.Test;

class TimeMapsTest {

    private static final int VOLUMES = 101;

    @Test
    void aTrendIsNoNoiseAndAnAlternationIsSeen() {
        // Given noise of sd 5 on a steep trend, one voxel that alternates by 3, and two volumes before the steady state
        Grid grid = Grid.ras(4, 3, 2, 3, 3, 3);
        SplittableRandom random = new SplittableRandom(3);
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < VOLUMES + 2; t++) {
            float[] image = new float[grid.size()];
            for (int v = 0; v < image.length; v++) {
                image[v] = (float) ((t < 2 ? 5000 : 1000) + 4 * t + 5 * random.nextGaussian());
            }
            image[7] += t % 2 == 0 ? 3 : -3;
            volumes.add(image);
        }

        // When the maps are made
        TimeMaps maps = TimeMaps.of(Series.of(grid, volumes), 2, new int[] {7, 20});

        // Then mean and sd are those of the formula, and the alternation is 3 times the root of the number of volumes
        double[] mean = new double[grid.size()];
        for (int v = 0; v < grid.size(); v++) {
            double sum = 0;
            for (int t = 2; t < VOLUMES + 2; t++) {
                sum += volumes.get(t)[v];
            }
            mean[v] = sum / VOLUMES;
        }
        assertThat(maps.mean[5]).isCloseTo((float) mean[5], within(1e-3f));
        double averageSd = 0;
        for (float s : maps.sd) {
            averageSd += s / maps.sd.length;
        }
        assertThat(averageSd).isCloseTo(5, within(0.35));
        assertThat(maps.difference[7]).isCloseTo(30f, within(15f));
        assertThat(maps.tsnr()[5]).isCloseTo(maps.mean[5] / maps.sd[5], within(1e-3f));
        assertThat(maps.courses[0]).hasSize(VOLUMES + 2);
        assertThat(maps.courses[1][4]).isEqualTo(volumes.get(4)[20]);
    }
}
