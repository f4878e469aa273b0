package org.datman.metrics.common;

import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;

/** The metrics that every kind reports beside {@link StorageScan}: noise, entropy, energy, smoothness. */
public final class AllKinds {

    private AllKinds() {}

    /**
     * Stores the object for comparison with later sessions, and adds sigma_bg, coil_n_eff, sigma_img, sigma_ratio, efc, fber and fwhm_x/y/z/avg.
     *
     * @param single one acquired volume: the noise is measured in it
     * @param mean mean over volumes (the same as {@code single} for a 3-D image): used for all others
     * @param object head or phantom
     * @param inside region of sigma_img: brain or object without its edge
     * @param air the background of {@code single}
     */
    public static void measure(
            ScanData scan, float[] single, float[] mean, Mask object, Mask inside, Background air, Findings findings) {
        findings.seen(object, mean, single);
        Grid grid = scan.grid();
        Mask calm = ImageMetrics.calm(grid, single, inside);
        double sigmaImg =
                ImageMetrics.sigmaInside(grid, single, calm, scan.axes().slice());
        if (sigmaImg > 0) {
            findings.put("sigma_img", sigmaImg, calm);
        } else {
            findings.unknown("sigma_img", "no_noise_inside");
        }
        if (air.reason() == null) {
            findings.put("sigma_bg", air.sigma(), air.air());
            findings.put("coil_n_eff", air.coils(), air.air());
            double fber = ImageMetrics.fber(mean, object, air.air());
            findings.putOr("fber", fber, air.air(), "background_zeroed");
        } else {
            findings.unknown(List.of("sigma_bg", "coil_n_eff", "fber"), air.reason());
        }
        if (air.reason() == null && sigmaImg > 0) {
            findings.put("sigma_ratio", air.sigma() / sigmaImg);
        } else {
            findings.unknown("sigma_ratio", air.reason() == null ? "no_noise_inside" : air.reason());
        }
        double efc = ImageMetrics.efc(mean, ImageMetrics.padding(grid, mean));
        findings.putOr("efc", efc, "empty_image");
        double[] fwhm = ImageMetrics.fwhm(grid, mean, object);
        double sum = 0;
        String[] keys = {"fwhm_x", "fwhm_y", "fwhm_z"};
        for (int axis = 0; axis < 3; axis++) {
            sum += fwhm[axis];
            findings.putOr(
                    keys[axis],
                    fwhm[axis],
                    object,
                    grid.dim(axis) < 2 ? "one_voxel_wide" : "no_positive_autocorrelation");
        }
        findings.putOr("fwhm_avg", sum / 3, object, "an_axis_is_undefined");
    }
}
