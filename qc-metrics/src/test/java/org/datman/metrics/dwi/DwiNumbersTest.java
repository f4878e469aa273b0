package org.datman.metrics.dwi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.datman.metrics.dwi.DwiFixture.GRID;

import java.util.Arrays;
import org.datman.analysis.image.Series;
import org.datman.analysis.motion.Registration;
import org.datman.analysis.motion.RegistrationException;
import org.datman.analysis.motion.Rigid;
import org.datman.analysis.noise.MpPca;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.Body;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;
import org.datman.synthetic.Motion;
import org.datman.synthetic.Tissue;
import org.junit.jupiter.api.Test;

/** Motion, neighbour correlation, drift, noise and tensor against the ground truth of the scenario. */
class DwiNumbersTest {

    @Test
    void motionIsBetterThanNoneInEveryShell() throws RegistrationException {
        // Given a head displaced by about a millimetre in every volume
        DwiSeries run = DwiSeries.of(GRID).b0(3).shell(1000, 8).b0(2).shell(2000, 8);
        org.datman.synthetic.Rigid[] course = Motion.scatter(run.volumes(), .5, .6, 3);
        run.motion(course);
        DwiFixture.Prepared p = DwiFixture.prepare(run);

        // When its motion is estimated
        DwiMotion motion = DwiMotion.of(p.series(), p.shells(), p.brain().mask());

        // Then the error is within the limits of its shell and below what no correction leaves
        assertThat(error(motion, run, p.shells(), 0)).isLessThan(.1);
        assertThat(error(motion, run, p.shells(), 1000)).isLessThan(.35);
        assertThat(error(motion, run, p.shells(), 2000)).isLessThan(.8);
        for (int b : new int[] {0, 1000, 2000}) {
            double none = Math.sqrt(Arrays.stream(p.shells().volumes(b))
                    .mapToDouble(v -> Math.pow(truth(run, v).rmsDisplacement(60), 2))
                    .average()
                    .orElseThrow());
            assertThat(error(motion, run, p.shells(), b)).isLessThan(none / 2);
        }
    }

    private static double error(DwiMotion motion, DwiSeries run, Shells shells, int b) {
        return Math.sqrt(Arrays.stream(shells.volumes(b))
                .mapToDouble(v -> Math.pow(
                        truth(run, v).after(motion.course()[v].inverse()).rmsDisplacement(60), 2))
                .average()
                .orElseThrow());
    }

    private static Rigid truth(DwiSeries run, int v) {
        double[] p = run.position(v).toArray();
        return Rigid.of(p[0], p[1], p[2], p[3], p[4], p[5]);
    }

    @Test
    void destroyedVolumesLowerTheNeighbourCorrelation() {
        // Given 64 directions, and the same run with the voxels of every third volume out of order (20 of them)
        DwiSeries run = DwiSeries.of(Grid.axial(48, 48, 24, 4.5, 4.5, 5)).b0(2).shell(1000, 64);
        MaskedData clean = DwiFixture.prepare(run).data();
        float[][] values = clean.values().clone();
        for (int n = 0; n < 20; n++) {
            float[] volume = values[2 + 3 * n].clone();
            int[] order = Motion.shuffled(volume.length, n);
            for (int i = 0; i < volume.length; i++) {
                values[2 + 3 * n] = n >= 0 && i == 0 ? new float[volume.length] : values[2 + 3 * n];
                values[2 + 3 * n][i] = volume[order[i]];
            }
        }
        MaskedData destroyed = new MaskedData(clean.grid(), 2, clean.voxel(), clean.sliceStart(), values);
        double before =
                NeighbourCorrelation.of(clean, run.bvals(), run.fslBvecs()).mean();

        // When it is correlated with its neighbours
        NeighbourCorrelation after = NeighbourCorrelation.of(destroyed, run.bvals(), run.fslBvecs());

        // Then the mean falls by more than 0.3, and unweighted volumes have none
        assertThat(before).isGreaterThan(.7);
        assertThat(before - after.mean()).isGreaterThan(.3);
        assertThat(after.perVolume()[0]).isNaN();
        assertThat(after.perVolume()[2]).isLessThan(.2);
    }

    @Test
    void neighboursMayLieOnTheOtherSideOfTheSphere() {
        // Given three directions of which the last is nearly opposite to the first
        MaskedData data = new MaskedData(
                Fixtures.grid(Grid.axial(2, 2, 1, 1, 1, 1)),
                2,
                new int[] {0, 1, 2, 3},
                new int[] {0, 4},
                new float[][] {{1, 2, 3, 4}, {4, 3, 2, 1}, {2, 4, 6, 9}});
        double[][] g = {{1, 0, 0}, {0, 1, 0}, {-.99, .14, 0}};

        // When neighbours are determined
        NeighbourCorrelation ndc = NeighbourCorrelation.of(data, new double[] {1000, 1000, 1000}, g);

        // Then the first's is the last
        assertThat(ndc.neighbour()[0]).isEqualTo(2);
        assertThat(ndc.perVolume()[0]).isCloseTo(.9948, within(1e-3));
    }

