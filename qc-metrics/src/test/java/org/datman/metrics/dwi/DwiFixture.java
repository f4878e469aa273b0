package org.datman.metrics.dwi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.study.Severity;
import org.datman.synthetic.Dropout;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;

/** Diffusion scenarios and the score of the slice-dropout detector on them. */
final class DwiFixture {

    /** The grid of the measured table. */
    static final Grid GRID = Grid.axial(72, 72, 36, 3, 3, 3.5);

    private DwiFixture() {}

    /** 6 b0, 32 directions at b1000, 32 at b2000, sigma 20: the run of the measured table. */
    static DwiSeries twoShells(int person) {
        return DwiSeries.of(GRID)
                .body(Head.of(person))
                .seed(1000 + person)
                .sigma(20)
                .b0(6)
                .shell(1000, 32)
                .shell(2000, 32);
    }

    record Prepared(Series series, Shells shells, BrainMask brain, MaskedData data) {}

    static Prepared prepare(DwiSeries run) {
        Series series = Fixtures.series(run);
        Shells shells = Shells.of(run.bvals());
        BrainMask brain = BrainMask.of(series.grid(), meanB0(series, shells), 2);
        return new Prepared(
                series, shells, brain, MaskedData.of(series, brain.mask().in(), 2));
    }

    static float[] meanB0(Series series, Shells shells) {
        float[] mean = new float[series.grid().size()];
        int[] b0 = shells.volumes(0);
        for (int v : b0) {
            Volume volume = series.volume(v);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += volume.data()[i] / b0.length;
            }
        }
        return mean;
    }

    static SliceDropoutDetector.Result detect(DwiSeries run) {
        return detect(run, prepare(run), new double[run.volumes()]);
    }

    static SliceDropoutDetector.Result detect(DwiSeries run, Prepared p, double[] fd) {
        return SliceDropoutDetector.detect(
                SliceSignal.of(p.data()),
                p.shells(),
                run.fslBvecs(),
                fd,
                SliceDropoutDetector.Gates.DEFAULT,
                !p.brain().lowQuality());
    }

    static SliceDropoutDetector.Result detectWith(DwiSeries run, Mask mask) {
        Series series = Fixtures.series(run);
        Shells shells = Shells.of(run.bvals());
        BrainMask brain = BrainMask.given(mask, meanB0(series, shells));
        Prepared p = new Prepared(series, shells, brain, MaskedData.of(series, mask.in(), 2));
        return detect(run, p, new double[run.volumes()]);
    }

    /** Planted slices that were flagged over planted slices that could be tested, and false flags. */
    record Score(int found, int planted, int falseFlags, int tested) {

        Score plus(Score o) {
            return new Score(found + o.found, planted + o.planted, falseFlags + o.falseFlags, tested + o.tested);
        }

        double sensitivity() {
            return (double) found / planted;
        }
    }

    static final Score NONE = new Score(0, 0, 0, 0);

    static Score score(SliceDropoutDetector.Result result, List<Dropout> planted) {
        Set<Long> truth = new HashSet<>();
        Set<Long> testable = new HashSet<>();
        for (Dropout d : planted) {
            long key = key(d.volume(), d.slice());
            truth.add(key);
            if (Double.isFinite(result.lossPercent()[d.slice()][d.volume()])) {
                testable.add(key);
            }
        }
        int found = 0;
        int wrong = 0;
        for (LostSlice l : result.lost()) {
            if (l.severity() == Severity.FLAG) {
                long key = key(l.volume(), l.slice());
                found += testable.contains(key) ? 1 : 0;
                wrong += truth.contains(key) ? 0 : 1;
            }
        }
        return new Score(found, testable.size(), wrong, result.tested());
    }

    private static long key(int volume, int slice) {
        return ((long) volume << 32) | slice;
    }
}
