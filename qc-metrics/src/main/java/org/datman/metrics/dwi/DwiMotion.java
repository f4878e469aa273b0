package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.motion.Registration;
import org.datman.analysis.motion.RegistrationException;
import org.datman.analysis.motion.Rigid;
import org.jspecify.annotations.Nullable;

/**
 * Head motion of a diffusion series: unweighted volumes by least squares against the first of them, weighted ones by normalised
 * mutual information.
 *
 * @param course one movement per volume, against the first unweighted volume
 * @param betweenB0 the unweighted volumes' movements, interpolated linearly over the volumes between them; null when there
 *     are fewer than two
 */
record DwiMotion(Rigid[] course, Rigid @Nullable [] betweenB0) {

    /** @throws RegistrationException when the unweighted volume contains nothing to register */
    static DwiMotion of(Series series, Shells shells, Mask brain) throws RegistrationException {
        Grid grid = series.grid();
        int[] b0 = shells.volumes(0);
        float[] reference = series.volume(b0[0]).data();
        Registration least = Registration.to(grid, reference, Registration.FWHM_MM);
        Rigid[] course = new Rigid[series.volumes()];
        Parallel.forEach(
                b0.length,
                n -> course[b0[n]] = n == 0
                        ? Rigid.identity()
                        : least.estimate(series.volume(b0[n]).data()).movement());
        Rigid[] between = interpolate(course, b0);
        MutualInformation information = MutualInformation.to(grid, reference, brain);
        int[] weighted = shells.weighted();
        Parallel.forEach(
                weighted.length,
                n -> course[weighted[n]] =
                        information.estimate(series.volume(weighted[n]).data(), between[weighted[n]]));
        return new DwiMotion(course, b0.length < 2 ? null : between);
    }

    private static Rigid[] interpolate(Rigid[] course, int[] b0) {
        Rigid[] out = new Rigid[course.length];
        Arrays.fill(out, 0, b0[0], course[b0[0]]);
        for (int n = 0; n < b0.length; n++) {
            int from = b0[n];
            int to = n + 1 < b0.length ? b0[n + 1] : course.length;
            double[] a = course[from].parameters();
            double[] b = n + 1 < b0.length ? course[to].parameters() : a;
            for (int v = from; v < to; v++) {
                double f = (double) (v - from) / (to - from);
                double[] p = new double[6];
                for (int c = 0; c < 6; c++) {
                    p[c] = (1 - f) * a[c] + f * b[c];
                }
                out[v] = Rigid.of(p[0], p[1], p[2], p[3], p[4], p[5]);
            }
        }
        return out;
    }
}
