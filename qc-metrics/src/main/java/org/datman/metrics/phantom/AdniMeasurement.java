package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.bold.RunChecks;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.verdict.QcConfig;
import org.datman.plots.picture.Picture;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * The ADNI phantom (MagPhan): its five brightest balls, their radii, signals, contrasts and the distances between them in millimetres;
 * against the design where it is configured, which calibrates the gradients (qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.3">A.4.3</a>).
 */
public final class AdniMeasurement implements KindMeasurement {

    static final int BALLS = 5;
    private static final double GHOST_LIMIT = 0.05;
    private static final List<String> GRADIENTS =
            List.of("adni_gradient_r_pct", "adni_gradient_a_pct", "adni_gradient_s_pct");
    private static final List<String> ERRORS = List.of("adni_distance_error_mean", "adni_distance_error_max");

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.ADNI);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        PhantomImage image = PhantomImage.of(scan, findings, stages);
        EllipsoidFit shell = stages.run(
                        "shape",
                        () -> PhantomShape.shape(scan.grid(), image.volume().data(), image.inner(), findings))
                .orElse(null);
        int[] pair = scan.volumes() > 1 ? new int[] {0, 1} : null;
        PhantomShape.snr(scan.series(), pair, image.inner(), image.air(), findings);
        // The balls are the purpose of this phantom: nothing inside it is uniform.
        findings.unknown("phantom_piu", "phantom_is_not_uniform");
        stages.run(
                "ghost",
                () -> RunChecks.ghost(scan, image.automask(), image.object(), image.air(), GHOST_LIMIT, findings));
        List<Ball> all = stages.run(
                "balls", () -> BallFinder.find(scan.grid(), image.volume().data()));
        List<Ball> five = all.subList(0, Math.min(BALLS, all.size()));
        findings.put("adni_spheres_num", all.size());
        balls(five, findings);
        distances(five, scan.request().config(), findings);
        return stages.run("pictures", () -> AdniPictures.of(scan, image, all, shell));
    }

    private static void balls(List<Ball> five, Findings findings) {
        for (int n = 1; n <= BALLS; n++) {
            List<String> keys = List.of("adni_intensity_" + n, "adni_contrast_" + n, "adni_radius_" + n);
            if (n > five.size()) {
                findings.unknown(keys, "fewer_than_5_spheres");
                continue;
            }
            Ball ball = five.get(n - 1);
            findings.put(keys.get(0), ball.intensity(), "sphere_" + n, ball.voxels());
            findings.put(keys.get(1), ball.intensity() / five.get(0).intensity(), "sphere_" + n, ball.voxels());
            findings.put(keys.get(2), ball.radiusMm(), "sphere_" + n, ball.voxels());
        }
    }

    private static void distances(List<Ball> five, QcConfig config, Findings findings) {
        List<double[]> designed = new ArrayList<>();
        for (int a = 1; a <= BALLS; a++) {
            for (int b = a + 1; b <= BALLS; b++) {
                String key = "adni_distance_" + a + "_" + b;
                if (b > five.size()) {
                    findings.unknown(key, "fewer_than_5_spheres");
                    continue;
                }
                Ball one = five.get(a - 1);
                Ball other = five.get(b - 1);
                double distance = one.distance(other);
                findings.put(key, distance);
                double design = config.option(key + "_mm", Double.NaN);
                if (Double.isFinite(design)) {
                    designed.add(new double[] {
                        distance,
                        design,
                        one.centre()[0] - other.centre()[0],
                        one.centre()[1] - other.centre()[1],
                        one.centre()[2] - other.centre()[2]
                    });
                }
            }
        }
        if (designed.isEmpty()) {
            findings.unknown(ERRORS, five.size() < BALLS ? "fewer_than_5_spheres" : "no_design_configured");
            findings.unknown(GRADIENTS, five.size() < BALLS ? "fewer_than_5_spheres" : "no_design_configured");
            return;
        }
        double[] errors =
                designed.stream().mapToDouble(d -> Math.abs(d[0] - d[1])).toArray();
        findings.put(ERRORS.get(0), Statistics.mean(errors));
        findings.put(ERRORS.get(1), Arrays.stream(errors).max().orElse(Double.NaN));
        gradients(designed, findings);
    }

    /**
     * Error of each gradient: with factors f on the true lengths, design^2 is the sum of (measured difference / f)^2 over the axes, which
     * is linear in 1 / f^2.
     */
    private static void gradients(List<double[]> designed, Findings findings) {
        double[][] rows = designed.stream()
                .map(d -> new double[] {d[2] * d[2], d[3] * d[3], d[4] * d[4]})
                .toArray(double[][]::new);
        double[] right = designed.stream().mapToDouble(d -> d[1] * d[1]).toArray();
        SingularValueDecomposition svd =
                rows.length < 3 ? null : new SingularValueDecomposition(new Array2DRowRealMatrix(rows, false));
        if (svd == null || svd.getSingularValues()[2] < 0.02 * svd.getSingularValues()[0]) {
            findings.unknown(GRADIENTS, "design_does_not_span_all_axes");
            return;
        }
        double[] inverse =
                svd.getSolver().solve(new ArrayRealVector(right, false)).toArray();
        IntStream.range(0, 3)
                .forEach(r -> findings.put(GRADIENTS.get(r), 100 * (1 / Math.sqrt(Math.max(inverse[r], 1e-9)) - 1)));
    }
}
