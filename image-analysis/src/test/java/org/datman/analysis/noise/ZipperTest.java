package org.datman.analysis.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A line of RF noise runs along the whole image with an amplitude that is constant or changes from voxel to voxel. What crosses a column at
 * one place is none, nor is what follows the object: a truncation streak, the edge of a ghost.
 */
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

    @Test
    void aStreakBesideABallIsNoLine() {
        // Given a ball and, in two slices, a streak along its upper edge that falls with the distance from the ball
        Ball ball = new Ball(0);
        for (int k = 1; k < 3; k++) {
            for (int i = 0; i < 64; i++) {
                double streak = 60 + 80 * Math.exp(-Math.max(0, Math.abs(i - 32) - 10) / 8.0);
                ball.add(i, 54, k, streak, 0);
                ball.add(i, 53, k, streak / 3, 0);
                ball.add(i, 55, k, streak / 3, 0);
            }
        }

        // When
        Zipper.Line line = ball.find();

        // Then
        assertThat(line.score()).isBetween(0.0, 10.0);
    }

    @Test
    void aGhostOfABallIsNoLine() {
        // Given a ghost half a field of view away, whose edge is brighter than its inside, as it is in echo-planar
        // images
        Ball ball = new Ball(0.01);

        // When
        Zipper.Line line = ball.find();

        // Then
        assertThat(line.score()).isBetween(0.0, 10.0);
    }

    @Test
    void anEdgeOfAGhostThatFillsItsColumnsAirIsNoLine() {
        // Given a column with air in two stretches only, and along both of them the edge of a ghost on one
        // side
        float[] image = air();
        boolean[] in = new boolean[image.length];
        for (int v = 0; v < image.length; v++) {
            int i = v % 64;
            int j = v / 64 % 64;
            boolean between = j < 6 || j >= 26 && j < 38 || j >= 58;
            in[v] = i < 18 || !between;
            if (i >= 24 && !between) {
                double along = Math.sin(Math.PI * ((j < 32 ? j : j - 32) - 5.5) / 20);
                double across = i == 24 ? 1 : i < 27 ? 0.6 : 0.15;
                image[v] = (float) Math.hypot(image[v], 120 * along * across);
            }
        }

        // When
        Zipper.Line line = Zipper.find(GRID, image, new Mask(GRID, in, "air"), 2);

        // Then
        assertThat(line.score()).isBetween(0.0, 10.0);
    }

    @ParameterizedTest
    @CsvSource({
        // column: beside the ghost, or across it and the ball; slice; amplitude over sigma; whether its phase is random
        "8, 1, 2.5, true",
        "8, 1, 2.5, false",
        "8, -1, 2, true",
        "56, 2, 3, true",
        "25, -1, 3, true",
        "25, -1, 3, false",
    })
    void aFaintLineBesideAGhostIsFound(int column, int slice, double amplitude, boolean random) {
        // Given
        Ball ball = new Ball(0.05);
        SplittableRandom phases = new SplittableRandom(7);
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < 128 && (slice < 0 || slice == k); j++) {
                double phase = random ? 2 * Math.PI * phases.nextDouble() : 0.4 * j;
                ball.add(
                        column,
                        j,
                        k,
                        Ball.SIGMA * amplitude * Math.cos(phase),
                        Ball.SIGMA * amplitude * Math.sin(phase));
            }
        }

        // When
        Zipper.Line line = ball.find();

        // Then
        assertThat(line.score()).isGreaterThan(15);
        assertThat(line).extracting(Zipper.Line::axis, Zipper.Line::index).containsExactly(0, column);
        assertThat(line.slice()).isEqualTo(slice);
    }

    @Test
    void aReceiverThatIsLessSensitiveAtOneEndDoesNotHideALine() {
        // Given noise and line that are a third stronger at one end than at the other
        float[] image = air();
        for (int j = 0; j < 64; j++) {
            image[GRID.index(41, j, 1)] += 70;
        }
        for (int v = 0; v < image.length; v++) {
            image[v] *= (float) (0.85 + 0.3 * (v / 64 % 64) / 63);
        }

        // When
        Zipper.Line line = Zipper.find(GRID, image, everywhere(), 2);

        // Then
        assertThat(line.score()).isGreaterThan(15);
        assertThat(line.index()).isEqualTo(41);
    }

    /** A ball in the lower half of a long field of view, its N/2 ghost in the upper half, noise in both channels. All but the ball is air. */
    private static final class Ball {

        private static final Grid LONG =
                new Grid(64, 128, 3, 3, 3, 4, new double[] {3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0});
        private static final double SIGMA = 8;
        private static final double RADIUS = 18;

        private final double[] real = new double[LONG.size()];
        private final double[] imaginary = new double[LONG.size()];
        private final boolean[] air = new boolean[LONG.size()];

        Ball(double ghost) {
            SplittableRandom random = new SplittableRandom(11);
            for (int v = 0; v < real.length; v++) {
                int i = v % 64;
                int j = v / 64 % 128;
                double fromBall = Math.hypot(i - 32, j - 32) - RADIUS;
                double fromGhost = Math.hypot(i - 32, j - 96) - RADIUS;
                double edge = 2 * Math.exp(-fromGhost * fromGhost / 2);
                real[v] = (fromBall < 0 ? 2000 : 0)
                        + 2000 * ghost * ((fromGhost < 0 ? 1 : 0) + edge)
                        + SIGMA * random.nextGaussian();
                imaginary[v] = SIGMA * random.nextGaussian();
                air[v] = fromBall > 3;
            }
        }

        void add(int i, int j, int k, double inPhase, double quadrature) {
            real[LONG.index(i, j, k)] += inPhase;
            imaginary[LONG.index(i, j, k)] += quadrature;
        }

        Zipper.Line find() {
            float[] image = new float[real.length];
            for (int v = 0; v < image.length; v++) {
                image[v] = (float) Math.hypot(real[v], imaginary[v]);
            }
            return Zipper.find(LONG, image, new Mask(LONG, air, "air"), 2);
        }
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
