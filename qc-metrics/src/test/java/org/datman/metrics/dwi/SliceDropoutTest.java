package org.datman.metrics.dwi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.datman.metrics.dwi.DwiFixture.GRID;
import static org.datman.metrics.dwi.DwiFixture.twoShells;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.study.Severity;
import org.datman.metrics.dwi.DwiFixture.Score;
import org.datman.synthetic.Dropout;
import org.datman.synthetic.Dropout.Region;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Head;
import org.datman.synthetic.Motion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios <a href="{@docRoot}/../docs/qc-specification.md#F20">F20</a> to <a href="{@docRoot}/../docs/qc-specification.md#F29">F29</a> and <a href="{@docRoot}/../docs/qc-specification.md#F32">F32</a> of the QC specification, with fewer repeats than its table. */
class SliceDropoutTest {

    /** Plants {@code perPerson} losses in the inner slices of different weighted volumes of each person. */
    private static Score planted(int persons, int perPerson, boolean half, double loss, boolean moving) {
        Score score = DwiFixture.NONE;
        for (int person = 0; person < persons; person++) {
            DwiSeries run = twoShells(person);
            if (moving) {
                run.motion(Motion.scatter(run.volumes(), .5, .8, person));
            }
            SplittableRandom random = new SplittableRandom(77 + person);
            int[] order = Motion.shuffled(64, person);
            for (int n = 0; n < perPerson; n++) {
                Region region = half ? Region.values()[1 + random.nextInt(4)] : Region.WHOLE;
                run.dropout(new Dropout(6 + order[n], 6 + random.nextInt(24), region, loss));
            }
            score = score.plus(DwiFixture.score(DwiFixture.detect(run), run.dropouts()));
        }
        return score;
    }

    @ParameterizedTest
    @CsvSource({"20, 0.85", "30, 0.97"})
    void wholeSlicesOfAStillHead(double loss, double wanted) {
        // Given 30 slices of two still persons that lost part of their signal
        // When the detector runs
        Score score = planted(2, 15, false, loss, false);

        // Then nearly all are flagged and nothing else is
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(wanted);
        assertThat(score.falseFlags()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"30, 0.7", "50, 0.95"})
    void halfSlicesOfAStillHead(double loss, double wanted) {
        // Given 30 halves of slices of two still persons
        // When the detector runs
        Score score = planted(2, 15, true, loss, false);

        // Then they are flagged and nothing else is
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(wanted);
        assertThat(score.falseFlags()).isZero();
    }

    @Test
    void movementCostsFewFalseFlags() {
        // Given two persons who move by 0.5 mm and 0.8 degrees in every volume, and 30 lost slices
        // When the detector runs
        Score score = planted(2, 15, false, 30, true);

        // Then losses are found and less than 3 in 1000 slices are flagged wrongly
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(.97);
        assertThat((double) score.falseFlags() / score.tested()).isLessThan(3e-3);
    }

    @Test
    void oneHalfOfAnInterleaveIsOneEvent() {
        // Given a volume whose odd slices all lost 20 %
        DwiSeries run = twoShells(3).dropouts(Dropout.oddSlices(30, 36, 20));

        // When the detector runs
        SliceDropoutDetector.Result result = DwiFixture.detect(run);

        // Then the odd slices are flagged, no even one is, and it is one event
        Score score = DwiFixture.score(result, run.dropouts());
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(.9);
        assertThat(score.falseFlags()).isZero();
        assertThat(SliceGroups.of(result.lost(), 36, 0)).singleElement().satisfies(e -> assertThat(e.kind())
                .isEqualTo("interleave"));
        double[] zigzag =
                Interleave.of(result.lossPercent(), Shells.of(run.bvals())).z();
        assertThat(Math.abs(zigzag[30])).isGreaterThan(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void aMultibandGroupIsOneEvent(int toldFactor) {
        // Given four slices that are excited together and lost 20 %; the factor is given or has to be guessed
        DwiSeries run = twoShells(4).dropouts(Dropout.multiband(40, 6, 36, 4, 20));

        // When the detector runs
        SliceDropoutDetector.Result result = DwiFixture.detect(run);

        // Then all four are one event
        assertThat(DwiFixture.score(result, run.dropouts()).sensitivity()).isGreaterThanOrEqualTo(.9);
        assertThat(SliceGroups.of(result.lost(), 36, toldFactor))
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo("mb-group");
                    assertThat(e.volume()).isEqualTo(40);
                    assertThat(e.slices()).containsExactly(6, 15, 24, 33);
                });
    }

    @Test
    void neighboursThatAreLostTogetherAreBothFlagged() {
        // Given six adjacent pairs that lost 30 %
        DwiSeries run = twoShells(5);
        for (int n = 0; n < 6; n++) {
            run.dropout(Dropout.whole(10 + 9 * n, 8 + 3 * n, 30)).dropout(Dropout.whole(10 + 9 * n, 9 + 3 * n, 30));
        }

        // When the detector runs
        Score score = DwiFixture.score(DwiFixture.detect(run), run.dropouts());

        // Then both of each pair are flagged
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(.8);
        assertThat(score.falseFlags()).isZero();
    }

    @Test
    void aHalfLostNeighbourIsFoundOnceTheLostSliceIsTakenOut() {
        // Given a slice that lost 80 % and a neighbour that lost 25 %
        DwiSeries run = twoShells(6).dropout(Dropout.whole(20, 15, 80)).dropout(Dropout.whole(20, 16, 25));

        // When the detector runs
        SliceDropoutDetector.Result result = DwiFixture.detect(run);

        // Then both are flagged, the second by the peel
        assertThat(result.lost())
                .filteredOn(l -> l.severity() == Severity.FLAG)
                .extracting(LostSlice::slice, LostSlice::test)
                .contains(
                        org.assertj.core.groups.Tuple.tuple(15, "neighbours"),
                        org.assertj.core.groups.Tuple.tuple(16, "peel"));
    }

