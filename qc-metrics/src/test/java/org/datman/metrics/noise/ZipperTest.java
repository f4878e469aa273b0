package org.datman.metrics.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.datman.metrics.image.Grid;
import org.datman.metrics.mask.Mask;
import org.junit.jupiter.api.Test;

/** A line of RF noise runs along the whole image; what crosses a column at one place is none, whichever column is looked at first. */
class ZipperTest {

    private static final Grid GRID = new Grid(64, 64, 3, 3, 3, 4, new double[] {3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0});

    @Test
    void aBlobInTheFirstColumnThatCanBeTestedIsNoLine() {
        // Given air, with a bright patch in column 0 (the first with neighbours enough)
        float[] image = air();
        for (int j = 28; j < 40; j++) {
            image[GRID.index(0, j, 1)] += 900;
        }

        // When
        Zipper.Line line = Zipper.find(GRID, image, everywhere(), 2);

        // Then
        assertThat(line.score()).isLessThan(15);
    }

    @Test
    void aLineAlongTheWholeColumnIsFoundBesideIt() {
        // Given
        float[] image = air();
        for (int j = 28; j < 40; j++) {
            image[GRID.index(0, j, 1)] += 900;
        }
        for (int j = 0; j < 64; j++) {
            image[GRID.index(41, j, 1)] += 60;
        }

        // When
        Zipper.Line line = Zipper.find(GRID, image, everywhere(), 2);

        // Then
        assertThat(line.score()).isGreaterThan(15);
        assertThat(line)
                .extracting(Zipper.Line::axis, Zipper.Line::index, Zipper.Line::slice)
                .containsExactly(0, 41, 1);
    }

    @Test
    void whereOnlyPatchesAreTheScoreIsZeroAndNotUnknown() {
        // Given an image that is 0 but for patches, each column of which is crossed at one place
        float[] image = new float[GRID.size()];
        for (int v = 0; v < image.length; v++) {
            int i = v % 64;
            int j = v / 64 % 64;
            image[v] = (i + j) % 64 < 8 ? 1000 : 1;
        }

        // When
        Zipper.Line line = Zipper.find(GRID, image, everywhere(), 2);

        // Then
        assertThat(line.score()).isZero();
    }

    private static float[] air() {
        SplittableRandom random = new SplittableRandom(3);
        float[] image = new float[GRID.size()];
        for (int v = 0; v < image.length; v++) {
            image[v] = (float) Math.hypot(20 * random.nextGaussian(), 20 * random.nextGaussian());
        }
        return image;
    }

    private static Mask everywhere() {
        boolean[] in = new boolean[GRID.size()];
        java.util.Arrays.fill(in, true);
        return new Mask(GRID, in, "air");
    }
}