    @Test
    void driftOfTheUnweightedVolumes() {
        // Given a run that loses 6 % per 100 volumes, with an unweighted volume before every tenth direction
        DwiSeries run = DwiSeries.of(Grid.axial(48, 48, 24, 4.5, 4.5, 5))
                .shellWithB0s(1000, 60, 10)
                .drift(-6);
        DwiFixture.Prepared p = DwiFixture.prepare(run);

        // When the drift is measured
        double drift = BzeroDrift.percentPer100(
                VolumeOutliers.of(p.data(), p.shells(), run.fslBvecs()).median(),
                p.shells().volumes(0));

        // Then it is that
        assertThat(drift).isCloseTo(-6, within(.3));
    }

    @Test
    void driftIsUnknownWhenAllUnweightedVolumesAreAtTheStart() {
        // Given six unweighted volumes in a row
        // When the drift is computed
        double drift = BzeroDrift.percentPer100(new double[] {9, 8, 9, 8, 9, 8}, new int[] {0, 1, 2, 3, 4, 5});

        // Then it is not known
        assertThat(drift).isNaN();
    }

    @Test
    void noiseInTheBrainByRedundancy() {
        // Given noise of 12 under 44 volumes
        DwiSeries run = DwiSeries.of(Grid.axial(60, 60, 20, 3.5, 3.5, 4))
                .sigma(12)
                .b0(4)
                .shell(1000, 40);
        MaskedData data = DwiFixture.prepare(run).data();

        // When MP-PCA estimates it
        MpPca noise = MpPca.of(data.grid(), data.voxel(), data.values());

        // Then it finds the noise within 5 %
        assertThat(noise.sigma()).isCloseTo(12, within(.6));
    }

    @Test
    void tensorOfKnownDiffusivities() {
        // Given nearly noise-free data of tissue whose slow part has 0.8 µm²/ms
        DwiSeries run = DwiSeries.of(Grid.axial(48, 48, 24, 4.5, 4.5, 5))
                .sigma(.5)
                .b0(2)
                .shell(1000, 30);
        DwiFixture.Prepared p = DwiFixture.prepare(run);

        // When tensors are fitted
        TensorFit fit = TensorFit.of(p.data(), run.bvals(), run.fslBvecs(), TensorFit.volumes(p.shells()));

        // Then no voxel fails, the median diffusivity lies between white (0.73) and grey (0.8), white matter is
        // anisotropic
        assertThat(fit.failed()).isZero();
        assertThat(fit.degenerate()).isZero();
        assertThat(fit.mdMedian() * 1000).isBetween(.72, .85);
        long white = 0;
        for (float fa : fit.fa()) {
            white += fa > .7 ? 1 : 0;
        }
        assertThat(white).isGreaterThan(p.data().voxels() / 10);
    }

    @Test
    void contrastOfAShellFallsWithNoise() {
        // Given the same shell under little and much noise, of a head whose brain is all white matter
        Body white = (x, y, z, edge, f) -> {
            boolean inside = Head.adult().at(x, y, z, edge, f);
            f[Tissue.WHITE.ordinal()] += f[Tissue.GREY.ordinal()] + f[Tissue.CSF.ordinal()];
            f[Tissue.GREY.ordinal()] = 0;
            f[Tissue.CSF.ordinal()] = 0;
            return inside;
        };
        DwiSeries calm = DwiSeries.of(Grid.axial(48, 48, 24, 4.5, 4.5, 5))
                .body(white)
                .sigma(10)
                .b0(1)
                .shell(1000, 30);
        DwiSeries noisy = DwiSeries.of(Grid.axial(48, 48, 24, 4.5, 4.5, 5))
                .body(white)
                .sigma(60)
                .b0(1)
                .shell(1000, 30);
        DwiFixture.Prepared a = DwiFixture.prepare(calm);
        DwiFixture.Prepared b = DwiFixture.prepare(noisy);
        double high = ShellContrast.of(a.data(), calm.fslBvecs(), a.shells().volumes(1000));

        // When the noisy one's contrast is measured
        double low = ShellContrast.of(b.data(), noisy.fslBvecs(), b.shells().volumes(1000));

        // Then it is lower by more than half
        assertThat(low).isPositive().isLessThan(high / 2);
    }

    @Test
    void leastSquaresAgainstB0IsNotUsedForWeightedVolumes() throws RegistrationException {
        // Given a b2000 volume of a head that did not move
        DwiSeries run = DwiSeries.of(GRID).b0(1).shell(2000, 6);
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        Series series = p.series();
        double leastSquares = Registration.to(series.grid(), series.volume(0).data(), Registration.FWHM_MM)
                .estimate(series.volume(3).data())
                .movement()
                .rmsDisplacement(60);

        // When its motion is estimated
        double ours =
                DwiMotion.of(series, p.shells(), p.brain().mask()).course()[3].rmsDisplacement(60);

        // Then it is nearer to zero than least squares
        assertThat(ours).isLessThan(.8).isLessThan(leastSquares);
    }
}
