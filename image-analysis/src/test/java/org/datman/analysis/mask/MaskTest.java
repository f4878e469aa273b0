package org.datman.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.junit.jupiter.api.Test;

class MaskTest {

    private static final Grid GRID = Grid.ras(17, 13, 11, 1.5, 2, 3);

    @Test
    void whatIsWithinADistanceIsExact() {
        // Given
        boolean[] in = new boolean[GRID.size()];
        Random random = new Random(3);
        for (int n = 0; n < 12; n++) {
            in[random.nextInt(in.length)] = true;
        }
        Mask mask = new Mask(GRID, in, "m");
        double reach = 6.1;

        // When
        boolean[] near = Distance.within(mask, reach);

        // Then
        int[] set = mask.indices();
        for (int v = 0; v < in.length; v++) {
            double best = Double.MAX_VALUE;
            for (int s : set) {
                double x = (v % 17 - s % 17) * 1.5;
                double y = (v / 17 % 13 - s / 17 % 13) * 2.0;
                double z = (v / 221 - s / 221) * 3.0;
                best = Math.min(best, x * x + y * y + z * z);
            }
            assertThat(near[v]).as("voxel %d at %.3f mm", v, Math.sqrt(best)).isEqualTo(best <= reach * reach);
        }
    }

    @Test
    void aHollowBoxIsFilledAndTheLargestComponentKept() {
        // Given
        boolean[] in = new boolean[GRID.size()];
        for (int k = 2; k < 9; k++) {
            for (int j = 2; j < 9; j++) {
                for (int i = 2; i < 9; i++) {
                    boolean shell = i == 2 || i == 8 || j == 2 || j == 8 || k == 2 || k == 8;
                    in[GRID.index(i, j, k)] = shell;
                }
            }
        }
        in[GRID.index(14, 11, 5)] = true;

        // When
        Mask filled = Morphology.fillHoles(Morphology.largest(new Mask(GRID, in, "box"), Neighbours.FACES_6));

        // Then
        assertThat(filled.count()).isEqualTo(343);
        assertThat(filled.in()[GRID.index(5, 5, 5)]).isTrue();
        assertThat(filled.in()[GRID.index(14, 11, 5)]).isFalse();
    }

    @Test
    void neighbourhoodsGrowAPointAsSpecified() {
        // Given
        boolean[] in = new boolean[GRID.size()];
        in[GRID.index(8, 6, 5)] = true;
        Mask point = new Mask(GRID, in, "p");

        // When
        int[] sizes = {
            Morphology.dilate(point, Neighbours.FACES_6, 1).count(),
            Morphology.dilate(point, Neighbours.EDGES_18, 1).count(),
            Morphology.dilate(point, Neighbours.CORNERS_26, 1).count()
        };

        // Then
        assertThat(sizes).containsExactly(7, 19, 27);
        assertThat(Morphology.erode(Morphology.dilate(point, Neighbours.CORNERS_26, 1), Neighbours.CORNERS_26, 1)
                        .in())
                .isEqualTo(in);
    }

    @Test
    void otsuSplitsTwoLevels() {
        // Given
        float[] image = new float[2000];
        Random random = new Random(5);
        for (int v = 0; v < image.length; v++) {
            image[v] = (float) ((v % 4 == 0 ? 800 : 100) + 20 * random.nextGaussian());
        }

        // When
        double cut = Threshold.otsu(image);

        // Then
        assertThat(cut).isBetween(160.0, 740.0);
    }

    @Test
    void theClipLevelIsHalfTheMedianAboveItself() {
        // Given
        float[] image = new float[20000];
        Random random = new Random(6);
        for (int v = 0; v < image.length; v++) {
            image[v] = (float) Math.abs(v % 3 == 0 ? 900 + 80 * random.nextGaussian() : 15 * random.nextGaussian());
        }

        // When
        double clip = Threshold.clipLevel(image, 0.5);

        // Then: a fixed point of its own definition, to the width of a bin
        float[] above = new float[image.length];
        int n = 0;
        for (float v : image) {
            if (v >= clip) {
                above[n++] = v;
            }
        }
        double median = Statistics.medianInPlace(above, n);
        assertThat(clip).isCloseTo(0.5 * median, within(0.5));
    }
}
