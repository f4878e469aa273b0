package org.datman.analysis.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.analysis.image.Series;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Motion;
import org.junit.jupiter.api.Test;

/** Scenarios <a href="{@docRoot}/../docs/qc-specification.md#F10">F10</a> to <a href="{@docRoot}/../docs/qc-specification.md#F15">F15</a> of the specification: motion with known ground truth. */
class RegistrationTest {

    private static final Grid EPI = Grid.axial(64, 64, 36, 3.4, 3.4, 3.5);

    @Test
    void aStillHeadDoesNotMove() throws Exception {
        // Given (docs/qc-specification.md#F10)
        Series series = Fixtures.series(EpiSeries.of(EPI, 20).sigma(8).seed(10));

        // When
        double[] fd = Displacement.power(course(series));

        // Then
        double[] changes = Arrays.copyOfRange(fd, 1, fd.length);
        assertThat(Statistics.mean(changes)).isLessThanOrEqualTo(0.035);
        assertThat(max(changes)).isLessThanOrEqualTo(0.07);
    }

    @Test
    void walkStepsAndTurnsAreMeasured() throws Exception {
        // Given (docs/qc-specification.md#F11)
        org.datman.synthetic.Rigid[] truth = Motion.walk(60, 0.02, 0.02, 11);
        truth = Motion.plus(truth, 20, 60, new org.datman.synthetic.Rigid(0.8, 0, 0, 0, 0, 0));
        truth = Motion.plus(truth, 35, 36, new org.datman.synthetic.Rigid(0, 0, 1.5, Math.toRadians(1.2), 0, 0));
        truth = Motion.plus(truth, 45, 60, new org.datman.synthetic.Rigid(0, 0, 0, 0, 0, Math.toRadians(0.7)));
        EpiSeries made = EpiSeries.of(EPI, 60).sigma(8).motion(truth).seed(11);

        // When
        Rigid[] found = course(Fixtures.series(made));

        // Then
        double[] error = rmse(found, truth);
        double[] fd = Displacement.power(found);
        double[] fdTruth = made.framewiseDisplacement();
        double fdError = 0;
        for (int t = 1; t < 60; t++) {
            fdError += (fd[t] - fdTruth[t]) * (fd[t] - fdTruth[t]) / 59;
        }
        assertThat(error[0]).isLessThanOrEqualTo(0.01);
        assertThat(error[1]).isLessThanOrEqualTo(0.03);
        assertThat(Math.sqrt(fdError)).isLessThanOrEqualTo(0.02);
        assertThat(IntStream.range(0, 60).filter(t -> fd[t] > 0.5)).containsExactly(20, 35, 36, 45);
    }

    @Test
    void aLargeJumpIsCaught() throws Exception {
        // Given (docs/qc-specification.md#F12)
        double d = Math.toRadians(1);
        org.datman.synthetic.Rigid[] truth = {
            org.datman.synthetic.Rigid.NONE,
            new org.datman.synthetic.Rigid(12, 14, 8, 9 * d, 9 * d, 8 * d),
            new org.datman.synthetic.Rigid(3, 3, 2.6, 2 * d, 2 * d, 1 * d)
        };
        Series series =
                Fixtures.series(EpiSeries.of(EPI, 3).sigma(8).motion(truth).seed(12));

        // When
        Rigid[] found = course(series);

        // Then
        double large = found[1].inverse().after(rigid(truth[1])).rmsDisplacement(65);
        double medium = found[2].inverse().after(rigid(truth[2])).rmsDisplacement(65);
        assertThat(large).isLessThanOrEqualTo(0.8);
        assertThat(medium).isLessThanOrEqualTo(0.2);
    }

    @Test
    void gainIsNotMotion() throws Exception {
        // Given (docs/qc-specification.md#F13)
        double[] gain = new double[12];
        Arrays.setAll(gain, t -> (t >= 6 ? 1.1 : 1) * (1 + 0.03 * t / 11));
        Series steady = Fixtures.series(EpiSeries.of(EPI, 12).sigma(8).seed(13));
        Series drifting =
                Fixtures.series(EpiSeries.of(EPI, 12).sigma(8).gain(gain).seed(13));

        // When
        double[] fd = Displacement.power(course(drifting));

        // Then
        double change = mean(fd) - mean(Displacement.power(course(steady)));
        assertThat(change).isCloseTo(0, within(0.02));
    }

