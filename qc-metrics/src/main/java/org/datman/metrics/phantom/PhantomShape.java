package org.datman.metrics.phantom;

import java.util.List;
import java.util.Optional;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.common.Background;
import org.datman.metrics.model.Findings;
import org.jspecify.annotations.Nullable;

/** Metrics of any phantom in three dimensions (qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.5">A.4.5</a>): shape, uniformity, SNR. */
final class PhantomShape {

    private static final List<String> SHAPE = List.of(
            "phantom_a",
            "phantom_b",
            "phantom_c",
            "phantom_diameter_r",
            "phantom_diameter_a",
            "phantom_diameter_s",
            "phantom_roundness_pct",
            "phantom_fit_rms");
    /** Share of the radius of uniformity: three quarters of the area, as NEMA MS 3 requires. */
    private static final double WITHIN = 0.866;

    private PhantomShape() {}

    /** Semi-axes, extents along the gradients, how far the surface is from an ellipsoid; returns the fit, where there is one. */
    static Optional<EllipsoidFit> shape(Grid grid, float[] image, Mask inside, Findings findings) {
        if (grid.nx() < 4 || grid.ny() < 4 || grid.nz() < 4) {
            findings.unknown(SHAPE, "fewer_than_4_slices");
            return Optional.empty();
        }
        EllipsoidFit fit = EllipsoidFit.of(grid, image, inside);
        if (fit == null) {
            findings.unknown(SHAPE, "no_ellipsoid");
            return Optional.empty();
        }
        double[] axes = fit.axes();
        double[] half = fit.halfWidth();
        int points = fit.points();
        List<String> extents = List.of("phantom_diameter_r", "phantom_diameter_a", "phantom_diameter_s");
        boolean whole = true;
        for (int r = 0; r < 3; r++) {
            if (Double.isFinite(half[r])) {
                findings.put(extents.get(r), 2 * half[r], "surface", points);
            } else {
                findings.unknown(extents.get(r), "surface_not_in_field_of_view");
                whole = false;
            }
        }
        List<String> semiaxes = List.of("phantom_a", "phantom_b", "phantom_c");
        if (whole) {
            for (int n = 0; n < 3; n++) {
                findings.put(semiaxes.get(n), axes[n], "surface", points);
            }
            double mean = (axes[0] + axes[1] + axes[2]) / 3;
            findings.put("phantom_roundness_pct", 100 * (axes[0] - axes[2]) / mean, "surface", points);
        } else {
            findings.unknown(semiaxes, "surface_not_in_field_of_view");
            findings.unknown("phantom_roundness_pct", "surface_not_in_field_of_view");
        }
        findings.put("phantom_fit_rms", fit.rmsMm(), "surface", fit.points());
        return Optional.of(fit);
    }

    /** Integral uniformity of the central slice of a phantom that should be uniform. */
    static void uniformity(float[] image, Mask automask, int sliceAxis, Findings findings) {
        SpherePlace place = SpherePlace.find(automask, sliceAxis);
        Outline outline = Outline.of(
                SliceImage.of(new org.datman.analysis.image.Volume(automask.grid(), image), sliceAxis, place.slice()));
        double piu = outline == null ? Double.NaN : Uniformity.piu(outline, WITHIN * place.radiusMm());
        findings.putOr("phantom_piu", piu, "phantom_too_small");
    }

    /**
     * SNR of the inside: from the difference of two volumes acquired alike (NEMA MS 1 method 1: root 2 times mean over sd of the difference),
     * and over the noise of the air.
     *
     * @param pair two volumes acquired alike, or null where there are none
     */
    static void snr(Series series, int @Nullable [] pair, Mask inside, Background air, Findings findings) {
        if (pair == null) {
            findings.unknown("phantom_snr", "single_acquisition");
        } else {
            findings.put("phantom_snr", snr(series, pair, inside.indices()), inside);
        }
        if (air.reason() != null) {
            findings.unknown("phantom_snr_bg", air.reason());
            return;
        }
        float[] first = series.volume(pair == null ? 0 : pair[0]).data();
        double mean = Statistics.mean(inside.values(first));
        findings.put("phantom_snr_bg", mean / air.sigma(), inside);
    }

    private static double snr(Series series, int[] pair, int[] indices) {
        float[] first = series.volume(pair[0]).data();
        float[] second = series.volume(pair[1]).data();
        double sum = 0;
        double level = 0;
        double square = 0;
        for (int v : indices) {
            double d = (double) first[v] - second[v];
            sum += d;
            square += d * d;
            level += (first[v] + second[v]) / 2.0;
        }
        int n = indices.length;
        double variance = (square - sum * sum / n) / (n - 1);
        return Math.sqrt(2 / variance) * level / n;
    }
}
