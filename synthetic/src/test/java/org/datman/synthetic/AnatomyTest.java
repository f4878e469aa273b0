package org.datman.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnatomyTest {

    private static final Grid GRID = Grid.axial(64, 72, 48, 3.2, 3.2, 3.2);

    @Test
    void theHeadHoldsABrainOfHumanSize() {
        // Given the standard head
        // When its brain mask is made
        boolean[] brain = Anatomy.of(GRID).brainMask();

        // Then it holds between 1.1 and 1.8 litres
        int n = 0;
        for (boolean b : brain) {
            n += b ? 1 : 0;
        }
        assertThat(n * 3.2 * 3.2 * 3.2 / 1e6).isBetween(1.1, 1.8);
    }

    @Test
    void headsDiffer() {
        // Given two persons
        // When both are imaged without noise
        float[] one = Anatomy.of(GRID).body(Head.of(1)).noiseFree();
        float[] other = Anatomy.of(GRID).body(Head.of(2)).noiseFree();

        // Then the images are not the same
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void aZeroedBackgroundIsExactlyZero() {
        // Given a masked reconstruction
        // When it is made
        float[] image = Anatomy.of(GRID).zeroBackground().volume();

        // Then the corner is 0 and the head keeps its noise
        assertThat(Measure.mean(GRID, image, 0, 5, 0, 5, 40, 48)).isZero();
        assertThat(image[GRID.index(32, 36, 24)]).isPositive();
    }

    @Test
    void biasTiltsTheImage() {
        // Given a sphere with a field of 20 %
        Anatomy tilted = Anatomy.of(GRID).body(new Sphere(0, 0, 0, 90)).sigma(0).bias(.2);

        // When two opposite ends of the diagonal are compared
        float[] image = tilted.noiseFree();

        // Then they differ by what the field says
        double low = image[GRID.index(22, 26, 14)];
        double high = image[GRID.index(41, 45, 33)];
        double along = (9.5 * 3 * 3.2) / (80 * Math.sqrt(3));
        assertThat(high / low).isCloseTo((1 + .2 * along) / (1 - .2 * along), within(.005));
    }

    @Test
    void wrapMovesWhatLeavesToTheOtherSide() {
        // Given an image and the same wrapped by 20 voxels
        float[] image = Anatomy.of(GRID).sigma(0).noiseFree();

        // When it is wrapped
        float[] wrapped = Anatomy.of(GRID).sigma(0).wrap(20).noiseFree();

        // Then row 60 has become row 8
        assertThat(wrapped[GRID.index(30, 8, 20)]).isEqualTo(image[GRID.index(30, 60, 20)]);
    }

    @Test
    void aZipperIsOneColumn() {
        // Given an RF line in column 5 of slice 10
        float[] clean = Anatomy.of(GRID).sigma(1).volume();

        // When it is made
        float[] image = Anatomy.of(GRID).sigma(1).zipper(5, 10, 30).volume();

        // Then column 5 of slice 10 is bright and everything else is as it was
        assertThat(Measure.mean(GRID, image, 5, 6, 0, 72, 10, 11)).isGreaterThan(10);
        assertThat(Measure.mean(GRID, image, 6, 64, 0, 72, 10, 11))
                .isEqualTo(Measure.mean(GRID, clean, 6, 64, 0, 72, 10, 11));
    }

    @Test
    void theLocalizerHasThreePlanes() {
        // Given the standard head
        // When a scout is made
        List<Localizer.Stack> scout = Localizer.of(Head.adult(), 64, 3, 5, 1);

        // Then its slices are stacked along S, along R and along the front-back axis
        double[] axial = scout.get(0).grid().affine();
        double[] sagittal = scout.get(1).grid().affine();
        double[] coronal = scout.get(2).grid().affine();
        assertThat(Math.abs(axial[10])).isCloseTo(12, within(1e-9));
        assertThat(Math.abs(sagittal[2])).isCloseTo(12, within(1e-9));
        assertThat(Math.abs(coronal[6])).isCloseTo(12, within(1e-9));
        assertThat(scout).allSatisfy(s -> assertThat(s.volume()).hasSize(64 * 64 * 3));
    }

    @Test
    void oppositePhaseEncodingDistortsTheOtherWay() {
        // Given a field map of the head
        FieldMap map = FieldMap.of(Grid.axial(64, 64, 24, 3.5, 3.5, 4.5), Head.adult(), 0, 1);
        Grid grid = Grid.axial(64, 64, 24, 3.5, 3.5, 4.5);

        // When both polarities and none are imaged
        double up = Measure.centroid(grid, map.epi(1, .05))[1];
        double down = Measure.centroid(grid, map.epi(-1, .05))[1];
        double none = Measure.centroid(grid, map.epi(1, 0))[1];

        // Then the head is shifted to opposite sides of where it is
        assertThat(up - none).isNotCloseTo(0, within(.02));
        assertThat(Math.signum(up - none)).isEqualTo(-Math.signum(down - none));
    }

    @Test
    void phaseDifferenceIsTheFieldTimesTheEchoSpacing() {
        // Given echoes 2.46 ms apart
        Grid grid = Grid.axial(48, 48, 24, 4.4, 4.4, 5);
        FieldMap map = FieldMap.of(grid, Head.adult(), 0, 1);

        // When the phase is made
        float[] phase = map.phaseDifference(.00246);

        // Then at a voxel of the head it is 2π × Hz × s in units of 2π/4096
        double[] m = grid.affine();
        double hz = FieldMap.offResonanceHz(m[0] * 24 + m[3], m[5] * 34 + m[7], m[10] * 10 + m[11]);
        double wanted = (2 * Math.PI * hz * .00246 + Math.PI) / (2 * Math.PI) * 4096;
        assertThat((double) phase[grid.index(24, 34, 10)]).isCloseTo(wanted, within(1.5));
    }
}