    @Test
    void sixDirectionsAreEnoughForLargeLosses() {
        // Given five persons with one b0 and six directions, each with a slice that lost half
        Score score = DwiFixture.NONE;
        for (int person = 0; person < 5; person++) {
            DwiSeries run = DwiSeries.of(GRID)
                    .body(Head.of(person))
                    .seed(person)
                    .b0(1)
                    .shell(1000, 6)
                    .dropout(Dropout.whole(1 + person % 6, 8 + 2 * person, 50));

            // When the detector runs
            score = score.plus(DwiFixture.score(DwiFixture.detect(run), run.dropouts()));
        }

        // Then most are flagged and nothing else is
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(.75);
        assertThat(score.falseFlags()).isZero();
    }

    @Test
    void oneShellOfHighB() {
        // Given one b0 and 30 directions at b3000 with six losses of half, whole slices and halves
        DwiSeries run = DwiSeries.of(GRID).seed(9).b0(1).shell(3000, 30);
        for (int n = 0; n < 6; n++) {
            run.dropout(new Dropout(2 + 5 * n, 8 + 4 * n, Region.values()[n % 5], 50));
        }

        // When the detector runs
        Score score = DwiFixture.score(DwiFixture.detect(run), run.dropouts());

        // Then they are flagged
        assertThat(score.sensitivity()).isGreaterThanOrEqualTo(.95);
        assertThat(score.falseFlags()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"20, -4", "40, -8"})
    void aWholeVolumeIsAVolumeOutlierAndNoSlice(double loss, double z) {
        // Given a volume that lost part of its signal everywhere
        DwiSeries run = twoShells(7).dropouts(Dropout.volume(25, 36, loss));
        DwiFixture.Prepared p = DwiFixture.prepare(run);

        // When volumes and slices are tested
        VolumeOutliers volumes = VolumeOutliers.of(p.data(), p.shells(), run.fslBvecs());
        SliceDropoutDetector.Result slices = DwiFixture.detect(run, p, new double[run.volumes()]);

        // Then only the volume is an outlier, and no slice is flagged
        assertThat(volumes.z()[25]).isLessThan(z);
        assertThat(volumes.severity(25)).isEqualTo(Severity.FLAG);
        for (int v = 0; v < run.volumes(); v++) {
            if (v != 25) {
                assertThat(volumes.severity(v)).as("volume %d", v).isNull();
            }
        }
        assertThat(slices.lost()).noneMatch(l -> l.severity() == Severity.FLAG);
    }

    @Test
    void cleanRunsStayClean() {
        // Given four persons without any loss
        int flagged = 0;
        for (int person = 20; person < 24; person++) {
            // When the detector runs
            SliceDropoutDetector.Result result = DwiFixture.detect(twoShells(person));
            flagged += result.lost().stream().anyMatch(l -> l.severity() == Severity.FLAG) ? 1 : 0;
        }

        // Then at most one of them has a flag
        assertThat(flagged).isLessThanOrEqualTo(1);
    }

    @Test
    void endSlicesNeverFlagAlone() {
        // Given a loss in the lowest slice
        DwiSeries run = twoShells(8).dropout(Dropout.whole(30, 0, 70));

        // When the detector runs
        SliceDropoutDetector.Result result = DwiFixture.detect(run);

        // Then it is a warning of low confidence
        assertThat(result.lost()).anySatisfy(l -> {
            assertThat(l.slice()).isZero();
            assertThat(l.volume()).isEqualTo(30);
            assertThat(l.severity()).isEqualTo(Severity.WARN);
            assertThat(l.test()).isEqualTo("end-slice");
        });
        assertThat(result.lost()).noneMatch(l -> l.severity() == Severity.FLAG);
    }

    @Test
    void aMaskOfTheWholeFieldOfViewOnlyWarns() {
        // Given a lost slice and a mask that holds everything
        DwiSeries run = twoShells(9).dropout(Dropout.whole(30, 18, 60));
        boolean[] all = new boolean[GRID.voxels()];
        Arrays.fill(all, true);

        // When the detector runs with it
        SliceDropoutDetector.Result result =
                DwiFixture.detectWith(run, new Mask(Fixtures.grid(GRID), all, "everything"));

        // Then the loss is found but nothing is more than a warning
        assertThat(result.lost()).isNotEmpty().allMatch(l -> l.severity() == Severity.WARN);
    }

    @Test
    void scaleDoesNotMatter() {
        // Given a run and the same run a thousand times darker
        DwiSeries run = twoShells(10).dropout(Dropout.whole(12, 14, 25));
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        float[][] dark = Arrays.stream(p.data().values()).map(float[]::clone).toArray(float[][]::new);
        for (float[] volume : dark) {
            for (int i = 0; i < volume.length; i++) {
                volume[i] *= 1e-3f;
            }
        }
        MaskedData darkData =
                new MaskedData(p.data().grid(), 2, p.data().voxel(), p.data().sliceStart(), dark);
        DwiFixture.Prepared q = new DwiFixture.Prepared(p.series(), p.shells(), p.brain(), darkData);

        // When both are tested
        double[][] bright = DwiFixture.detect(run, p, new double[70]).lossPercent();
        double[][] scaled = DwiFixture.detect(run, q, new double[70]).lossPercent();

        // Then the losses are the same
        assertThat(scaled[14][12]).isCloseTo(bright[14][12], org.assertj.core.api.Assertions.within(1e-4));
        assertThat(bright[14][12]).isCloseTo(25, org.assertj.core.api.Assertions.within(5.0));
    }
}