    @Test
    void breathingIsSeenAtItsFrequency() throws Exception {
        // Given (docs/qc-specification.md#F14): 0.3 Hz, 0.1 mm along anterior-posterior, TR 0.8 s
        org.datman.synthetic.Rigid[] truth = Motion.oscillation(50, 0.8, 0.3, 1, 0.1);
        Series series = Fixtures.series(EpiSeries.of(Grid.axial(64, 64, 18, 3.4, 3.4, 5), 50)
                .sigma(8)
                .motion(truth)
                .seed(14));

        // When
        Rigid[] found = course(series);

        // Then
        int peak = 1;
        double most = 0;
        for (int f = 1; f < 25; f++) {
            double re = 0;
            double im = 0;
            for (int t = 0; t < 50; t++) {
                double y = found[t].parameters()[1];
                re += y * Math.cos(2 * Math.PI * f * t / 50);
                im += y * Math.sin(2 * Math.PI * f * t / 50);
            }
            if (re * re + im * im > most) {
                most = re * re + im * im;
                peak = f;
            }
        }
        assertThat(peak / (50 * 0.8)).isCloseTo(0.3, within(1e-9));
        assertThat(2 * Math.sqrt(most) / 50).isCloseTo(0.1, within(0.01));
    }

    @Test
    void anObliqueGridGivesPatientMillimetres() throws Exception {
        // Given (docs/qc-specification.md#F15): odd sizes, oblique prescription
        Grid oblique = Grid.axial(61, 67, 31, 3.4, 3.2, 4)
                .posed(new org.datman.synthetic.Rigid(4, -6, 3, Math.toRadians(20), Math.toRadians(-8), 0.05));
        org.datman.synthetic.Rigid[] truth = Motion.scatter(6, 0.6, 0.6, 15);
        Series series =
                Fixtures.series(EpiSeries.of(oblique, 6).sigma(6).motion(truth).seed(15));

        // When
        Rigid[] found = course(series);

        // Then: the ground truth turns about the isocentre, the estimate about the centre of the grid
        double[] c = {4, -6, 3};
        double worst = 0;
        for (int t = 0; t < 6; t++) {
            Rigid about = new Rigid(rigid(truth[t]).r(), shifted(rigid(truth[t]), c));
            worst = Math.max(worst, found[t].inverse().after(about).rmsDisplacement(65));
        }
        assertThat(worst).isLessThanOrEqualTo(0.05);
    }

    @Test
    void aSlabTooThinIsRefusedWithAReason() {
        // Given
        Series series = Fixtures.series(EpiSeries.of(Grid.axial(64, 64, 1, 3.4, 3.4, 3.5), 2));

        // When, Then
        assertThatThrownBy(() -> course(series))
                .isInstanceOfSatisfying(
                        RegistrationException.class, e -> assertThat(e.reason()).isEqualTo("too_few_slices"));
    }

    private static Rigid[] course(Series series) throws RegistrationException {
        Registration registration =
                Registration.to(series.grid(), series.volume(0).data(), Registration.FWHM_MM);
        return Arrays.stream(registration.estimateAll(series))
                .map(Registration.Estimate::movement)
                .toArray(Rigid[]::new);
    }

    private static double[] rmse(Rigid[] found, org.datman.synthetic.Rigid[] truth) {
        double translation = 0;
        double rotation = 0;
        for (int t = 0; t < found.length; t++) {
            double[] a = found[t].parameters();
            double[] b = truth[t].toArray();
            for (int p = 0; p < 6; p++) {
                double e = a[p] - b[p];
                if (p < 3) {
                    translation += e * e;
                } else {
                    rotation += Math.toDegrees(e) * Math.toDegrees(e);
                }
            }
        }
        int n = 3 * found.length;
        return new double[] {Math.sqrt(translation / n), Math.sqrt(rotation / n)};
    }

    private static Rigid rigid(org.datman.synthetic.Rigid r) {
        return Rigid.of(r.tx(), r.ty(), r.tz(), r.rx(), r.ry(), r.rz());
    }

    /** Translation of the same movement when it is written about {@code c}: R c + t - c. */
    private static double[] shifted(Rigid m, double[] c) {
        double[] r = m.r();
        double[] t = m.t();
        double[] out = new double[3];
        for (int i = 0; i < 3; i++) {
            out[i] = r[3 * i] * c[0] + r[3 * i + 1] * c[1] + r[3 * i + 2] * c[2] + t[i] - c[i];
        }
        return out;
    }

    private static double max(double[] x) {
        return Arrays.stream(x).max().orElse(Double.NaN);
    }

    private static double mean(double[] fd) {
        return Statistics.mean(Arrays.copyOfRange(fd, 1, fd.length));
    }
}
