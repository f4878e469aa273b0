package org.datman.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EpiSeriesTest {

    private static final Grid GRID = Grid.axial(48, 48, 24, 4.4, 4.4, 5);

    @Test
    void sameSettingsGiveTheSameBytes() {
        // Given a run and its twin
        EpiSeries run = EpiSeries.of(GRID, 5).motion(Motion.walk(5, .3, .3, 7)).seed(3);
        EpiSeries twin = EpiSeries.of(GRID, 5).motion(Motion.walk(5, .3, .3, 7)).seed(3);
        run.volume(4);

        // When one volume is made out of order
        float[] again = run.volume(2);

        // Then it is the twin's, and another seed's is not
        assertThat(again).isEqualTo(twin.volume(2));
        assertThat(again).isNotEqualTo(twin.seed(4).volume(2));
    }

    @Test
    void theHeadMovesAsAsked() {
        // Given a sphere well inside the field of view that moves 3 mm right, 2 mm back and 1 mm up
        Rigid[] course = {Rigid.NONE, new Rigid(3, -2, 1, 0, 0, 0)};
        EpiSeries run = EpiSeries.of(GRID, 2)
                .body(new Sphere(5, 0, 0, 40))
                .motion(course)
                .sigma(0);

        // When both volumes are made
        double[] before = Measure.centroid(GRID, run.volume(0));
        double[] after = Measure.centroid(GRID, run.volume(1));

        // Then the centre has moved by that much
        assertThat(after[0] - before[0]).isCloseTo(3, within(.02));
        assertThat(after[1] - before[1]).isCloseTo(-2, within(.02));
        assertThat(after[2] - before[2]).isCloseTo(1, within(.02));
        assertThat(before[0]).isCloseTo(5, within(.02));
    }

    @Test
    void rotationTurnsAboutTheIsocentre() {
        // Given a sphere 40 mm anterior and a turn of 10 degrees about S
        EpiSeries run = EpiSeries.of(GRID, 2)
                .body(new Sphere(0, 40, 0, 30))
                .motion(new Rigid[] {Rigid.NONE, new Rigid(0, 0, 0, 0, 0, Math.toRadians(10))})
                .sigma(0);

        // When the turned volume is made
        double[] c = Measure.centroid(GRID, run.volume(1));

        // Then the sphere has gone to the left and a little back
        assertThat(c[0]).isCloseTo(-40 * Math.sin(Math.toRadians(10)), within(.05));
        assertThat(c[1]).isCloseTo(40 * Math.cos(Math.toRadians(10)), within(.05));
    }

    @Test
    void airIsRayleighWithTheSigmaAskedFor() {
        // Given a sphere of agar with noise 12
        EpiSeries run = EpiSeries.of(GRID, 1).body(new Sphere(0, 0, 0, 60)).sigma(12);
        boolean[] body = Truth.bodyMask(GRID, new Sphere(0, 0, 0, 75), Rigid.NONE);

        // When a volume is made
        float[] v = run.volume(0);

        // Then sqrt(mean square / 2) of the air is 12
        double sum = 0;
        int n = 0;
        for (int i = 0; i < v.length; i++) {
            if (!body[i]) {
                sum += (double) v[i] * v[i];
                n++;
            }
        }
        assertThat(Math.sqrt(sum / n / 2)).isCloseTo(12, within(.12));
    }

    @Test
    void coilsRaiseTheFloorNotTheSignal() {
        // Given 8 channels with noise 10
        EpiSeries run = EpiSeries.of(GRID, 1).body(Sphere.fbirn()).sigma(10).coils(8);

        // When a volume is made
        float[] v = run.volume(0);

        // Then the corner's mean is that of a chi distribution of 16 degrees and the centre keeps its signal
        double air = Measure.mean(GRID, v, 0, 6, 0, 6, 0, GRID.nz());
        double centre = Measure.mean(GRID, v, 20, 28, 20, 28, 10, 14);
        assertThat(air).isCloseTo(39.38, within(.8));
        assertThat(centre).isCloseTo(1500, within(5.0));
    }

    @Test
    void dummiesDriftGainAndSliceSpikesScaleTheSignal() {
        // Given all of them, without noise
        EpiSeries run = EpiSeries.of(GRID, 11)
                .sigma(0)
                .dummies(2, 20)
                .drift(10)
                .gain(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1})
                .sliceSpike(new SliceSpike(5, 12, 8));
        double clean = Measure.mean(GRID, run.noiseFree(0), 0, 48, 0, 48, 12, 13);

        // When the slice's mean is taken in every volume
        double[] mean = run.stream()
                .mapToDouble(v -> Measure.mean(GRID, v, 0, 48, 0, 48, 12, 13) / clean)
                .toArray();

        // Then each shows what was planted there
        assertThat(mean[0]).isCloseTo(1.2, within(1e-4));
        assertThat(mean[1]).isCloseTo(1.2 * 1.01, within(1e-4));
        assertThat(mean[2]).isCloseTo(1.02, within(1e-4));
        assertThat(mean[5]).isCloseTo(1.05 * 1.08, within(1e-4));
        assertThat(mean[9]).isCloseTo(1.09 * 2, within(1e-4));
        assertThat(mean[10]).isCloseTo(1.10, within(1e-4));
    }

    @Test
    void ghostIsHalfAFieldOfViewAwayAlongItsAxis() {
        // Given a small sphere with a 5 % ghost along j
        EpiSeries run =
                EpiSeries.of(GRID, 1).body(new Sphere(0, 0, 0, 30)).sigma(0).ghost(.05, 1);

        // When a volume is made
        float[] v = run.volume(0);

        // Then 5 % of the centre lies at j = 0, and nothing at i = 0
        float centre = v[GRID.index(24, 24, 12)];
        assertThat(v[GRID.index(24, 0, 12)] / centre).isCloseTo(.05f, within(1e-4f));
        assertThat(v[GRID.index(0, 24, 12)]).isZero();
    }

    @Test
    void aSpikeIsOnePointOfKSpace() {
        // Given a spike of amplitude 7 at (9, -5) on an empty slice
        EpiSeries run = EpiSeries.of(GRID, 2)
                .body(new Sphere(0, 0, 0, 1e-3))
                .sigma(0)
                .spike(new KSpaceSpike(1, 3, 9, -5, 7, .4));

        // When the volume and its neighbour are made
        float[] hit = run.volume(1);
        float[] other = run.volume(0);

        // Then the slice has constant magnitude 7 and all else is empty
        assertThat(Measure.mean(GRID, hit, 0, 48, 0, 48, 3, 4)).isCloseTo(7, within(1e-4));
        assertThat(Measure.mean(GRID, hit, 0, 48, 0, 48, 4, 5)).isZero();
        assertThat(Measure.mean(GRID, other, 0, 48, 0, 48, 3, 4)).isZero();
    }
}
