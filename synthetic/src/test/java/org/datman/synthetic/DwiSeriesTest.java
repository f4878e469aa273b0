package org.datman.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DwiSeriesTest {

    private static final Grid GRID = Grid.axial(48, 48, 24, 4.4, 4.4, 5);

    @Test
    void directionsAreUnitAndFarApart() {
        // Given a set of 32
        // When it is spread
        double[][] g = Directions.spread(32, 5);

        // Then each is of length 1 and no two axes are closer than 18 degrees
        for (int a = 0; a < 32; a++) {
            assertThat(dot(g[a], g[a])).isCloseTo(1, within(1e-9));
            for (int b = 0; b < a; b++) {
                assertThat(Math.toDegrees(Math.acos(Math.abs(dot(g[a], g[b]))))).isGreaterThan(18);
            }
        }
    }

    @Test
    void signalFallsWithBAndDependsOnTheDirection() {
        // Given a noise-free run with two orthogonal directions
        DwiSeries run = DwiSeries.of(GRID)
                .b0(1)
                .gradient(1000, 0, 0, 1)
                .gradient(1000, 0, 1, 0)
                .gradient(3000, 0, 0, 1)
                .sigma(0);

        // When a patch of lateral white matter is measured
        double[] s = run.stream()
                .mapToDouble(v -> Measure.mean(GRID, v, 30, 32, 22, 25, 15, 17))
                .toArray();

        // Then b lowers it and the two directions differ by more than 10 %
        assertThat(s[0]).isGreaterThan(s[1]).isGreaterThan(s[2]);
        assertThat(s[1]).isGreaterThan(s[3]);
        assertThat(Math.abs(s[1] - s[2]) / s[1]).isGreaterThan(.1);
    }

    @Test
    void aDropoutLowersItsSliceAndRegionOnly() {
        // Given a whole and a left loss
        DwiSeries clean = run();
        DwiSeries hurt = run().dropout(Dropout.whole(1, 10, 40)).dropout(new Dropout(2, 11, Dropout.Region.LEFT, 60));

        // When both runs are made
        float[] before = clean.volume(1), after = hurt.volume(1);
        float[] beforeHalf = clean.volume(2), afterHalf = hurt.volume(2);

        // Then just those places have lost just that
        assertThat(slice(after, 10) / slice(before, 10)).isCloseTo(.6, within(1e-4));
        assertThat(slice(after, 9)).isEqualTo(slice(before, 9));
        assertThat(Measure.mean(GRID, afterHalf, 0, 24, 0, 48, 11, 12)
                        / Measure.mean(GRID, beforeHalf, 0, 24, 0, 48, 11, 12))
                .isCloseTo(.4, within(1e-4));
        assertThat(Measure.mean(GRID, afterHalf, 24, 48, 0, 48, 11, 12))
                .isEqualTo(Measure.mean(GRID, beforeHalf, 24, 48, 0, 48, 11, 12));
        assertThat(hurt.volume(0)).isEqualTo(clean.volume(0));
    }

    @Test
    void groupsOfSlicesAreLostTogether() {
        // Given 24 slices
        // When losses of the odd slices, of a multiband group and of a volume are planned
        List<Dropout> odd = Dropout.oddSlices(3, 24, 20);
        List<Dropout> group = Dropout.multiband(3, 7, 24, 4, 20);
        List<Dropout> all = Dropout.volume(3, 24, 20);

        // Then they hold those slices
        assertThat(odd).hasSize(12).allMatch(d -> d.slice() % 2 == 1);
        assertThat(group).extracting(Dropout::slice).containsExactly(1, 7, 13, 19);
        assertThat(all).hasSize(24);
    }

    @Test
    void driftIsPerHundredVolumes() {
        // Given a run of 101 unweighted volumes that loses 5 % per 100
        DwiSeries run = DwiSeries.of(GRID).b0(101).sigma(0).drift(-5);

        // When its ends are compared
        double ratio = slice(run.volume(100), 12) / slice(run.volume(0), 12);

        // Then 5 % is lost
        assertThat(ratio).isCloseTo(.95, within(1e-5));
    }

    @Test
    void fslBvecsFlipTheFirstAxisOfRightHandedVoxels() {
        // Given a gradient along R on an untilted grid
        DwiSeries run = DwiSeries.of(GRID).gradient(1000, 1, 0, 0).gradient(1000, 0, 1, 0);

        // When its bvecs are written FSL's way
        double[][] rows = run.fslBvecs();

        // Then the first component is turned
        assertThat(rows[0]).containsExactly(-1, 0, 0);
        assertThat(rows[1]).containsExactly(0, 1, 0);
    }

    @Test
    void thePatternTurnsWithTheHead() {
        // Given the head turned by 90 degrees about S, and the gradient turned with it
        DwiSeries still = DwiSeries.of(Grid.axial(41, 41, 21, 5, 5, 6))
                .gradient(2000, 1, 0, 0)
                .sigma(0);
        DwiSeries turned = DwiSeries.of(Grid.axial(41, 41, 21, 5, 5, 6))
                .gradient(2000, 0, 1, 0)
                .sigma(0)
                .motion(new Rigid[] {new Rigid(0, 0, 0, 0, 0, Math.PI / 2)});

        // When both are made
        float[] a = still.volume(0), b = turned.volume(0);

        // Then each voxel has gone to its turned place
        Grid g = still.grid();
        for (int j = 0; j < 41; j++) {
            for (int i = 0; i < 41; i++) {
                assertThat(b[g.index(40 - j, i, 10)]).isCloseTo(a[g.index(i, j, 10)], within(.05f));
            }
        }
    }

    private static DwiSeries run() {
        return DwiSeries.of(GRID).b0(1).shell(1000, 6).sigma(0);
    }

    private static double slice(float[] v, int k) {
        return Measure.mean(GRID, v, 0, 48, 0, 48, k, k + 1);
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
